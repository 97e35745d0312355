/* Draws every view of the window into a PNG file.
 *
 *   screenshots LOOK FOLDER [VIEW...]    a word of the table below; views.c has the names
 *
 * Colours, contrast and language come from the environment: see tests/screenshots.sh. */
#include "views.h"

#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>

typedef struct
{
  const char *name;
  int width;
  int height;
  GtkTextDirection direction;
} Look;

static const Look looks[] = {
  { "light", 1000, 700, GTK_TEXT_DIR_LTR },    { "dark", 1000, 700, GTK_TEXT_DIR_LTR },
  { "contrast", 1000, 700, GTK_TEXT_DIR_LTR }, { "narrow", 360, 700, GTK_TEXT_DIR_LTR },
  { "french", 360, 700, GTK_TEXT_DIR_LTR },    { "rtl", 1000, 700, GTK_TEXT_DIR_RTL },
};

/* The border that GTK draws where there is no transparency. */
static void
hide_borders (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_data (
      provider, "window.solid-csd { margin: 0; padding: 0; border: none; box-shadow: none; }", -1);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_USER);
}

/* As on a GNOME desktop; without a window manager GTK cannot know. */
static void
set_up (const Look *look)
{
  hide_borders ();
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11",
                "gtk-decoration-layout", ":close", NULL);
  gtk_widget_set_default_direction (look->direction);
  bindtextdomain (GETTEXT_PACKAGE, PO_FOLDER);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static void
save (const View *view, const Look *look, const char *folder)
{
  g_autofree char *path = g_strdup_printf ("%s/%s-%s.png", folder, view->name, look->name);
  ViewScene scene;

  view_open (view, &scene, look->width, look->height);
  stage_save_picture (GTK_WINDOW (scene.window), scene.dialog, path);
  view_close (&scene);
  g_print ("%s\n", path);
}

static const Look *
find_look (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    if (g_str_equal (looks[i].name, name))
      return &looks[i];
  return NULL;
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  const Look *look = argc > 2 ? find_look (argv[1]) : NULL;

  if (look == NULL || g_mkdir_with_parents (argv[2], 0777) != 0)
    {
      g_printerr ("Usage: %s LOOK FOLDER [VIEW...]\n", argv[0]);
      return 2;
    }
  set_up (look);
  for (const View *view = views_get (); view->name != NULL; view++)
    if (argc == 3 || g_strv_contains ((const char *const *)argv + 3, view->name))
      save (view, look, argv[2]);
  return 0;
}
