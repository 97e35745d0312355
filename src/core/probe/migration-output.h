/* What the `migrate` command of a Parsec server image prints, and whether a run did what was
 * announced. Pure: reads bytes that others collected and rows that others asked for.
 *
 * Source of the format: the program of releases 3.0.0, 3.9.3 and the development head, run and
 * recorded byte for byte. Frames of a spinner separated by `\r`, a head line that ends in ✔ or ✘,
 * then one line a file. In a dry run ✔ means *pending*, in a real one *applied*. A failed migration
 * has a green head and exit code 0: never judge by those. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * StewardMigrationState:
 * @STEWARD_MIGRATION_APPLIED: it was in the database before
 * @STEWARD_MIGRATION_DONE: pending (dry run), or applied by this run (real run)
 * @STEWARD_MIGRATION_FAILED: it was tried and rolled back
 */
typedef enum
{
  STEWARD_MIGRATION_APPLIED,
  STEWARD_MIGRATION_DONE,
  STEWARD_MIGRATION_FAILED,
} StewardMigrationState;

/**
 * StewardMigrationHead:
 * @STEWARD_MIGRATION_HEAD_NONE: no verdict was printed: cut off, interrupted, or another program
 * @STEWARD_MIGRATION_HEAD_OK: ✔; also there when a migration failed
 * @STEWARD_MIGRATION_HEAD_KO: ✘; the command did not get as far as the migrations
 */
typedef enum
{
  STEWARD_MIGRATION_HEAD_NONE,
  STEWARD_MIGRATION_HEAD_OK,
  STEWARD_MIGRATION_HEAD_KO,
} StewardMigrationHead;

typedef struct
{
  char *file; /* owned: `0013_account.sql` */
  guint id;   /* 13 */
  char *name; /* owned: `account`, as the migration table has it */
  StewardMigrationState state;
  char *message; /* owned, nullable: why it failed, several lines possible, valid UTF-8 */
} StewardMigration;

typedef struct
{
  GPtrArray *migrations; /* owned, of StewardMigration, in the order printed */
  StewardMigrationHead head;
  char *error;   /* owned, nullable: what follows `Error: ` */
  gboolean torn; /* the last line has no end and says nothing that is known */
} StewardMigrationOutput;

/**
 * steward_migration_output_parse:
 * @bytes: (array length=size): standard output, whole or torn, any bytes
 *
 * Never fails: what is not understood is left out. Texts are valid UTF-8 without control characters
 * but line feeds, and cut at a few KiB.
 *
 * Returns: (transfer full): what was understood
 */
StewardMigrationOutput *steward_migration_output_parse (const char *bytes, gsize size);
void steward_migration_output_free (StewardMigrationOutput *output);

/**
 * steward_migration_output_dup_pending:
 * @dry_run: the output of `migrate --dry-run`
 *
 * Returns: (transfer container) (element-type StewardMigration): the pending ones; the elements
 *   belong to @dry_run
 */
GPtrArray *steward_migration_output_dup_pending (const StewardMigrationOutput *dry_run);

/**
 * steward_migration_output_check:
 * @output: any output
 *
 * Whether @output is the whole list of a run that got through: a green head, and files numbered
 * from 1 without a hole. A migration that failed is no objection here.
 *
 * Errors: %STEWARD_ERROR_FAILED where the command says that it failed; %STEWARD_ERROR_INVALID where
 * the list has a hole, breaks off, or is not one.
 */
gboolean steward_migration_output_check (const StewardMigrationOutput *output, GError **error);

typedef struct
{
  guint id;
  const char *name;
} StewardMigrationRow;

/**
 * StewardMigrationEvidence:
 * @announced: the dry run
 * @run: the real run on the same database
 * @before: (array length=n_before): rows of the migration table before @run, by id
 * @after: (array length=n_after): and after it
 *
 * Everything borrowed.
 */
typedef struct
{
  const StewardMigrationOutput *announced;
  const StewardMigrationOutput *run;
  const StewardMigrationRow *before;
  gsize n_before;
  const StewardMigrationRow *after;
  gsize n_after;
} StewardMigrationEvidence;

/**
 * steward_migration_verdict:
 * @evidence: what was announced, said and found
 *
 * Whether exactly the announced migrations were applied: by the lines of the run and by the table.
 *
 * Errors: %STEWARD_ERROR_FAILED with a sentence that names the first migration at fault. The
 * sentence does not say in which state the server is: the caller knows which database was migrated.
 */
gboolean steward_migration_verdict (const StewardMigrationEvidence *evidence, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardMigrationOutput, steward_migration_output_free)

G_END_DECLS
