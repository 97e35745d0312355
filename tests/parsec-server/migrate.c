/* Applies migrations on a thread of its own while the main one turns the spinner.
 * See migrate.h; the looks of the output are report.c's. */
#include "migrate.h"

#include <signal.h>

#include "database.h"
#include "report.h"

#define FRAME_MS 80

typedef struct
{
  const ParsecRelease *release;
  const ParsecOptions *options;
  GMutex lock;
  GCond changed;
  gboolean done;    /* guarded by lock */
  PGcancel *cancel; /* owned, nullable, guarded by lock */
  GPtrArray *lines; /* owned by the worker until done */
  char *problem;    /* owned by the worker until done; nullable */
} Job;

static volatile sig_atomic_t interrupted;

static void
note_interrupt (int signal_number)
{
  interrupted = signal_number;
}

/* What PostgreSQL refuses to do in a transaction says so in its first line. */
#define OUTSIDE "-- Outside a transaction"

/* One transaction: the file and its row in `migration`. */
static gboolean
apply_migration (PGconn *connection, const ParsecMigration *migration, char **problem)
{
  g_autofree char *sql = NULL;
  g_autofree char *row =
      g_strdup_printf ("INSERT INTO migration (_id, name, applied) VALUES (%d, '%s', now ())",
                       migration->id, migration->name);
  g_autofree char *ignored = NULL;

  if (!g_file_get_contents (migration->path, &sql, NULL, NULL))
    {
      *problem = g_strdup ("cannot read the file");
      return FALSE;
    }
  if (g_str_has_prefix (sql, OUTSIDE))
    return parsec_database_execute (connection, sql, problem)
           && parsec_database_execute (connection, row, problem);
  if (parsec_database_execute (connection, "BEGIN", problem)
      && parsec_database_execute (connection, sql, problem)
      && parsec_database_execute (connection, row, problem)
      && parsec_database_execute (connection, "COMMIT", problem))
    return TRUE;

  parsec_database_execute (connection, "ROLLBACK", &ignored);
  return FALSE;
}

/* Returns whether the next migration may follow. */
static gboolean
take_migration (Job *job, PGconn *connection, const ParsecMigration *migration, int last_id)
{
  const char *file_name = migration->file_name;
  g_autofree char *problem = NULL;

  if (migration->id <= last_id)
    g_ptr_array_add (job->lines, parsec_report_format_applied (file_name));
  else if (job->options->dry_run || apply_migration (connection, migration, &problem))
    g_ptr_array_add (job->lines, parsec_report_format_done (file_name));
  else if (PQstatus (connection) == CONNECTION_BAD)
    {
      g_ptr_array_set_size (job->lines, 0);
      job->problem = g_steal_pointer (&problem);
      return FALSE;
    }
  else
    {
      g_ptr_array_add (job->lines, parsec_report_format_failed (file_name, problem));
      return FALSE;
    }
  return TRUE;
}

static void
set_cancel (Job *job, PGcancel *cancel)
{
  g_mutex_lock (&job->lock);
  g_clear_pointer (&job->cancel, PQfreeCancel);
  job->cancel = cancel;
  g_mutex_unlock (&job->lock);
}

static void
take_migrations (Job *job)
{
  g_autoptr (PGconn) connection = NULL;
  GPtrArray *migrations = job->release->migrations;
  int last_id;

  connection = parsec_database_connect (job->options->database_url, &job->problem);
  if (connection == NULL)
    return;
  if (!parsec_database_find_last_migration (connection, &last_id, &job->problem))
    return;

  set_cancel (job, PQgetCancel (connection));
  for (guint i = 0; i < migrations->len && !interrupted; i++)
    {
      if (!take_migration (job, connection, g_ptr_array_index (migrations, i), last_id))
        break;
    }
  set_cancel (job, NULL);
}

static gpointer
migrate_thread (gpointer data)
{
  Job *job = data;

  take_migrations (job);
  g_mutex_lock (&job->lock);
  job->done = TRUE;
  g_cond_signal (&job->changed);
  g_mutex_unlock (&job->lock);
  return NULL;
}

/* Turns the spinner until the worker is done; an interrupt cancels what the worker runs. */
static void
spin (Job *job)
{
  g_mutex_lock (&job->lock);
  for (guint frame = 0; !job->done; frame++)
    {
      gint64 deadline = g_get_monotonic_time () + FRAME_MS * G_TIME_SPAN_MILLISECOND;
      char message[256];

      parsec_report_print_frame (frame);
      while (!job->done && g_cond_wait_until (&job->changed, &job->lock, deadline))
        ;
      if (interrupted && job->cancel != NULL)
        PQcancel (job->cancel, message, sizeof message);
    }
  g_mutex_unlock (&job->lock);
}

static int
report (const Job *job)
{
  if (interrupted)
    {
      parsec_report_print_interrupted ();
      if (job->release->generation == PARSEC_GENERATION_HEAD)
        return 0;
      parsec_report_print_error ("internal error");
      return 1;
    }
  if (job->problem != NULL)
    {
      parsec_report_print_head (PARSEC_REPORT_FAILED);
      parsec_report_print_error (job->problem);
      return 1;
    }
  parsec_report_print_head (PARSEC_REPORT_DONE);
  parsec_report_print_lines (job->lines);
  return 0;
}

int
parsec_migrate (const ParsecRelease *release, const ParsecOptions *options)
{
  Job job = { .release = release, .options = options };
  struct sigaction action = { .sa_handler = note_interrupt };
  GThread *thread;
  int status;

  sigaction (SIGINT, &action, NULL);
  job.lines = g_ptr_array_new_with_free_func (g_free);
  thread = g_thread_new ("migrate", migrate_thread, &job);
  spin (&job);
  g_thread_join (thread);
  status = report (&job);
  g_ptr_array_unref (job.lines);
  g_free (job.problem);
  return status;
}
