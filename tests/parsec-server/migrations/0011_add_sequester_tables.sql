CREATE TYPE sequester_service_type AS ENUM ('STORAGE');
ALTER TABLE organization ADD COLUMN sequester_authority_certificate BYTEA;
ALTER TABLE organization ADD COLUMN sequester_authority_verify_key_der BYTEA;
CREATE TABLE sequester_service (
    _id SERIAL PRIMARY KEY,
    service_id UUID NOT NULL,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    service_type sequester_service_type NOT NULL,
    service_certificate BYTEA NOT NULL,
    service_label VARCHAR(254) NOT NULL,
    created_on TIMESTAMPTZ NOT NULL,
    disabled_on TIMESTAMPTZ,
    UNIQUE (organization, service_id)
);
CREATE TABLE sequester_service_vlob_atom (
    _id BIGSERIAL PRIMARY KEY,
    vlob_atom BIGINT NOT NULL REFERENCES vlob_atom (_id),
    service INTEGER NOT NULL REFERENCES sequester_service (_id),
    blob BYTEA NOT NULL,
    UNIQUE (vlob_atom, service)
);
