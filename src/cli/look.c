/* Commands that only look. */
#include "cli/command.h"

#include <glib/gi18n-lib.h>

#include "cli/json-deployment.h"
#include "cli/json-operation.h"
#include "cli/json-store.h"
#include "cli/json.h"
#include "cli/show.h"
#include "core/base/version.h"

/* So many operations are told of. */
#define HISTORY_LIMIT 100

gboolean
steward_cli_deployments (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  g_autoptr (GPtrArray) found =
      steward_deployment_find (session->engine, session->cancellable, error);

  if (found == NULL)
    return FALSE;
  steward_cli_show_found (found, reply->text);
  steward_cli_json_set_array (reply->json, "deployments", found,
                              (StewardCliJsonFunc)steward_cli_found_to_json);
  return TRUE;
}

static void
set_deployment (JsonObject *object, const StewardDeployment *deployment)
{
  JsonObject *project = steward_cli_project_to_json (deployment->project);

  steward_cli_json_set_text (project, "service", deployment->service);
  steward_cli_json_set_list (project, "services", (const char *const *)deployment->services);
  json_object_set_object_member (object, "deployment", project);
}

gboolean
steward_cli_status (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  g_autoptr (StewardStatus) status =
      steward_status_read (session->deployment, session->store, session->cancellable, error);

  if (status == NULL)
    return FALSE;
  steward_cli_show_status (session->deployment, status, reply->text);
  set_deployment (reply->json, session->deployment);
  steward_cli_status_set_json (reply->json, status);
  return TRUE;
}

static JsonObject *
tag_to_json (const char *tag, const StewardVersion *current)
{
  JsonObject *object = json_object_new ();
  g_autoptr (StewardVersion) version = steward_version_parse (tag);

  steward_cli_json_set_text (object, "tag", tag);
  json_object_set_boolean_member (object, "prerelease",
                                  version != NULL && steward_version_is_prerelease (version));
  if (version != NULL && current != NULL)
    json_object_set_boolean_member (object, "newer",
                                    steward_version_compare (version, current) > 0);
  else
    json_object_set_null_member (object, "newer");
  return object;
}

gboolean
steward_cli_versions (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  const char *current = session->deployment->image->tag;
  g_autoptr (StewardVersion) current_version = steward_version_parse (current);
  g_auto (GStrv) tags =
      steward_catalog_list_versions (session->deployment,
                                     session->options->all ? STEWARD_VERSIONS_ALL
                                                           : STEWARD_VERSIONS_TARGETS,
                                     session->cancellable, error);
  JsonArray *array;

  if (tags == NULL)
    return FALSE;
  array = json_array_new ();
  for (gsize i = 0; tags[i] != NULL; i++)
    {
      json_array_add_object_element (array, tag_to_json (tags[i], current_version));
      g_string_append_printf (reply->text, "%s%s\n", tags[i],
                              g_str_equal (tags[i], current) ? _ (" (current)") : "");
    }
  if (tags[0] == NULL)
    g_string_append_printf (reply->text, _ ("There is no version newer than %s.\n"), current);
  steward_cli_json_set_text (reply->json, "current", current);
  json_object_set_array_member (reply->json, "versions", array);
  return TRUE;
}

gboolean
steward_cli_migrations (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  const char *tag = session->options->tag;
  g_autoptr (GPtrArray) pending =
      steward_catalog_list_pending (session->deployment, session->store, tag, session->client,
                                    session->cancellable, error);

  if (pending == NULL)
    return FALSE;
  g_string_append_printf (reply->text, _ ("Migrations from %s to %s:\n"),
                          session->deployment->image->tag, tag);
  steward_cli_show_pending (pending, reply->text);
  steward_cli_json_set_text (reply->json, "from_tag", session->deployment->image->tag);
  steward_cli_json_set_text (reply->json, "to_tag", tag);
  steward_cli_pending_set_json (reply->json, pending);
  return TRUE;
}

/* Backups can be read where the database cannot: then only the set-aside databases are missing. */
static gboolean
add_asides (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GPtrArray) asides = steward_catalog_list_asides (session->deployment, session->store,
                                                              session->cancellable, &problem);

  if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  if (asides != NULL)
    steward_cli_show_asides (asides, reply->text);
  else
    g_string_append_printf (reply->text, _ ("\nSet-aside databases are not known: %s\n"),
                            problem->message);
  steward_cli_json_set_array (reply->json, "set_aside", asides,
                              (StewardCliJsonFunc)steward_cli_aside_to_json);
  steward_cli_json_set_text (reply->json, "set_aside_problem",
                             problem != NULL ? problem->message : NULL);
  return TRUE;
}

/* Where they cannot be looked for, there is nothing to say of them. */
static void
add_orphans (StewardCliSession *session, StewardCliReply *reply)
{
  g_autoptr (GPtrArray) orphans = steward_catalog_list_orphans (session->deployment, session->store,
                                                                session->cancellable, NULL);

  if (orphans != NULL)
    steward_cli_show_orphans (orphans, reply->text);
  steward_cli_json_set_array (reply->json, "left_over", orphans,
                              (StewardCliJsonFunc)steward_cli_orphan_to_json);
}

gboolean
steward_cli_backups (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  g_autoptr (GPtrArray) backups = steward_backup_list (session->store, session->cancellable, error);

  if (backups == NULL)
    return FALSE;
  steward_cli_show_backups (backups, reply->text);
  steward_cli_json_set_text (reply->json, "folder",
                             steward_store_get_backups_folder (session->store));
  steward_cli_json_set_array (reply->json, "backups", backups,
                              (StewardCliJsonFunc)steward_cli_backup_to_json);
  if (!add_asides (session, reply, error))
    return FALSE;
  add_orphans (session, reply);
  return TRUE;
}

gboolean
steward_cli_history (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  g_autoptr (GPtrArray) journals =
      steward_journal_list (session->store, HISTORY_LIMIT, session->cancellable, error);

  if (journals == NULL)
    return FALSE;
  steward_cli_show_history (journals, reply->text);
  steward_cli_json_set_array (reply->json, "operations", journals,
                              (StewardCliJsonFunc)steward_cli_journal_to_json);
  return TRUE;
}
