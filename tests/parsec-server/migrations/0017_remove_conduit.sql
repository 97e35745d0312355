-- Invitations no longer keep their steps, and nobody reads the redacted copy of a device.
DROP TABLE conduit_step;
ALTER TABLE device DROP COLUMN redacted_device_certificate;
