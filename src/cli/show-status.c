/* A deployment, a line a fact. */
#include "cli/show.h"

#include <glib/gi18n-lib.h>

#include "cli/text.h"

static char *
describe_server (const StewardStatus *status)
{
  if (status->container == NULL)
    return g_strdup (_ ("no container"));
  return status->is_running ? g_strdup_printf (_ ("running, container %s"), status->container)
                            : g_strdup_printf (_ ("stopped, container %s"), status->container);
}

static char *
describe_health (const StewardStatus *status)
{
  const StewardHealth *health = status->health;

  if (health == NULL)
    return g_strdup (status->health_problem);
  if (!health->answers_as_parsec)
    return g_strdup_printf (_ ("something answers, but not as Parsec does (status %u)"),
                            health->status);
  if (health->version != NULL)
    return g_strdup_printf (_ ("answers as Parsec %s, in %u ms"), health->version,
                            health->elapsed_ms);
  return g_strdup_printf (_ ("answers as Parsec %u, in %u ms"), health->server_major,
                          health->elapsed_ms);
}

/* Of a certificate that this machine trusts there is nothing to say. */
static char *
describe_certificate (const StewardHealth *health)
{
  if (health == NULL || health->fingerprint == NULL)
    return NULL;
  if (health->tls == STEWARD_TLS_ACCEPTED)
    return g_strdup_printf (_ ("accepted, SHA-256 %s"), health->fingerprint);
  return g_strdup_printf (
      _ ("%s SHA-256: %s. If that is the server’s, “stewardctl trust” remembers "
         "it."),
      health->tls_problem, health->fingerprint);
}

static char *
describe_database (const StewardStatus *status)
{
  if (status->database_problem != NULL)
    return g_strdup (status->database_problem);
  g_autofree char *size = g_format_size ((guint64)status->database_bytes);
  g_autofree char *version = steward_cli_text_format_postgres ((guint64)status->postgres_version);
  return g_strdup_printf (ngettext ("%s, %s, PostgreSQL %s, %u connection",
                                    "%s, %s, PostgreSQL %s, %u connections", status->sessions),
                          status->database, size, version, status->sessions);
}

static char *
describe_drift (const StewardStatus *status)
{
  const GPtrArray *drift = status->drift;
  GString *text = g_string_new (status->drift_problem);

  for (guint i = 0; drift != NULL && i < drift->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *)drift->pdata[i]);
  if (text->len == 0)
    g_string_append (text, C_ ("differences", "none"));
  return g_string_free (text, FALSE);
}

static char *
describe_age (gint64 age_s)
{
  if (age_s < 3600)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", (gulong)(age_s / 60)),
                            (int)(age_s / 60));
  if (age_s < 48 * 3600)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", (gulong)(age_s / 3600)),
                            (int)(age_s / 3600));
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong)(age_s / 86400)),
                          (int)(age_s / 86400));
}

static char *
describe_backup (const StewardStatus *status)
{
  const StewardBackup *backup = status->last_backup;

  if (backup == NULL || backup->passport == NULL)
    return g_strdup (C_ ("backup", "none"));
  g_autofree char *age = describe_age (MAX (status->now_s - backup->passport->made_s, 0));
  g_autofree char *time = steward_cli_text_format_time (backup->passport->made_s);
  return g_strdup_printf (_ ("%s of %s: %s, %s"), backup->id, backup->passport->server_tag, age,
                          time);
}

static char *
describe_lock (const StewardLockState *lock)
{
  if (!lock->is_held)
    return g_strdup (_ ("nobody"));
  g_autofree char *since = steward_cli_text_format_time (lock->holder.since_s);
  if (lock->is_lapsed)
    return g_strdup_printf (_ ("nobody any more; %s on %s fell silent"), lock->holder.user,
                            lock->holder.machine);
  return g_strdup_printf (_ ("%s on %s since %s"), lock->holder.user, lock->holder.machine, since);
}

static void
add (StewardCliTable *table, const char *name, char *value)
{
  steward_cli_table_add_pair (table, name, value);
  g_free (value);
}

static void
add_versions (StewardCliTable *table, const StewardStatus *status)
{
  if (g_strcmp0 (status->running_image, status->configured_image) != 0)
    add (table, _ ("Compose file asks for"), g_strdup (status->configured_image));
  if (status->running_image != NULL)
    add (table, _ ("Image"), g_strdup (status->running_image));
  if (status->label_version != NULL)
    add (table, _ ("Version in the image"), g_strdup (status->label_version));
  if (status->running_digest != NULL)
    add (table, _ ("Digest"), g_strdup (status->running_digest));
}

void
steward_cli_show_status (const StewardDeployment *deployment,
                         const StewardStatus *status,
                         GString *text)
{
  g_autoptr (StewardCliTable) table = steward_cli_table_new ();
  g_autofree char *certificate = describe_certificate (status->health);

  add (table, _ ("Deployment"), g_strdup (deployment->project->name));
  add (table, _ ("Compose file"), g_strjoinv (", ", deployment->project->files));
  add (table, _ ("Service"), g_strdup (deployment->service));
  add (table, _ ("Server"), describe_server (status));
  if (status->is_podman)
    add (table, _ ("Engine"), g_strdup (_ ("Podman. Steward was never tested with Podman.")));
  add_versions (table, status);
  add (table, _ ("Health"), describe_health (status));
  if (certificate != NULL)
    add (table, _ ("Certificate"), g_strdup (certificate));
  add (table, _ ("Database"), describe_database (status));
  if (status->database_problem == NULL)
    add (table, _ ("Last migration"), g_strdup (status->last_migration));
  add (table, _ ("Drift"), describe_drift (status));
  add (table, _ ("Last backup"), describe_backup (status));
  if (status->shortage != NULL)
    add (table, _ ("Space"), g_strdup (status->shortage));
  add (table, _ ("At work"), describe_lock (&status->lock));
  if (status->store_problem != NULL)
    add (table, _ ("Not readable"), g_strdup (status->store_problem));
  steward_cli_table_print (table, 0, text);
  if (status->unfinished == NULL)
    return;
  g_autofree char *unfinished = steward_cli_show_dup_unfinished (status->unfinished);
  g_string_append_printf (text, "\n%s\n", unfinished);
}

void
steward_cli_show_found (const GPtrArray *found, GString *text)
{
  g_autoptr (StewardCliTable) table = steward_cli_table_new ();

  if (found->len == 0)
    g_string_append_printf (text, "%s\n",
                            _ ("No container on this host tells of a Parsec server."));
  for (guint i = 0; i < found->len; i++)
    {
      const StewardFound *one = found->pdata[i];
      const char *const cells[] = { one->project->name,
                                    one->is_running ? _ ("running") : _ ("stopped"),
                                    one->running_image, one->project->files[0] };
      steward_cli_table_add (table, cells, G_N_ELEMENTS (cells));
    }
  steward_cli_table_print (table, 0, text);
}
