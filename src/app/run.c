/* Turns the events of one operation into properties and list items. See the header. */
#include "app/run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/operations/channel.h"

struct _StewardRunStep
{
  GObject parent_instance;

  const StewardStep *step; /* a constant */
  StewardRunStepState state;
  gint64 elapsed_ms;
  char *command; /* owned, nullable */
};

enum
{
  STEP_PROP_0,
  STEP_PROP_TITLE,
  STEP_PROP_STATE,
  STEP_PROP_ELAPSED_MS,
  STEP_PROP_COMMAND,
  N_STEP_PROPS,
};

static GParamSpec *step_props[N_STEP_PROPS];

G_DEFINE_FINAL_TYPE (StewardRunStep, steward_run_step, G_TYPE_OBJECT)

const char *
steward_run_step_get_id (StewardRunStep *self)
{
  return self->step->id;
}

const char *
steward_run_step_get_title (StewardRunStep *self)
{
  return _ (self->step->title);
}

StewardRunStepState
steward_run_step_get_state (StewardRunStep *self)
{
  return self->state;
}

gint64
steward_run_step_get_elapsed_ms (StewardRunStep *self)
{
  return self->elapsed_ms;
}

const char *
steward_run_step_get_command (StewardRunStep *self)
{
  return self->command;
}

gboolean
steward_run_step_commits (StewardRunStep *self)
{
  return (self->step->flags & STEWARD_STEP_COMMITS) != 0;
}

static void
steward_run_step_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StewardRunStep *self = STEWARD_RUN_STEP (object);

  if (id == STEP_PROP_TITLE)
    g_value_set_string (value, steward_run_step_get_title (self));
  else if (id == STEP_PROP_STATE)
    g_value_set_int (value, self->state);
  else if (id == STEP_PROP_ELAPSED_MS)
    g_value_set_int64 (value, self->elapsed_ms);
  else if (id == STEP_PROP_COMMAND)
    g_value_set_string (value, self->command);
}

static void
steward_run_step_finalize (GObject *object)
{
  g_free (STEWARD_RUN_STEP (object)->command);
  G_OBJECT_CLASS (steward_run_step_parent_class)->finalize (object);
}

static void
steward_run_step_class_init (StewardRunStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = steward_run_step_get_property;
  object_class->finalize = steward_run_step_finalize;
  step_props[STEP_PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  step_props[STEP_PROP_STATE] =
      g_param_spec_int ("state", NULL, NULL, 0, STEWARD_RUN_STEP_BACK, 0, flags);
  step_props[STEP_PROP_ELAPSED_MS] =
      g_param_spec_int64 ("elapsed-ms", NULL, NULL, 0, G_MAXINT64, 0, flags);
  step_props[STEP_PROP_COMMAND] = g_param_spec_string ("command", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_STEP_PROPS, step_props);
}

static void
steward_run_step_init (StewardRunStep *self)
{
}

static void
set_state (StewardRunStep *self, StewardRunStepState state, gint64 elapsed_ms)
{
  self->state = state;
  self->elapsed_ms = elapsed_ms;
  g_object_notify_by_pspec (G_OBJECT (self), step_props[STEP_PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), step_props[STEP_PROP_ELAPSED_MS]);
}

static void
set_command (StewardRunStep *self, const char *command)
{
  g_free (self->command);
  self->command = g_strdup (command);
  g_object_notify_by_pspec (G_OBJECT (self), step_props[STEP_PROP_COMMAND]);
}

struct _StewardRun
{
  GObject parent_instance;

  StewardOperationKind kind;
  StewardChannel *channel;   /* owned */
  GCancellable *cancellable; /* owned */
  GListStore *steps;         /* owned */
  StewardRunStep *current;   /* borrowed, nullable */
  StewardLog *log;           /* owned */
  GPtrArray *notes;          /* owned, of utf8 */
  double fraction;
  gboolean is_over;
  gboolean is_stopped;
  gboolean is_going_back;

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
  PROP_IS_STOPPED,
  N_PROPS,
};

enum
{
  SIGNAL_QUESTION,
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
      if (g_strcmp0 (step->step->id, id) == 0)
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
enter_step (StewardRun *self, const StewardEvent *event, StewardRunStepState state)
{
  self->current = find_step (self, event->step);
  self->is_going_back = state == STEWARD_RUN_STEP_GOING_BACK;
  if (self->current != NULL)
    set_state (self->current, state, 0);
  if (state != STEWARD_RUN_STEP_SKIPPED)
    steward_log_append (self->log, STEWARD_LOG_STEP, event->title);
  notify (self, PROP_CAN_CANCEL);
}

static void
leave_step (StewardRun *self, const StewardEvent *event, StewardRunStepState state)
{
  if (self->current != NULL)
    set_state (self->current, state, event->elapsed_ms);
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
set_stopped (StewardRun *self, gboolean is_stopped)
{
  self->is_stopped = is_stopped;
  notify (self, PROP_IS_STOPPED);
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
        set_command (self->current, event->text);
      break;
    case STEWARD_EVENT_SERVER_STOPS:
      set_stopped (self, TRUE);
      break;
    case STEWARD_EVENT_SERVER_ANSWERS:
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
event_cb (const StewardEvent *event, gpointer data)
{
  StewardRun *self = data;

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
  g_signal_emit (data, signals[SIGNAL_QUESTION], 0, question->text, question->version);
}

/* What the worker works on; it knows nothing of the object, which may be gone before it ends. */
typedef struct
{
  StewardRunWork work;
  StewardChannel *channel; /* owned */
} Task;

typedef struct
{
  StewardResult result;
  StewardReport report;
  GError *error; /* owned, nullable */
} Ending;

static void
task_free (Task *task)
{
  task->work.free_data (task->work.data);
  steward_channel_unref (task->channel);
  g_free (task);
}

static void
ending_free (Ending *ending)
{
  steward_report_clear (&ending->report);
  g_clear_error (&ending->error);
  g_free (ending);
}

static gpointer
work_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Task *task = data;
  Ending *ending = g_new0 (Ending, 1);
  StewardClient client = {
    .name = "steward " STEWARD_VERSION,
    .event = steward_channel_event_cb,
    .ask = steward_channel_ask_cb,
    .data = task->channel,
  };

  ending->result =
      task->work.func (task->work.data, &client, &ending->report, cancellable, &ending->error);
  return ending;
}

/* Work that was cancelled before it began comes back as an error alone: nothing was touched. */
static void
over_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardRun) self = data;
  g_autoptr (GError) error = NULL;
  Ending *ending = steward_worker_run_finish (result, &error);

  self->result = ending != NULL ? ending->result : STEWARD_RESULT_REFUSED;
  self->error = ending != NULL ? g_steal_pointer (&ending->error) : g_steal_pointer (&error);
  if (ending != NULL)
    {
      self->report = ending->report;
      memset (&ending->report, 0, sizeof ending->report);
      ending_free (ending);
    }
  self->is_over = TRUE;
  if (self->result == STEWARD_RESULT_DONE)
    self->fraction = 1.0;
  notify (self, PROP_FRACTION);
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
      g_autoptr (StewardRunStep) step = g_object_new (STEWARD_TYPE_RUN_STEP, NULL);
      step->step = steps[i];
      g_list_store_append (self->steps, step);
    }
}

StewardRun *
steward_run_new (StewardWorker *worker, const StewardRunWork *work)
{
  StewardRun *self = g_object_new (STEWARD_TYPE_RUN, NULL);
  Task *task = g_new0 (Task, 1);

  self->kind = work->kind;
  self->channel = steward_channel_new (event_cb, question_cb, self);
  add_steps (self);
  *task = (Task){ *work, steward_channel_ref (self->channel) };
  steward_worker_run_async (worker, work_cb, task, (GDestroyNotify)task_free,
                            (GDestroyNotify)ending_free, self->cancellable, over_cb,
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

/* Before the first step everything may be cancelled; while walking back, nothing. */
gboolean
steward_run_can_cancel (StewardRun *self)
{
  if (self->is_over || self->is_going_back || g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  return self->current == NULL || (self->current->step->flags & STEWARD_STEP_CANCELLABLE) != 0;
}

void
steward_run_cancel (StewardRun *self)
{
  g_cancellable_cancel (self->cancellable);
  notify (self, PROP_CAN_CANCEL);
}

void
steward_run_answer (StewardRun *self, const char *typed)
{
  steward_channel_answer (self->channel, typed);
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
  else if (id == PROP_IS_STOPPED)
    g_value_set_boolean (value, self->is_stopped);
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
  steward_report_clear (&self->report);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (steward_run_parent_class)->finalize (object);
}

static void
steward_run_class_init (StewardRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->get_property = steward_run_get_property;
  object_class->finalize = steward_run_finalize;
  props[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0.0, 1.0, 0.0, flags);
  props[PROP_IS_OVER] = g_param_spec_boolean ("is-over", NULL, NULL, FALSE, flags);
  props[PROP_CAN_CANCEL] = g_param_spec_boolean ("can-cancel", NULL, NULL, TRUE, flags);
  props[PROP_IS_STOPPED] = g_param_spec_boolean ("is-stopped", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);

  signals[SIGNAL_QUESTION] = g_signal_new ("question", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                           G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
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
