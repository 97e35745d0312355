CREATE TABLE shamir_recovery_setup (
    _id SERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    user_ INTEGER NOT NULL REFERENCES user_ (_id),
    brief_certificate BYTEA NOT NULL,
    reveal_token UUID NOT NULL,
    threshold INTEGER NOT NULL CHECK (threshold > 0),
    ciphered_data BYTEA,
    created_on TIMESTAMPTZ NOT NULL,
    UNIQUE (organization, reveal_token)
);
CREATE TABLE shamir_recovery_share (
    _id SERIAL PRIMARY KEY,
    shamir_recovery INTEGER NOT NULL REFERENCES shamir_recovery_setup (_id),
    recipient INTEGER NOT NULL REFERENCES user_ (_id),
    share_certificate BYTEA NOT NULL,
    shares INTEGER NOT NULL CHECK (shares > 0),
    UNIQUE (shamir_recovery, recipient)
);
