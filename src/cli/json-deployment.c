/* One function an object. */
#include "cli/json-deployment.h"

#include "cli/json-store.h"
#include "cli/json.h"

static const char *const tls_names[] = {
  [STEWARD_TLS_NONE] = "none",
  [STEWARD_TLS_TRUSTED] = "trusted",
  [STEWARD_TLS_NOT_TRUSTED] = "not_trusted",
  [STEWARD_TLS_ACCEPTED] = "accepted",
};

JsonObject *
steward_cli_project_to_json (const StewardComposeProject *project)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "name", project->name);
  steward_cli_json_set_text (object, "directory", project->directory);
  steward_cli_json_set_list (object, "compose_files", (const char *const *)project->files);
  steward_cli_json_set_list (object, "env_files", (const char *const *)project->env_files);
  return object;
}

JsonObject *
steward_cli_found_to_json (const StewardFound *found)
{
  JsonObject *object = steward_cli_project_to_json (found->project);

  steward_cli_json_set_text (object, "running_image", found->running_image);
  json_object_set_boolean_member (object, "running", found->is_running);
  return object;
}

JsonObject *
steward_cli_lock_to_json (const StewardLockState *lock)
{
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "held", lock->is_held);
  json_object_set_boolean_member (object, "lapsed", lock->is_lapsed);
  json_object_set_int_member (object, "silent_s", lock->silent_s);
  steward_cli_json_set_text (object, "user", lock->holder.user);
  steward_cli_json_set_text (object, "machine", lock->holder.machine);
  steward_cli_json_set_text (object, "client", lock->holder.client);
  steward_cli_json_set_time (object, "since", lock->holder.since_s);
  steward_cli_json_set_text (object, "operation", lock->holder.operation);
  steward_cli_json_set_text (object, "operation_id", lock->holder.operation_id);
  steward_cli_json_set_text (object, "step", lock->holder.step);
  return object;
}

static JsonObject *
server_to_json (const StewardStatus *status)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "container", status->container);
  json_object_set_boolean_member (object, "running", status->is_running);
  steward_cli_json_set_text (object, "image", status->running_image);
  steward_cli_json_set_text (object, "image_id", status->running_image_id);
  steward_cli_json_set_text (object, "digest", status->running_digest);
  steward_cli_json_set_text (object, "label_version", status->label_version);
  return object;
}

static JsonObject *
health_to_json (const StewardHealth *health)
{
  JsonObject *object = json_object_new ();

  json_object_set_boolean_member (object, "answers_as_parsec", health->answers_as_parsec);
  json_object_set_int_member (object, "http_status", health->status);
  json_object_set_int_member (object, "server_major", health->server_major);
  steward_cli_json_set_text (object, "version", health->version);
  steward_cli_json_set_text (object, "tls", tls_names[health->tls]);
  steward_cli_json_set_text (object, "tls_problem", health->tls_problem);
  steward_cli_json_set_text (object, "certificate_sha256", health->fingerprint);
  json_object_set_int_member (object, "elapsed_ms", health->elapsed_ms);
  return object;
}

static JsonObject *
database_to_json (const StewardStatus *status)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "name", status->database);
  json_object_set_int_member (object, "postgres_version", status->postgres_version);
  json_object_set_int_member (object, "size_bytes", status->database_bytes);
  steward_cli_json_set_text (object, "last_migration", status->last_migration);
  json_object_set_int_member (object, "connections", status->sessions);
  return object;
}

static void
set_configured (JsonObject *object, const StewardStatus *status)
{
  JsonObject *configured = json_object_new ();

  steward_cli_json_set_text (configured, "image", status->configured_image);
  steward_cli_json_set_text (configured, "tag", status->configured_tag);
  json_object_set_object_member (object, "configured", configured);
}

static void
set_drift (JsonObject *object, const GPtrArray *drift)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; drift != NULL && i < drift->len; i++)
    g_strv_builder_add (builder, drift->pdata[i]);
  g_auto (GStrv) names = g_strv_builder_end (builder);
  steward_cli_json_set_list (object, "drift", (const char *const *)names);
}

void
steward_cli_status_set_json (JsonObject *object, const StewardStatus *status)
{
  const StewardBackup *backup = status->last_backup;
  const StewardJournal *unfinished = status->unfinished;

  set_configured (object, status);
  json_object_set_boolean_member (object, "podman", status->is_podman);
  json_object_set_object_member (object, "server", server_to_json (status));
  steward_cli_json_set_object (object, "health",
                               status->health != NULL ? health_to_json (status->health) : NULL);
  steward_cli_json_set_text (object, "health_problem", status->health_problem);
  steward_cli_json_set_object (object, "database",
                               status->database_problem == NULL ? database_to_json (status) : NULL);
  steward_cli_json_set_text (object, "database_problem", status->database_problem);
  set_drift (object, status->drift);
  steward_cli_json_set_text (object, "drift_problem", status->drift_problem);
  steward_cli_json_set_object (object, "last_backup",
                               backup != NULL ? steward_cli_backup_to_json (backup) : NULL);
  steward_cli_json_set_object (object, "unfinished",
                               unfinished != NULL ? steward_cli_journal_to_json (unfinished)
                                                  : NULL);
  json_object_set_object_member (object, "lock", steward_cli_lock_to_json (&status->lock));
  steward_cli_json_set_text (object, "shortage", status->shortage);
  steward_cli_json_set_text (object, "store_problem", status->store_problem);
  steward_cli_json_set_time (object, "host_time", status->now_s);
}
