/* The passport of a backup: what makes a dump a backup. JSON, without secrets. Pure: the file and
 * what lies beside it are for backup.h. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** The format that this Steward writes and understands; a larger number is an incompatible one,
 * new members alone are not. */
#define STEWARD_PASSPORT_FORMAT 1

/** StewardTableRows: @table is `schema.table`; @rows are counted in the dump's own snapshot. */
typedef struct
{
  char *table;
  guint64 rows;
} StewardTableRows;

void steward_table_rows_free (StewardTableRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardTableRows, steward_table_rows_free)

/** StewardProof: what is known of a backup, the least first. */
typedef enum
{
  STEWARD_PROOF_DAMAGED,   /* it is not what was written, or not what was dumped */
  STEWARD_PROOF_NONE,      /* not known to have been written to its end */
  STEWARD_PROOF_HASHED,    /* written and synced, the hash taken on the way */
  STEWARD_PROOF_READ_BACK, /* read whole: the hash was right, and the tools understood it */
  STEWARD_PROOF_RESTORED,  /* restored elsewhere, the rows compared */
} StewardProof;

/** Words of @reason, the same for every client and language; the tag follows the second. */
#define STEWARD_REASON_BY_HAND "by hand"
#define STEWARD_REASON_UPGRADE "before upgrade to "

/** Words of @damage; others may come from a newer Steward. */
#define STEWARD_DAMAGE_HASH "hash"             /* other bytes than were written */
#define STEWARD_DAMAGE_UNREADABLE "unreadable" /* pg_restore does not understand it */
#define STEWARD_DAMAGE_ROWS "rows"             /* restored, it had other rows */

/**
 * StewardPassport: text is UTF-8; times are seconds since 1970 on the host's clock, 0 for never.
 * @id: the backup's, and of the operation that made it
 * @made_s: the dump's snapshot
 * @duration_ms: of dump and verification
 * @reason: for example `before upgrade to 3.1.0`; see steward_passport_dup_reason()
 * @user, @machine, @host_user, @client: (nullable): by whom; see StewardHolder
 * @server_tag: as the registry spells it
 * @server_image: (nullable): repository, without tag
 * @server_digest, @database_digest: (nullable): a local image has none
 * @database_image: (nullable): with tag
 * @last_migration: (nullable): the newest applied one, for example `0012_shamir`; %NULL where none
 * @postgres_version: PostgreSQL's `server_version_num`, for example 160010
 * @system_identifier: of the cluster, from `pg_control_system()`
 * @database_bytes: `pg_database_size()` at the time
 * @dump_sha256: lower-case hex, taken while writing
 * @dump_format: for example `custom`
 * @compression: (nullable): for example `zstd:1`; %NULL for none
 * @compose_hash: (nullable): SHA-256 of the compose file
 * @blockstore: (nullable): kind only, for example `POSTGRESQL`
 * @tables: (element-type StewardTableRows)
 * @rehearsed_tag: (nullable): the version to which the last rehearsal with this backup migrated it;
 * what it measured: @restore_ms, @migrate_ms, and @answer_ms until that version answered
 * @written_s: complete and synced
 * @read_back_s: read whole, the hash was right
 * @restored_s: restored elsewhere and compared
 * @damaged_s: found to be damaged; never to be restored while it stands
 * @damage: (nullable): in what way: %STEWARD_DAMAGE_HASH and others
 */
typedef struct
{
  char *id;
  gint64 made_s;
  guint64 duration_ms;
  char *reason;
  char *user;
  char *machine;
  char *host_user;
  char *client;
  char *server_tag;
  char *server_image;
  char *server_digest;
  char *database_image;
  char *database_digest;
  char *last_migration;
  guint64 postgres_version;
  char *system_identifier;
  char *database;
  guint64 database_bytes;
  guint64 dump_bytes;
  char *dump_sha256;
  char *dump_format;
  char *compression;
  char *compose_hash;
  char *blockstore;
  GPtrArray *tables;
  char *rehearsed_tag;
  guint64 restore_ms;
  guint64 migrate_ms;
  guint64 answer_ms;
  gint64 written_s;
  gint64 read_back_s;
  gint64 restored_s;
  gint64 damaged_s;
  char *damage;
} StewardPassport;

/** steward_passport_new: empty, with an empty @tables; fields are set by the caller, who gives
 * their strings away. */
StewardPassport *steward_passport_new (void);
void steward_passport_free (StewardPassport *passport);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardPassport, steward_passport_free)

/**
 * steward_passport_parse:
 * @text: anything at all
 *
 * Pure. Unknown members are ignored. Required are the format, id, time, server tag, PostgreSQL's
 * version and system identifier, database, the dump's size, hash and format.
 *
 * Returns: (transfer full) (nullable)
 * Errors: %STEWARD_ERROR_INVALID (says which member), %STEWARD_ERROR_REFUSED (a newer format)
 */
StewardPassport *steward_passport_parse (const char *text, gsize length, GError **error);

/** steward_passport_print: Returns: (transfer full): indented JSON with a line end */
char *steward_passport_print (const StewardPassport *passport);

/** steward_passport_dup_reason: Returns: (transfer full) (nullable): why it was made, in the user's
 * language; what Steward does not know stands as it is. Pure. */
char *steward_passport_dup_reason (const StewardPassport *passport);

/** steward_passport_get_proof: the most that is known. Pure. @when_s: (out) (optional): since when
 */
StewardProof steward_passport_get_proof (const StewardPassport *passport, gint64 *when_s);

/** steward_passport_set_proof: notes what was found out at @now_s. @proof: read back or restored. A
 * mark of damage goes where the proof says otherwise: only a restore takes back what a restore
 * found. */
void steward_passport_set_proof (StewardPassport *passport, StewardProof proof, gint64 now_s);

/** steward_passport_set_damage: marks it; the first mark's time and reason stay. @damage:
 * %STEWARD_DAMAGE_HASH and others */
void steward_passport_set_damage (StewardPassport *passport, const char *damage, gint64 now_s);

/** steward_passport_add_table: appends to @tables */
void steward_passport_add_table (StewardPassport *passport, const char *table, guint64 rows);

G_END_DECLS
