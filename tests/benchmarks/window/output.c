/* An operation that prints LINES lines as fast as it can, on its page in a window, scrolled to
 * them: prints how the main loop kept up.
 *
 *   output LINES
 *
 *   gap MS        the longest time in which the main loop came to nothing else
 *   own-gap MS    without the time for which others had the processor
 *   work MS       the longest that it computed meanwhile
 *   resident KB   the peak of this process
 *   took MS       until the last line was on the screen */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage-gap.h"
#include "stage.h"

/* What commands print, cut to any length. */
static const char words[] =
    "2026-11-23T22:03:00.123456Z [info     ] pg_restore: processing data for table "
    "\"public.vlob_atom\" organization=CoolOrg author=de10a11cec0010000000000000000000 "
    "vlob=f00000000000000000000000000000de version=3";

/* No two neighbours are equally long. */
static int
get_length (unsigned line)
{
  return 20 + (int)(line * 7919 % (sizeof words - 20));
}

typedef struct
{
  GAsyncQueue *gate; /* borrowed: something in it begins the output */
  unsigned n_lines;
} Output;

static StewardResult
print_cb (gpointer data,
          const StewardClient *client,
          StewardReport *report,
          GCancellable *cancellable,
          GError **error)
{
  const StewardStep *step = steward_runner_get_steps (STEWARD_OPERATION_BACKUP)[0];
  g_autoptr (StewardProgress) progress = steward_progress_new (client->event, client->data);
  const Output *output = data;

  steward_progress_begin (progress, step->id, step->title, step->weight);
  g_async_queue_pop (output->gate);
  for (unsigned i = 1; i <= output->n_lines; i++)
    {
      g_autofree char *line =
          g_strdup_printf ("line %u of %u, %.*s", i, output->n_lines, get_length (i), words);
      steward_progress_output (progress, line);
    }
  steward_progress_end (progress, NULL);
  return STEWARD_RESULT_DONE;
}

/* Source: proc(5), VmHWM */
static long
get_peak_kb (void)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents ("/proc/self/status", &text, NULL, &error);
  g_assert_no_error (error);
  return strtol (strstr (text, "VmHWM:") + strlen ("VmHWM:"), NULL, 10);
}

static gboolean
is_shown (gpointer window)
{
  return !gtk_stack_get_transition_running (stage_get (window, GTK_TYPE_STACK, "content"));
}

static void
show (StewardWindow *window, StewardServer *server)
{
  steward_window_choose (window, server);
  stage_wait (is_shown, window);
  GtkScrolledWindow *scroller = stage_get (window, GTK_TYPE_SCROLLED_WINDOW, "scroller");
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (scroller);
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
  stage_wait_painted (GTK_WINDOW (window));
}

static void
measure (StewardWindow *window, Output *output)
{
  g_autofree char *last = g_strdup_printf ("line %u of %u,", output->n_lines, output->n_lines);
  gint64 begun_us = g_get_monotonic_time ();

  stage_gap_begin ();
  g_async_queue_push (output->gate, output);
  stage_wait_shows (window, last);
  StageGap gap = stage_gap_end ();
  printf ("gap %.1f\nown-gap %.1f\nwork %.1f\n", gap.longest_ms, gap.own_ms, gap.work_ms);
  printf ("resident %ld\n", get_peak_kb ());
  printf ("took %ld\n", (long)((g_get_monotonic_time () - begun_us) / 1000));
}

int
main (int argc, char **argv)
{
  g_autoptr (GAsyncQueue) gate = g_async_queue_new ();
  Output output = { gate, argc > 1 ? (unsigned)atoi (argv[1]) : 0 };
  StewardRunWork work = { STEWARD_OPERATION_BACKUP, print_cb, &output, NULL };

  stage_init (&argc, &argv);
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_UPDATE);
  StewardApplication *application = stage_application_new ();
  steward_known_host_take (steward_server_list_get_this_machine (steward_application_get_servers (application)), g_object_ref (server));
  StewardWindow *window = stage_window_new (application);
  steward_server_take_run (server, steward_run_new (steward_server_get_worker (server), &work));
  show (window, server);
  measure (window, &output);
  stage_application_free (application);
  return 0;
}
