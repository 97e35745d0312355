-- Fails on purpose: a migration is a transaction, and this is refused in one.
CREATE INDEX CONCURRENTLY organization_length ON organization (length (organization_id));
