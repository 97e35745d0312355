/* Keeping journals on a host; what their lines mean is in journal-fold.c. */
#include "core/store/journal.h"

#include <glib/gi18n-lib.h>

#include "core/store/journal-fold.h"
#include "core/store/journal-record.h"
#include "core/store/scripts.h"
#include "core/store/timestamp.h"

/* An unfinished operation is the newest one, unless somebody meddled. */
#define UNFINISHED_LOOKBACK 32
#define FILE_LIMIT_BYTES (4 * 1024 * 1024)

/* An object with the members that every record begins with; (transfer full) */
static JsonObject *
begin_record (StewardJournal *journal, const char *kind, GCancellable *cancellable, GError **error)
{
  gint64 now_s = 0;

  if (!steward_store_get_now (journal->store, &now_s, cancellable, error))
    return NULL;

  g_autofree char *at = steward_timestamp_print (now_s);
  JsonObject *object = json_object_new ();
  json_object_set_int_member (object, "n", journal->next_number);
  json_object_set_string_member (object, "at", at);
  json_object_set_string_member (object, "kind", kind);
  return object;
}

static gboolean
append_object (StewardJournal *journal,
               JsonObject *object,
               const StewardFence *fence,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree char *path = steward_store_dup_journal_path (journal->store, journal->id);
  g_autofree char *line = steward_record_print (object);
  g_autofree char *lines =
      journal->held != NULL ? g_strconcat (journal->held, "\n", line, NULL) : g_strdup (line);

  if (!steward_host_append_line (steward_store_get_host (journal->store), path, lines, fence,
                                 cancellable, error))
    return FALSE;
  g_clear_pointer (&journal->held, g_free);
  steward_journal_fold (journal, object);
  return TRUE;
}

/* An empty file with its space set aside. */
static gboolean
begin_file (StewardStore *store,
            const char *path,
            const StewardFence *fence,
            GCancellable *cancellable,
            GError **error)
{
  const char *argv[] = { steward_store_script_begin, path, steward_store_get_file_mode (store),
                         NULL };
  StewardStoreScript script = { .argv = argv, .fence = fence };
  g_autofree char *output = steward_store_call (store, &script, cancellable, error);

  if (output == NULL)
    return FALSE;
  if (!g_str_has_prefix (output, "made"))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
                   _ ("There is a journal “%s” already. Nothing was changed; try again."), path);
      return FALSE;
    }
  return steward_host_reserve (steward_store_get_host (store), path, STEWARD_JOURNAL_RESERVED_BYTES,
                               fence, cancellable, error);
}

StewardJournal *
steward_journal_create (StewardStore *store,
                        const char *id,
                        const char *operation,
                        JsonObject *plan,
                        const StewardFence *fence,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (StewardJournal) journal = steward_journal_new (store, id);
  g_autofree char *path = steward_store_dup_journal_path (store, id);

  g_return_val_if_fail (path != NULL, NULL);
  g_autoptr (JsonObject) object = begin_record (journal, "plan", cancellable, error);
  if (object == NULL || !begin_file (store, path, fence, cancellable, error))
    return NULL;
  json_object_set_int_member (object, "version", STEWARD_PLAN_VERSION);
  json_object_set_string_member (object, "operation", operation);
  json_object_set_object_member (object, "data", json_object_ref (plan));
  if (!append_object (journal, object, fence, cancellable, error))
    return NULL;
  return g_steal_pointer (&journal);
}

/* What was set aside for more records goes back to the disk; no matter if it does not. */
static void
trim (StewardJournal *journal, const StewardFence *fence)
{
  g_autofree char *path = steward_store_dup_journal_path (journal->store, journal->id);
  const char *argv[] = { steward_store_script_trim, path, NULL };
  StewardStoreScript script = { .argv = argv, .fence = fence };

  g_free (steward_store_call (journal->store, &script, NULL, NULL));
}

static JsonObject *
make_object (StewardJournal *journal,
             const StewardRecord *record,
             GCancellable *cancellable,
             GError **error)
{
  const char *kind = steward_record_kind_get_name (record->kind);
  StewardDirection direction =
      record->kind == STEWARD_RECORD_DIRECTION ? record->direction : journal->direction;
  JsonObject *object = begin_record (journal, kind, cancellable, error);

  if (object == NULL)
    return NULL;
  if (record->step != NULL)
    json_object_set_string_member (object, "step", record->step);
  json_object_set_string_member (object, "direction", steward_direction_get_name (direction));
  if (record->kind == STEWARD_RECORD_END)
    json_object_set_string_member (object, "state", steward_journal_state_get_name (record->state));
  if (record->text != NULL)
    json_object_set_string_member (object, "text", record->text);
  if (record->data != NULL)
    json_object_set_object_member (object, "data", json_object_ref (record->data));
  return object;
}

gboolean
steward_journal_append (StewardJournal *journal,
                        const StewardRecord *record,
                        const StewardFence *fence,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (JsonObject) object = make_object (journal, record, cancellable, error);

  if (object == NULL || !append_object (journal, object, fence, cancellable, error))
    return FALSE;
  if (steward_journal_is_over (journal))
    trim (journal, fence);
  return TRUE;
}

gboolean
steward_journal_append_later (StewardJournal *journal,
                              const StewardRecord *record,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (JsonObject) object = make_object (journal, record, cancellable, error);
  g_autofree char *before = NULL;

  if (object == NULL)
    return FALSE;
  g_autofree char *line = steward_record_print (object);
  before = g_steal_pointer (&journal->held);
  journal->held = before != NULL ? g_strconcat (before, "\n", line, NULL) : g_steal_pointer (&line);
  steward_journal_fold (journal, object);
  return TRUE;
}

static void
set_newer_error (const StewardJournal *journal, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("The operation %s was begun by a newer Steward. Nothing was changed; go on with "
                  "that one."),
               journal->id);
}

StewardJournal *
steward_journal_load (StewardStore *store,
                      const char *id,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (StewardJournal) journal = NULL;
  g_autoptr (GError) local_error = NULL;

  if (steward_store_id_is_valid (id))
    {
      path = steward_store_dup_journal_path (store, id);
      content =
          steward_host_read_file (steward_store_get_host (store), path, cancellable, &local_error);
    }
  if (local_error != NULL && !g_error_matches (local_error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  if (content != NULL)
    journal = steward_journal_parse (store, id, g_bytes_get_data (content, NULL),
                                     g_bytes_get_size (content));
  if (journal == NULL)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                   _ ("There is no operation “%s” on this server."), id);
      return NULL;
    }
  if (journal->is_newer)
    {
      set_newer_error (journal, error);
      return NULL;
    }
  return g_steal_pointer (&journal);
}

GPtrArray *
steward_journal_list (StewardStore *store, guint limit, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = g_build_filename (steward_store_get_folder (store), "journal", NULL);
  StewardStoreFiles wanted = { folder, ".jsonl", limit, FILE_LIMIT_BYTES };
  g_autoptr (GPtrArray) files = steward_store_read_many (store, &wanted, cancellable, error);

  if (files == NULL)
    return NULL;
  GPtrArray *journals = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_journal_free);
  for (guint i = 0; i < files->len; i++)
    {
      StewardStoreFile *file = g_ptr_array_index (files, i);
      StewardJournal *journal =
          steward_journal_parse (store, file->id, g_bytes_get_data (file->content, NULL),
                                 g_bytes_get_size (file->content));
      if (journal != NULL)
        g_ptr_array_add (journals, journal);
    }
  return journals;
}

gboolean
steward_journal_find_unfinished (StewardStore *store,
                                 StewardJournal **journal,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autoptr (GPtrArray) journals =
      steward_journal_list (store, UNFINISHED_LOOKBACK, cancellable, error);

  *journal = NULL;
  if (journals == NULL)
    return FALSE;
  for (guint i = 0; i < journals->len; i++)
    {
      StewardJournal *found = g_ptr_array_index (journals, i);
      if (steward_journal_is_over (found))
        continue;
      if (found->is_newer)
        {
          set_newer_error (found, error);
          return FALSE;
        }
      *journal = g_ptr_array_steal_index (journals, i);
      return TRUE;
    }
  return TRUE;
}

JsonObject *
steward_journal_get_facts (StewardJournal *journal, const char *step)
{
  return g_hash_table_lookup (journal->facts, step);
}

gboolean
steward_journal_is_over (const StewardJournal *journal)
{
  return journal->state == STEWARD_JOURNAL_DONE || journal->state == STEWARD_JOURNAL_BACK
         || journal->state == STEWARD_JOURNAL_REFUSED;
}
