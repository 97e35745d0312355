/* Takes the live name from the live database, so that no database has it: a container that anybody
 * starts now fails instead of writing. The original's rows stay as they are, untouched, until they
 * are needed. */
#include <glib/gi18n-lib.h>

#include "core/steps/databases.h"
#include "core/steps/price.h"
#include "core/steps/servers.h"

static char *
describe (const StewardStepContext *context)
{
  return steward_databases_describe_move (context, context->plan->live_name,
                                          context->plan->aside_name);
}

/* Done when the original has the aside name, is closed, and was counted. */
static gboolean
inspect (StewardStepContext *context, StewardStepState *state, GError **error)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_set_aside);
  g_autoptr (StewardDatabase) original = NULL;
  g_autoptr (StewardConnection) connection = steward_step_look (context, error);

  if (connection == NULL
      || !steward_databases_find (context, connection, context->plan->live_oid, &original, error))
    return FALSE;
  *state = original != NULL && g_str_equal (original->name, context->plan->aside_name)
                   && !original->allows_connections && facts != NULL
                   && json_object_has_member (facts, "rows")
               ? STEWARD_STEP_DONE
               : STEWARD_STEP_TODO;
  return TRUE;
}

static gboolean
take_name (StewardStepContext *context,
           StewardConnection *connection,
           const StewardDatabase *original,
           GError **error)
{
  g_autofree char *comment = steward_databases_dup_comment (context, "aside");
  StewardMove move = {
    .oid = original->oid,
    .from = original->name,
    .to = context->plan->aside_name,
    .comment = comment,
    .connections =
        STEWARD_CONNECTIONS_ALLOW, /* to count its rows, under a name that nobody knows */
  };

  return steward_databases_move (context, connection, &move, error);
}

static gboolean
count_and_close (StewardStepContext *context, StewardConnection *connection, GError **error)
{
  JsonObject *rows = steward_databases_count (context, context->plan->aside_name, error);
  g_autoptr (StewardDatabase) original = NULL;

  if (rows == NULL)
    return FALSE;
  JsonObject *facts = json_object_new ();
  json_object_set_object_member (facts, "rows", rows);
  return steward_step_record (context, &steward_step_set_aside, facts, error)
         && steward_databases_find_original (context, connection, &original, error)
         && steward_databases_close (context, connection, original, error);
}

static gboolean
run (StewardStepContext *context, GError **error)
{
  g_autoptr (StewardDatabase) original = NULL;
  g_autoptr (StewardConnection) connection = steward_step_connect (context, NULL, error);

  if (connection == NULL || !steward_databases_find_original (context, connection, &original, error)
      || !steward_databases_note_original (context, original, error)
      || !take_name (context, connection, original, error)
      || !count_and_close (context, connection, error))
    return FALSE;
  return context->plan->kind != STEWARD_OPERATION_ROLLBACK
         || steward_price_confirm (context, error);
}

/* A container of another image would migrate the original as soon as its name is back. */
static gboolean
undo (StewardStepContext *context, GError **error)
{
  JsonObject *facts = steward_step_get_facts (context, &steward_step_set_aside);
  g_autoptr (StewardDatabase) original = NULL;

  if (facts == NULL)
    return TRUE;
  if (!steward_servers_remove (context, context->plan->from_image_id, error))
    return FALSE;
  g_autoptr (StewardConnection) connection = steward_step_connect (context, NULL, error);
  if (connection == NULL
      || !steward_databases_find_original (context, connection, &original, error))
    return FALSE;
  /* Name, comment and openness change together: it has all of them, and whoever is in may stay. */
  if (g_str_equal (original->name, context->plan->live_name))
    return TRUE;
  StewardMove move = {
    .oid = original->oid,
    .from = original->name,
    .to = context->plan->live_name,
    .comment = json_object_get_string_member_with_default (facts, "comment", NULL),
    .connections = json_object_get_boolean_member_with_default (facts, "allows_connections", TRUE)
                       ? STEWARD_CONNECTIONS_ALLOW
                       : STEWARD_CONNECTIONS_FORBID,
  };
  return steward_databases_move (context, connection, &move, error);
}

/* As above: whatever waits for the name is removed first. */
static char *
describe_undo (const StewardStepContext *context)
{
  g_autofree char *remove = steward_servers_describe_remove (context);
  g_autofree char *give_back = steward_databases_describe_return (context);

  return g_strdup_printf ("%s && %s", remove, give_back);
}

const StewardStep steward_step_set_aside = {
  .id = "set-aside",
  .title = N_ ("Set the database aside"),
  .weight = 2,
  .describe = describe,
  .inspect = inspect,
  .run = run,
  .undo = undo,
  .describe_undo = describe_undo,
};
