/* See the header. */
#include "run-scene.h"

void
run_scene_init (RunScene *scene, StewardOperationKind kind)
{
  scene->server = stage_server_new ("parsec", STAGE_UPDATE);
  scene->script = stage_run_new (scene->server, kind);
  scene->run = steward_server_get_run (scene->server);
  scene->page = g_object_new (STEWARD_TYPE_RUN_PAGE, NULL);
  scene->window = stage_show (GTK_WIDGET (scene->page));
  steward_run_page_set_run (scene->page, scene->server, scene->run);
}

void
run_scene_clear (RunScene *scene)
{
  gtk_window_destroy (scene->window);
  stage_run_free (scene->script);
  g_object_unref (scene->server);
}

static gboolean
has_content (gpointer clipboard)
{
  return gdk_clipboard_get_content (clipboard) != NULL;
}

char *
run_scene_dup_copied (RunScene *scene)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (scene->page));
  g_auto (GValue) value = G_VALUE_INIT;

  stage_wait (has_content, clipboard);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (
      gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  gdk_clipboard_set_content (clipboard, NULL);
  return g_value_dup_string (&value);
}
