/* The question before something that cannot be taken back: what agrees, and what does not. */
#include "stage.h"

#include "app/compat.h"

typedef struct
{
  guint n_calls;
  gboolean is_agreed;
} Answer;

static void
answer_cb (gboolean is_agreed, gpointer data)
{
  Answer *answer = data;

  answer->n_calls++;
  answer->is_agreed = is_agreed;
}

typedef struct
{
  GtkWindow *window;
  GtkWidget *dialog;
  Answer answer;
} Scene;

static void
set_up (Scene *scene, gconstpointer word)
{
  StewardConfirm confirm = {
    .heading = "Roll Back?",
    .body = "Twelve rows would be lost.",
    .word = word,
    .label = "_Roll Back",
    .appearance = ADW_RESPONSE_DESTRUCTIVE,
  };

  scene->window = stage_show (gtk_label_new ("Behind"));
  scene->dialog =
      steward_compat_confirm (GTK_WIDGET (scene->window), &confirm, answer_cb, &scene->answer);
  stage_wait_painted (GTK_WINDOW (scene->dialog));
}

static void
tear_down (Scene *scene, gconstpointer word)
{
  stage_wait_closed (scene->window);
  gtk_window_destroy (scene->window);
}

static GtkWidget *
get_way_on (Scene *scene)
{
  return stage_get (scene->dialog, GTK_TYPE_BUTTON, "Roll Back");
}

static void
type (Scene *scene, const char *text)
{
  gtk_editable_set_text (stage_get (scene->dialog, GTK_TYPE_ENTRY, NULL), text);
}

static void
test_wrong_word (Scene *scene, gconstpointer word)
{
  const char *const wrong[] = { "", "3.0", "3.0.0 ", " 3.0.0", "3.0.00", "v3.0.0" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      type (scene, wrong[i]);
      g_assert_false (gtk_widget_is_sensitive (get_way_on (scene)));
      /* As Return in the entry does. */
      g_signal_emit_by_name (stage_get (scene->dialog, GTK_TYPE_TEXT, NULL), "activate");
      g_assert_true (gtk_widget_get_visible (scene->dialog));
    }
  g_assert_cmpuint (scene->answer.n_calls, ==, 0);
  gtk_window_close (GTK_WINDOW (scene->dialog));
}

static void
test_right_word (Scene *scene, gconstpointer word)
{
  type (scene, "3.0.0");
  stage_click (scene->dialog, "Roll Back");
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->answer.n_calls, ==, 1);
  g_assert_true (scene->answer.is_agreed);
}

static void
test_word_is_taken_back (Scene *scene, gconstpointer word)
{
  type (scene, "3.0.0");
  g_assert_true (gtk_widget_is_sensitive (get_way_on (scene)));
  type (scene, "3.0.01");
  g_assert_false (gtk_widget_is_sensitive (get_way_on (scene)));
  gtk_window_close (GTK_WINDOW (scene->dialog));
}

/* Whoever emits the response by hand has not typed it either. */
static void
test_response_without_word (Scene *scene, gconstpointer word)
{
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (scene->dialog), "go-on");
  gtk_window_close (GTK_WINDOW (scene->dialog));
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->answer.n_calls, ==, 1);
  g_assert_false (scene->answer.is_agreed);
}

static void
test_cancel (Scene *scene, gconstpointer word)
{
  if (word != NULL)
    type (scene, word);
  stage_click (scene->dialog, "Cancel");
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->answer.n_calls, ==, 1);
  g_assert_false (scene->answer.is_agreed);
}

/* Escape closes. */
static void
test_close (Scene *scene, gconstpointer word)
{
  if (word != NULL)
    type (scene, word);
  gtk_window_close (GTK_WINDOW (scene->dialog));
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->answer.n_calls, ==, 1);
  g_assert_false (scene->answer.is_agreed);
}

static void
test_destroy (Scene *scene, gconstpointer word)
{
  gtk_window_destroy (GTK_WINDOW (scene->dialog));
  g_assert_cmpuint (scene->answer.n_calls, ==, 1);
  g_assert_false (scene->answer.is_agreed);
}

static void
test_without_word (Scene *scene, gconstpointer word)
{
  g_assert_true (gtk_widget_is_sensitive (get_way_on (scene)));
  stage_click (scene->dialog, "Roll Back");
  stage_wait_closed (scene->window);
  g_assert_cmpuint (scene->answer.n_calls, ==, 1);
  g_assert_true (scene->answer.is_agreed);
}

/* Return must not agree by chance. */
static void
test_focus (Scene *scene, gconstpointer word)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (scene->dialog));

  if (word != NULL)
    g_assert_true (gtk_widget_is_ancestor (focus, stage_get (scene->dialog, GTK_TYPE_ENTRY, NULL)));
  else
    g_assert_true (focus == stage_get (scene->dialog, GTK_TYPE_BUTTON, "Cancel"));
  gtk_window_close (GTK_WINDOW (scene->dialog));
}

static void
test_names (Scene *scene, gconstpointer word)
{
  g_autofree char *unnamed = stage_dup_unnamed (scene->dialog);

  g_assert_cmpstr (unnamed, ==, "");
  g_assert_true (stage_shows (scene->dialog, "Twelve rows would be lost."));
  gtk_window_close (GTK_WINDOW (scene->dialog));
}

static void
add (const char *path, const char *word, void (*test) (Scene *scene, gconstpointer word))
{
  g_test_add (path, Scene, word, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  add ("/confirm/another-word-does-not-agree", "3.0.0", test_wrong_word);
  add ("/confirm/the-word-agrees-once", "3.0.0", test_right_word);
  add ("/confirm/the-word-can-be-taken-back", "3.0.0", test_word_is_taken_back);
  add ("/confirm/a-response-without-the-word-does-not-agree", "3.0.0", test_response_without_word);
  add ("/confirm/cancel-does-not-agree", NULL, test_cancel);
  add ("/confirm/cancel-after-the-word-does-not-agree", "3.0.0", test_cancel);
  add ("/confirm/escape-does-not-agree", NULL, test_close);
  add ("/confirm/escape-after-the-word-does-not-agree", "3.0.0", test_close);
  add ("/confirm/a-destroyed-dialog-does-not-agree", "3.0.0", test_destroy);
  add ("/confirm/the-button-agrees-once", NULL, test_without_word);
  add ("/confirm/cancel-has-the-focus", NULL, test_focus);
  add ("/confirm/what-is-to-be-typed-has-the-focus", "3.0.0", test_focus);
  add ("/confirm/all-has-a-name", "3.0.0", test_names);
  return g_test_run ();
}
