/* See the header. */
#include "journal-host.h"

#include "core/host/process.h"

struct _JournalHost
{
  StewardHost parent_instance;
  JournalHostFunc func;
  gpointer data;
  gint n_writes; /* atomic */
};

G_DEFINE_FINAL_TYPE (JournalHost, journal_host, STEWARD_TYPE_HOST)

/* Writes are fenced and name the file. Returns: (nullable) */
static const char *
find_journal (const char *const *argv, const StewardCommand *command)
{
  for (gsize i = 0; command->fence != NULL && argv[i] != NULL; i++)
    if (g_str_has_suffix (argv[i], ".jsonl"))
      return argv[i];
  return NULL;
}

static gboolean
run (StewardHost *host,
     const char *const *argv,
     const StewardCommand *command,
     StewardOutcome *outcome,
     GCancellable *cancellable,
     GError **error)
{
  JournalHost *self = JOURNAL_HOST (host);
  StewardProcess process = { .argv = argv, .command = command };
  JournalHostWrite write = { .moment = JOURNAL_HOST_BEFORE, .path = find_journal (argv, command) };

  if (write.path == NULL)
    return steward_process_run (&process, outcome, cancellable, error);
  write.nth = (guint)g_atomic_int_add (&self->n_writes, 1) + 1;
  self->func (&write, self->data);
  gboolean is_done = steward_process_run (&process, outcome, cancellable, error);
  write.moment = JOURNAL_HOST_AFTER;
  if (is_done)
    self->func (&write, self->data);
  return is_done;
}

StewardHost *
journal_host_new (JournalHostFunc func, gpointer data)
{
  JournalHost *self = g_object_new (JOURNAL_TYPE_HOST, NULL);

  self->func = func;
  self->data = data;
  return STEWARD_HOST (self);
}

static void
journal_host_class_init (JournalHostClass *klass)
{
  STEWARD_HOST_CLASS (klass)->run = run;
}

static void
journal_host_init (JournalHost *self)
{
}
