/* Copies the set-aside database inside the cluster; the target is prepared on the copy, never on
 * the original. */
#include <glib/gi18n-lib.h>

#include "core/database/copy.h"
#include "core/steps/databases.h"
#include "core/steps/properties.h"

static char *
describe (const StewardStepContext *context)
{
  g_autofree char *sql = g_strdup_printf ("CREATE DATABASE \"%s\" TEMPLATE \"%s\"",
                                          context->plan->copy_name, context->plan->aside_name);

  return steward_deployment_describe_sql (context->deployment, sql);
}

/* A copy is only trusted when its identity was recorded after it was complete. */
static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  g_autoptr (StewardDatabase) copy = NULL;
  g_autoptr (StewardConnection) connection = steward_step_look (context, error);

  if (connection == NULL
      || !steward_databases_find_named (context, connection, context->plan->copy_name, &copy,
                                        error))
    return FALSE;
  *state = STEWARD_STEP_TODO;
  if (copy != NULL)
    *state = copy->oid == steward_databases_get_copy_oid (context) ? STEWARD_STEP_DONE
                                                                   : STEWARD_STEP_STALE;
  return TRUE;
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardDatabase) original = NULL;
  g_autofree char *comment = steward_databases_dup_comment (context, "copy");
  g_autoptr (StewardConnection) connection = steward_step_connect (context, NULL, error);

  if (connection == NULL
      || !steward_databases_find (context, connection, context->plan->live_oid, &original, error))
    return FALSE;
  if (original == NULL)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
                           _ ("The set-aside database is gone."));
      return FALSE;
    }
  StewardCopy copy = { .source = original, .name = context->plan->copy_name, .comment = comment };
  guint32 oid = steward_copy_create (connection, &copy, context->cancellable, error);
  if (oid == 0 || !steward_properties_replay (context, connection, original->name, oid, error))
    return FALSE;

  JsonObject *facts = json_object_new ();
  json_object_set_int_member (facts, "oid", oid);
  return steward_step_record (context, &steward_step_copy, facts, error);
}

static gboolean
undo (StewardStepContext *context, GError **error)
{
  return steward_databases_drop_copy (context, error);
}

const StewardStep steward_step_copy = {
  .id = "copy",
  .title = N_ ("Copy the database"),
  .weight = 10,
  .flags = STEWARD_STEP_CANCELLABLE,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .undo = undo,
};
