/* What an operation is going to do, resolved once before it begins and frozen: names, digests and
 * hashes, never a secret. It is the first record of the journal, so that whoever resumes reads what
 * was meant and not what the files say by then. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/base/error.h"

G_BEGIN_DECLS

/** The format of the plan; a plan of a higher one is refused, never guessed at. */
#define STEWARD_PLAN_FORMAT 1

/** After how long a silence the guard goes back where nothing else is asked for, in seconds. */
#define STEWARD_PLAN_GUARD_S 300

typedef enum
{
  STEWARD_OPERATION_BACKUP,
  STEWARD_OPERATION_UPGRADE,
  STEWARD_OPERATION_RESTART,
  STEWARD_OPERATION_ROLLBACK,
} StewardOperationKind;

/** StewardPlannedFile: a file of the deployment as it was found; for one that the tag's switch
 * edits, @after_sha256 is what it becomes, else %NULL. */
typedef struct
{
  char *path;
  char *before_sha256;
  char *after_sha256;
} StewardPlannedFile;

/**
 * StewardPlan:
 * @id: of the operation, see steward_store_new_operation_id()
 * @services: every service with the server's image; @service is the server's own
 * @from_image: the reference that was found, @to_image the one to come (the same for a restart)
 * @from_image_id: (nullable): what the server's container ran
 * @live_name: the live database; @live_oid what it was when the plan was made
 * @backup_id: (nullable): the backup that is made, or restored by a rollback
 * @source_database: (nullable): the set-aside database that a rollback publishes a copy of
 * @accepted_loss: (nullable): the version the administrator typed to agree to lose rows
 * @leaves_out_rehearsal: somebody asked for that
 * @watch_s: how long the started server is watched, seconds
 * @guard_s: after how long a silence the guard on the host goes back, seconds
 * @files: (element-type StewardPlannedFile)
 */
typedef struct
{
  StewardOperationKind kind;
  char *id;
  char *project_name;
  char *directory;
  char **compose_files;
  char **env_files;
  char *service;
  char **services;
  char *from_tag;
  char *to_tag;
  char *from_image;
  char *to_image;
  char *from_image_id;
  char *live_name;
  guint32 live_oid;
  char *system_identifier;
  char *aside_name;
  char *copy_name;
  char *failed_name;
  char *backup_id;
  char *source_database;
  char *accepted_loss;
  gboolean leaves_out_rehearsal;
  guint watch_s;
  guint guard_s;
  GPtrArray *files;
} StewardPlan;

StewardPlan *steward_plan_new (StewardOperationKind kind, const char *id);
void steward_plan_free (StewardPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardPlan, steward_plan_free)

void steward_planned_file_free (StewardPlannedFile *file);

/** steward_plan_dup_operation_of: Returns: (transfer full) (nullable): the id in the name of a copy
 * or set-aside database, %NULL where it is none of Steward's */
char *steward_plan_dup_operation_of (const char *database);

/** steward_plan_set_names: fills @aside_name, @copy_name and @failed_name from the id. */
void steward_plan_set_names (StewardPlan *plan);

/** steward_operation_kind_get_name: the word in journals and on the command line: `upgrade` */
const char *steward_operation_kind_get_name (StewardOperationKind kind);

/** steward_operation_kind_parse: @name: (nullable); @kind: (out): left alone where it is none.
 * Returns: whether it is one */
gboolean steward_operation_kind_parse (const char *name, StewardOperationKind *kind);

/** steward_operation_kind_get_title: Returns: the translated name, to begin a sentence or a row */
const char *steward_operation_kind_get_title (StewardOperationKind kind);

/** steward_plan_to_json: Returns: (transfer full) */
JsonObject *steward_plan_to_json (const StewardPlan *plan);

/** steward_plan_from_json: Errors: %STEWARD_ERROR_REFUSED (made by a newer Steward),
 * %STEWARD_ERROR_INVALID */
StewardPlan *steward_plan_from_json (JsonObject *object, GError **error);

G_END_DECLS
