CREATE TABLE realm_user_change (
    _id SERIAL PRIMARY KEY,
    realm INTEGER NOT NULL REFERENCES realm (_id),
    user_ INTEGER NOT NULL REFERENCES user_ (_id),
    last_role_change TIMESTAMPTZ,
    last_vlob_update TIMESTAMPTZ,
    UNIQUE (realm, user_)
);
