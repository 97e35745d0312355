/* The store of a test's own; see the header. */
#include "place.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "core/host/local-host.h"
#include "core/host/process.h"

/* A host whose commands run where the keeper is. */
#define PLACE_TYPE_NARROW_HOST (narrow_host_get_type ())
G_DECLARE_FINAL_TYPE (NarrowHost, narrow_host, PLACE, NARROW_HOST, StewardHost)

struct _NarrowHost
{
  StewardHost parent_instance;
  char *keeper;
};

G_DEFINE_FINAL_TYPE (NarrowHost, narrow_host, STEWARD_TYPE_HOST)

static gboolean
narrow_host_run (StewardHost *host,
                 const char *const *argv,
                 const StewardCommand *command,
                 StewardOutcome *outcome,
                 GCancellable *cancellable,
                 GError **error)
{
  const char *prefix[] = { "nsenter", "--preserve-credentials",         "-U", "-m",
                           "-t",      PLACE_NARROW_HOST (host)->keeper, "--" };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (prefix); i++)
    g_strv_builder_add (builder, prefix[i]);
  g_strv_builder_addv (builder, (const char **)argv);
  g_auto (GStrv) wrapped = g_strv_builder_end (builder);
  StewardProcess process = { .argv = (const char *const *)wrapped, .command = command };
  return steward_process_run (&process, outcome, cancellable, error);
}

static const char *
narrow_host_get_name (StewardHost *host)
{
  return "narrow";
}

static void
narrow_host_finalize (GObject *object)
{
  g_free (PLACE_NARROW_HOST (object)->keeper);
  G_OBJECT_CLASS (narrow_host_parent_class)->finalize (object);
}

static void
narrow_host_class_init (NarrowHostClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = narrow_host_finalize;
  STEWARD_HOST_CLASS (klass)->run = narrow_host_run;
  STEWARD_HOST_CLASS (klass)->get_name = narrow_host_get_name;
}

static void
narrow_host_init (NarrowHost *self)
{
}

static void
make_store (Place *place)
{
  g_autofree char *folder = g_build_filename (place->root, "steward", NULL);
  g_autoptr (GError) error = NULL;

  place->store = steward_store_new (place->host, folder, NULL);
  steward_store_ensure (place->store, STEWARD_STORE_MODE_PRIVATE, NULL, &error);
  g_assert_no_error (error);
}

void
place_set_up (Place *place, gconstpointer data)
{
  place->root = g_dir_make_tmp ("steward-test-XXXXXX", NULL);
  place->host = steward_local_host_new ();
  make_store (place);
}

void
place_set_up_small (Place *place, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char ready = 0;

  place->root = g_dir_make_tmp ("steward-test-XXXXXX", NULL);
  place->keeper = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                    &error, "unshare", "-rm", "sh", "-c",
                                    "mount -t tmpfs -o size=64k none \"$1\" && echo && exec cat",
                                    "keeper", place->root, NULL);
  g_assert_no_error (error);
  g_input_stream_read (g_subprocess_get_stdout_pipe (place->keeper), &ready, 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (ready, ==, '\n');

  NarrowHost *host = g_object_new (PLACE_TYPE_NARROW_HOST, NULL);
  host->keeper = g_strdup (g_subprocess_get_identifier (place->keeper));
  place->host = STEWARD_HOST (host);
  make_store (place);
}

void
place_tear_down (Place *place, gconstpointer data)
{
  const char *argv[] = { "rm", "-rf", place->root, NULL };

  if (place->keeper != NULL)
    {
      g_output_stream_close (g_subprocess_get_stdin_pipe (place->keeper), NULL, NULL);
      g_subprocess_wait (place->keeper, NULL, NULL);
      g_object_unref (place->keeper);
    }
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_clear_pointer (&place->store, steward_store_free);
  g_clear_object (&place->host);
  g_free (place->root);
}

char *
place_run (Place *place, const char *script, const char *argument)
{
  const char *argv[] = { "sh", "-c", script, "test", argument, NULL };
  StewardCommand command = { .argv = argv };
  g_autoptr (GError) error = NULL;
  char *output = steward_host_call (place->host, &command, NULL, &error);

  g_assert_no_error (error);
  return g_strchomp (output);
}

void
place_write (const char *path, const char *content, gssize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, content, length, &error);
  g_assert_no_error (error);
}

char *
place_read (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *content = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  return content;
}
