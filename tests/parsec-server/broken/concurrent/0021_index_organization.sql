-- Outside a transaction: cut off, it leaves an index that is there and not valid.
CREATE INDEX CONCURRENTLY organization_length ON organization (slow_length (organization_id));
