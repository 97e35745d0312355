/* See the header. */
#include "mortal-host.h"

#include <signal.h>
#include <unistd.h>

#include "core/host/process.h"

struct _MortalHost
{
  StewardHost parent_instance;
  guint nth;
  MortalHostMoment moment;
  guint n_writes; /* atomic */
};

G_DEFINE_FINAL_TYPE (MortalHost, mortal_host, STEWARD_TYPE_HOST)

/* Writes are fenced and name the file. */
static gboolean
writes_journal (const char *const *argv, const StewardCommand *command)
{
  for (gsize i = 0; command->fence != NULL && argv[i] != NULL; i++)
    if (g_str_has_suffix (argv[i], ".jsonl"))
      return TRUE;
  return FALSE;
}

static gboolean
run (StewardHost *host,
     const char *const *argv,
     const StewardCommand *command,
     StewardOutcome *outcome,
     GCancellable *cancellable,
     GError **error)
{
  MortalHost *self = MORTAL_HOST (host);
  StewardProcess process = { .argv = argv, .command = command };
  gboolean is_last =
      writes_journal (argv, command) && g_atomic_int_add (&self->n_writes, 1) + 1 == (int)self->nth;

  if (is_last && self->moment == MORTAL_HOST_BEFORE)
    kill (getpid (), SIGKILL);
  gboolean is_done = steward_process_run (&process, outcome, cancellable, error);
  if (is_last)
    kill (getpid (), SIGKILL);
  return is_done;
}

static const char *
get_name (StewardHost *host)
{
  return "mortal";
}

static gboolean
forward (StewardHost *host,
         const char *address,
         guint16 port,
         char **near_address,
         guint16 *near_port,
         GCancellable *cancellable,
         GError **error)
{
  *near_address = g_strdup (address);
  *near_port = port;
  return TRUE;
}

StewardHost *
mortal_host_new (guint nth, MortalHostMoment moment)
{
  MortalHost *self = g_object_new (MORTAL_TYPE_HOST, NULL);

  self->nth = nth;
  self->moment = moment;
  return STEWARD_HOST (self);
}

static void
mortal_host_class_init (MortalHostClass *klass)
{
  StewardHostClass *host_class = STEWARD_HOST_CLASS (klass);

  host_class->run = run;
  host_class->get_name = get_name;
  host_class->forward = forward;
}

static void
mortal_host_init (MortalHost *self)
{
}
