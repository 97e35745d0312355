/* The announced list, in the facts of the step that fetched the image. */
#include "core/steps/announce.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/deployment/migrations.h"

static char *
ask (StewardStepContext *context, GError **error)
{
  g_autofree char *name = steward_step_dup_job_name (context, "dry-run");

  return steward_deployment_dry_run (context->deployment, steward_announce_get_image (context),
                                     name, context->plan->id, steward_step_get_fence (context),
                                     context->cancellable, error);
}

static gboolean
check (StewardStepContext *context, const char *text, GError **error)
{
  g_autoptr (StewardMigrationOutput) output = steward_migration_output_parse (text, strlen (text));
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (context->deployment, context->plan->live_name, NULL,
                                  context->cancellable, error);

  if (connection == NULL)
    return FALSE;
  g_autoptr (StewardMigrationsTable) table =
      steward_migrations_table_read (connection, context->cancellable, error);
  return table != NULL && steward_deployment_check_migrations (output, table, error);
}

gboolean
steward_announce (StewardStepContext *context, GError **error)
{
  g_autofree char *text = ask (context, error);

  if (text == NULL || !check (context, text, error))
    return FALSE;
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  JsonObject *facts = json_object_new ();
  json_object_set_string_member (facts, "announced", valid);
  return steward_step_record (context, &steward_step_pull_image, facts, error);
}

StewardMigrationOutput *
steward_announce_get (StewardStepContext *context, GError **error)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_pull_image);
  const char *text =
      facts != NULL ? json_object_get_string_member_with_default (facts, "announced", NULL) : NULL;

  if (text != NULL)
    return steward_migration_output_parse (text, strlen (text));
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                       _ ("The journal does not hold which migrations were announced."));
  return NULL;
}

const char *
steward_announce_get_image (StewardStepContext *context)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_pull_image);

  return facts != NULL ? json_object_get_string_member_with_default (facts, "image_id",
                                                                     context->plan->to_image)
                       : context->plan->to_image;
}
