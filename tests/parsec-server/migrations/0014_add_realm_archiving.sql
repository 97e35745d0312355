CREATE TYPE realm_archiving_configuration AS ENUM ('AVAILABLE', 'ARCHIVED', 'DELETION_PLANNED');
CREATE TABLE realm_archiving (
    _id SERIAL PRIMARY KEY,
    realm INTEGER NOT NULL REFERENCES realm (_id),
    configuration realm_archiving_configuration NOT NULL,
    deletion_date TIMESTAMPTZ,
    certificate BYTEA NOT NULL,
    certified_by INTEGER NOT NULL REFERENCES device (_id),
    certified_on TIMESTAMPTZ NOT NULL
);
ALTER TABLE organization ADD COLUMN minimum_archiving_period INTEGER NOT NULL DEFAULT 2592000;
