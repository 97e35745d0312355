/* One function an object. */
#include "cli/json-store.h"

#include "cli/json.h"
#include "core/base/json.h"

static const char *const backup_states[] = {
  [STEWARD_BACKUP_COMPLETE] = "complete",
  [STEWARD_BACKUP_DAMAGED] = "damaged",
  [STEWARD_BACKUP_PARTIAL] = "partial",
};

static const char *const journal_states[] = {
  [STEWARD_JOURNAL_UNFINISHED] = "unfinished",
  [STEWARD_JOURNAL_DONE] = "done",
  [STEWARD_JOURNAL_BACK] = "back",
  [STEWARD_JOURNAL_HANDS] = "hands",
  [STEWARD_JOURNAL_REFUSED] = "refused",
};

static const char *const directions[] = {
  [STEWARD_DIRECTION_FORWARD] = "forward",
  [STEWARD_DIRECTION_BACK] = "back",
};

const char *
steward_cli_backup_state_get_name (StewardBackupState state)
{
  return backup_states[state];
}

const char *
steward_cli_journal_state_get_name (StewardJournalState state)
{
  return journal_states[state];
}

static const char *const proofs[] = {
  [STEWARD_PROOF_DAMAGED] = "damaged",   [STEWARD_PROOF_NONE] = "none",
  [STEWARD_PROOF_HASHED] = "hashed",     [STEWARD_PROOF_READ_BACK] = "read_back",
  [STEWARD_PROOF_RESTORED] = "restored",
};

static void
set_proofs (JsonObject *object, const StewardPassport *passport)
{
  steward_cli_json_set_text (object, "proof", proofs[steward_passport_get_proof (passport, NULL)]);
  steward_cli_json_set_time (object, "written", passport->written_s);
  steward_cli_json_set_time (object, "read_back", passport->read_back_s);
  steward_cli_json_set_time (object, "restored", passport->restored_s);
  steward_cli_json_set_time (object, "found_damaged", passport->damaged_s);
  steward_cli_json_set_text (object, "damage", passport->damage);
}

static void
set_rows (JsonObject *object, const GPtrArray *tables)
{
  JsonObject *rows = json_object_new ();

  for (guint i = 0; i < tables->len; i++)
    {
      const StewardTableRows *table = tables->pdata[i];
      json_object_set_int_member (rows, table->table, (gint64)table->rows);
    }
  json_object_set_object_member (object, "rows", rows);
}

static JsonObject *
passport_to_json (const StewardPassport *passport)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_time (object, "made", passport->made_s);
  json_object_set_int_member (object, "duration_ms", (gint64)passport->duration_ms);
  steward_cli_json_set_text (object, "reason", passport->reason);
  steward_cli_json_set_text (object, "user", passport->user);
  steward_cli_json_set_text (object, "machine", passport->machine);
  steward_cli_json_set_text (object, "client", passport->client);
  steward_cli_json_set_text (object, "server_tag", passport->server_tag);
  steward_cli_json_set_text (object, "server_image", passport->server_image);
  steward_cli_json_set_text (object, "server_digest", passport->server_digest);
  steward_cli_json_set_text (object, "last_migration", passport->last_migration);
  json_object_set_int_member (object, "postgres_version", (gint64)passport->postgres_version);
  steward_cli_json_set_text (object, "database", passport->database);
  json_object_set_int_member (object, "database_bytes", (gint64)passport->database_bytes);
  steward_cli_json_set_text (object, "dump_sha256", passport->dump_sha256);
  steward_cli_json_set_text (object, "dump_format", passport->dump_format);
  steward_cli_json_set_text (object, "compression", passport->compression);
  set_rows (object, passport->tables);
  set_proofs (object, passport);
  return object;
}

JsonObject *
steward_cli_backup_to_json (const StewardBackup *backup)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "id", backup->id);
  steward_cli_json_set_text (object, "state", backup_states[backup->state]);
  steward_cli_json_set_text (object, "problem", backup->problem);
  steward_cli_json_set_text (object, "path", backup->dump_path);
  json_object_set_int_member (object, "size_bytes", (gint64)backup->size_bytes);
  steward_cli_json_set_time (object, "modified", backup->modified_s);
  steward_cli_json_set_object (object, "passport",
                               backup->passport != NULL ? passport_to_json (backup->passport)
                                                        : NULL);
  return object;
}

JsonObject *
steward_cli_aside_to_json (const StewardAside *aside)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "name", aside->name);
  steward_cli_json_set_text (object, "role", aside->role);
  steward_cli_json_set_text (object, "operation_id", aside->operation);
  steward_cli_json_set_text (object, "tag", aside->tag);
  steward_cli_json_set_size (object, "size_bytes", aside->size_bytes);
  steward_cli_json_set_time (object, "made", aside->made_s);
  return object;
}

JsonObject *
steward_cli_orphan_to_json (const StewardOrphan *orphan)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "name", orphan->name);
  steward_cli_json_set_text (object, "kind",
                             orphan->kind == STEWARD_ORPHAN_CONTAINER ? "container" : "file");
  steward_cli_json_set_text (object, "operation_id", orphan->operation);
  return object;
}

static JsonObject *
step_to_json (gconstpointer element)
{
  const StewardJournalStep *step = element;
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "step", step->step);
  steward_cli_json_set_text (object, "direction", directions[step->direction]);
  steward_cli_json_set_time (object, "started", step->started_s);
  steward_cli_json_set_time (object, "ended", step->ended_s);
  json_object_set_boolean_member (object, "failed", step->failed);
  steward_cli_json_set_text (object, "message", step->text);
  return object;
}

JsonObject *
steward_cli_journal_to_json (const StewardJournal *journal)
{
  static const char *const planned[] = { "from_tag", "to_tag", "backup_id" };
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "id", journal->id);
  steward_cli_json_set_text (object, "operation", journal->operation);
  steward_cli_json_set_text (object, "state", journal_states[journal->state]);
  steward_cli_json_set_text (object, "direction", directions[journal->direction]);
  for (gsize i = 0; i < G_N_ELEMENTS (planned); i++)
    steward_cli_json_set_text (object, planned[i],
                               steward_json_get_string (journal->plan, planned[i]));
  steward_cli_json_set_time (object, "began", journal->began_s);
  steward_cli_json_set_time (object, "ended", journal->ended_s);
  steward_cli_json_set_text (object, "last_step", journal->last_step);
  json_object_set_boolean_member (object, "damaged", journal->is_damaged);
  steward_cli_json_set_text (object, "message", journal->text);
  steward_cli_json_set_array (object, "steps", journal->steps, step_to_json);
  return object;
}
