ALTER TYPE user_profile RENAME TO user_profile_before_outsider;
CREATE TYPE user_profile AS ENUM ('ADMIN', 'STANDARD', 'OUTSIDER');
ALTER TABLE user_ ALTER COLUMN profile DROP DEFAULT;
ALTER TABLE user_ ALTER COLUMN profile TYPE user_profile USING profile::TEXT::user_profile;
ALTER TABLE user_ ALTER COLUMN profile SET DEFAULT 'STANDARD';
DROP TYPE user_profile_before_outsider;
