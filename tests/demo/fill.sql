-- Fills the demonstration's database as clients of one organization would have: :rows versions of
-- files with what belongs to them, and :bytes of random blocks (content is encrypted in Parsec, so
-- it does not compress). Can be run again: every run adds.
\set ON_ERROR_STOP on
BEGIN;

CREATE FUNCTION pg_temp.random_bytes (n BIGINT) RETURNS BYTEA
    LANGUAGE SQL VOLATILE AS $$ SELECT pg_read_binary_file('/dev/urandom', 0, n) $$;

SELECT 'Organisation' || (count(*) + 1) AS organization FROM organization \gset

WITH new_organization AS (
    INSERT INTO organization (organization_id, root_verify_key, _bootstrapped_on, _created_on)
    VALUES (:'organization', pg_temp.random_bytes(32), now(), now()) RETURNING _id
), new_human AS (
    INSERT INTO human (organization, email, label)
    SELECT o._id, 'personne' || i || '@exemple.invalid', 'Personne n° ' || i
    FROM new_organization o, generate_series(1, :rows / 100 + 3) i RETURNING _id, organization
), new_user AS (
    INSERT INTO user_ (organization, user_id, profile, user_certificate, created_on, human)
    SELECT h.organization, md5(h._id::TEXT), 'STANDARD', pg_temp.random_bytes(300), now(), h._id
    FROM new_human h RETURNING _id, organization
), new_device AS (
    INSERT INTO device (organization, user_, device_id, device_label, device_certificate, created_on)
    SELECT u.organization, u._id, md5('appareil' || u._id), 'Poste ' || u._id,
        pg_temp.random_bytes(300), now()
    FROM new_user u RETURNING _id, organization, user_
), new_message AS (
    INSERT INTO message (organization, recipient, sender, body, created_on)
    SELECT d.organization, d.user_, d._id, pg_temp.random_bytes(120), now()
    FROM new_device d, generate_series(1, 5) RETURNING _id
), new_realm AS (
    INSERT INTO realm (organization, realm_id, created_on)
    SELECT o._id, gen_random_uuid(), now()
    FROM new_organization o, generate_series(1, :rows / 500 + 2) RETURNING _id
)
INSERT INTO realm_user_role (realm, user_, role, certificate, certified_on)
SELECT r._id, (SELECT min(_id) FROM new_user), 'OWNER', pg_temp.random_bytes(200), now()
FROM new_realm r;

SELECT _id AS organization_key FROM organization WHERE organization_id = :'organization' \gset
SELECT min(_id) AS first_realm, count(*) AS realms FROM realm
WHERE organization = :organization_key \gset
SELECT min(_id) AS device FROM device WHERE organization = :organization_key \gset

INSERT INTO vlob_atom (realm, vlob_id, version, blob, size, author, created_on)
SELECT :first_realm + i % :realms, gen_random_uuid(), 1, pg_temp.random_bytes(200), 200, :device,
    now()
FROM generate_series(1, :rows) i;

-- Blocks of 512 KiB, as clients make them, and the rest.
INSERT INTO block_data (organization_id, block_id, data)
SELECT :'organization', gen_random_uuid(),
    pg_temp.random_bytes(least(524288, :bytes - i * 524288))
FROM generate_series(0, (:bytes - 1) / 524288) i WHERE :bytes > 0;
INSERT INTO block (organization, block_id, realm, author, size, created_on)
SELECT :organization_key, block_id, :first_realm, :device, length(data), now()
FROM block_data WHERE organization_id = :'organization';

COMMIT;
