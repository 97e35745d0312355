/* What every step needs of its context. */
#include "core/steps/step.h"

const StewardFence *
steward_step_get_fence (const StewardStepContext *context)
{
  return steward_lock_get_fence (context->lock);
}

gboolean
steward_step_record (StewardStepContext *context,
                     const StewardStep *step,
                     JsonObject *data,
                     GError **error)
{
  g_autoptr (JsonObject) owned = data;
  StewardRecord record = { .kind = STEWARD_RECORD_NOTE, .step = step->id, .data = owned };

  return steward_journal_append (context->journal, &record, steward_step_get_fence (context), NULL,
                                 error);
}

JsonObject *
steward_step_get_facts (const StewardStepContext *context, const StewardStep *step)
{
  return steward_journal_get_facts (context->journal, step->id);
}

static gint64
get_end (const StewardStepContext *context, const StewardStep *step, StewardDirection direction)
{
  const GPtrArray *steps = context->journal->steps;

  for (guint i = 0; i < steps->len; i++)
    {
      const StewardJournalStep *known = steps->pdata[i];
      if (known->direction == direction && g_str_equal (known->step, step->id))
        return known->failed ? 0 : known->ended_s;
    }
  return 0;
}

gboolean
steward_step_is_recorded (const StewardStepContext *context, const StewardStep *step)
{
  return get_end (context, step, STEWARD_DIRECTION_FORWARD) != 0
         && get_end (context, step, STEWARD_DIRECTION_BACK) == 0;
}

StewardConnection *
steward_step_look (StewardStepContext *context, GError **error)
{
  return steward_deployment_connect (context->deployment, NULL, NULL, context->cancellable, error);
}

StewardConnection *
steward_step_connect (StewardStepContext *context, const char *database, GError **error)
{
  return steward_deployment_connect (context->deployment, database, context->lock,
                                     context->cancellable, error);
}

char *
steward_step_dup_job_name (const StewardStepContext *context, const char *role)
{
  return g_strdup_printf ("steward-%s-%s", context->plan->id, role);
}
