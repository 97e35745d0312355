/* The constant scripts that run in a container of the database's own image: dump, verification and
 * restore. POSIX sh, psql, pg_dump, pg_restore, sha256sum. The database is named by PG* variables;
 * the folder of backups is /steward; values are arguments. They tell by lines on standard output:
 *
 *   progress BYTES          how far it is, again and again
 *   snapshot SECONDS        when the dump's snapshot was taken, on the host's clock
 *   rows COUNT SCHEMA.TABLE rows of a table in the dump's snapshot
 *   compression NAME        `zstd:1`, `gzip:1`
 *   bytes COUNT, sha256 HEX what was written, the hash taken while writing; what was read
 *   took MILLISECONDS       how long the restore took
 *   state WORD              of the original, see the guard's
 *   unreadable              pg_restore does not understand the dump
 *   done                    the last line; without it the work is not done, whatever the exit code
 * says */
#pragma once

/* NAME-OF-PARTIAL-FILE */
extern const char steward_tool_script_dump[];
/* FILE SHA256: reads all of it and has pg_restore understand all of it */
extern const char steward_tool_script_verify[];
/* FILE JOBS SHA256: into the empty database that PGDATABASE names */
extern const char steward_tool_script_restore[];
/* FILE JOBS SHA256: waits for a PostgreSQL that was just made, restores into its empty database and
 * counts the rows there */
extern const char steward_tool_script_rehearse[];
/* ID OID LIVE ASIDE COPY OPEN HAS-COMMENT COMMENT: the guard's way into the database; OPEN and
 * HAS-COMMENT are true or false. /steward is the store's folder. The lock there says what to do: at
 * the step set-aside, held by the guard of the operation ID, the database OID is given the name
 * LIVE again, at copy and restore-beside the database COPY is dropped; held by the guard at all,
 * the sessions of whoever held it before are ended. Tells the state then: live, aside, published (a
 * database other than OID has the name LIVE), gone (none of these). */
extern const char steward_tool_script_guard[];
