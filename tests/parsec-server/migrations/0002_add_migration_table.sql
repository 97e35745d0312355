ALTER TABLE migration ADD CONSTRAINT migration_name_key UNIQUE (name);
COMMENT ON TABLE migration IS 'one row for each migration that went through';
