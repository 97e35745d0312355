/* A queue that is emptied by one idle source at a time, in slices, and a condition for the one open
 * question. */
#include "core/operations/channel.h"

#include "core/operations/worker.h"

#define SLICE_US 4000

struct _StewardChannel
{
  gatomicrefcount refs;
  GMainContext *context; /* owned */
  StewardShowFunc show;
  StewardQuestionFunc ask;
  gpointer data;

  GMutex mutex;
  GCond answered;
  GQueue events;      /* of StewardEvent, owned; guarded by mutex */
  gboolean is_waking; /* a source is under way; guarded by mutex */
  gboolean is_closed; /* guarded by mutex */
  gboolean is_open;   /* a question waits; guarded by mutex */
  gboolean is_agreed; /* guarded by mutex */
  char *text;         /* the open question's; owned, nullable; guarded by mutex */
  char *version;      /* likewise */
};

static void
event_free (StewardEvent *event)
{
  g_free ((char *)event->step);
  g_free ((char *)event->title);
  g_free ((char *)event->text);
  g_free (event);
}

StewardChannel *
steward_channel_new (StewardShowFunc show, StewardQuestionFunc question, gpointer data)
{
  StewardChannel *channel = g_new0 (StewardChannel, 1);

  g_atomic_ref_count_init (&channel->refs);
  channel->context = g_main_context_ref_thread_default ();
  channel->show = show;
  channel->ask = question;
  channel->data = data;
  g_mutex_init (&channel->mutex);
  g_cond_init (&channel->answered);
  g_queue_init (&channel->events);
  return channel;
}

StewardChannel *
steward_channel_ref (StewardChannel *channel)
{
  g_atomic_ref_count_inc (&channel->refs);
  return channel;
}

void
steward_channel_unref (StewardChannel *channel)
{
  if (!g_atomic_ref_count_dec (&channel->refs))
    return;
  g_queue_clear_full (&channel->events, (GDestroyNotify)event_free);
  g_main_context_unref (channel->context);
  g_mutex_clear (&channel->mutex);
  g_cond_clear (&channel->answered);
  g_free (channel->text);
  g_free (channel->version);
  g_free (channel);
}

static StewardEvent *
pop_event (StewardChannel *channel)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&channel->mutex);
  StewardEvent *event = channel->is_closed ? NULL : g_queue_pop_head (&channel->events);

  if (event == NULL)
    channel->is_waking = FALSE;
  return event;
}

/* However many there are, a window draws in between. */
static gboolean
show_cb (gpointer data)
{
  StewardChannel *channel = data;
  gint64 end_us = g_get_monotonic_time () + SLICE_US;

  for (StewardEvent *event; (event = pop_event (channel)) != NULL; event_free (event))
    {
      channel->show (event, channel->data);
      if (g_get_monotonic_time () >= end_us)
        {
          event_free (event);
          return G_SOURCE_CONTINUE;
        }
    }
  return G_SOURCE_REMOVE;
}

static void
wake (StewardChannel *channel, GSourceFunc func, int priority)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, steward_channel_ref (channel),
                         (GDestroyNotify)steward_channel_unref);
  g_source_attach (source, channel->context);
}

void
steward_channel_event_cb (const StewardEvent *event, gpointer data)
{
  StewardChannel *channel = data;
  StewardEvent *copy = g_memdup2 (event, sizeof *event);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&channel->mutex);

  copy->step = g_strdup (event->step);
  copy->title = g_strdup (event->title);
  copy->text = g_strdup (event->text);
  g_queue_push_tail (&channel->events, copy);
  if (channel->is_waking)
    return;
  channel->is_waking = TRUE;
  wake (channel, show_cb, STEWARD_CHANNEL_PRIORITY);
}

static gboolean
question_cb (gpointer data)
{
  StewardChannel *channel = data;
  g_autofree char *text = NULL;
  g_autofree char *version = NULL;

  g_mutex_lock (&channel->mutex);
  gboolean is_open = channel->is_open;
  text = g_strdup (channel->text);
  version = g_strdup (channel->version);
  g_mutex_unlock (&channel->mutex);

  StewardQuestion question = { text, version };
  if (is_open)
    channel->ask (channel, &question, channel->data);
  return G_SOURCE_REMOVE;
}

static void
settle (StewardChannel *channel, gboolean is_agreed)
{
  channel->is_agreed = is_agreed;
  channel->is_open = FALSE;
  g_cond_signal (&channel->answered);
}

void
steward_channel_answer (StewardChannel *channel, const char *typed)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&channel->mutex);

  if (channel->is_open)
    settle (channel, typed != NULL && g_strcmp0 (typed, channel->version) == 0);
}

void
steward_channel_close (StewardChannel *channel)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&channel->mutex);

  channel->is_closed = TRUE;
  if (channel->is_open)
    settle (channel, FALSE);
}

static gboolean
wait_for_answer (StewardChannel *channel, const StewardQuestion *question)
{
  gint64 end_us = g_get_monotonic_time () + STEWARD_QUESTION_TIMEOUT_S * G_TIME_SPAN_SECOND;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&channel->mutex);

  if (channel->is_closed)
    return FALSE;
  g_free (channel->text);
  g_free (channel->version);
  channel->text = g_strdup (question->text);
  channel->version = g_strdup (question->version);
  channel->is_open = TRUE;
  channel->is_agreed = FALSE;
  wake (channel, question_cb, STEWARD_WORKER_PRIORITY);
  while (channel->is_open && g_cond_wait_until (&channel->answered, &channel->mutex, end_us))
    ;
  channel->is_open = FALSE;
  return channel->is_agreed;
}

static void
cancelled_cb (GCancellable *cancellable, gpointer channel)
{
  steward_channel_answer (channel, NULL);
}

gboolean
steward_channel_ask_cb (const StewardQuestion *question, GCancellable *cancellable, gpointer data)
{
  gulong handler = cancellable != NULL
                       ? g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), data, NULL)
                       : 0;
  gboolean is_agreed =
      !g_cancellable_is_cancelled (cancellable) && wait_for_answer (data, question);

  g_cancellable_disconnect (cancellable, handler);
  return is_agreed;
}
