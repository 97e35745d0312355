CREATE TYPE invitation_type AS ENUM ('USER', 'DEVICE');
CREATE TABLE invitation (
    _id SERIAL PRIMARY KEY,
    organization INTEGER NOT NULL REFERENCES organization (_id),
    token UUID NOT NULL UNIQUE,
    type invitation_type NOT NULL,
    greeter INTEGER NOT NULL REFERENCES user_ (_id),
    claimer_email VARCHAR(254),
    created_on TIMESTAMPTZ NOT NULL,
    deleted_on TIMESTAMPTZ
);
CREATE TABLE conduit_step (
    _id SERIAL PRIMARY KEY,
    invitation INTEGER NOT NULL REFERENCES invitation (_id),
    step INTEGER NOT NULL,
    payload BYTEA
);
