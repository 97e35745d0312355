/* What a host keeps and tells by scripts: files, disks, who it is. See host.h. */
#include "core/host/host.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/host/host-failure.h"
#include "core/host/scripts.h"

void
steward_file_free (StewardFile *file)
{
  g_free (file->path);
  g_free (file);
}

void
steward_identity_clear (StewardIdentity *identity)
{
  g_clear_pointer (&identity->user, g_free);
  g_clear_pointer (&identity->machine, g_free);
  g_clear_pointer (&identity->boot_id, g_free);
}

/* Runs a file's script; @argv: its text and arguments, the path first. */
static gboolean
run_script (StewardHost *self,
            const char *const *script,
            GInputStream *input,
            const StewardFence *fence,
            StewardOutcome *outcome,
            GCancellable *cancellable,
            GError **error)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  const char *prefix[] = { "sh", "-c", script[0], "steward" };

  for (gsize i = 0; i < G_N_ELEMENTS (prefix); i++)
    g_ptr_array_add (argv, (char *)prefix[i]);
  for (gsize i = 1; script[i] != NULL; i++)
    g_ptr_array_add (argv, (char *)script[i]);
  g_ptr_array_add (argv, NULL);

  StewardCommand command = { .argv = (const char *const *)argv->pdata,
                             .input = input,
                             .fence = fence };
  if (!steward_host_run (self, &command, outcome, cancellable, error))
    return FALSE;
  if (outcome->status == STEWARD_EXIT_NO_DETACHED)
    {
      steward_host_failure_set_program (script[2], error);
      return FALSE;
    }
  if (outcome->status != 0)
    {
      steward_host_failure_set_file (script[1] != NULL ? script[1] : "", &command, outcome, error);
      return FALSE;
    }
  return TRUE;
}

/* The same for a script that only does something. */
static gboolean
run_effect (StewardHost *self,
            const char *const *script,
            GInputStream *input,
            const StewardFence *fence,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };

  return run_script (self, script, input, fence, &outcome, cancellable, error);
}

gboolean
steward_host_start_detached (StewardHost *self,
                             const char *const *argv,
                             const char *log_path,
                             const StewardFence *fence,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (GPtrArray) script = g_ptr_array_new ();

  g_ptr_array_add (script, (char *)steward_script_detach);
  g_ptr_array_add (script, (char *)log_path);
  for (gsize i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (script, (char *)argv[i]);
  g_ptr_array_add (script, NULL);
  return run_effect (self, (const char *const *)script->pdata, NULL, fence, cancellable, error);
}

GBytes *
steward_host_read_file (StewardHost *self,
                        const char *path,
                        GCancellable *cancellable,
                        GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };
  const char *script[] = { steward_script_read, path, NULL };

  g_return_val_if_fail (g_path_is_absolute (path), NULL);
  if (!run_script (self, script, NULL, NULL, &outcome, cancellable, error))
    return NULL;
  return g_string_free_to_bytes (g_steal_pointer (&outcome.output));
}

gboolean
steward_host_replace_file (StewardHost *self,
                           const char *path,
                           GBytes *content,
                           GBytes *expected,
                           guint mode,
                           const StewardFence *fence,
                           GCancellable *cancellable,
                           GError **error)
{
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_bytes (content);
  g_autofree char *hash =
      expected != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, expected) : NULL;
  g_autofree char *octal = g_strdup_printf ("%o", mode);
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, g_bytes_get_size (content));
  const char *script[] = {
    steward_script_replace, path, hash != NULL ? hash : "", octal, length, NULL
  };

  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  return run_effect (self, script, input, fence, cancellable, error);
}

gboolean
steward_host_append_line (StewardHost *self,
                          const char *path,
                          const char *line,
                          const StewardFence *fence,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autofree char *text = g_strconcat (line, "\n", NULL);
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, strlen (text));
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data (text, -1, NULL);
  const char *script[] = { steward_script_append, path, length, NULL };

  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  return run_effect (self, script, input, fence, cancellable, error);
}

gboolean
steward_host_reserve (StewardHost *self,
                      const char *path,
                      guint64 size_bytes,
                      const StewardFence *fence,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autofree char *size = g_strdup_printf ("%" G_GUINT64_FORMAT, size_bytes);
  const char *script[] = { steward_script_reserve, path, size, NULL };

  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  return run_effect (self, script, NULL, fence, cancellable, error);
}

gboolean
steward_host_make_folder (StewardHost *self,
                          const char *path,
                          guint mode,
                          const StewardFence *fence,
                          GCancellable *cancellable,
                          GError **error)
{
  g_autofree char *octal = g_strdup_printf ("%o", mode);
  const char *script[] = { steward_script_make_folder, path, octal, NULL };

  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  return run_effect (self, script, NULL, fence, cancellable, error);
}

gboolean
steward_host_remove (StewardHost *self,
                     const char *path,
                     const StewardFence *fence,
                     GCancellable *cancellable,
                     GError **error)
{
  const char *script[] = { steward_script_remove, path, NULL };

  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  return run_effect (self, script, NULL, fence, cancellable, error);
}

/* Records of four fields, each ended by NUL. */
static GPtrArray *
parse_files (const GString *output)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_file_free);
  const char *end = output->str + output->len;

  for (const char *field = output->str; field < end;)
    {
      const char *fields[4];
      for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
        {
          fields[i] = field < end ? field : "";
          field += strlen (fields[i]) + 1;
        }
      StewardFile *file = g_new0 (StewardFile, 1);
      guint64 mode = g_ascii_strtoull (fields[1], NULL, 16);
      file->path = g_strdup (fields[0]);
      file->mode = mode & 07777;
      file->is_folder = S_ISDIR (mode);
      file->size_bytes = g_ascii_strtoull (fields[2], NULL, 10);
      file->modified_s = g_ascii_strtoll (fields[3], NULL, 10);
      g_ptr_array_add (files, file);
    }
  return g_steal_pointer (&files);
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(StewardFile *const *)a)->path, (*(StewardFile *const *)b)->path);
}

GPtrArray *
steward_host_list (StewardHost *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };
  const char *script[] = { steward_script_list, path, NULL };

  g_return_val_if_fail (g_path_is_absolute (path), NULL);
  if (!run_script (self, script, NULL, NULL, &outcome, cancellable, error))
    return NULL;
  GPtrArray *files = parse_files (outcome.output);
  g_ptr_array_sort (files, compare_files);
  return files;
}

StewardFile *
steward_host_stat (StewardHost *self, const char *path, GCancellable *cancellable, GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };
  const char *script[] = { steward_script_stat, path, NULL };

  g_return_val_if_fail (g_path_is_absolute (path), NULL);
  if (!run_script (self, script, NULL, NULL, &outcome, cancellable, error))
    return NULL;
  g_autoptr (GPtrArray) files = parse_files (outcome.output);
  return files->len == 1 ? g_ptr_array_steal_index (files, 0) : NULL;
}

gboolean
steward_disk_parse (const char *text, StewardDisk *disk)
{
  guint64 blocks = 0, block_bytes = 0;

  if (sscanf (text, "%" SCNu64 " %" SCNu64 " %" SCNx64, &blocks, &block_bytes, &disk->id) != 3)
    return FALSE;
  disk->free_bytes = blocks * block_bytes;
  return TRUE;
}

gboolean
steward_host_get_disk (StewardHost *self,
                       const char *path,
                       StewardDisk *disk,
                       GCancellable *cancellable,
                       GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };
  const char *script[] = { steward_script_disk, path, NULL };

  g_return_val_if_fail (g_path_is_absolute (path), FALSE);
  if (!run_script (self, script, NULL, NULL, &outcome, cancellable, error))
    return FALSE;
  if (steward_disk_parse (outcome.output->str, disk))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("How much room there is for “%s” could not be found out."), path);
  return FALSE;
}

gboolean
steward_host_get_identity (StewardHost *self,
                           StewardIdentity *identity,
                           GCancellable *cancellable,
                           GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };
  const char *script[] = { steward_script_identity, NULL };

  if (!run_script (self, script, NULL, NULL, &outcome, cancellable, error))
    return FALSE;
  g_auto (GStrv) lines = g_strsplit (outcome.output->str, "\n", 4);
  if (g_strv_length (lines) < 3)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("The host did not say who and what it is."));
      return FALSE;
    }
  identity->user = g_strdup (lines[0]);
  identity->machine = g_strdup (lines[1]);
  identity->boot_id = g_strdup (lines[2]);
  return TRUE;
}
