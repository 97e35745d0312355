/* A thread that takes tasks from a queue until the queue is told to end. */
#include "core/operations/worker.h"

struct _StewardWorker
{
  GAsyncQueue *tasks; /* owned; also by the thread */
};

typedef struct
{
  StewardWorkFunc func; /* NULL ends the thread */
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
} Work;

static void
work_free (Work *work)
{
  if (work->free_data != NULL)
    work->free_data (work->data);
  g_free (work);
}

static void
work_run (GTask *task)
{
  Work *work = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  gpointer result = work->func (work->data, g_task_get_cancellable (task), &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, result, work->free_result);
}

static gpointer
thread_main (gpointer data)
{
  g_autoptr (GAsyncQueue) tasks = data;

  for (;;)
    {
      g_autoptr (GTask) task = g_async_queue_pop (tasks);
      Work *work = g_task_get_task_data (task);
      if (work->func == NULL)
        return NULL;
      work_run (task);
    }
}

StewardWorker *
steward_worker_new (const char *name)
{
  StewardWorker *worker = g_new0 (StewardWorker, 1);

  worker->tasks = g_async_queue_new_full (g_object_unref);
  g_thread_unref (g_thread_new (name, thread_main, g_async_queue_ref (worker->tasks)));
  return worker;
}

static GTask *
task_new (Work *work, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_priority (task, STEWARD_WORKER_PRIORITY);
  g_task_set_task_data (task, work, (GDestroyNotify)work_free);
  return task;
}

void
steward_worker_free (StewardWorker *worker)
{
  g_async_queue_push (worker->tasks, task_new (g_new0 (Work, 1), NULL, NULL, NULL));
  g_async_queue_unref (worker->tasks);
  g_free (worker);
}

void
steward_worker_run_async (StewardWorker *worker,
                          StewardWorkFunc func,
                          gpointer data,
                          GDestroyNotify free_data,
                          GDestroyNotify free_result,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  Work *work = g_new0 (Work, 1);

  *work = (Work){ func, data, free_data, free_result };
  g_async_queue_push (worker->tasks, task_new (work, cancellable, callback, user_data));
}

gpointer
steward_worker_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
