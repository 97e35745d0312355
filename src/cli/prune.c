/* Deletes backups by count and age: says first what becomes of each. */
#include <glib/gi18n-lib.h>

#include "cli/command.h"
#include "cli/json.h"
#include "cli/text.h"
#include "core/operations/pruning.h"

static const char *const names[] = {
  [STEWARD_VERDICT_DELETE] = "delete",   [STEWARD_VERDICT_RECENT] = "recent",
  [STEWARD_VERDICT_NEEDED] = "needed",   [STEWARD_VERDICT_PROVEN] = "proven",
  [STEWARD_VERDICT_UNKNOWN] = "unknown",
};

static const char *const words[] = {
  [STEWARD_VERDICT_DELETE] = N_ ("is deleted"),
  [STEWARD_VERDICT_RECENT] = N_ ("stays"),
  [STEWARD_VERDICT_NEEDED] = N_ ("stays: an operation may need it"),
  [STEWARD_VERDICT_PROVEN] = N_ ("stays: the last that is so well proven"),
  [STEWARD_VERDICT_UNKNOWN] = N_ ("stays: it has no passport that can be read"),
};

static guint
count (const StewardPruning *pruning)
{
  guint n = 0;

  for (guint i = 0; i < pruning->backups->len; i++)
    n += pruning->verdicts[i] == STEWARD_VERDICT_DELETE;
  return n;
}

static char *
dup_table (const StewardPruning *pruning)
{
  g_autoptr (StewardCliTable) table = steward_cli_table_new ();
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < pruning->backups->len; i++)
    {
      const StewardBackup *backup = pruning->backups->pdata[i];
      const StewardPassport *passport = backup->passport;
      g_autofree char *made =
          steward_cli_text_format_time (passport != NULL ? passport->made_s : backup->modified_s);
      g_autofree char *size = g_format_size (backup->size_bytes);
      const char *const cells[] = { backup->id, passport != NULL ? passport->server_tag : NULL,
                                    made, size, _ (words[pruning->verdicts[i]]) };
      steward_cli_table_add (table, cells, G_N_ELEMENTS (cells));
    }
  steward_cli_table_print (table, 0, text);
  return g_string_free (text, FALSE);
}

static void
set_json (JsonObject *object, const StewardPruning *pruning)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < pruning->backups->len; i++)
    {
      JsonObject *element = json_object_new ();
      steward_cli_json_set_text (element, "id", ((StewardBackup *)pruning->backups->pdata[i])->id);
      steward_cli_json_set_text (element, "verdict", names[pruning->verdicts[i]]);
      json_array_add_object_element (array, element);
    }
  json_object_set_array_member (object, "backups", array);
}

static gboolean delete (StewardCliSession *session,
                        const StewardPruning *pruning,
                        StewardCliReply *reply,
                        GError **error)
{
  guint n = count (pruning);
  g_autofree char *table = dup_table (pruning);
  g_autofree char *sentence = g_strdup_printf (ngettext ("%u backup will be deleted for good.",
                                                         "%u backups will be deleted for good.", n),
                                               n);
  g_autofree char *question = g_strconcat (table, sentence, NULL);

  if (!steward_cli_session_confirm (session, question, error)
      || !steward_pruning_run (session->store, pruning, session->client, session->cancellable,
                               error))
    return FALSE;
  g_string_append_printf (reply->text,
                          ngettext ("%u backup was deleted.\n", "%u backups were deleted.\n", n),
                          n);
  return TRUE;
}

gboolean
steward_cli_prune (StewardCliSession *session, StewardCliReply *reply, GError **error)
{
  const StewardCliOptions *options = session->options;

  if (options->keep == 0 && options->older_than_days == 0)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                   _ ("“%s” needs “--keep”, “--older-than” or both."), options->command);
      return FALSE;
    }
  g_autoptr (StewardPruning) pruning =
      steward_pruning_plan (session->store, options->keep, options->older_than_days,
                            session->cancellable, error);
  if (pruning == NULL)
    return FALSE;
  set_json (reply->json, pruning);
  if (options->plan || count (pruning) == 0)
    {
      g_autofree char *table = dup_table (pruning);
      g_string_append (reply->text, table);
      if (count (pruning) == 0)
        g_string_append_printf (reply->text, "%s\n", _ ("There is no backup to delete."));
      return TRUE;
    }
  return delete (session, pruning, reply, error);
}
