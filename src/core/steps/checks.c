/* The table of checks and what each looks at. A check that fails to look counts as refused: what is
 * not known is no reason to go on. */
#include "core/steps/checks.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "core/base/version.h"
#include "core/compose/compose-server.h"
#include "core/database/cluster.h"
#include "core/database/sessions.h"
#include "core/deployment/drift.h"
#include "core/steps/files.h"
#include "core/steps/space.h"

#define OLDEST_POSTGRES 130000
#define CLOCK_TOLERANCE_S 60

typedef struct
{
  StewardDeployment *deployment;
  StewardStore *store;
  const StewardPlan *plan;
  GCancellable *cancellable;
  StewardConnection *connection; /* owned, nullable: opened by the database's check */
  StewardDatabase *live;         /* owned, nullable */
  char *warning;                 /* owned, nullable: set by a check that is good but for this */
  guint64 dump_disk;             /* see StewardDisk; where the dump will lie */
  double dump_bytes;             /* and how much of it, at most */
} Checking;

static gboolean
refuse (GError **error, const char *sentence)
{
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED, sentence);
  return FALSE;
}

static char *
check_engine (Checking *checking, GError **error)
{
  g_auto (StewardEngineVersions) versions = { 0 };

  if (!steward_engine_check (checking->deployment->engine, &versions, checking->cancellable, error))
    return NULL;
  if (versions.is_podman)
    return g_strdup_printf (_ ("Podman %s with docker compose %s answers. Steward was never tested "
                               "with Podman."),
                            versions.engine, versions.compose);
  return g_strdup_printf (_ ("Docker Engine %s with docker compose %s answers."), versions.engine,
                          versions.compose);
}

static char *
check_clock (Checking *checking, GError **error)
{
  gint64 now_s = 0;
  gint64 here_s = g_get_real_time () / G_USEC_PER_SEC;

  if (!steward_host_get_clock (steward_deployment_get_host (checking->deployment), &now_s,
                               checking->cancellable, error))
    return NULL;
  gint64 apart_s = ABS (now_s - here_s);
  if (apart_s > CLOCK_TOLERANCE_S)
    checking->warning =
        g_strdup_printf (ngettext ("The host’s clock differs from this machine’s by %" PRId64
                                   " second. Times are told by the host’s.",
                                   "The host’s clock differs from this machine’s by %" PRId64
                                   " seconds. Times are told by the host’s.",
                                   (gulong)apart_s),
                         apart_s);
  return g_strdup (_ ("The host’s clock is right."));
}

static char *
check_tag (Checking *checking, GError **error)
{
  const StewardPlan *plan = checking->plan;
  g_autoptr (StewardVersion) from = steward_version_parse (plan->from_tag);
  g_autoptr (StewardVersion) to = steward_version_parse (plan->to_tag);

  if (!steward_tag_is_valid (plan->to_tag))
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("“%s” is no tag an image can have. Nothing was touched."), plan->to_tag);
  else if (plan->kind == STEWARD_OPERATION_UPGRADE && g_str_equal (plan->from_tag, plan->to_tag))
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The compose file asks for %s already. Nothing was touched."), plan->to_tag);
  else if (plan->kind == STEWARD_OPERATION_UPGRADE && from != NULL && to != NULL
           && steward_version_compare (to, from) < 0)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("%s is older than %s, which runs. An old server on a new database damages it: "
                    "use a rollback instead. Nothing was touched."),
                 plan->to_tag, plan->from_tag);
  else
    return g_strdup_printf (_ ("From %s to %s."), plan->from_tag, plan->to_tag);
  return NULL;
}

static char *
check_server (Checking *checking, GError **error)
{
  const StewardDeployment *deployment = checking->deployment;
  g_autofree char *wanted = steward_image_reference_format (deployment->image);
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (deployment, checking->cancellable, error);

  if (container == NULL
      || !steward_compose_server_check_tags (deployment->model,
                                             (const char *const *)deployment->services, error))
    return NULL;
  if (!g_str_equal (container->image, wanted))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   checking->plan->kind == STEWARD_OPERATION_RESTART
                       ? _ ("The compose file asks for %s but %s runs. A restart would change the "
                            "version without a backup: put the old tag back, then use an upgrade "
                            "or a rollback. Nothing was touched.")
                       : _ (
                           "The compose file asks for %s but %s runs: its tag was changed by hand. "
                           "Put the old tag back, then try again. Nothing was touched."),
                   wanted, container->image);
      return NULL;
    }
  if (!container->running)
    checking->warning = g_strdup (_ ("The server does not run just now."));
  return g_strdup_printf (_ ("The server’s container is %s."), container->name);
}

static char *
check_drift (Checking *checking, GError **error)
{
  g_autoptr (GPtrArray) drift =
      steward_deployment_list_drift (checking->deployment, checking->cancellable, error);

  if (drift == NULL)
    return NULL;
  if (drift->len > 0)
    {
      g_ptr_array_add (drift, NULL);
      g_autofree char *names = g_strjoinv (", ", (char **)drift->pdata);
      g_ptr_array_remove_index (drift, drift->len - 1);
      checking->warning = g_strdup_printf (
          _ ("Making the container anew also brings other changes of the compose files: %s."),
          names);
    }
  return g_strdup (_ ("The container is as the compose files want it."));
}

static char *
check_database (Checking *checking, GError **error)
{
  const char *name = checking->plan->live_name;

  checking->connection =
      steward_deployment_connect (checking->deployment, name, NULL, checking->cancellable, error);
  if (checking->connection == NULL)
    return NULL;
  checking->live =
      steward_cluster_find_database (checking->connection, name, checking->cancellable, error);
  g_autoptr (StewardCluster) cluster =
      checking->live != NULL
          ? steward_cluster_read (checking->connection, checking->cancellable, error)
          : NULL;
  if (cluster == NULL)
    return NULL;
  if (cluster->is_replica)
    refuse (error, _ ("The database is a read-only replica. Nothing was touched."));
  else if (cluster->server_version < OLDEST_POSTGRES)
    refuse (error, _ ("PostgreSQL is older than 13, which Steward does not support. Nothing was "
                      "touched."));
  else
    {
      g_autofree char *size = g_format_size (MAX (checking->live->size_bytes, 0));
      return g_strdup_printf (_ ("The database “%s” answers: PostgreSQL %d, %s."), name,
                              cluster->server_version / 10000, size);
    }
  return NULL;
}

static char *
check_rights (Checking *checking, GError **error)
{
  g_autoptr (StewardRole) role =
      steward_cluster_read_role (checking->connection, checking->plan->live_name,
                                 checking->cancellable, error);

  if (role == NULL)
    return NULL;
  if (role->missing_grants == NULL)
    return g_strdup_printf (_ ("The role “%s” may set aside and copy the database."), role->name);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("The role “%s” may not set aside and copy the database. Nothing was touched. A "
                  "superuser gives it the right by: %s"),
               role->name, role->missing_grants);
  return NULL;
}

/* Whether a session comes from one of the server's containers; one with the host's own network
 * cannot be told by its address, only by its role. */
static gboolean
is_servers (const StewardSession *session, const GPtrArray *servers, const char *role)
{
  for (guint i = 0; i < servers->len; i++)
    {
      const StewardContainer *container = servers->pdata[i];
      if (g_str_equal (container->network_mode, "host") && g_strcmp0 (session->user, role) == 0)
        return TRUE;
      for (guint j = 0; j < container->networks->len; j++)
        {
          const StewardContainerNetwork *network = container->networks->pdata[j];
          if (session->address != NULL && g_strcmp0 (network->address, session->address) == 0)
            return TRUE;
        }
    }
  return FALSE;
}

static char *
check_sessions (Checking *checking, GError **error)
{
  StewardSessionFilter filter = { .database = checking->plan->live_name,
                                  .except_application = "steward" };
  g_autoptr (GPtrArray) servers =
      steward_deployment_list_servers (checking->deployment, checking->cancellable, error);
  g_autoptr (GPtrArray) sessions =
      servers != NULL
          ? steward_sessions_list (checking->connection, &filter, checking->cancellable, error)
          : NULL;

  if (sessions == NULL)
    return NULL;
  for (guint i = 0; i < sessions->len; i++)
    {
      if (is_servers (sessions->pdata[i], servers, checking->deployment->database->user))
        continue;
      g_autofree char *label = steward_session_dup_label (sessions->pdata[i]);
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("Somebody besides the server is connected to the database: %s. End that "
                      "session first. Nothing was touched."),
                   label);
      return NULL;
    }
  return g_strdup (_ ("Nobody besides the server is connected to the database."));
}

static char *
check_obstacles (Checking *checking, GError **error)
{
  g_autoptr (GPtrArray) obstacles =
      steward_sessions_list_obstacles (checking->connection, checking->plan->live_name,
                                       checking->cancellable, error);

  if (obstacles == NULL)
    return NULL;
  if (obstacles->len == 0)
    return g_strdup (_ ("No prepared transaction or replication holds on to the database."));
  const StewardObstacle *obstacle = obstacles->pdata[0];
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("A prepared transaction, replication slot or subscription holds on to the "
                  "database: %s. Nothing was touched."),
               obstacle->name);
  return NULL;
}

/* Whether there is room on @disk for @needed_bytes and for what the dump puts there before. */
static gboolean
check_space (Checking *checking, const StewardSpace *space, double needed_bytes, GError **error)
{
  if (space->disk.id == checking->dump_disk)
    needed_bytes += checking->dump_bytes;
  if (space->disk.free_bytes >= needed_bytes)
    return TRUE;
  g_autofree char *free_text = g_format_size (space->disk.free_bytes);
  g_autofree char *needed_text = g_format_size ((guint64)needed_bytes);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("“%s” has %s free, and about %s will be needed. Nothing was touched."),
               space->path, free_text, needed_text);
  return FALSE;
}

static char *
check_dump_space (Checking *checking, GError **error)
{
  g_auto (StewardSpace) space = { 0 };
  double needed_bytes = STEWARD_SPACE_DUMP_FACTOR * MAX (checking->live->size_bytes, 0);

  if (!steward_space_measure (checking->deployment, checking->store, STEWARD_PLACE_BACKUPS, &space,
                              checking->cancellable, error)
      || !check_space (checking, &space, needed_bytes, error))
    return NULL;
  checking->dump_disk = space.disk.id;
  checking->dump_bytes = needed_bytes;
  g_autofree char *text = g_format_size (space.disk.free_bytes);
  return g_strdup_printf (_ ("There is room for the backup: %s free."), text);
}

static char *
warn (Checking *checking, const char *sentence)
{
  checking->warning = g_strdup (sentence);
  return g_strdup (sentence);
}

static char *
check_rehearsal_space (Checking *checking, GError **error)
{
  g_auto (StewardSpace) space = { 0 };

  if (checking->plan->leaves_out_rehearsal)
    return warn (checking, _ ("The upgrade is not rehearsed first: whether the backup can be "
                              "restored and the migrations work on this data is not known."));
  if (!steward_space_measure (checking->deployment, checking->store, STEWARD_PLACE_ENGINE, &space,
                              checking->cancellable, NULL))
    return warn (checking, _ ("How much room there is for the rehearsal could not be found out."));
  if (!check_space (checking, &space,
                    STEWARD_SPACE_COPY_FACTOR * MAX (checking->live->size_bytes, 0), error))
    {
      g_prefix_error (error, "%s ",
                      _ ("There is no room for the rehearsal, which can be left out."));
      return NULL;
    }
  g_autofree char *text = g_format_size (space.disk.free_bytes);
  return g_strdup_printf (_ ("There is room for the rehearsal: %s free."), text);
}

static char *
check_copy_space (Checking *checking, GError **error)
{
  g_auto (StewardSpace) space = { 0 };

  if (!steward_space_measure (checking->deployment, checking->store, STEWARD_PLACE_DATABASE, &space,
                              checking->cancellable, NULL))
    return warn (checking, _ ("How much room the database’s disk has could not be found out."));
  if (!check_space (checking, &space,
                    STEWARD_SPACE_COPY_FACTOR * MAX (checking->live->size_bytes, 0), error))
    return NULL;
  g_autofree char *text = g_format_size (space.disk.free_bytes);
  return g_strdup_printf (_ ("There is room for the copy: %s free."), text);
}

static char *
check_files (Checking *checking, GError **error)
{
  g_autoptr (GPtrArray) edits =
      steward_files_plan_edit (checking->deployment, checking->plan->from_tag,
                               checking->plan->to_tag, checking->cancellable, error);

  for (guint i = 0; edits != NULL && i < edits->len; i++)
    {
      const StewardComposeEdit *edit = edits->pdata[i];
      g_autofree char *folder = g_path_get_dirname (edit->path);
      const char *argv[] = { "sh",   "-c", "[ -w \"$1\" ] && [ -w \"$2\" ]", "steward", edit->path,
                             folder, NULL };
      StewardCommand command = { .argv = argv };
      g_auto (StewardOutcome) outcome = { 0 };
      if (!steward_host_run (steward_deployment_get_host (checking->deployment), &command, &outcome,
                             checking->cancellable, error))
        return NULL;
      if (outcome.status == 0)
        continue;
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("This user may not change “%s” and its folder. Nothing was touched."),
                   edit->path);
      return NULL;
    }
  return edits != NULL ? g_strdup (_ ("The tag can be switched in the compose files.")) : NULL;
}

static char *
check_source (Checking *checking, GError **error)
{
  const StewardPlan *plan = checking->plan;

  if (plan->source_database != NULL)
    {
      g_autoptr (StewardDatabase) source =
          steward_cluster_find_database (checking->connection, plan->source_database,
                                         checking->cancellable, error);
      return source != NULL ? g_strdup_printf (_ ("The set-aside database %s is there."),
                                               plan->source_database)
                            : NULL;
    }
  g_autoptr (StewardBackup) backup =
      steward_backup_find (checking->store, plan->backup_id, checking->cancellable, error);
  g_autoptr (StewardCluster) cluster =
      backup != NULL ? steward_cluster_read (checking->connection, checking->cancellable, error)
                     : NULL;
  if (cluster == NULL || !steward_backup_check_restorable (backup, error))
    return NULL;
  if ((int)(backup->passport->postgres_version / 10000) > cluster->server_version / 10000)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The backup %s was made by PostgreSQL %d, which is newer than the one that "
                    "runs. Nothing was touched."),
                 backup->id, (int)(backup->passport->postgres_version / 10000));
  else
    return g_strdup_printf (_ ("The backup %s is complete."), backup->id);
  return NULL;
}

typedef enum
{
  FOR_BACKUP = 1 << STEWARD_OPERATION_BACKUP,
  FOR_UPGRADE = 1 << STEWARD_OPERATION_UPGRADE,
  FOR_RESTART = 1 << STEWARD_OPERATION_RESTART,
  FOR_ROLLBACK = 1 << STEWARD_OPERATION_ROLLBACK,
  FOR_CHANGE = FOR_UPGRADE | FOR_ROLLBACK,
  FOR_ALL = FOR_BACKUP | FOR_CHANGE | FOR_RESTART,
} Kinds;

static const struct
{
  const char *id;
  Kinds kinds;
  char *(*check) (Checking *checking, GError **error); /* a good sentence, or NULL and the error */
} checks[] = {
  { "engine", FOR_ALL, check_engine },
  { "clock", FOR_ALL, check_clock },
  { "tag", FOR_CHANGE, check_tag },
  { "server", FOR_ALL & ~FOR_BACKUP, check_server },
  { "drift", FOR_ALL & ~FOR_BACKUP, check_drift },
  { "files", FOR_CHANGE, check_files },
  { "database", FOR_ALL & ~FOR_RESTART, check_database },
  { "rights", FOR_CHANGE, check_rights },
  { "sessions", FOR_CHANGE, check_sessions },
  { "obstacles", FOR_CHANGE, check_obstacles },
  { "source", FOR_ROLLBACK, check_source },
  { "dump-space", FOR_BACKUP | FOR_UPGRADE, check_dump_space },
  { "rehearsal-space", FOR_UPGRADE, check_rehearsal_space },
  { "copy-space", FOR_CHANGE, check_copy_space },
};

void
steward_check_free (StewardCheck *check)
{
  g_free (check->text);
  g_free (check);
}

GPtrArray *
steward_checks_run (StewardDeployment *deployment,
                    StewardStore *store,
                    const StewardPlan *plan,
                    GCancellable *cancellable)
{
  GPtrArray *results = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_check_free);
  Checking checking = {
    .deployment = deployment, .store = store, .plan = plan, .cancellable = cancellable
  };
  gboolean is_refused = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (checks) && !is_refused; i++)
    {
      g_autoptr (GError) error = NULL;
      if (!(checks[i].kinds & (1 << plan->kind)))
        continue;
      g_autofree char *good = checks[i].check (&checking, &error);
      g_autofree char *warning = g_steal_pointer (&checking.warning);
      StewardCheck *result = g_new0 (StewardCheck, 1);
      is_refused = good == NULL;
      result->id = checks[i].id;
      result->state = is_refused        ? STEWARD_CHECK_REFUSED
                      : warning != NULL ? STEWARD_CHECK_WARNING
                                        : STEWARD_CHECK_GOOD;
      result->text = g_strdup (is_refused ? error->message : warning != NULL ? warning : good);
      g_ptr_array_add (results, result);
    }
  g_clear_pointer (&checking.connection, steward_connection_close);
  g_clear_pointer (&checking.live, steward_database_free);
  return results;
}

gboolean
steward_checks_refuse (const GPtrArray *results, GError **error)
{
  for (guint i = 0; i < results->len; i++)
    {
      const StewardCheck *check = results->pdata[i];
      if (check->state == STEWARD_CHECK_REFUSED)
        return refuse (error, check->text);
    }
  return TRUE;
}
