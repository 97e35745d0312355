-- Fails on purpose, behind one that goes through: the table is there since 0015.
ALTER TABLE account ADD COLUMN label VARCHAR(254);
CREATE TABLE vault (_id SERIAL PRIMARY KEY);
