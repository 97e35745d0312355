ALTER TABLE organization ADD COLUMN minimum_api_major INTEGER NOT NULL DEFAULT 2;
CREATE INDEX message_recipient ON message (recipient);
