/* Sees what of ours outlives its test although nobody should hold it any more. The leak sanitizer
 * does not: GLib itself still finds an object that has signal handlers. See stage.h. */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Of those that were watched and still live, by object: the type's name and the test's. Owned. */
static GHashTable *alive;

static void
gone_cb (gpointer data, GObject *object)
{
  g_hash_table_remove (alive, object);
}

void
stage_watch (gpointer object)
{
  if (g_hash_table_contains (alive, object))
    return;
  g_hash_table_insert (alive, object,
                       g_strdup_printf ("%s of %s", G_OBJECT_TYPE_NAME (object),
                                        g_test_get_path ()));
  g_object_weak_ref (object, gone_cb, NULL);
}

void
stage_watch_widgets (gpointer root)
{
  if (g_str_has_prefix (G_OBJECT_TYPE_NAME (root), "Steward"))
    stage_watch (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    stage_watch_widgets (child);
}

/* What still ends, as a worker that was told to, has until then. */
static void
check_cb (void)
{
  gint64 end_us = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;
  GHashTableIter iter;
  gpointer name;

  while (g_hash_table_size (alive) > 0 && g_get_monotonic_time () < end_us)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
  if (g_hash_table_size (alive) == 0)
    return;
  g_hash_table_iter_init (&iter, alive);
  while (g_hash_table_iter_next (&iter, NULL, &name))
    fprintf (stderr, "A %s outlived it.\n", (const char *)name);
  _exit (EXIT_FAILURE);
}

void
stage_watch_init (void)
{
  alive = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  atexit (check_cb);
}
