/* Servers, and what a look at them would have found. See stage.h. */
#include "stage.h"

#include "core/compose/compose-server.h"
#include "core/deployment/reach.h"
#include "core/host/local-host.h"
#include "core/store/journal-fold.h"

#define IMAGE "registry.example.org/parsec-server"
#define DATABASE_URL "postgresql://parsec:not-a-secret@database:5432/parsec"
#define ID_OF_INTERRUPTED "20261123t224500_ef56"

static gint64
get_now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static StewardComposeProject *
project_new (const char *name)
{
  StewardComposeProject *project = g_new0 (StewardComposeProject, 1);
  g_autofree char *file = g_strdup_printf ("/srv/%s/compose.yaml", name);

  project->name = g_strdup (name);
  project->directory = g_path_get_dirname (file);
  project->files = g_strdupv ((char *[]){ file, NULL });
  project->env_files = g_new0 (char *, 1);
  return project;
}

static StewardEngine *
engine_new (void)
{
  g_autoptr (StewardHost) host = steward_local_host_new ();

  return steward_engine_new (host);
}

static StewardDeployment *
deployment_new (const char *name)
{
  StewardDeployment *deployment = g_new0 (StewardDeployment, 1);

  g_atomic_ref_count_init (&deployment->refs);
  deployment->engine = engine_new ();
  deployment->project = project_new (name);
  deployment->folder = g_build_filename (deployment->project->directory, "steward", NULL);
  deployment->service = g_strdup ("server");
  deployment->services = g_strdupv ((char *[]){ "server", NULL });
  deployment->image = steward_image_reference_parse (IMAGE ":" STAGE_TAG, NULL);
  deployment->database_url = g_strdup (DATABASE_URL);
  deployment->database = steward_database_url_parse (DATABASE_URL, NULL);
  deployment->reach = steward_reach_new ();
  return deployment;
}

static StewardPassport *
passport_new (const char *id, gint64 made_s)
{
  StewardPassport *passport = steward_passport_new ();

  passport->id = g_strdup (id);
  passport->made_s = made_s;
  passport->duration_ms = 4200;
  passport->reason = g_strdup (STEWARD_REASON_UPGRADE STAGE_TAG);
  passport->user = g_strdup ("alice");
  passport->machine = g_strdup ("desk");
  passport->client = g_strdup ("steward 0.1.0");
  passport->server_tag = g_strdup ("3.4.1");
  passport->server_image = g_strdup (IMAGE);
  passport->database_image = g_strdup ("postgres:16");
  passport->last_migration = g_strdup ("0012_shamir");
  passport->postgres_version = 160010;
  passport->system_identifier = g_strdup ("7412345678901234567");
  passport->database = g_strdup ("parsec");
  passport->database_bytes = 734003200;
  passport->dump_bytes = 183500800;
  passport->dump_sha256 = g_strnfill (64, 'a');
  passport->dump_format = g_strdup ("custom");
  passport->compression = g_strdup ("zstd:1");
  passport->blockstore = g_strdup ("S3");
  passport->written_s = made_s + 3;
  passport->read_back_s = made_s + 4;
  steward_passport_add_table (passport, "public.organization", 12);
  steward_passport_add_table (passport, "public.vlob_atom", 48211);
  return passport;
}

StewardBackup *
stage_backup_new (const char *id, StewardBackupState state, gint64 age_s)
{
  StewardBackup *backup = g_new0 (StewardBackup, 1);
  gint64 made_s = get_now_s () - age_s;

  backup->id = g_strdup (id);
  backup->state = state;
  backup->size_bytes = 183500800;
  backup->modified_s = made_s;
  backup->dump_path = g_strdup_printf ("/srv/parsec/steward/backups/%s.dump", id);
  if (state != STEWARD_BACKUP_PARTIAL)
    backup->passport = passport_new (id, made_s);
  if (state == STEWARD_BACKUP_DAMAGED)
    backup->problem = g_strdup ("The dump is shorter than its passport says.");
  return backup;
}

static StewardAside *
aside_new (void)
{
  StewardAside *aside = g_new0 (StewardAside, 1);

  aside->name = g_strdup (STAGE_ASIDE_NAME);
  aside->role = g_strdup ("aside");
  aside->operation = g_strdup ("20261101t090000_cd34");
  aside->tag = g_strdup ("3.4.1");
  aside->size_bytes = 629145600;
  aside->made_s = get_now_s () - 22 * 86400;
  return aside;
}

static JsonObject *
plan_new (StewardOperationKind kind, const char *id)
{
  g_autoptr (StewardPlan) plan = steward_plan_new (kind, id);

  plan->project_name = g_strdup ("parsec");
  plan->directory = g_strdup ("/srv/parsec");
  plan->service = g_strdup ("server");
  plan->live_name = g_strdup ("parsec");
  plan->from_tag = g_strdup (STAGE_TAG);
  plan->to_tag = g_strdup (kind == STEWARD_OPERATION_UPGRADE ? STAGE_TARGET : STAGE_TAG);
  plan->backup_id = g_strdup (STAGE_BACKUP_ID);
  steward_plan_set_names (plan);
  return steward_plan_to_json (plan);
}

StewardJournal *
stage_journal_new (StewardOperationKind kind, StewardJournalState state)
{
  StewardJournal *journal = steward_journal_new (NULL, ID_OF_INTERRUPTED);

  journal->operation = g_strdup (steward_operation_kind_get_name (kind));
  journal->plan = plan_new (kind, journal->id);
  journal->state = state;
  journal->began_s = get_now_s () - 900;
  if (state == STEWARD_JOURNAL_UNFINISHED)
    {
      journal->last_step = g_strdup ("copy");
      journal->last_is_open = TRUE;
      return journal;
    }
  journal->ended_s = journal->began_s + 74;
  journal->direction =
      state == STEWARD_JOURNAL_BACK ? STEWARD_DIRECTION_BACK : STEWARD_DIRECTION_FORWARD;
  if (state != STEWARD_JOURNAL_DONE)
    journal->text = g_strdup ("The migration 0013_account.sql failed on the copy.");
  return journal;
}

static StewardHealth *
health_new (void)
{
  StewardHealth *health = g_new0 (StewardHealth, 1);

  health->answers_as_parsec = TRUE;
  health->status = 200;
  health->server_major = 3;
  health->version = g_strdup (STAGE_TAG);
  health->elapsed_ms = 12;
  return health;
}

static void
add_health (StewardStatus *status, StageState state)
{
  status->container = g_strdup ("parsec-server-1");
  status->is_running = state != STAGE_SILENT && state != STAGE_INTERRUPTED;
  status->running_image = g_strdup (IMAGE ":" STAGE_TAG);
  status->running_image_id = g_strdup ("sha256:0123456789ab");
  status->label_version = g_strdup (STAGE_TAG);
  if (status->is_running)
    status->health = health_new ();
  else
    status->health_problem = g_strdup ("The server’s container is not running.");
}

static void
add_database (StewardStatus *status, StageState state)
{
  status->database = g_strdup ("parsec");
  if (state == STAGE_INTERRUPTED)
    {
      status->database_problem = g_strdup ("There is no database “parsec”: it was set aside.");
      return;
    }
  status->postgres_version = 160010;
  status->database_bytes = 734003200;
  status->last_migration = g_strdup ("0012_shamir");
  status->sessions = 6;
}

static void
add_lock (StewardStatus *status)
{
  status->lock.is_held = TRUE;
  status->lock.silent_s = 2;
  status->lock.generation = 7;
  status->lock.holder = (StewardHolder){
    .user = g_strdup ("bob"),
    .machine = g_strdup ("laptop"),
    .host_user = g_strdup ("root"),
    .client = g_strdup ("stewardctl 0.1.0"),
    .process_id = 4711,
    .since_s = get_now_s () - 95,
    .operation_id = g_strdup (ID_OF_INTERRUPTED),
    .operation = g_strdup ("upgrade"),
    .step = g_strdup ("migrate-copy"),
  };
}

static StewardStatus *
status_new (StageState state)
{
  StewardStatus *status = g_new0 (StewardStatus, 1);

  status->configured_image = g_strdup (IMAGE ":" STAGE_TAG);
  status->configured_tag = g_strdup (STAGE_TAG);
  status->drift = g_ptr_array_new_with_free_func (g_free);
  status->now_s = get_now_s ();
  status->last_backup = stage_backup_new (STAGE_BACKUP_ID, STEWARD_BACKUP_COMPLETE, 26 * 3600);
  add_health (status, state);
  add_database (status, state);
  if (state == STAGE_BUSY)
    add_lock (status);
  if (state == STAGE_INTERRUPTED || state == STAGE_BUSY)
    status->unfinished = stage_journal_new (STEWARD_OPERATION_UPGRADE, STEWARD_JOURNAL_UNFINISHED);
  return status;
}

static void
add_store (StewardFacts *facts)
{
  facts->backups = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_backup_free);
  g_ptr_array_add (facts->backups,
                   stage_backup_new (STAGE_BACKUP_ID, STEWARD_BACKUP_COMPLETE, 26 * 3600));
  g_ptr_array_add (facts->backups,
                   stage_backup_new ("20261110t070000_aa01", STEWARD_BACKUP_DAMAGED, 13 * 86400));
  g_ptr_array_add (facts->backups,
                   stage_backup_new ("20261109t070000_aa02", STEWARD_BACKUP_PARTIAL, 14 * 86400));
  facts->asides = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_aside_free);
  g_ptr_array_add (facts->asides, aside_new ());
}

static void
add_history (StewardFacts *facts, StageState state)
{
  facts->journals = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_journal_free);
  if (state == STAGE_INTERRUPTED || state == STAGE_BUSY)
    g_ptr_array_add (facts->journals,
                     stage_journal_new (STEWARD_OPERATION_UPGRADE, STEWARD_JOURNAL_UNFINISHED));
  g_ptr_array_add (facts->journals,
                   stage_journal_new (STEWARD_OPERATION_UPGRADE, STEWARD_JOURNAL_BACK));
  g_ptr_array_add (facts->journals,
                   stage_journal_new (STEWARD_OPERATION_BACKUP, STEWARD_JOURNAL_DONE));
  g_ptr_array_add (facts->journals,
                   stage_journal_new (STEWARD_OPERATION_RESTART, STEWARD_JOURNAL_DONE));
  g_ptr_array_add (facts->journals,
                   stage_journal_new (STEWARD_OPERATION_ROLLBACK, STEWARD_JOURNAL_REFUSED));
}

StewardFacts *
stage_facts_new (const char *name, StageState state)
{
  StewardFacts *facts = g_new0 (StewardFacts, 1);
  g_autoptr (StewardHost) host = steward_local_host_new ();

  if (state == STAGE_UNREACHABLE)
    {
      facts->problem = g_error_new_literal (STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
                                            "The Docker engine does not answer. Is it running?");
      return facts;
    }
  facts->deployment = deployment_new (name);
  facts->store = steward_store_new (host, facts->deployment->folder, NULL);
  facts->status = status_new (state);
  add_store (facts);
  add_history (facts, state);
  return facts;
}

static void
add_orphan (StewardFacts *facts, StewardOrphanKind kind, const char *name)
{
  StewardOrphan *orphan = g_new0 (StewardOrphan, 1);

  orphan->kind = kind;
  orphan->name = g_strdup (name);
  g_ptr_array_add (facts->orphans, orphan);
}

void
stage_facts_leave_over (StewardFacts *facts)
{
  facts->orphans = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_orphan_free);
  add_orphan (facts, STEWARD_ORPHAN_CONTAINER, STAGE_LEFT_OVER);
  add_orphan (facts, STEWARD_ORPHAN_FILE,
              "/srv/parsec/steward/backups/20260101t000000_0001.dump.partial");
}

static GStrv
versions_new (StageState state)
{
  static const char *const none[] = { NULL };
  static const char *const newer[] = { STAGE_TARGET, "3.6.0-rc.1", "3.5.1", NULL };

  return g_strdupv ((GStrv)(state == STAGE_UPDATE ? newer : none));
}

void
stage_server_set_state (StewardServer *server, StageState state)
{
  if (state == STAGE_UNKNOWN)
    return;
  steward_server_take_facts (server, stage_facts_new (steward_server_get_name (server), state));
  if (state == STAGE_UNREACHABLE)
    steward_server_take_versions (server, NULL, "The registry does not answer.");
  else
    steward_server_take_versions (server, versions_new (state), NULL);
}

StewardServer *
stage_server_new (const char *name, StageState state)
{
  g_autoptr (StewardEngine) engine = engine_new ();
  StewardServer *server = steward_server_new (engine, project_new (name), NULL);

  stage_watch (server);
  stage_server_set_state (server, state);
  return server;
}
