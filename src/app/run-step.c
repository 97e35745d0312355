/* State and times of one step. See the header. */
#include "app/run-step.h"

#include <glib/gi18n-lib.h>

struct _StewardRunStep
{
  GObject parent_instance;

  const StewardStep *step; /* a constant */
  StewardRunStepState state;
  StewardRunStepState state_before; /* it was walked back, as the time it took */
  gint64 elapsed_ms_before;
  gboolean was_done;
  gint64 begun_us; /* 0 unless it runs or goes back */
  gint64 elapsed_ms;
  char *command; /* owned, nullable */
  char *failure; /* owned, nullable */
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_STATE,
  PROP_ELAPSED_MS,
  PROP_COMMAND,
  PROP_FAILURE,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

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
  if (self->begun_us != 0)
    return (g_get_monotonic_time () - self->begun_us) / 1000;
  return self->elapsed_ms;
}

gboolean
steward_run_step_is_timed (StewardRunStep *self)
{
  return self->state != STEWARD_RUN_STEP_PENDING && self->state != STEWARD_RUN_STEP_SKIPPED
         && self->state != STEWARD_RUN_STEP_NOT_BEGUN;
}

const char *
steward_run_step_get_command (StewardRunStep *self)
{
  return self->command;
}

const char *
steward_run_step_get_failure (StewardRunStep *self)
{
  return self->failure;
}

gboolean
steward_run_step_was_done (StewardRunStep *self)
{
  return self->was_done;
}

gboolean
steward_run_step_commits (StewardRunStep *self)
{
  return (self->step->flags & STEWARD_STEP_COMMITS) != 0;
}

gboolean
steward_run_step_is_cancellable (StewardRunStep *self)
{
  return (self->step->flags & STEWARD_STEP_CANCELLABLE) != 0;
}

static void
set_state (StewardRunStep *self, StewardRunStepState state, gint64 elapsed_ms)
{
  gboolean is_begun = state == STEWARD_RUN_STEP_RUNNING || state == STEWARD_RUN_STEP_GOING_BACK;

  self->state = state;
  self->elapsed_ms = elapsed_ms;
  self->begun_us = is_begun ? g_get_monotonic_time () : 0;
  self->was_done |= state == STEWARD_RUN_STEP_DONE || state == STEWARD_RUN_STEP_SKIPPED;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ELAPSED_MS]);
}

static void
set_failure (StewardRunStep *self, const char *failure)
{
  g_free (self->failure);
  self->failure = g_strdup (failure);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_FAILURE]);
}

StewardRunStep *
steward_run_step_new (const StewardStep *step)
{
  StewardRunStep *self = g_object_new (STEWARD_TYPE_RUN_STEP, NULL);

  self->step = step;
  return self;
}

void
steward_run_step_enter (StewardRunStep *self, StewardRunStepState state)
{
  self->state_before = self->state;
  self->elapsed_ms_before = self->elapsed_ms;
  if (state == STEWARD_RUN_STEP_RUNNING && self->failure != NULL)
    set_failure (self, NULL);
  set_state (self, state, 0);
}

void
steward_run_step_leave (StewardRunStep *self,
                        StewardRunStepState state,
                        gint64 elapsed_ms,
                        const char *failure)
{
  if (failure != NULL)
    set_failure (self, failure);
  set_state (self, state, elapsed_ms);
}

void
steward_run_step_stay (StewardRunStep *self)
{
  set_state (self, self->state_before, self->elapsed_ms_before);
}

void
steward_run_step_set_command (StewardRunStep *self, const char *command)
{
  g_free (self->command);
  self->command = g_strdup (command);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_COMMAND]);
}

static void
steward_run_step_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StewardRunStep *self = STEWARD_RUN_STEP (object);

  switch (id)
    {
    case PROP_TITLE:
      g_value_set_string (value, steward_run_step_get_title (self));
      break;
    case PROP_STATE:
      g_value_set_int (value, self->state);
      break;
    case PROP_ELAPSED_MS:
      g_value_set_int64 (value, steward_run_step_get_elapsed_ms (self));
      break;
    case PROP_COMMAND:
      g_value_set_string (value, self->command);
      break;
    case PROP_FAILURE:
      g_value_set_string (value, self->failure);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
steward_run_step_finalize (GObject *object)
{
  StewardRunStep *self = STEWARD_RUN_STEP (object);

  g_free (self->command);
  g_free (self->failure);
  G_OBJECT_CLASS (steward_run_step_parent_class)->finalize (object);
}

static void
steward_run_step_class_init (StewardRunStepClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = steward_run_step_get_property;
  object_class->finalize = steward_run_step_finalize;
  props[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, 0, STEWARD_RUN_STEP_BACK, 0, flags);
  props[PROP_ELAPSED_MS] = g_param_spec_int64 ("elapsed-ms", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_COMMAND] = g_param_spec_string ("command", NULL, NULL, NULL, flags);
  props[PROP_FAILURE] = g_param_spec_string ("failure", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
steward_run_step_init (StewardRunStep *self)
{
}
