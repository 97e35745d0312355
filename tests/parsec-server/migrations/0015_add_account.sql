CREATE TABLE account (
    _id SERIAL PRIMARY KEY,
    email VARCHAR(254) UNIQUE NOT NULL,
    created_on TIMESTAMPTZ NOT NULL,
    deleted_on TIMESTAMPTZ
);
CREATE TABLE vault (
    _id SERIAL PRIMARY KEY,
    account INTEGER NOT NULL REFERENCES account (_id),
    created_on TIMESTAMPTZ NOT NULL
);
CREATE TABLE vault_item (
    _id SERIAL PRIMARY KEY,
    vault INTEGER NOT NULL REFERENCES vault (_id),
    fingerprint BYTEA NOT NULL,
    data BYTEA NOT NULL,
    UNIQUE (vault, fingerprint)
);
