ALTER TABLE user_ ADD COLUMN redacted_user_certificate BYTEA;
ALTER TABLE device ADD COLUMN redacted_device_certificate BYTEA;
UPDATE user_ SET redacted_user_certificate = user_certificate;
UPDATE device SET redacted_device_certificate = device_certificate;
