/* An engine that accepts and never answers: the window goes on meanwhile, says so in time, and can
 * be closed. */
#include "app/server-page.h"
#include "stage-gap.h"
#include "stage.h"

/* Longer than an administrator notices; shorter than anything that waits for an engine. */
#define GAP_LIMIT_MS 250
/* The core asks for 10 s whether there is an engine. */
#define TELL_LIMIT_S 15

typedef struct
{
  StewardApplication *application;
  StewardWindow *window;
  guint n_frames;
} Scene;

static void
after_paint_cb (GdkFrameClock *clock, Scene *scene)
{
  scene->n_frames++;
}

/* @file: (nullable): of a server that was added by hand. With animations. */
static void
set_up (Scene *scene, gconstpointer file)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  stage_set_docker (STAGE_DOCKER_SILENT);
  scene->application = stage_application_new ();
  if (file != NULL)
    g_settings_set_strv (steward_application_get_settings (scene->application), "compose-files",
                         (const char *const[]){ file, NULL });
  scene->window = stage_window_new (scene->application);
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (scene->window)), "after-paint",
                    G_CALLBACK (after_paint_cb), scene);
  scene->n_frames = 0;
  steward_server_list_look (steward_application_get_servers (scene->application));
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  stage_application_free (scene->application);
  stage_set_docker (STAGE_DOCKER_AWAY);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

/* The watch itself wakes the loop. */
static void
wait_for (Scene *scene, const char *text)
{
  gint64 begun_us = g_get_monotonic_time ();

  stage_gap_begin ();
  while (!stage_shows (scene->window, text))
    {
      if (g_get_monotonic_time () > begun_us + TELL_LIMIT_S * G_TIME_SPAN_SECOND)
        g_error ("“%s” was not shown within %d s.", text, TELL_LIMIT_S);
      g_main_context_iteration (NULL, TRUE);
    }
  StageGap gap = stage_gap_end ();
  g_test_message ("told after %.1f s, %u frames, longest gap %.1f ms, %.1f ms of its own",
                  (double)(g_get_monotonic_time () - begun_us) / G_TIME_SPAN_SECOND,
                  scene->n_frames, gap.longest_ms, gap.own_ms);
  g_assert_cmpfloat (gap.own_ms, <, GAP_LIMIT_MS);
}

/* It says that it looks for as long as it does; the spinner asks for every frame. */
static void
test_empty_page (Scene *scene, gconstpointer data)
{
  g_assert_true (gtk_spinner_get_spinning (stage_get (scene->window, GTK_TYPE_SPINNER, NULL)));
  wait_for (scene, "Docker Does Not Answer");
  g_assert_cmpuint (scene->n_frames, >, 100);
  g_assert_null (stage_find (scene->window, GTK_TYPE_SPINNER, NULL));
}

static void
test_server_page (Scene *scene, gconstpointer file)
{
  wait_for (scene, "Unreachable");
  g_assert_true (stage_shows (stage_get (scene->window, STEWARD_TYPE_SERVER_PAGE, NULL),
                              "The Docker engine is not running or does not answer."));
}

static void
test_closes (Scene *scene, gconstpointer data)
{
  stage_gap_begin ();
  gtk_window_close (GTK_WINDOW (scene->window));
  g_assert_null (gtk_application_get_windows (GTK_APPLICATION (scene->application)));
  g_assert_cmpfloat (stage_gap_end ().own_ms, <, GAP_LIMIT_MS);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add ("/silent-engine/window-goes-on-and-says-so", Scene, NULL, set_up, test_empty_page,
              tear_down);
  g_test_add ("/silent-engine/server-page-says-so", Scene, "/srv/parsec/compose.yaml", set_up,
              test_server_page, tear_down);
  g_test_add ("/silent-engine/window-closes-at-once", Scene, NULL, set_up, test_closes, tear_down);
  return g_test_run ();
}
