-- The first schema of the stand-in server, and the table that says which migrations went through.
CREATE TABLE migration (
    _id INTEGER PRIMARY KEY,
    name VARCHAR(256) NOT NULL,
    applied TIMESTAMPTZ NOT NULL
);

CREATE TABLE organization (
    _id SERIAL PRIMARY KEY,
    organization_id VARCHAR(32) UNIQUE NOT NULL,
    bootstrap_token TEXT,
    root_verify_key BYTEA,
    is_expired BOOLEAN NOT NULL DEFAULT FALSE,
    _bootstrapped_on TIMESTAMPTZ,
    _created_on TIMESTAMPTZ NOT NULL
);

CREATE TYPE user_profile AS ENUM ('ADMIN', 'STANDARD');

CREATE TABLE user_ (
    _id SERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    user_id VARCHAR(32) NOT NULL,
    profile user_profile NOT NULL DEFAULT 'STANDARD',
    user_certificate BYTEA NOT NULL,
    created_on TIMESTAMPTZ NOT NULL,
    revoked_on TIMESTAMPTZ,
    UNIQUE (organization, user_id)
);

CREATE TABLE device (
    _id SERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    user_ INTEGER NOT NULL REFERENCES user_ (_id),
    device_id VARCHAR(65) NOT NULL,
    device_label VARCHAR(254),
    device_certificate BYTEA NOT NULL,
    created_on TIMESTAMPTZ NOT NULL,
    UNIQUE (organization, device_id)
);

CREATE TABLE realm (
    _id SERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    realm_id UUID NOT NULL,
    encryption_revision INTEGER NOT NULL DEFAULT 1,
    created_on TIMESTAMPTZ NOT NULL,
    UNIQUE (organization, realm_id)
);

CREATE TYPE realm_role AS ENUM ('READER', 'CONTRIBUTOR', 'MANAGER', 'OWNER');

CREATE TABLE realm_user_role (
    _id SERIAL PRIMARY KEY,
    realm INTEGER NOT NULL REFERENCES realm (_id),
    user_ INTEGER NOT NULL REFERENCES user_ (_id),
    role realm_role,
    certificate BYTEA NOT NULL,
    certified_on TIMESTAMPTZ NOT NULL
);

CREATE TABLE vlob_atom (
    _id BIGSERIAL PRIMARY KEY,
    realm INTEGER NOT NULL REFERENCES realm (_id),
    vlob_id UUID NOT NULL,
    version INTEGER NOT NULL,
    blob BYTEA NOT NULL,
    size INTEGER NOT NULL,
    author INTEGER NOT NULL REFERENCES device (_id),
    created_on TIMESTAMPTZ NOT NULL,
    UNIQUE (realm, vlob_id, version)
);

CREATE TABLE block (
    _id BIGSERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    block_id UUID NOT NULL,
    realm INTEGER NOT NULL REFERENCES realm (_id),
    author INTEGER NOT NULL REFERENCES device (_id),
    size INTEGER NOT NULL,
    created_on TIMESTAMPTZ NOT NULL,
    UNIQUE (organization, block_id)
);

-- Only used where the blocks are kept in the database and not in an object storage.
CREATE TABLE block_data (
    _id BIGSERIAL PRIMARY KEY,
    organization_id VARCHAR(32) NOT NULL,
    block_id UUID NOT NULL,
    data BYTEA NOT NULL,
    UNIQUE (organization_id, block_id)
);

CREATE TABLE message (
    _id BIGSERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    recipient INTEGER NOT NULL REFERENCES user_ (_id),
    sender INTEGER NOT NULL REFERENCES device (_id),
    body BYTEA NOT NULL,
    created_on TIMESTAMPTZ NOT NULL
);

-- Where the rows that tests write as clients would go.
CREATE TABLE notification (
    _id BIGSERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    created_on TIMESTAMPTZ NOT NULL,
    body BYTEA NOT NULL
);
