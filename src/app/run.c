/* Turns the events of one operation into properties and list items. See the header. */
#include "app/run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "app/run-work.h"

struct _StewardRun
{
  GObject parent_instance;

  StewardOperationKind kind;
  StewardChannel *channel;   /* owned */
  GCancellable *cancellable; /* owned */
  GListStore *steps;         /* owned */
  StewardRunStep *current;   /* borrowed from steps, nullable */
  StewardLog *log;           /* owned */
  GPtrArray *notes;          /* owned, of utf8 */
  char *question;            /* owned, nullable: the one that waits */
  char *version;             /* owned, nullable: what agrees to it */
  double fraction;
  gint64 begun_us;
  gint64 ended_us;   /* 0 until it is over */
  gint64 stopped_us; /* 0 while the server serves */
  gboolean is_over;
  gboolean is_going_back;
  gboolean is_committed;

  StewardResult result;
  StewardReport report;
  GError *error; /* owned, nullable */
};

enum
{
  PROP_0,
  PROP_FRACTION,
  PROP_IS_OVER,
  PROP_CAN_CANCEL,
  PROP_IS_CANCELLING,
  PROP_IS_STOPPED,
  PROP_IS_GOING_BACK,
  PROP_IS_COMMITTED,
  PROP_CURRENT_STEP,
  N_PROPS,
};

enum
{
  SIGNAL_QUESTION,
  SIGNAL_QUESTION_OVER,
  SIGNAL_NOTE,
  SIGNAL_OVER,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (StewardRun, steward_run, G_TYPE_OBJECT)

static StewardRunStep *
find_step (StewardRun *self, const char *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->steps));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (StewardRunStep) step = g_list_model_get_item (G_LIST_MODEL (self->steps), i);
      if (g_strcmp0 (steward_run_step_get_id (step), id) == 0)
        return step; /* the list holds it */
    }
  return NULL;
}

static void
notify (StewardRun *self, int prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), props[prop]);
}

static void
set_going_back (StewardRun *self, gboolean is_going_back)
{
  if (self->is_going_back == is_going_back)
    return;
  self->is_going_back = is_going_back;
  notify (self, PROP_IS_GOING_BACK);
}

static void
set_committed (StewardRun *self, gboolean is_committed)
{
  if (self->is_committed == is_committed)
    return;
  self->is_committed = is_committed;
  notify (self, PROP_IS_COMMITTED);
}

static void
set_stopped (StewardRun *self, gboolean is_stopped)
{
  if ((self->stopped_us != 0) == is_stopped)
    return;
  self->stopped_us = is_stopped ? g_get_monotonic_time () : 0;
  notify (self, PROP_IS_STOPPED);
}

static gboolean
is_in_state (StewardRunStep *step, StewardRunStepState state)
{
  return step != NULL && steward_run_step_get_state (step) == state;
}

static void
log_step (StewardRun *self, const StewardEvent *event, StewardRunStepState state)
{
  g_autofree char *back = NULL;

  if (state == STEWARD_RUN_STEP_GOING_BACK)
    back = g_strdup_printf (_ ("Walking back: %s"), event->title);
  if (state != STEWARD_RUN_STEP_SKIPPED)
    steward_log_append (self->log, STEWARD_LOG_STEP, back != NULL ? back : event->title);
}

/* A walking back that fails says nothing of its own. If another step follows, it had no effect:
 * nobody agreed to the loss. */
static void
enter_step (StewardRun *self, const StewardEvent *event, StewardRunStepState state)
{
  if (is_in_state (self->current, STEWARD_RUN_STEP_GOING_BACK))
    steward_run_step_stay (self->current);
  self->current = find_step (self, event->step);
  set_going_back (self, state == STEWARD_RUN_STEP_GOING_BACK);
  if (self->current != NULL)
    steward_run_step_enter (self->current, state);
  if (self->current != NULL && state == STEWARD_RUN_STEP_SKIPPED
      && steward_run_step_commits (self->current))
    set_committed (self, TRUE);
  log_step (self, event, state);
  notify (self, PROP_CURRENT_STEP);
  notify (self, PROP_CAN_CANCEL);
}

/* Walking back takes away what is left of an unfinished backup, and never a complete one. */
static gboolean
is_kept (StewardRun *self, StewardRunStep *step)
{
  const char *id = steward_run_step_get_id (step);

  return (g_str_equal (id, "dump") || g_str_equal (id, "verify"))
         && steward_run_was_done (self, "verify");
}

static void
leave_step (StewardRun *self, const StewardEvent *event, StewardRunStepState state)
{
  if (self->current != NULL && state == STEWARD_RUN_STEP_BACK && is_kept (self, self->current))
    steward_run_step_stay (self->current);
  else if (self->current != NULL)
    steward_run_step_leave (self->current, state, event->elapsed_ms, event->text);
  if (self->current != NULL && steward_run_step_commits (self->current))
    set_committed (self, state == STEWARD_RUN_STEP_DONE);
  if (event->text != NULL)
    steward_log_append (self->log, STEWARD_LOG_FAILURE, event->text);
}

static void
take_note (StewardRun *self, const char *sentence)
{
  g_ptr_array_add (self->notes, g_strdup (sentence));
  steward_log_append (self->log, STEWARD_LOG_NOTE, sentence);
  g_signal_emit (self, signals[SIGNAL_NOTE], 0, sentence);
}

static void
show_event (StewardRun *self, const StewardEvent *event)
{
  switch (event->kind)
    {
    case STEWARD_EVENT_STEP_STARTED:
      enter_step (self, event, STEWARD_RUN_STEP_RUNNING);
      break;
    case STEWARD_EVENT_STEP_SKIPPED:
      enter_step (self, event, STEWARD_RUN_STEP_SKIPPED);
      break;
    case STEWARD_EVENT_UNDO_STARTED:
      enter_step (self, event, STEWARD_RUN_STEP_GOING_BACK);
      break;
    case STEWARD_EVENT_STEP_DONE:
      leave_step (self, event, STEWARD_RUN_STEP_DONE);
      break;
    case STEWARD_EVENT_STEP_FAILED:
      leave_step (self, event, STEWARD_RUN_STEP_FAILED);
      break;
    case STEWARD_EVENT_UNDO_DONE:
      leave_step (self, event, STEWARD_RUN_STEP_BACK);
      break;
    case STEWARD_EVENT_OUTPUT:
      steward_log_append (self->log, STEWARD_LOG_OUTPUT, event->text);
      break;
    case STEWARD_EVENT_COMMAND:
      steward_log_append (self->log, STEWARD_LOG_COMMAND, event->text);
      if (self->current != NULL)
        steward_run_step_set_command (self->current, event->text);
      break;
    case STEWARD_EVENT_SERVER_STOPS:
      steward_log_append (self->log, STEWARD_LOG_NOTE, _ ("Clients are turned away from now on."));
      set_stopped (self, TRUE);
      break;
    case STEWARD_EVENT_SERVER_ANSWERS:
      steward_log_append (self->log, STEWARD_LOG_NOTE, _ ("Clients are served again."));
      set_stopped (self, FALSE);
      break;
    case STEWARD_EVENT_NOTE:
      take_note (self, event->text);
      break;
    case STEWARD_EVENT_FRACTION:
      break;
    }
}

static void
close_question (StewardRun *self)
{
  if (self->question == NULL)
    return;
  g_clear_pointer (&self->question, g_free);
  g_clear_pointer (&self->version, g_free);
  g_signal_emit (self, signals[SIGNAL_QUESTION_OVER], 0);
}

/* The worker is silent while it waits for an answer: an event then means that it waits no
 * longer. */
static void
event_cb (const StewardEvent *event, gpointer data)
{
  StewardRun *self = data;

  close_question (self);
  show_event (self, event);
  if (event->overall > self->fraction)
    {
      self->fraction = event->overall;
      notify (self, PROP_FRACTION);
    }
}

static void
question_cb (StewardChannel *channel, const StewardQuestion *question, gpointer data)
{
  StewardRun *self = data;

  close_question (self);
  self->question = g_strdup (question->text);
  self->version = g_strdup (question->version);
  g_signal_emit (self, signals[SIGNAL_QUESTION], 0, question->text, question->version);
}

/* What the last step was doing when the operation ended without a word of it. */
static void
settle_current (StewardRun *self)
{
  gboolean is_running = is_in_state (self->current, STEWARD_RUN_STEP_RUNNING);
  gboolean is_going_back = is_in_state (self->current, STEWARD_RUN_STEP_GOING_BACK);

  if (is_going_back && g_error_matches (self->error, STEWARD_ERROR, STEWARD_ERROR_LOSS))
    steward_run_step_stay (self->current);
  else if (is_running || is_going_back)
    steward_run_step_leave (self->current,
                            self->result == STEWARD_RESULT_DONE ? STEWARD_RUN_STEP_DONE
                                                                : STEWARD_RUN_STEP_FAILED,
                            steward_run_step_get_elapsed_ms (self->current), NULL);
}

/* An operation that stands unfinished may come to them yet. */
static void
settle_pending (StewardRun *self)
{
  GListModel *steps = G_LIST_MODEL (self->steps);

  for (guint i = 0; i < g_list_model_get_n_items (steps); i++)
    {
      g_autoptr (StewardRunStep) step = g_list_model_get_item (steps, i);
      if (is_in_state (step, STEWARD_RUN_STEP_PENDING) && self->result != STEWARD_RESULT_INTERRUPTED
          && self->result != STEWARD_RESULT_HANDS)
        steward_run_step_leave (step, STEWARD_RUN_STEP_NOT_BEGUN, 0, NULL);
    }
}

static void
take_ending (StewardRun *self, StewardRunEnding *ending)
{
  self->result = ending->result;
  self->error = g_steal_pointer (&ending->error);
  self->report = ending->report;
  memset (&ending->report, 0, sizeof ending->report);
  steward_run_ending_free (ending);
  /* Where no operation was begun the report says nothing. */
  self->report.kind = self->kind;
}

static void
over_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardRun) self = data;

  take_ending (self, steward_run_work_finish (result));
  self->is_over = TRUE;
  self->ended_us = g_get_monotonic_time ();
  close_question (self);
  settle_current (self);
  settle_pending (self);
  set_going_back (self, FALSE);
  /* A server that did not answer before need not answer when all is as it was. */
  if (self->result == STEWARD_RESULT_DONE || self->result == STEWARD_RESULT_BACK)
    set_stopped (self, FALSE);
  if (self->result == STEWARD_RESULT_DONE)
    self->fraction = 1.0;
  notify (self, PROP_FRACTION);
  notify (self, PROP_IS_CANCELLING);
  notify (self, PROP_CAN_CANCEL);
  notify (self, PROP_IS_OVER);
  g_signal_emit (self, signals[SIGNAL_OVER], 0);
}

static void
add_steps (StewardRun *self)
{
  const StewardStep *const *steps = steward_runner_get_steps (self->kind);

  for (gsize i = 0; steps[i] != NULL; i++)
    {
      g_autoptr (StewardRunStep) step = steward_run_step_new (steps[i]);
      g_list_store_append (self->steps, step);
    }
}

StewardRun *
steward_run_new (StewardWorker *worker, const StewardRunWork *work)
{
  StewardRun *self = g_object_new (STEWARD_TYPE_RUN, NULL);

  self->kind = work->kind;
  self->begun_us = g_get_monotonic_time ();
  self->channel = steward_channel_new (event_cb, question_cb, self);
  add_steps (self);
  steward_run_work_begin (worker, work, self->channel, self->cancellable, over_cb,
                          g_object_ref (self));
  return self;
}

StewardOperationKind
steward_run_get_kind (StewardRun *self)
{
  return self->kind;
}

GListModel *
steward_run_get_steps (StewardRun *self)
{
  return G_LIST_MODEL (self->steps);
}

gboolean
steward_run_was_done (StewardRun *self, const char *id)
{
  StewardRunStep *step = find_step (self, id);

  return step != NULL && steward_run_step_was_done (step);
}

StewardLog *
steward_run_get_log (StewardRun *self)
{
  return self->log;
}

double
steward_run_get_fraction (StewardRun *self)
{
  return self->fraction;
}

gboolean
steward_run_is_over (StewardRun *self)
{
  return self->is_over;
}

gboolean
steward_run_is_cancelling (StewardRun *self)
{
  return !self->is_over && g_cancellable_is_cancelled (self->cancellable);
}

gboolean
steward_run_is_going_back (StewardRun *self)
{
  return self->is_going_back;
}

gboolean
steward_run_is_committed (StewardRun *self)
{
  return self->is_committed;
}

gboolean
steward_run_is_stopped (StewardRun *self)
{
  return self->stopped_us != 0;
}

StewardRunStep *
steward_run_get_current_step (StewardRun *self)
{
  return self->current;
}

gint64
steward_run_get_elapsed_ms (StewardRun *self)
{
  return ((self->is_over ? self->ended_us : g_get_monotonic_time ()) - self->begun_us) / 1000;
}

gint64
steward_run_get_stopped_ms (StewardRun *self)
{
  return self->stopped_us != 0 ? (g_get_monotonic_time () - self->stopped_us) / 1000 : 0;
}

/* Before the first step everything may be cancelled; while walking back and after the point of no
 * return, nothing. */
gboolean
steward_run_can_cancel (StewardRun *self)
{
  if (self->is_over || self->is_going_back || self->is_committed
      || g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  return self->current == NULL || steward_run_step_is_cancellable (self->current);
}

void
steward_run_cancel (StewardRun *self)
{
  g_cancellable_cancel (self->cancellable);
  close_question (self);
  notify (self, PROP_CAN_CANCEL);
  notify (self, PROP_IS_CANCELLING);
}

const char *
steward_run_get_question (StewardRun *self, const char **version)
{
  if (version != NULL)
    *version = self->version;
  return self->question;
}

void
steward_run_answer (StewardRun *self, const char *typed)
{
  steward_channel_answer (self->channel, typed);
  close_question (self);
}

StewardResult
steward_run_get_result (StewardRun *self)
{
  return self->result;
}

const StewardReport *
steward_run_get_report (StewardRun *self)
{
  return &self->report;
}

const GError *
steward_run_get_error (StewardRun *self)
{
  return self->error;
}

const GPtrArray *
steward_run_get_notes (StewardRun *self)
{
  return self->notes;
}

static void
steward_run_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StewardRun *self = STEWARD_RUN (object);

  if (id == PROP_FRACTION)
    g_value_set_double (value, self->fraction);
  else if (id == PROP_IS_OVER)
    g_value_set_boolean (value, self->is_over);
  else if (id == PROP_CAN_CANCEL)
    g_value_set_boolean (value, steward_run_can_cancel (self));
  else if (id == PROP_IS_CANCELLING)
    g_value_set_boolean (value, steward_run_is_cancelling (self));
  else if (id == PROP_IS_STOPPED)
    g_value_set_boolean (value, steward_run_is_stopped (self));
  else if (id == PROP_IS_GOING_BACK)
    g_value_set_boolean (value, self->is_going_back);
  else if (id == PROP_IS_COMMITTED)
    g_value_set_boolean (value, self->is_committed);
  else if (id == PROP_CURRENT_STEP)
    g_value_set_object (value, self->current);
}

static void
steward_run_finalize (GObject *object)
{
  StewardRun *self = STEWARD_RUN (object);

  if (self->channel != NULL)
    steward_channel_close (self->channel);
  g_clear_pointer (&self->channel, steward_channel_unref);
  g_object_unref (self->cancellable);
  g_object_unref (self->steps);
  g_object_unref (self->log);
  g_ptr_array_unref (self->notes);
  g_free (self->question);
  g_free (self->version);
  steward_report_clear (&self->report);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (steward_run_parent_class)->finalize (object);
}

static void
install_properties (GObjectClass *klass)
{
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  props[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0.0, 1.0, 0.0, flags);
  props[PROP_IS_OVER] = g_param_spec_boolean ("is-over", NULL, NULL, FALSE, flags);
  props[PROP_CAN_CANCEL] = g_param_spec_boolean ("can-cancel", NULL, NULL, TRUE, flags);
  props[PROP_IS_CANCELLING] = g_param_spec_boolean ("is-cancelling", NULL, NULL, FALSE, flags);
  props[PROP_IS_STOPPED] = g_param_spec_boolean ("is-stopped", NULL, NULL, FALSE, flags);
  props[PROP_IS_GOING_BACK] = g_param_spec_boolean ("is-going-back", NULL, NULL, FALSE, flags);
  props[PROP_IS_COMMITTED] = g_param_spec_boolean ("is-committed", NULL, NULL, FALSE, flags);
  props[PROP_CURRENT_STEP] =
      g_param_spec_object ("current-step", NULL, NULL, STEWARD_TYPE_RUN_STEP, flags);
  g_object_class_install_properties (klass, N_PROPS, props);
}

static void
steward_run_class_init (StewardRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->get_property = steward_run_get_property;
  object_class->finalize = steward_run_finalize;
  install_properties (object_class);
  signals[SIGNAL_QUESTION] = g_signal_new ("question", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_QUESTION_OVER] =
      g_signal_new ("question-over", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NOTE] = g_signal_new ("note", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                       G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_OVER] =
      g_signal_new ("over", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
steward_run_init (StewardRun *self)
{
  self->cancellable = g_cancellable_new ();
  self->steps = g_list_store_new (STEWARD_TYPE_RUN_STEP);
  self->log = steward_log_new ();
  self->notes = g_ptr_array_new_with_free_func (g_free);
}
