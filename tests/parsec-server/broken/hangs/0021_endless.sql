-- Hangs on purpose, and longer than whoever runs it: its session stays when the client is killed.
ALTER TABLE account ADD COLUMN label VARCHAR(254);
SELECT pg_sleep (3600);
