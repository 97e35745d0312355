/* One question at a time waits on a condition until the window has answered. See the header. */
#include "app/host-asker.h"

#include <string.h>

#include "app/keyring.h"

struct _StewardHostAsker
{
  GObject parent_instance;

  GMutex mutex;
  GCond cond;
  const StewardSshQuestion *question; /* borrowed from the thread that waits; guarded by mutex */
  gboolean is_closed;                 /* guarded by mutex */
  gboolean is_answered;               /* guarded by mutex */
  char *answer;                       /* owned, nullable, secret; guarded by mutex */
  StewardHostAnswerFlags flags;       /* guarded by mutex */
  /* Of the host's thread alone: */
  StewardSshQuestionKind latest; /* which kind was asked before */
  gboolean is_from_keyring;      /* the latest secret that can be kept */
};

enum
{
  ASKED,
  OVER,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StewardHostAsker, steward_host_asker, G_TYPE_OBJECT)

/* Only as long as it still waits. */
static gboolean
asked_cb (gpointer data)
{
  StewardHostAsker *self = data;

  g_autoptr (StewardSshQuestion) question = steward_host_asker_dup_question (self);

  if (question != NULL)
    g_signal_emit (self, signals[ASKED], 0);
  return G_SOURCE_REMOVE;
}

static gboolean
over_cb (gpointer data)
{
  g_signal_emit (data, signals[OVER], 0);
  return G_SOURCE_REMOVE;
}

static void
tell (StewardHostAsker *self, GSourceFunc func)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, func, g_object_ref (self), g_object_unref);
}

static void
cancelled_cb (GCancellable *cancellable, gpointer data)
{
  steward_host_asker_answer (data, NULL, STEWARD_HOST_ANSWER_DEFAULT);
}

/* Returns: (transfer full) (nullable) */
static char *
wait_for_answer (StewardHostAsker *self,
                 const StewardSshQuestion *question,
                 StewardHostAnswerFlags *flags)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->question = question;
  self->is_answered = self->is_closed;
  self->flags = STEWARD_HOST_ANSWER_DEFAULT;
  tell (self, asked_cb);
  while (!self->is_answered)
    g_cond_wait (&self->cond, &self->mutex);
  self->question = NULL;
  *flags = self->flags;
  tell (self, over_cb);
  return g_steal_pointer (&self->answer);
}

static char *
ask_window (StewardHostAsker *self,
            const StewardSshQuestion *question,
            GCancellable *cancellable,
            StewardHostAnswerFlags *flags)
{
  gulong handler = 0;
  char *answer = NULL;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);
  if (!g_cancellable_is_cancelled (cancellable))
    answer = wait_for_answer (self, question, flags);
  g_cancellable_disconnect (cancellable, handler);
  return answer;
}

/* What was kept is tried once, and where it was wrong it is forgotten. Where a code was asked for
 * after it, nobody knows which of the two was wrong: it is tried once more. */
static char *
look_up (StewardHostAsker *self, const StewardSshQuestion *question, GCancellable *cancellable)
{
  gboolean is_in_doubt =
      question->attempt == 2 && self->is_from_keyring && self->latest == STEWARD_SSH_QUESTION_CODE;
  char *kept = NULL;

  if (!steward_keyring_can_keep (question))
    return NULL;
  if (question->attempt == 1 || is_in_doubt)
    kept = steward_keyring_look_up (question, cancellable);
  else
    steward_keyring_forget (question, cancellable);
  self->is_from_keyring = kept != NULL;
  return kept;
}

static char *
ask_cb (const StewardSshQuestion *question, GCancellable *cancellable, gpointer data)
{
  StewardHostAsker *self = data;
  StewardHostAnswerFlags flags = STEWARD_HOST_ANSWER_DEFAULT;
  char *kept = look_up (self, question, cancellable);

  self->latest = question->kind;
  if (kept != NULL)
    {
      char *copy = g_strdup (kept);
      steward_keyring_free (kept);
      return copy;
    }
  char *answer = ask_window (self, question, cancellable, &flags);
  if (answer != NULL && (flags & STEWARD_HOST_ANSWER_REMEMBER)
      && steward_keyring_can_keep (question))
    steward_keyring_keep (question, answer, cancellable);
  return answer;
}

StewardSshAsker
steward_host_asker_get_asker (StewardHostAsker *self)
{
  return (StewardSshAsker){ ask_cb, g_object_ref (self), g_object_unref };
}

StewardSshQuestion *
steward_host_asker_dup_question (StewardHostAsker *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->is_answered || self->question == NULL ? NULL
                                                     : steward_ssh_question_copy (self->question);
}

static void
settle (StewardHostAsker *self, const char *answer, StewardHostAnswerFlags flags)
{
  self->answer = g_strdup (answer);
  self->flags = flags;
  self->is_answered = TRUE;
  g_cond_signal (&self->cond);
}

void
steward_host_asker_answer (StewardHostAsker *self, const char *answer, StewardHostAnswerFlags flags)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (self->question != NULL && !self->is_answered)
    settle (self, answer, flags);
}

void
steward_host_asker_close (StewardHostAsker *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  self->is_closed = TRUE;
  if (self->question != NULL && !self->is_answered)
    settle (self, NULL, STEWARD_HOST_ANSWER_DEFAULT);
}

StewardHostAsker *
steward_host_asker_new (void)
{
  return g_object_new (STEWARD_TYPE_HOST_ASKER, NULL);
}

static void
steward_host_asker_finalize (GObject *object)
{
  StewardHostAsker *self = STEWARD_HOST_ASKER (object);

  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  G_OBJECT_CLASS (steward_host_asker_parent_class)->finalize (object);
}

static void
steward_host_asker_class_init (StewardHostAskerClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = steward_host_asker_finalize;
  signals[ASKED] =
      g_signal_new ("asked", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[OVER] =
      g_signal_new ("over", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
steward_host_asker_init (StewardHostAsker *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->is_answered = TRUE;
}
