CREATE TABLE pki_certificate (
    certificate_id BYTEA PRIMARY KEY,
    request_id UUID NOT NULL,
    request_timestamp TIMESTAMPTZ NOT NULL,
    request_object BYTEA NOT NULL,
    reply_user_id VARCHAR(32),
    reply_timestamp TIMESTAMPTZ,
    reply_object BYTEA
);
