CREATE INDEX vlob_atom_created_on ON vlob_atom (realm, created_on);
CREATE INDEX block_created_on ON block (realm, created_on);
