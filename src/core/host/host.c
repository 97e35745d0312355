/* The base class: what every host can do, made of one ability, to run a command there. */
#include "core/host/host.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/host/scripts.h"

G_DEFINE_ABSTRACT_TYPE (StewardHost, steward_host, G_TYPE_OBJECT)

void
steward_fence_clear (StewardFence *fence)
{
  g_clear_pointer (&fence->folder, g_free);
  g_clear_pointer (&fence->generation, g_free);
}

void
steward_outcome_clear (StewardOutcome *outcome)
{
  if (outcome->output != NULL)
    g_string_free (outcome->output, TRUE);
  if (outcome->errors != NULL)
    g_string_free (outcome->errors, TRUE);
  memset (outcome, 0, sizeof *outcome);
}

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

const char *
steward_host_get_name (StewardHost *self)
{
  return STEWARD_HOST_GET_CLASS (self)->get_name (self);
}

gboolean
steward_host_connect (StewardHost *self, GCancellable *cancellable, GError **error)
{
  return STEWARD_HOST_GET_CLASS (self)->connect (self, cancellable, error);
}

gboolean
steward_host_is_connected (StewardHost *self)
{
  return STEWARD_HOST_GET_CLASS (self)->is_connected (self);
}

guint
steward_host_get_session (StewardHost *self)
{
  return STEWARD_HOST_GET_CLASS (self)->get_session (self);
}

gboolean
steward_host_forward (StewardHost *self,
                      const char *address,
                      guint16 port,
                      char **near_address,
                      guint16 *near_port,
                      GCancellable *cancellable,
                      GError **error)
{
  return STEWARD_HOST_GET_CLASS (self)->forward (self, address, port, near_address, near_port,
                                                 cancellable, error);
}

/* The vector with the fence's script before it; borrowed strings in an owned array. */
static GPtrArray *
fence_argv (const StewardCommand *command)
{
  GPtrArray *argv = g_ptr_array_new ();

  if (command->fence != NULL)
    {
      g_ptr_array_add (argv, (char *)"sh");
      g_ptr_array_add (argv, (char *)"-c");
      g_ptr_array_add (argv, (char *)steward_script_fence);
      g_ptr_array_add (argv, (char *)"steward-fence");
      g_ptr_array_add (argv, command->fence->folder);
      g_ptr_array_add (argv, command->fence->generation);
    }
  for (gsize i = 0; command->argv[i] != NULL; i++)
    g_ptr_array_add (argv, (char *)command->argv[i]);
  g_ptr_array_add (argv, NULL);
  return argv;
}

static void
set_program_error (const char *program, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("The program “%s” is not installed here."), program);
}

static gboolean
check_fence (const StewardCommand *command, const StewardOutcome *outcome, GError **error)
{
  if (command->fence == NULL)
    return TRUE;
  if (outcome->status == STEWARD_EXIT_LOST_LOCK)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK,
                           _ ("Another Steward has taken over this server. "
                              "This one stopped before its next change."));
      return FALSE;
    }
  if (outcome->status == STEWARD_EXIT_FENCE_BUSY)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_LOCKED,
                           _ ("Another Steward is taking this server’s lock just now. "
                              "Nothing was changed by this step."));
      return FALSE;
    }
  if (outcome->status == STEWARD_EXIT_NO_PROGRAM)
    {
      set_program_error (command->argv[0], error);
      return FALSE;
    }
  return TRUE;
}

gboolean
steward_host_run (StewardHost *self,
                  const StewardCommand *command,
                  StewardOutcome *outcome,
                  GCancellable *cancellable,
                  GError **error)
{
  g_autoptr (GPtrArray) argv = fence_argv (command);

  return STEWARD_HOST_GET_CLASS (self)->run (self, (const char *const *)argv->pdata, command,
                                             outcome, cancellable, error)
         && check_fence (command, outcome, error);
}

static char *
dup_last_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  g_strchomp (valid);
  char *newline = strrchr (valid, '\n');
  return g_strdup (newline != NULL ? newline + 1 : valid);
}

/* What a status other than zero means. */
static void
set_error_from_outcome (const StewardCommand *command,
                        const StewardOutcome *outcome,
                        GError **error)
{
  g_autofree char *reason = dup_last_line (outcome->errors->str);
  StewardError code = STEWARD_ERROR_FAILED;

  if (outcome->status == STEWARD_EXIT_CHANGED)
    code = STEWARD_ERROR_CHANGED;
  else if (outcome->status == STEWARD_EXIT_NOT_FOUND)
    code = STEWARD_ERROR_NOT_FOUND;
  else if (strstr (outcome->errors->str, "No space left on device") != NULL
           || strstr (outcome->errors->str, "Disk quota exceeded") != NULL)
    code = STEWARD_ERROR_NO_SPACE;
  else if (outcome->status == STEWARD_EXIT_DENIED
           || strstr (outcome->errors->str, "ermission denied") != NULL
           || strstr (outcome->errors->str, "Read-only file system") != NULL)
    code = STEWARD_ERROR_DENIED;

  if (*reason != '\0')
    g_set_error (error, STEWARD_ERROR, code, _ ("The command “%s” failed: %s"), command->argv[0],
                 reason);
  else
    g_set_error (error, STEWARD_ERROR, code, _ ("The command “%s” failed with status %d."),
                 command->argv[0], outcome->status);
}

char *
steward_host_call (StewardHost *self,
                   const StewardCommand *command,
                   GCancellable *cancellable,
                   GError **error)
{
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_host_run (self, command, &outcome, cancellable, error))
    return NULL;
  if (outcome.status != 0)
    {
      set_error_from_outcome (command, &outcome, error);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&outcome.output), FALSE);
}

/* Words an error of a file's script for a person: the path, what happened, what stands. */
static void
set_file_error (const char *path,
                const StewardCommand *command,
                const StewardOutcome *outcome,
                GError **error)
{
  g_autoptr (GError) cause = NULL;
  const char *format;

  set_error_from_outcome (command, outcome, &cause);
  switch (cause->code)
    {
    case STEWARD_ERROR_CHANGED:
      format = _ ("“%s” was changed by somebody else meanwhile. It was left as it is.");
      break;
    case STEWARD_ERROR_NOT_FOUND:
      format = _ ("“%s” does not exist.");
      break;
    case STEWARD_ERROR_DENIED:
      format = _ ("This user has no right to read or change “%s” as needed.");
      break;
    case STEWARD_ERROR_NO_SPACE:
      format = _ ("The disk that holds “%s” is full.");
      break;
    default:
      g_set_error (error, STEWARD_ERROR, cause->code, _ ("“%s” could not be accessed: %s"), path,
                   outcome->errors->len > 0 ? g_strchomp (outcome->errors->str) : cause->message);
      return;
    }
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, STEWARD_ERROR, cause->code, format, path);
#pragma GCC diagnostic pop
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
      set_program_error (script[2], error);
      return FALSE;
    }
  if (outcome->status != 0)
    {
      set_file_error (script[1] != NULL ? script[1] : "", &command, outcome, error);
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
steward_host_get_clock (StewardHost *self, gint64 *now_s, GCancellable *cancellable, GError **error)
{
  const char *argv[] = { "date", "+%s", NULL };
  StewardCommand command = { .argv = argv };
  g_autofree char *output = steward_host_call (self, &command, cancellable, error);

  if (output == NULL)
    return FALSE;
  *now_s = g_ascii_strtoll (output, NULL, 10);
  return TRUE;
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

gboolean
steward_host_ensure_proxy (StewardHost *self,
                           char **proxy,
                           GCancellable *cancellable,
                           GError **error)
{
  return STEWARD_HOST_GET_CLASS (self)->ensure_proxy (self, proxy, cancellable, error);
}

static gboolean
host_ensure_proxy (StewardHost *self, char **proxy, GCancellable *cancellable, GError **error)
{
  *proxy = NULL;
  return TRUE;
}

static gboolean
host_connect (StewardHost *self, GCancellable *cancellable, GError **error)
{
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static gboolean
host_is_connected (StewardHost *self)
{
  return TRUE;
}

static guint
host_get_session (StewardHost *self)
{
  return 0;
}

static void
steward_host_class_init (StewardHostClass *klass)
{
  klass->ensure_proxy = host_ensure_proxy;
  klass->connect = host_connect;
  klass->is_connected = host_is_connected;
  klass->get_session = host_get_session;
  /* A command that stops reading must not end this program: write(2) then says so by itself. */
  signal (SIGPIPE, SIG_IGN);
}

static void
steward_host_init (StewardHost *self)
{
}
