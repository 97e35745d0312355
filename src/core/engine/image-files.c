/* Looks into an image with the image's own shell, where it has one: a throw-away container without
 * network and rights, whose standard output is the files. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/engine/docker-error.h"
#include "core/engine/image.h"

#define READ_DEADLINE_MS 60000
/* Docker's own failures have this status; every other is the shell's or that of its absence. */
#define DOCKER_FAILED 125

/* PATTERN: records of path and text, each ended by NUL; 33554432 bytes are 32 MiB. */
static const char read_script[] =
    "find / -xdev -type f -size -2048 -path \"$1\" -exec sh -c '\n"
    "for file; do printf \"%s\\0\" \"$file\"; cat \"$file\"; printf \"\\0\"; done' steward {} + "
    "2>/dev/null | head -c 33554432\n";

void
steward_image_file_free (StewardImageFile *file)
{
  g_free (file->name);
  g_free (file->text);
  g_free (file);
}

static int
compare_files (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(StewardImageFile *const *)a)->name, (*(StewardImageFile *const *)b)->name);
}

/* A record that was cut off is left out. */
static GPtrArray *
parse_files (const GString *output)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_image_file_free);
  const char *end = output->str + output->len;

  for (const char *name = output->str; name < end;)
    {
      const char *text = name + strlen (name) + 1;
      if (text >= end || text + strlen (text) >= end)
        break;
      StewardImageFile *file = g_new0 (StewardImageFile, 1);
      file->name = g_utf8_make_valid (name, -1);
      file->text = g_utf8_make_valid (text, -1);
      g_ptr_array_add (files, file);
      name = text + strlen (text) + 1;
    }
  g_ptr_array_sort (files, compare_files);
  return files;
}

/* Also for the case that the run was cancelled, and so without the caller's cancellable. */
static void
remove_reader (StewardEngine *self, const char *name)
{
  const char *argv[] = { "rm", "--force", "--volumes", "--", name, NULL };
  StewardCommand command = { .argv = argv };
  g_auto (StewardOutcome) outcome = { 0 };

  steward_engine_run (self, &command, &outcome, NULL, NULL);
}

GPtrArray *
steward_engine_read_image_files (StewardEngine *self,
                                 const char *image,
                                 const char *pattern,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf ("steward-read-%s", uuid);
  const char *argv[] = { "run",   "--rm",         "--name",  name,          "--pull",
                         "never", "--network",    "none",    "--read-only", "--cap-drop",
                         "ALL",   "--entrypoint", "sh",      "--",          image,
                         "-c",    read_script,    "steward", pattern,       NULL };
  StewardCommand command = { .argv = argv, .deadline_ms = READ_DEADLINE_MS };
  g_auto (StewardOutcome) outcome = { 0 };

  gboolean ran = steward_engine_run (self, &command, &outcome, cancellable, error);
  if (!ran || outcome.status != 0)
    remove_reader (self, name);
  if (!ran)
    return NULL;
  if (outcome.status == DOCKER_FAILED)
    {
      steward_docker_error_set (&outcome, error);
      return NULL;
    }
  return parse_files (outcome.output);
}
