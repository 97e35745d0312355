/* One thread for each but the last. See the header. */
#include "core/base/parallel.h"

typedef struct
{
  StewardParallelFunc func;
  gpointer data;
} Call;

static gpointer
call_cb (gpointer data)
{
  const Call *call = data;

  call->func (call->data);
  return NULL;
}

void
steward_parallel_run (const StewardParallelFunc *funcs, gpointer data)
{
  g_autoptr (GArray) calls = g_array_new (FALSE, FALSE, sizeof (Call));
  g_autoptr (GPtrArray) threads = g_ptr_array_new ();

  for (gsize i = 0; funcs[i] != NULL; i++)
    {
      Call call = { funcs[i], data };
      g_array_append_val (calls, call);
    }
  for (guint i = 0; i + 1 < calls->len; i++)
    g_ptr_array_add (threads, g_thread_new ("parallel", call_cb, &g_array_index (calls, Call, i)));
  if (calls->len > 0)
    call_cb (&g_array_index (calls, Call, calls->len - 1));
  for (guint i = 0; i < threads->len; i++)
    g_thread_join (threads->pdata[i]);
}
