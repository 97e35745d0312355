/* Starting, seeing and dismissing the guard; what it does is in guard-script.c. */
#include "core/store/guard.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

#include "core/host/scripts.h"
#include "core/store/guard-script.h"
#include "core/store/scripts.h"

static char *
dup_order_path (StewardStore *store, const char *id)
{
  return g_strdup_printf ("%s/journal/%s.guard", steward_store_get_folder (store), id);
}

char *
steward_guard_dup_text (const char *sentence)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *valid = g_utf8_make_valid (sentence, -1);

  json_node_set_string (node, valid);
  return json_to_string (node, FALSE);
}

/* The arguments that every guard has, in the order in which its script takes them. */
static void
add_own_arguments (GStrvBuilder *argv, StewardStore *store, const StewardGuard *guard)
{
  g_autofree char *silence = g_strdup_printf ("%u", MAX (guard->silence_s, 1));
  g_autofree char *user = steward_guard_dup_text (guard->user);

  g_strv_builder_add_many (argv, steward_store_get_folder (store), guard->id, silence,
                           steward_store_get_file_mode (store), guard->operation, user,
                           steward_script_fence, steward_store_script_take, steward_script_replace,
                           steward_script_append, NULL);
}

/* Waits for a guard that has just been started. */
static gboolean
wait_until_it_stands (StewardStore *store,
                      const char *id,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *order = dup_order_path (store, id);
  const char *argv[] = { steward_store_script_guard_wait, order, NULL };
  StewardStoreScript script = { .argv = argv };
  g_autofree char *word = steward_store_call (store, &script, cancellable, error);

  if (word == NULL)
    return FALSE;
  if (g_str_has_prefix (word, "stands"))
    return TRUE;
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
                       _ ("The guard could not be posted on the host; the operation’s log “guard” "
                          "says why."));
  return FALSE;
}

gboolean
steward_guard_start (StewardStore *store,
                     const StewardGuard *guard,
                     const StewardFence *fence,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *log = steward_store_dup_log_path (store, guard->id, "guard");
  g_autofree char *text = g_strconcat (steward_store_script_guard, guard->script,
                                       steward_store_script_guard_stand, NULL);

  g_strv_builder_add_many (builder, "sh", "-c", text, "steward-guard", NULL);
  add_own_arguments (builder, store, guard);
  g_strv_builder_addv (builder, (const char **)guard->arguments);
  g_auto (GStrv) argv = g_strv_builder_end (builder);
  return steward_host_start_detached (steward_store_get_host (store), (const char *const *)argv,
                                      log, fence, cancellable, error)
         && wait_until_it_stands (store, guard->id, cancellable, error);
}

gboolean
steward_guard_stands (StewardStore *store,
                      const char *id,
                      gboolean *stands,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *order = dup_order_path (store, id);
  const char *argv[] = { steward_store_script_guard_look, order, NULL };
  StewardStoreScript script = { .argv = argv };
  g_autofree char *word = steward_store_call (store, &script, cancellable, error);

  *stands = word != NULL && g_str_has_prefix (word, "stands");
  return word != NULL;
}

gboolean
steward_guard_dismiss (StewardStore *store,
                       const char *id,
                       const StewardFence *fence,
                       GCancellable *cancellable,
                       GError **error)
{
  g_autofree char *order = dup_order_path (store, id);

  return steward_host_remove (steward_store_get_host (store), order, fence, cancellable, error);
}
