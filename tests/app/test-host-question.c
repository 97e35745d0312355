/* What a host asks, as it comes from a thread of its own, and how it is answered in a window. */
#include "app/host-question-window.h"
#include "stage.h"

typedef struct
{
  StewardHostAsker *asker;
  StewardSshAsker ssh;
  StewardSshQuestion question;
  GCancellable *cancellable;
  GtkWindow *parent;
  GtkWindow *window; /* borrowed: of the latest question */
  GThread *thread;
  char *answer;
  gboolean is_over; /* atomic */
} Scene;

static void
asked_cb (StewardHostAsker *asker, gpointer data)
{
  Scene *scene = data;
  StewardHostQuestionWindow *window = steward_host_question_window_new (scene->parent, asker);

  if (window == NULL)
    return;
  scene->window = GTK_WINDOW (window);
  gtk_window_present (scene->window);
}

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->asker = steward_host_asker_new ();
  scene->ssh = steward_host_asker_get_asker (scene->asker);
  scene->cancellable = g_cancellable_new ();
  scene->parent = stage_show (gtk_label_new ("below"));
  scene->question = (StewardSshQuestion){
    .kind = STEWARD_SSH_QUESTION_CODE,
    .host = (char *)"parsec.example.org",
    .prompt = (char *)"Verification code:",
    .attempt = 1,
  };
  g_signal_connect (scene->asker, "asked", G_CALLBACK (asked_cb), scene);
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  g_free (scene->answer);
  gtk_window_destroy (scene->parent);
  g_object_unref (scene->cancellable);
  scene->ssh.free_data (scene->ssh.data);
  stage_release (scene->asker);
}

static gpointer
ask_thread (gpointer data)
{
  Scene *scene = data;

  scene->answer = scene->ssh.ask (&scene->question, scene->cancellable, scene->ssh.data);
  g_atomic_int_set (&scene->is_over, TRUE);
  return NULL;
}

static gboolean
has_window (gpointer data)
{
  return ((Scene *)data)->window != NULL;
}

static gboolean
is_over (gpointer data)
{
  return g_atomic_int_get (&((Scene *)data)->is_over);
}

static void
ask (Scene *scene)
{
  scene->thread = g_thread_new ("host", ask_thread, scene);
  stage_wait (has_window, scene);
}

static void
finish (Scene *scene)
{
  stage_wait (is_over, scene);
  g_thread_join (scene->thread);
  stage_wait_closed (scene->parent);
}

static void
test_code (Scene *scene, gconstpointer data)
{
  ask (scene);
  g_assert_true (stage_shows (scene->window, "parsec.example.org"));
  g_assert_true (stage_shows (scene->window, "Verification code:"));
  g_assert_null (stage_find (scene->window, GTK_TYPE_CHECK_BUTTON, NULL));
  g_autofree char *unnamed = stage_dup_unnamed (scene->window);
  g_assert_cmpstr (unnamed, ==, "");
  gtk_editable_set_text (stage_get (scene->window, GTK_TYPE_PASSWORD_ENTRY, NULL), "123456");
  stage_click (scene->window, "Connect");
  finish (scene);
  g_assert_cmpstr (scene->answer, ==, "123456");
}

static void
test_host_key (Scene *scene, gconstpointer data)
{
  scene->question.kind = STEWARD_SSH_QUESTION_HOST_KEY;
  scene->question.key_type = (char *)"ED25519";
  scene->question.fingerprint = (char *)"SHA256:uNiVztksCsDhcc0u9e8BrBhQX/0r9uIScBpNJ9sdEOM";
  ask (scene);
  g_assert_true (stage_shows (scene->window, scene->question.fingerprint));
  g_assert_null (stage_find (scene->window, GTK_TYPE_PASSWORD_ENTRY, NULL));
  g_assert_true (gtk_window_get_focus (scene->window)
                 == stage_get (scene->window, GTK_TYPE_BUTTON, "Cancel"));
  stage_click (scene->window, "Connect");
  finish (scene);
  g_assert_cmpstr (scene->answer, ==, "yes");
}

static void
test_cancel (Scene *scene, gconstpointer data)
{
  ask (scene);
  stage_click (scene->window, "Cancel");
  finish (scene);
  g_assert_null (scene->answer);
}

static void
test_wrong_before (Scene *scene, gconstpointer data)
{
  scene->question.attempt = 2;
  ask (scene);
  g_assert_true (stage_shows (scene->window, "That was not right. Try again."));
  gtk_window_close (scene->window);
  finish (scene);
  g_assert_null (scene->answer);
}

/* The connection was given up elsewhere: the window goes by itself. */
static void
test_over (Scene *scene, gconstpointer data)
{
  ask (scene);
  g_cancellable_cancel (scene->cancellable);
  finish (scene);
  g_assert_null (scene->answer);
}

static void
test_closed (Scene *scene, gconstpointer data)
{
  steward_host_asker_close (scene->asker);
  scene->thread = g_thread_new ("host", ask_thread, scene);
  finish (scene);
  g_assert_null (scene->window);
  g_assert_null (scene->answer);
}

static void
add (const char *path, void (*func) (Scene *, gconstpointer))
{
  g_test_add (path, Scene, NULL, set_up, func, tear_down);
}

int
main (int argc, char **argv)
{
  stage_init (&argc, &argv);
  add ("/host-question/takes-a-code", test_code);
  add ("/host-question/shows-an-unknown-key", test_host_key);
  add ("/host-question/cancel-gives-up", test_cancel);
  add ("/host-question/tells-that-it-was-wrong", test_wrong_before);
  add ("/host-question/goes-when-nobody-waits", test_over);
  add ("/host-question/nobody-is-there", test_closed);
  return g_test_run ();
}
