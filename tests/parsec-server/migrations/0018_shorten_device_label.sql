ALTER TABLE device ALTER COLUMN device_label TYPE VARCHAR(128);
ALTER TABLE organization ADD COLUMN user_profile_outsider_allowed BOOLEAN NOT NULL DEFAULT TRUE;
