/* The live output on the screen: what a line looks like, that the end is followed as long as nobody
 * reads further up, what is copied, and how long the window stands still while much comes. */
#include <stdio.h>
#include <unistd.h>

#include "app/log-view.h"
#include "app/run-page.h"
#include "stage-gap.h"
#include "stage.h"

typedef struct
{
  StewardLog *log; /* owned */
  StewardLogView *view;
  GtkWindow *window;
} Scene;

static void
scene_init (Scene *scene)
{
  scene->log = steward_log_new ();
  scene->view = g_object_new (STEWARD_TYPE_LOG_VIEW, NULL);
  scene->window = stage_show (GTK_WIDGET (scene->view));
  steward_log_view_set_log (scene->view, scene->log);
}

static void
scene_clear (Scene *scene)
{
  gtk_window_destroy (scene->window);
  g_object_unref (scene->log);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Scene, scene_clear)

static GtkAdjustment *
get_adjustment (gpointer root)
{
  return gtk_scrolled_window_get_vadjustment (
      stage_get (root, GTK_TYPE_SCROLLED_WINDOW, "scroller"));
}

static gboolean
is_at_end (gpointer data)
{
  GtkAdjustment *adjustment = data;
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  return end > 0 && gtk_adjustment_get_value (adjustment) >= end - 2;
}

static void
append (Scene *scene, guint n)
{
  static guint number;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *line = g_strdup_printf ("line %u", number++);
      steward_log_append (scene->log, STEWARD_LOG_OUTPUT, line);
    }
}

typedef struct
{
  GListModel *model;
  guint n;
} Awaited;

static gboolean
has_lines (gpointer data)
{
  Awaited *awaited = data;

  return g_list_model_get_n_items (awaited->model) == awaited->n;
}

static void
wait_for_lines (StewardLog *log, guint n)
{
  Awaited awaited = { G_LIST_MODEL (log), n };

  stage_wait (has_lines, &awaited);
}

static void
fill (Scene *scene)
{
  append (scene, 200);
  wait_for_lines (scene->log, 200);
  stage_wait (is_at_end, get_adjustment (scene->view));
}

static gboolean
is_bold (gpointer row)
{
  PangoContext *context = gtk_widget_get_pango_context (row);

  return pango_font_description_get_weight (pango_context_get_font_description (context))
         == PANGO_WEIGHT_BOLD;
}

static void
test_lines_say_what_they_are (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  steward_log_append (scene.log, STEWARD_LOG_STEP, "Dump the database");
  steward_log_append (scene.log, STEWARD_LOG_COMMAND, "pg_dump parsec");
  steward_log_append (scene.log, STEWARD_LOG_OUTPUT, "reading <b>schemas</b>");
  steward_log_append (scene.log, STEWARD_LOG_NOTE, "The clock is wrong.");
  steward_log_append (scene.log, STEWARD_LOG_FAILURE, "It broke.");
  stage_wait_shows (scene.view, "Failed: It broke.");
  stage_wait (is_bold, stage_get (scene.view, GTK_TYPE_INSCRIPTION, "Dump the database"));
  g_assert_false (is_bold (stage_get (scene.view, GTK_TYPE_INSCRIPTION, "$ pg_dump parsec")));
  g_assert_true (stage_shows (scene.view, "reading <b>schemas</b>"));
  g_assert_true (stage_shows (scene.view, "Note: The clock is wrong."));
}

static void
test_shows_lines_to_their_end (void)
{
  static const char *const lines[] = {
    "pg_restore: processing data for table public.vlob_atom, version 3, author=de10a11cec001",
    "a tab,\tand\tmore\tof\tthem, up to a tab\t",
    "数据库の日本語の行、とても長い、本当に長い、数据库の日本語の行",
    "🎉🎉🎉🎉🎉🎉🎉🎉 emoji 🎉🎉🎉🎉🎉🎉🎉🎉",
    "e\u0301\u0301e\u0301\u0301e\u0301\u0301 with accents of their own",
  };
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      steward_log_append (scene.log, STEWARD_LOG_OUTPUT, lines[i]);
      stage_wait_shows (scene.view, lines[i]);
      stage_wait_painted (scene.window);
      GtkWidget *row = stage_get (scene.view, GTK_TYPE_INSCRIPTION, lines[i]);
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (row, lines[i]);
      int minimum, needed;
      gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      pango_layout_get_pixel_size (layout, &needed, NULL);
      int margins = gtk_widget_get_margin_start (row) + gtk_widget_get_margin_end (row);
      g_assert_cmpint (needed, <=, minimum - margins);
    }
}

static void
test_reads_from_left_to_right (void)
{
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  {
    g_auto (Scene) scene = { 0 };
    scene_init (&scene);
    steward_log_append (scene.log, STEWARD_LOG_COMMAND, "docker ps");
    stage_wait_shows (scene.view, "$ docker ps");
    GtkWidget *row = stage_get (scene.view, GTK_TYPE_INSCRIPTION, "$ docker ps");
    g_assert_cmpint (gtk_widget_get_direction (row), ==, GTK_TEXT_DIR_LTR);
    g_assert_cmpint (gtk_widget_get_direction (stage_get (scene.view, GTK_TYPE_LIST_VIEW, "list")),
                     ==, GTK_TEXT_DIR_LTR);
  }
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

static void
test_follows_the_end (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  fill (&scene);
  double before = gtk_adjustment_get_upper (get_adjustment (scene.view));
  append (&scene, 100);
  wait_for_lines (scene.log, 300);
  stage_wait (is_at_end, get_adjustment (scene.view));
  stage_wait_painted (scene.window);
  stage_wait (is_at_end, get_adjustment (scene.view));
  g_assert_cmpfloat (gtk_adjustment_get_upper (get_adjustment (scene.view)), >, before);
  g_assert_null (stage_find (scene.view, GTK_TYPE_BUTTON, "follow"));
}

/* As the wheel and the bar do it. */
static void
scroll_up (Scene *scene)
{
  gtk_adjustment_set_value (get_adjustment (scene->view), 100);
  for (guint i = 0; i < 3; i++)
    stage_wait_painted (scene->window);
}

static void
test_stays_where_one_reads (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  fill (&scene);
  scroll_up (&scene);
  double value = gtk_adjustment_get_value (get_adjustment (scene.view));
  append (&scene, 100);
  wait_for_lines (scene.log, 300);
  for (guint i = 0; i < 3; i++)
    stage_wait_painted (scene.window);
  g_assert_cmpfloat (gtk_adjustment_get_value (get_adjustment (scene.view)), ==, value);
  g_assert_nonnull (stage_find (scene.view, GTK_TYPE_BUTTON, "follow"));
}

static void
test_follows_again (gconstpointer data)
{
  gboolean by_button = GPOINTER_TO_INT (data);
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  fill (&scene);
  scroll_up (&scene);
  if (by_button)
    stage_click (scene.view, "Follow the End of the Output");
  else
    gtk_adjustment_set_value (get_adjustment (scene.view), 1e9);
  stage_wait (is_at_end, get_adjustment (scene.view));
  append (&scene, 100);
  wait_for_lines (scene.log, 300);
  for (guint i = 0; i < 3; i++)
    stage_wait_painted (scene.window);
  g_assert_true (is_at_end (get_adjustment (scene.view)));
  g_assert_null (stage_find (scene.view, GTK_TYPE_BUTTON, "follow"));
}

/* The end moves up then, which is nobody's scrolling. It is met in the midst of a frame or not,
 * after so many portions before it. */
static void
test_follows_while_the_oldest_go (gconstpointer n_portions)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  for (int i = 1; i <= GPOINTER_TO_INT (n_portions); i++)
    {
      append (&scene, 100);
      wait_for_lines (scene.log, i * 100);
      stage_wait_painted (scene.window);
    }
  append (&scene, STEWARD_LOG_LIMIT + 5000 - GPOINTER_TO_INT (n_portions) * 100);
  wait_for_lines (scene.log, STEWARD_LOG_LIMIT / 10 * 9 + 5000);
  for (guint i = 0; i < 4; i++)
    stage_wait_painted (scene.window);
  /* GTK after 4.8 lays such a heap out later. */
  stage_wait (is_at_end, get_adjustment (scene.view));
  g_assert_null (stage_find (scene.view, GTK_TYPE_BUTTON, "follow"));
}

static gboolean
is_list_gone (gpointer view)
{
  return stage_find (view, GTK_TYPE_LIST_VIEW, "list") == NULL;
}

static gboolean
is_list_there (gpointer view)
{
  return !is_list_gone (view);
}

static void
test_can_be_put_away (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  fill (&scene);
  GtkWidget *toggle = stage_get (scene.view, GTK_TYPE_BUTTON, "toggle");
  gtk_test_accessible_assert_state (toggle, GTK_ACCESSIBLE_STATE_EXPANDED, TRUE);
  stage_click (scene.view, "toggle");
  stage_wait (is_list_gone, scene.view);
  gtk_test_accessible_assert_state (toggle, GTK_ACCESSIBLE_STATE_EXPANDED, FALSE);
  append (&scene, 100);
  wait_for_lines (scene.log, 300);
  stage_click (scene.view, "toggle");
  stage_wait (is_list_there, scene.view);
  stage_wait (is_at_end, get_adjustment (scene.view));
  stage_wait_shows (scene.view, "line");
}

static gboolean
has_content (gpointer clipboard)
{
  return gdk_clipboard_get_content (clipboard) != NULL;
}

/* What was copied is waited for: a button is activated with a delay. */
static char *
dup_copied (gpointer widget)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);
  g_auto (GValue) value = G_VALUE_INIT;

  stage_wait (has_content, clipboard);
  g_value_init (&value, G_TYPE_STRING);
  g_assert_true (
      gdk_content_provider_get_value (gdk_clipboard_get_content (clipboard), &value, NULL));
  gdk_clipboard_set_content (clipboard, NULL);
  return g_value_dup_string (&value);
}

static void
append_three (Scene *scene)
{
  scene_init (scene);
  steward_log_append (scene->log, STEWARD_LOG_STEP, "Dump the database");
  steward_log_append (scene->log, STEWARD_LOG_COMMAND, "pg_dump parsec");
  steward_log_append (scene->log, STEWARD_LOG_OUTPUT, "reading schemas");
  stage_wait_shows (scene->view, "reading schemas");
}

static void
test_copies_all (void)
{
  g_auto (Scene) scene = { 0 };

  append_three (&scene);
  stage_click (scene.view, "Copy All of the Output");
  g_autofree char *text = dup_copied (scene.view);
  g_assert_cmpstr (text, ==, "Dump the database\npg_dump parsec\nreading schemas\n");
}

/* Ctrl+C, as the binding of the class is looked up. */
static gboolean
press_copy (StewardLogView *view)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (view));
  g_autoptr (GtkShortcutTrigger) wanted = gtk_keyval_trigger_new (GDK_KEY_c, GDK_CONTROL_MASK);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      guint n = GTK_IS_SHORTCUT_CONTROLLER (controller)
                    ? g_list_model_get_n_items (G_LIST_MODEL (controller))
                    : 0;
      for (guint j = 0; j < n; j++)
        {
          g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (controller), j);
          if (gtk_shortcut_trigger_equal (gtk_shortcut_get_trigger (shortcut), wanted))
            return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut),
                                                 GTK_SHORTCUT_ACTION_EXCLUSIVE, GTK_WIDGET (view),
                                                 NULL);
        }
    }
  g_error ("Ctrl+C does nothing.");
}

static void
test_copies_what_is_selected (void)
{
  g_auto (Scene) scene = { 0 };

  append_three (&scene);
  g_assert_false (press_copy (scene.view));
  GtkListView *list = stage_get (scene.view, GTK_TYPE_LIST_VIEW, "list");
  gtk_selection_model_select_range (gtk_list_view_get_model (list), 1, 2, TRUE);
  g_assert_true (press_copy (scene.view));
  g_autofree char *text = dup_copied (scene.view);
  g_assert_cmpstr (text, ==, "pg_dump parsec\nreading schemas\n");
}

static void
test_is_named (void)
{
  g_auto (Scene) scene = { 0 };

  scene_init (&scene);
  fill (&scene);
  scroll_up (&scene);
  g_autofree char *unnamed = stage_dup_unnamed (scene.view);
  g_assert_cmpstr (unnamed, ==, "");
  gtk_test_accessible_assert_property (stage_get (scene.view, GTK_TYPE_LIST_VIEW, "list"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Output");
  g_assert_cmpint (stage_measure_width (scene.view), <=, 336);
}

static void
test_lets_go_of_the_log (void)
{
  g_auto (Scene) scene = { 0 };
  StewardLog *other = steward_log_new ();

  scene_init (&scene);
  steward_log_view_set_log (scene.view, other);
  g_object_add_weak_pointer (G_OBJECT (other), (gpointer *)&other);
  g_object_unref (other);
  g_assert_nonnull (other);
  steward_log_view_set_log (scene.view, NULL);
  g_assert_null (other);
}

/* Much of it, by the way that real output takes: from the worker's thread. The address sanitizer is
 * slow and keeps what was freed: it gets less. What GTK takes by itself differs by its version. */
#ifdef __SANITIZE_ADDRESS__
#define N_LINES 20000
#define GROWTH_LIMIT_MB 300
#else
#define N_LINES 200000
#define GROWTH_LIMIT_MB 83
#endif

static StewardResult
pour_cb (gpointer data,
         const StewardClient *client,
         StewardReport *report,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (StewardProgress) progress = steward_progress_new (client->event, client->data);

  g_async_queue_pop (data);
  steward_progress_begin (progress, "preflight", "Check everything first", 3);
  for (guint i = 0; i < N_LINES; i++)
    {
      g_autofree char *line = g_strdup_printf (
          "2026-11-23T22:03:00.123Z [info] vlob atom %u of organization CoolOrg was migrated", i);
      steward_progress_output (progress, line);
    }
  steward_progress_end (progress, NULL);
  return STEWARD_RESULT_DONE;
}

static double
get_resident_mb (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%*d %ld", &pages), ==, 1);
  return (double)pages * (double)sysconf (_SC_PAGESIZE) / 1e6;
}

static gboolean
has_all (gpointer data)
{
  StewardRun *run = data;

  return steward_run_is_over (run)
         && g_list_model_get_n_items (G_LIST_MODEL (steward_run_get_log (run))) == N_LINES + 1;
}

static void
test_much_output_stops_nothing (void)
{
  g_autoptr (StewardServer) server = stage_server_new ("parsec", STAGE_UPDATE);
  g_autoptr (GAsyncQueue) leave = g_async_queue_new ();
  StewardRunWork work = { STEWARD_OPERATION_BACKUP, pour_cb, leave, NULL };
  StewardRunPage *page = g_object_new (STEWARD_TYPE_RUN_PAGE, NULL);
  GtkWindow *window = stage_show (GTK_WIDGET (page));
  double before_mb = get_resident_mb ();

  steward_server_take_run (server, steward_run_new (steward_server_get_worker (server), &work));
  steward_run_page_set_run (page, server, steward_server_get_run (server));
  for (guint i = 0; i < 3; i++)
    stage_wait_painted (window);
  gint64 begin_us = g_get_monotonic_time ();
  stage_gap_begin ();
  g_async_queue_push (leave, leave);
  stage_wait (has_all, steward_server_get_run (server));
  for (guint i = 0; i < 4; i++)
    stage_wait_painted (window);
  StageGap gap = stage_gap_end ();
  double after_mb = get_resident_mb ();
  g_test_message ("%d lines in %.1f s: longest gap %.1f ms, %.1f ms of work, resident %.0f MB "
                  "(%.0f MB before)",
                  N_LINES, (double)(g_get_monotonic_time () - begin_us) / 1e6, gap.longest_ms,
                  gap.work_ms, after_mb, before_mb);
  g_autofree char *last = g_strdup_printf ("vlob atom %d of", N_LINES - 1);
  g_assert_true (stage_shows (page, last));
  g_assert_cmpfloat (gap.work_ms, <, 150);
  g_assert_cmpfloat (after_mb - before_mb, <, GROWTH_LIMIT_MB);
  gtk_window_destroy (window);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  g_test_add_func ("/log-view/much-output-stops-nothing", test_much_output_stops_nothing);
  g_test_add_func ("/log-view/lines-say-what-they-are", test_lines_say_what_they_are);
  g_test_add_func ("/log-view/shows-lines-to-their-end", test_shows_lines_to_their_end);
  g_test_add_func ("/log-view/reads-from-left-to-right", test_reads_from_left_to_right);
  g_test_add_func ("/log-view/follows-the-end", test_follows_the_end);
  g_test_add_func ("/log-view/stays-where-one-reads", test_stays_where_one_reads);
  g_test_add_data_func ("/log-view/follows-again/by-button", GINT_TO_POINTER (TRUE),
                        test_follows_again);
  g_test_add_data_func ("/log-view/follows-again/at-the-end", GINT_TO_POINTER (FALSE),
                        test_follows_again);
  for (int i = 0; i < 4; i++)
    {
      g_autofree char *path = g_strdup_printf ("/log-view/follows-while-the-oldest-go/%d", i);
      g_test_add_data_func (path, GINT_TO_POINTER (i), test_follows_while_the_oldest_go);
    }
  g_test_add_func ("/log-view/can-be-put-away", test_can_be_put_away);
  g_test_add_func ("/log-view/copies-all", test_copies_all);
  g_test_add_func ("/log-view/copies-what-is-selected", test_copies_what_is_selected);
  g_test_add_func ("/log-view/is-named", test_is_named);
  g_test_add_func ("/log-view/lets-go-of-the-log", test_lets_go_of_the_log);
  return g_test_run ();
}
