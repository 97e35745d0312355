/* Each is a function for the worker, and what it is given. See the header. */
#include "app/tending.h"

/* What the worker is given. */
typedef struct
{
  char *id; /* owned; of an import that is opened: the file */
  StewardVerifyFlags flags;
  char *folder;            /* owned, nullable */
  StewardImport *import;   /* owned, nullable */
  StewardPruning *pruning; /* owned, nullable */
  GStrv asides;            /* owned, nullable */
  StewardTendingFunc func;
  GWeakRef object;
  int percent; /* what was told last */
} Task;

static Task *
task_new (const StewardTending *tending)
{
  Task *task = g_new0 (Task, 1);

  task->id = g_strdup (tending->id);
  task->flags = tending->flags;
  task->folder = g_strdup (tending->folder);
  task->func = tending->func;
  g_weak_ref_init (&task->object, tending->object);
  return task;
}

static void
task_free (gpointer data)
{
  Task *task = data;

  g_clear_pointer (&task->import, steward_import_free);
  g_clear_pointer (&task->pruning, steward_pruning_free);
  g_strfreev (task->asides);
  g_weak_ref_clear (&task->object);
  g_free (task->id);
  g_free (task->folder);
  g_free (task);
}

/* On its way from the worker to the main thread. */
typedef struct
{
  StewardTendingFunc func;
  gpointer object; /* owned */
  char *id;        /* owned */
  double fraction;
} Telling;

static void
telling_free (gpointer data)
{
  Telling *telling = data;

  g_object_unref (telling->object);
  g_free (telling->id);
  g_free (telling);
}

static gboolean
tell_cb (gpointer data)
{
  Telling *telling = data;

  telling->func (telling->object, telling->id, telling->fraction);
  return G_SOURCE_REMOVE;
}

/* On the worker's thread; a widget is let go on the main thread only, with what is told. */
static void
event_cb (const StewardEvent *event, gpointer data)
{
  Task *task = data;
  int percent = (int)(event->fraction * 100);

  if (event->kind != STEWARD_EVENT_FRACTION || task->func == NULL || percent == task->percent)
    return;
  gpointer object = g_weak_ref_get (&task->object);
  if (object == NULL)
    return;
  task->percent = percent;
  Telling *telling = g_new0 (Telling, 1);
  *telling = (Telling){ task->func, object, g_strdup (task->id), event->fraction };
  g_idle_add_full (G_PRIORITY_DEFAULT, tell_cb, telling, telling_free);
}

static StewardClient
client_of (Task *task)
{
  return (StewardClient){ .name = "steward " STEWARD_VERSION, .event = event_cb, .data = task };
}

static gpointer
verify_cb (StewardDeployment *deployment,
           StewardStore *store,
           gpointer data,
           GCancellable *cancellable,
           GError **error)
{
  Task *task = data;
  StewardClient client = client_of (task);

  return GINT_TO_POINTER (steward_catalog_verify (deployment, store, task->id, task->flags, &client,
                                                  cancellable, error));
}

static gpointer
delete_cb (StewardDeployment *deployment,
           StewardStore *store,
           gpointer data,
           GCancellable *cancellable,
           GError **error)
{
  Task *task = data;
  StewardClient client = client_of (task);

  return GINT_TO_POINTER (
      steward_catalog_delete (deployment, store, task->id, &client, cancellable, error));
}

static gpointer
export_cb (StewardDeployment *deployment,
           StewardStore *store,
           gpointer data,
           GCancellable *cancellable,
           GError **error)
{
  Task *task = data;
  StewardClient client = client_of (task);

  return GINT_TO_POINTER (
      steward_transfer_export (store, task->id, task->folder, &client, cancellable, error));
}

static gpointer
import_cb (StewardDeployment *deployment,
           StewardStore *store,
           gpointer data,
           GCancellable *cancellable,
           GError **error)
{
  Task *task = data;
  StewardClient client = client_of (task);

  return GINT_TO_POINTER (steward_import_run (store, task->import, &client, cancellable, error));
}

static gpointer
clean_up_cb (StewardDeployment *deployment,
             StewardStore *store,
             gpointer data,
             GCancellable *cancellable,
             GError **error)
{
  Task *task = data;
  StewardClient client = client_of (task);

  if (task->pruning->backups->len > 0
      && !steward_pruning_run (store, task->pruning, &client, cancellable, error))
    return GINT_TO_POINTER (FALSE);
  for (gsize i = 0; task->asides[i] != NULL; i++)
    if (!steward_catalog_delete (deployment, store, task->asides[i], &client, cancellable, error))
      return GINT_TO_POINTER (FALSE);
  return GINT_TO_POINTER (TRUE);
}

static gpointer
open_import_cb (StewardDeployment *deployment,
                StewardStore *store,
                gpointer data,
                GCancellable *cancellable,
                GError **error)
{
  Task *task = data;

  return steward_import_open (deployment, store, task->id, cancellable, error);
}

static void
work (StewardServer *server,
      StewardServerFunc func,
      Task *task,
      GCancellable *cancellable,
      GAsyncReadyCallback callback,
      gpointer data)
{
  StewardServerWork server_work = { .func = func, .data = task, .free_data = task_free };

  steward_server_work_async (server, &server_work, cancellable, callback, data);
  steward_server_look (server);
}

void
steward_tending_verify_async (StewardServer *server,
                              const StewardTending *tending,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  work (server, verify_cb, task_new (tending), cancellable, callback, data);
}

void
steward_tending_delete_async (StewardServer *server,
                              const StewardTending *tending,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  work (server, delete_cb, task_new (tending), cancellable, callback, data);
}

void
steward_tending_export_async (StewardServer *server,
                              const StewardTending *tending,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  work (server, export_cb, task_new (tending), cancellable, callback, data);
}

void
steward_tending_import_async (StewardServer *server,
                              const StewardTending *tending,
                              StewardImport *import,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data)
{
  Task *task = task_new (tending);

  task->import = import;
  work (server, import_cb, task, cancellable, callback, data);
}

void
steward_tending_clean_up_async (StewardServer *server,
                                StewardPruning *pruning,
                                GStrv asides,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  const StewardTending nothing = { 0 };
  Task *task = task_new (&nothing);

  task->pruning = pruning;
  task->asides = asides;
  work (server, clean_up_cb, task, NULL, callback, data);
}

gboolean
steward_tending_finish (GAsyncResult *result, GError **error)
{
  return GPOINTER_TO_INT (steward_server_work_finish (result, error));
}

void
steward_tending_open_import_async (StewardServer *server,
                                   const char *path,
                                   GAsyncReadyCallback callback,
                                   gpointer data)
{
  StewardTending tending = { .id = path };
  StewardServerWork server_work = { .func = open_import_cb,
                                    .data = task_new (&tending),
                                    .free_data = task_free,
                                    .free_result = (GDestroyNotify)steward_import_free };

  steward_server_work_async (server, &server_work, NULL, callback, data);
}

StewardImport *
steward_tending_open_import_finish (GAsyncResult *result, GError **error)
{
  return steward_server_work_finish (result, error);
}
