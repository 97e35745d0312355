/* Preloaded into a GTK 4 program, whichever: notes when its first frame was drawn, how much memory
 * it has a moment later, and then how its main loop keeps up; then ends it. launch.c starts it.
 *
 *   first-frame MS    from exec until the first frame was drawn
 *   resident KB       1.5 s later
 *   frame-time MS     per frame while it was watched, if anything was drawn
 *   gap MS            the longest time in which the main loop came to nothing else */
#include <dlfcn.h>
#include <gtk/gtk.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stage-gap.h"

#define SETTLE_MS 1500

int g_application_run (GApplication *application, int argc, char **argv);

static struct
{
  gboolean is_rendered;
  gboolean is_painted;
  gboolean is_watching;
  guint n_frames;
  gint64 begun_us; /* the watch */
} seen;

static double
get_number (const char *name)
{
  const char *text = g_getenv (name);

  return text != NULL ? g_ascii_strtod (text, NULL) : 0;
}

/* Source: proc(5), statm */
static long
get_resident_kb (void)
{
  g_autofree char *text = NULL;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    return 0;
  return strtol (strchr (text, ' '), NULL, 10) * (sysconf (_SC_PAGESIZE) / 1024);
}

/* The program has nothing to save, and shall not take the time to. */
static gboolean
end_cb (gpointer data)
{
  double watched_ms = (double)(g_get_monotonic_time () - seen.begun_us) / 1000.0;

  if (seen.n_frames > 0)
    printf ("frame-time %.2f\n", watched_ms / seen.n_frames);
  StageGap gap = stage_gap_end ();
  printf ("gap %.1f\nown-gap %.1f\n", gap.longest_ms, gap.own_ms);
  fflush (stdout);
  _exit (0);
}

static gboolean
settled_cb (gpointer data)
{
  printf ("resident %ld\n", get_resident_kb ());
  seen.is_watching = TRUE;
  seen.begun_us = g_get_monotonic_time ();
  stage_gap_begin ();
  g_timeout_add_full (G_PRIORITY_HIGH, (guint)(1000 * get_number ("STEWARD_WATCH_S")), end_cb, NULL,
                      NULL);
  return G_SOURCE_REMOVE;
}

static gboolean
render_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
  seen.is_rendered = TRUE;
  return TRUE;
}

/* A frame clock also ticks for what is only laid out. */
static gboolean
after_paint_cb (GSignalInvocationHint *hint, guint n_values, const GValue *values, gpointer data)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!seen.is_rendered)
    return TRUE;
  seen.is_rendered = FALSE;
  seen.n_frames += seen.is_watching;
  if (seen.is_painted)
    return TRUE;
  seen.is_painted = TRUE;
  printf ("first-frame %.0f\n", (double)now_us / 1000.0 - get_number ("STEWARD_BEGUN_MS"));
  g_timeout_add_full (G_PRIORITY_HIGH, SETTLE_MS, settled_cb, NULL, NULL);
  return TRUE;
}

static void
watch_signal (GType type, const char *name, GSignalEmissionHook hook)
{
  g_type_class_unref (g_type_class_ref (type));
  g_signal_add_emission_hook (g_signal_lookup (name, type), 0, hook, NULL, NULL);
}

G_MODULE_EXPORT int
g_application_run (GApplication *application, int argc, char **argv)
{
  int (*run) (GApplication *, int, char **) = NULL;

  *(void **)&run = dlsym (RTLD_NEXT, "g_application_run");
  g_unsetenv ("LD_PRELOAD"); /* its commands are not watched */
  watch_signal (GDK_TYPE_SURFACE, "render", render_cb);
  watch_signal (GDK_TYPE_FRAME_CLOCK, "after-paint", after_paint_cb);
  return run (application, argc, argv);
}
