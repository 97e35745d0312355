/* The scripts' texts, and the way they are run. */
#include "core/store/scripts.h"

#include <glib/gi18n-lib.h>
#include <string.h>

const char steward_store_script_ensure[] =
    "set -eu\n"
    "[ -d \"$1\" ] || mkdir -m \"$3\" \"$1\" || [ -d \"$1\" ]\n"
    "mode=$(stat -L -c %a \"$1\")\n"
    "for folder in \"$1/journal\" \"$1/logs\" \"$2\"; do\n"
    "  [ -d \"$folder\" ] || mkdir -m \"$mode\" \"$folder\" || [ -d \"$folder\" ]\n"
    "done\n"
    "sync \"$1\"\n"
    "echo \"$mode\"\n";

/* The temporary file lies beside; ending by a signal removes it too. */
#define WRITE_WHOLE                                                                                \
  "temporary=$(mktemp \"$path.XXXXXXXX\")\n"                                                       \
  "trap 'rm -f \"$temporary\"' EXIT\n"                                                             \
  "trap 'exit 1' HUP INT TERM\n"                                                                   \
  "cat >\"$temporary\"\n"                                                                          \
  "[ \"$(wc -c <\"$temporary\")\" -eq \"$length\" ]\n"                                             \
  "chmod \"$mode\" \"$temporary\"\n"                                                               \
  "sync \"$temporary\"\n"                                                                          \
  "mv -f -T \"$temporary\" \"$path\"\n"                                                            \
  "trap - EXIT\n"                                                                                  \
  "sync \"$(dirname \"$path\")\"\n"

const char steward_store_script_write[] = "set -eu\n"
                                          "path=$1 mode=$2 length=$3\n" WRITE_WHOLE;

const char steward_store_script_take[] =
    "set -eu\n"
    "path=$1/lock mode=$5 length=$6\n"
    "[ -d \"$1\" ] || { echo missing; exit 0; }\n"
    "exec 9<\"$1\"\n"
    "flock -x -w \"$2\" 9 || { echo busy; exit 0; }\n"
    "hash=\n"
    "[ ! -e \"$path\" ] || hash=$(sha256sum <\"$path\")\n"
    "[ \"${hash%% *}\" = \"$3\" ] || { echo changed; exit 0; }\n"
    "if [ -n \"$4\" ]; then\n"
    "  silence=$(($(date +%s) - $(stat -c %Y \"$path\")))\n"
    "  [ \"$silence\" -ge \"-$4\" ] || touch \"$path\"\n"
    "  [ \"$silence\" -gt \"$4\" ] || { echo held; exit 0; }\n"
    "fi\n" WRITE_WHOLE "echo taken\n";

/* A folder that is closed to this user must not look like one that is not there. */
#define DENY_CLOSED                                                                                \
  "if [ -d \"$folder\" ] && [ ! -x \"$folder\" ]; then\n"                                          \
  "  echo 'Permission denied' >&2\n"                                                               \
  "  exit 1\n"                                                                                     \
  "fi\n"

/* Opened once: time and content of one and the same lock, whoever replaces it meanwhile. */
const char steward_store_script_peek[] = "set -eu\n"
                                         "folder=$1\n" DENY_CLOSED "[ -e \"$1/lock\" ] || exit 0\n"
                                         "exec 8<\"$1/lock\"\n"
                                         "times=$(stat -L -c %Y /proc/self/fd/8)\n"
                                         "hash=$(sha256sum </proc/self/fd/8)\n"
                                         "echo \"$times $(date +%s) ${hash%% *}\"\n"
                                         "head -c 65536 <&8\n";

/* Names that could upset the lines are none of ours. */
const char steward_store_script_read_many[] =
    "set -eu\n"
    "folder=${1%/*}\n" DENY_CLOSED "[ -e \"$1\" ] || exit 0\n"
    "[ -r \"$1\" ] || { echo 'Permission denied' >&2; exit 1; }\n"
    "cd \"$1\"\n"
    "suffix=$2 count=$3 limit=$4\n"
    "set -- [0-9]*t[0-9]*_*\"$suffix\"\n"
    "while [ $# -gt \"$count\" ]; do shift; done\n"
    "for file; do\n"
    "  case $file in *[!0-9a-z_.]*) continue ;; esac\n"
    "  [ -f \"$file\" ] || continue\n"
    "  [ -r \"$file\" ] || { echo 'Permission denied' >&2; exit 1; }\n"
    "  echo \"$file\"\n"
    "  head -c \"$limit\" <\"$file\" | base64 -w 0\n"
    "  echo\n"
    "done\n";

const char steward_store_script_save[] = "set -eu\n"
                                         "[ ! -e \"$2\" ] || { echo saved; exit 0; }\n"
                                         "[ -e \"$1\" ] || { echo missing; exit 0; }\n"
                                         "trap 'rm -f \"$2.partial\"' EXIT\n"
                                         "trap 'exit 1' HUP INT TERM\n"
                                         "rm -f \"$2.partial\"\n"
                                         "cp -p \"$1\" \"$2.partial\"\n"
                                         "sync \"$2.partial\"\n"
                                         "mv -f -T \"$2.partial\" \"$2\"\n"
                                         "sync \"$(dirname \"$2\")\"\n"
                                         "echo saved\n";

const char steward_store_script_begin[] = "set -eu\n"
                                          "umask 077\n"
                                          "[ ! -s \"$1\" ] || { echo exists; exit 0; }\n"
                                          ": >>\"$1\"\n"
                                          "chmod \"$2\" \"$1\"\n"
                                          "sync \"$(dirname \"$1\")\"\n"
                                          "echo made\n";

const char steward_store_script_trim[] = "set -eu\n"
                                         "size=$(stat -c %s \"$1\")\n"
                                         "truncate -c -s \"$size\" \"$1\"\n";

const char steward_store_script_hash[] = "set -eu\n"
                                         "[ -e \"$1\" ] || { echo missing; exit 0; }\n"
                                         "hash=$(sha256sum <\"$1\")\n"
                                         "echo \"$(stat -L -c %s \"$1\") ${hash%% *}\"\n";

const char steward_store_script_name[] =
    "set -eu\n"
    "file=$2\n"
    "[ -e \"$file\" ] || file=$1\n"
    "[ -e \"$file\" ] || { echo missing; exit 0; }\n"
    "[ \"$(stat -L -c %s \"$file\")\" = \"$3\" ] || { echo size; exit 0; }\n"
    "sync \"$file\"\n"
    "[ \"$file\" = \"$1\" ] || mv -f -T \"$file\" \"$1\"\n"
    "sync \"$(dirname \"$1\")\"\n"
    "echo named\n";

const char steward_store_script_receive[] =
    "set -eu\n"
    "umask 077\n"
    "partial=$1 mode=$2\n"
    "trap 'rm -f \"$partial\"' EXIT\n"
    "trap 'exit 1' HUP INT TERM\n"
    "cat >\"$partial\"\n"
    "[ \"$(wc -c <\"$partial\")\" -eq \"$3\" ] || { echo other; exit 0; }\n"
    "chmod \"$mode\" \"$partial\"\n"
    "sync \"$partial\"\n"
    "hash=$(sha256sum <\"$partial\")\n"
    "[ \"${hash%% *}\" = \"$4\" ] || { echo other; exit 0; }\n"
    "trap - EXIT\n"
    "echo received\n";

const char steward_store_script_delete[] = "set -eu\n"
                                           "[ -d \"$2\" ] || exit 0\n"
                                           "rm -f \"$1\"\n"
                                           "sync \"$2\"\n"
                                           "rm -f \"$3\" \"$4\"\n"
                                           "sync \"$2\"\n";

/* The host's words name the command; a person wants to know the place. */
static void
reword_error (GError **error, const char *path)
{
  if (g_error_matches (*error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE))
    {
      g_clear_error (error);
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NO_SPACE,
                   _ ("The disk that holds “%s” is full. Nothing was changed by this; free some "
                      "space and try again."),
                   path);
    }
  else if (g_error_matches (*error, STEWARD_ERROR, STEWARD_ERROR_DENIED))
    {
      g_clear_error (error);
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                   _ ("This user has no right to read or change “%s” as needed. Nothing was "
                      "changed by this."),
                   path);
    }
}

char *
steward_store_call (StewardStore *store,
                    const StewardStoreScript *script,
                    GCancellable *cancellable,
                    GError **error)
{
  const char *prefix[] = { "sh", "-c", script->argv[0], "steward" };
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GInputStream) input =
      script->input != NULL ? g_memory_input_stream_new_from_bytes (script->input) : NULL;

  g_autoptr (GError) local_error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (prefix); i++)
    g_ptr_array_add (argv, (char *)prefix[i]);
  for (gsize i = 1; script->argv[i] != NULL; i++)
    g_ptr_array_add (argv, (char *)script->argv[i]);
  g_ptr_array_add (argv, NULL);

  StewardCommand command = { .argv = (const char *const *)argv->pdata,
                             .input = input != NULL ? input : script->stream,
                             .fence = script->fence,
                             .deadline_ms = script->deadline_ms };
  char *output =
      steward_host_call (steward_store_get_host (store), &command, cancellable, &local_error);
  if (output == NULL)
    {
      reword_error (&local_error, script->argv[1]);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }
  return output;
}

gboolean
steward_store_write (StewardStore *store,
                     const char *path,
                     const char *text,
                     const StewardFence *fence,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
  g_autofree char *length = g_strdup_printf ("%" G_GSIZE_FORMAT, strlen (text));
  const char *argv[] = { steward_store_script_write, path, steward_store_get_file_mode (store),
                         length, NULL };
  StewardStoreScript script = { .argv = argv, .input = content, .fence = fence };
  g_autofree char *output = steward_store_call (store, &script, cancellable, error);

  return output != NULL;
}

void
steward_store_file_free (StewardStoreFile *file)
{
  g_free (file->id);
  g_bytes_unref (file->content);
  g_free (file);
}

GPtrArray *
steward_store_read_many (StewardStore *store,
                         const StewardStoreFiles *files,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autofree char *count = g_strdup_printf ("%u", files->count);
  g_autofree char *limit = g_strdup_printf ("%u", files->limit_bytes);
  const char *argv[] = {
    steward_store_script_read_many, files->folder, files->suffix, count, limit, NULL
  };
  StewardStoreScript script = { .argv = argv };
  g_autofree char *output = steward_store_call (store, &script, cancellable, error);

  if (output == NULL)
    return NULL;

  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  GPtrArray *found = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_store_file_free);
  for (gsize i = 0; lines[i] != NULL && lines[i + 1] != NULL; i += 2)
    {
      g_autofree char *id = g_strdup (lines[i]);
      gsize length = 0;
      if (!g_str_has_suffix (id, files->suffix))
        continue;
      id[strlen (id) - strlen (files->suffix)] = '\0';
      if (!steward_store_id_is_valid (id))
        continue;

      guchar *content = g_base64_decode (lines[i + 1], &length);
      StewardStoreFile *file = g_new0 (StewardStoreFile, 1);
      file->id = g_steal_pointer (&id);
      file->content = g_bytes_new_take (content, length);
      g_ptr_array_insert (found, 0, file);
    }
  return found;
}
