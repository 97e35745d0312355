/* Reads the parts side by side. */
#include "app/facts.h"

#include "core/base/parallel.h"

#define HISTORY_LIMIT 50

void
steward_facts_free (StewardFacts *facts)
{
  g_clear_pointer (&facts->status, steward_status_free);
  g_clear_pointer (&facts->backups, g_ptr_array_unref);
  g_clear_pointer (&facts->asides, g_ptr_array_unref);
  g_clear_pointer (&facts->orphans, g_ptr_array_unref);
  g_clear_pointer (&facts->journals, g_ptr_array_unref);
  g_clear_pointer (&facts->store, steward_store_free);
  g_clear_pointer (&facts->deployment, steward_deployment_unref);
  g_free (facts->backups_problem);
  g_free (facts->asides_problem);
  g_free (facts->journals_problem);
  g_clear_error (&facts->problem);
  g_free (facts);
}

/* What lies on the host beside what the status tells; the parts are read side by side. */
typedef struct
{
  StewardFacts *facts;
  GCancellable *cancellable;
} Reading;

static void
read_backups_cb (gpointer data)
{
  const Reading *reading = data;
  StewardFacts *facts = reading->facts;
  g_autoptr (GError) error = NULL;

  facts->backups = steward_backup_list (facts->store, reading->cancellable, &error);
  if (facts->backups == NULL)
    facts->backups_problem = g_strdup (error->message);
}

static void
read_asides_cb (gpointer data)
{
  const Reading *reading = data;
  StewardFacts *facts = reading->facts;
  g_autoptr (GError) error = NULL;

  facts->asides =
      steward_catalog_list_asides (facts->deployment, facts->store, reading->cancellable, &error);
  if (facts->asides == NULL)
    facts->asides_problem = g_strdup (error->message);
}

/* Where they cannot be looked for, there is nothing to say of them. */
static void
read_orphans_cb (gpointer data)
{
  const Reading *reading = data;
  StewardFacts *facts = reading->facts;

  facts->orphans =
      steward_catalog_list_orphans (facts->deployment, facts->store, reading->cancellable, NULL);
}

static void
read_journals_cb (gpointer data)
{
  const Reading *reading = data;
  StewardFacts *facts = reading->facts;
  g_autoptr (GError) error = NULL;

  facts->journals =
      steward_journal_list (facts->store, HISTORY_LIMIT, reading->cancellable, &error);
  if (facts->journals == NULL)
    facts->journals_problem = g_strdup (error->message);
}

static void
read_store (StewardFacts *facts, GCancellable *cancellable)
{
  static const StewardParallelFunc parts[] = { read_backups_cb, read_journals_cb, read_asides_cb,
                                               read_orphans_cb, NULL };
  Reading reading = { facts, cancellable };

  steward_parallel_run (parts, &reading);
}

/* Whether the engine can be worked with is only asked when something failed: its sentence then says
 * more. */
static void
explain (StewardEngine *engine, StewardFacts *facts, GCancellable *cancellable)
{
  g_auto (StewardEngineVersions) versions = { 0 };
  g_autoptr (GError) error = NULL;

  if (steward_engine_check (engine, &versions, cancellable, &error))
    return;
  g_clear_error (&facts->problem);
  facts->problem = g_steal_pointer (&error);
}

StewardFacts *
steward_facts_read (StewardEngine *engine,
                    const StewardComposeProject *project,
                    const char *service,
                    GCancellable *cancellable,
                    GError **error)
{
  g_autoptr (StewardFacts) facts = g_new0 (StewardFacts, 1);
  g_auto (StewardLook) look = { 0 };

  if (steward_look (engine, project, service, &look, cancellable, &facts->problem))
    {
      facts->deployment = g_steal_pointer (&look.deployment);
      facts->store = g_steal_pointer (&look.store);
      facts->status = g_steal_pointer (&look.status);
      read_store (facts, cancellable);
    }
  else
    explain (engine, facts, cancellable);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&facts);
}
