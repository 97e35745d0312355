/* Everything fits a narrow screen. */
#include "views.h"

#define NARROW 360

/* Without the border that a window has on a display without transparency. */
static int
measure (GtkWindow *window)
{
  return stage_measure_width (gtk_widget_get_first_child (GTK_WIDGET (window)));
}

/* The list of shortcuts is GTK's own, and wider: a screen that narrow has no keyboard. */
static void
test_narrow (gconstpointer data)
{
  g_autofree char *unnamed = NULL;
  ViewScene scene;

  view_open (data, &scene, NARROW, 720);
  g_assert_cmpint (measure (GTK_WINDOW (scene.window)), <=, NARROW);
  if (scene.dialog != NULL && !GTK_IS_SHORTCUTS_WINDOW (scene.dialog))
    g_assert_cmpint (measure (scene.dialog), <=, NARROW);
  unnamed = stage_dup_unnamed (scene.window);
  g_assert_cmpstr (unnamed, ==, "");
  view_close (&scene);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  views_add_tests ("/narrow/fits-360-pixels/", test_narrow);
  return g_test_run ();
}
