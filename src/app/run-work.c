/* A function, the channel it tells through, and what it returns. See the header. */
#include "app/run-work.h"

typedef struct
{
  StewardRunWork work;
  StewardChannel *channel; /* owned */
} Task;

static void
task_free (Task *task)
{
  if (task->work.free_data != NULL)
    task->work.free_data (task->work.data);
  steward_channel_unref (task->channel);
  g_free (task);
}

void
steward_run_ending_free (StewardRunEnding *ending)
{
  steward_report_clear (&ending->report);
  g_clear_error (&ending->error);
  g_free (ending);
}

static gpointer
work_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  Task *task = data;
  StewardRunEnding *ending = g_new0 (StewardRunEnding, 1);
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

void
steward_run_work_begin (StewardWorker *worker,
                        const StewardRunWork *work,
                        StewardChannel *channel,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  Task *task = g_new0 (Task, 1);

  *task = (Task){ *work, steward_channel_ref (channel) };
  steward_worker_run_async (worker, work_cb, task, (GDestroyNotify)task_free,
                            (GDestroyNotify)steward_run_ending_free, cancellable, callback, data);
}

StewardRunEnding *
steward_run_work_finish (GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  StewardRunEnding *ending = steward_worker_run_finish (result, &error);

  if (ending != NULL)
    return ending;
  ending = g_new0 (StewardRunEnding, 1);
  ending->result = STEWARD_RESULT_REFUSED;
  ending->error = g_steal_pointer (&error);
  return ending;
}
