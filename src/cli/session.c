/* From the options to an open deployment, and the question before an operation. */
#include "cli/session.h"

#include <glib/gi18n-lib.h>

#include "core/host/local-host.h"
#include "core/host/ssh-host.h"

void
steward_cli_session_clear (StewardCliSession *session)
{
  g_clear_pointer (&session->store, steward_store_free);
  g_clear_pointer (&session->deployment, steward_deployment_unref);
  g_clear_pointer (&session->engine, steward_engine_unref);
}

static StewardHost *
new_host (const StewardCliSession *session)
{
  const StewardSshAddress *address = session->options->host;

  return address != NULL ? steward_ssh_host_new (address, session->asker)
                         : steward_local_host_new ();
}

gboolean
steward_cli_session_open_engine (StewardCliSession *session, GError **error)
{
  g_autoptr (StewardHost) host = new_host (session);

  session->engine = steward_engine_new (host);
  return steward_host_connect (host, session->cancellable, error);
}

/* One project a line: its name and its first compose file. */
static char *
list_projects (const GPtrArray *found)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const StewardFound *one = found->pdata[i];
      g_string_append_printf (text, "\n  %s: %s", one->project->name, one->project->files[0]);
    }
  return g_string_free (text, FALSE);
}

/* A project is known by any of its files: naming one must not leave out the others. */
static GPtrArray *
filter (const GPtrArray *found, const char *compose_file)
{
  GPtrArray *matching = g_ptr_array_new ();

  for (guint i = 0; i < found->len; i++)
    {
      const StewardFound *one = found->pdata[i];
      if (compose_file == NULL
          || g_strv_contains ((const char *const *)one->project->files, compose_file))
        g_ptr_array_add (matching, found->pdata[i]);
    }
  return matching;
}

StewardComposeProject *
steward_cli_session_choose (const GPtrArray *found, const char *compose_file, GError **error)
{
  g_autoptr (GPtrArray) matching = filter (found, compose_file);

  if (matching->len == 1)
    return g_steal_pointer (&((StewardFound *)matching->pdata[0])->project);
  if (matching->len == 0 && compose_file != NULL)
    return NULL;
  if (matching->len == 0)
    {
      g_set_error_literal (
          error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
          _ ("No container on this host tells of a Parsec server. Name its compose "
             "file with “--compose-file”."));
      return NULL;
    }
  g_autofree char *projects = list_projects (matching);
  if (compose_file != NULL)
    g_set_error (
        error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        _ ("Several projects were made from this compose file:%s\nSteward cannot tell which "
           "one is meant, and leaves them alone."),
        projects);
  else
    g_set_error (
        error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
        _ ("There are several Parsec servers on this host. Name the compose file of the one "
           "that is meant with “--compose-file”:%s"),
        projects);
  return NULL;
}

static StewardComposeProject *
find_project (StewardCliSession *session, GError **error)
{
  const char *compose_file = session->options->compose_file;
  g_autoptr (GError) local_error = NULL;
  g_autoptr (GPtrArray) found =
      steward_deployment_find (session->engine, session->cancellable, error);

  if (found == NULL)
    return NULL;
  StewardComposeProject *project = steward_cli_session_choose (found, compose_file, &local_error);
  if (project != NULL)
    return project;
  if (local_error == NULL)
    return steward_compose_project_new_from_file (session->engine, compose_file,
                                                  session->cancellable, error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}

static gboolean
open_deployment (StewardCliSession *session, GError **error)
{
  StewardComposeProject *project = find_project (session, error);
  if (project == NULL)
    return FALSE;
  session->deployment =
      steward_deployment_open (session->engine, project, session->options->service,
                               session->cancellable, error);
  if (session->deployment == NULL)
    return FALSE;
  session->store = steward_operation_new_store (session->deployment);
  return TRUE;
}

/* Whether the engine and compose can be worked with is only asked when something failed: it takes
 * as long as all the rest of a look. */
gboolean
steward_cli_session_open (StewardCliSession *session, GError **error)
{
  g_autoptr (GError) local_error = NULL;
  g_auto (StewardEngineVersions) versions = { 0 };

  if (!steward_cli_session_open_engine (session, error))
    return FALSE;
  if (open_deployment (session, &local_error))
    return TRUE;
  if (local_error->domain != STEWARD_ERROR
      || steward_engine_check (session->engine, &versions, session->cancellable, error))
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

gboolean
steward_cli_session_confirm (StewardCliSession *session, const char *text, GError **error)
{
  const StewardQuestion question = { .text = text, .version = STEWARD_CLI_CONSENT };

  if (g_cancellable_set_error_if_cancelled (session->cancellable, error))
    return FALSE;
  if (session->options->yes
      || session->client->ask (&question, session->cancellable, session->client->data))
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (session->cancellable, error))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "not agreed to");
  return FALSE;
}

void
steward_cli_session_note (StewardCliSession *session, const char *sentence)
{
  const StewardEvent event = { .kind = STEWARD_EVENT_NOTE, .text = sentence };

  session->client->event (&event, session->client->data);
}
