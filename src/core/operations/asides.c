/* The databases that Steward left in the cluster: known by the mark in their comment or by their
 * name, and told apart by the journals of the operations that made them. Deleting them is
 * cleaning.c's. */
#include <stdio.h>
#include <string.h>

#include "core/operations/catalog.h"

void
steward_aside_free (StewardAside *aside)
{
  g_free (aside->name);
  g_free (aside->role);
  g_free (aside->operation);
  g_free (aside->tag);
  g_free (aside);
}

/* The mark goes on with role and operation, see steward_databases_dup_comment(). Anybody may have
 * written it. */
static void
read_mark (const StewardDatabase *database, char **role, char **operation)
{
  g_auto (GStrv) words = g_strsplit (database->comment + strlen (STEWARD_DATABASE_MARK), " ", 3);

  if (words[0] == NULL || words[1] == NULL || !steward_store_id_is_valid (words[1]))
    return;
  *role = g_strdup (words[0]);
  *operation = g_strdup (words[1]);
}

StewardAside *
steward_aside_new (const StewardDatabase *database)
{
  g_autofree char *operation = steward_plan_dup_operation_of (database->name);
  g_autofree char *role = operation != NULL ? g_strdup (strrchr (database->name, '_') + 1) : NULL;
  const char *const roles[] = { "aside", "copy", "failed", NULL };

  if (operation == NULL && !steward_database_is_marked (database))
    return NULL;
  if (operation == NULL)
    read_mark (database, &role, &operation);

  StewardAside *aside = g_new0 (StewardAside, 1);
  aside->name = g_strdup (database->name);
  aside->role = g_strdup (role != NULL && g_strv_contains (roles, role) ? role : roles[0]);
  aside->operation = g_steal_pointer (&operation);
  aside->size_bytes = database->size_bytes;
  return aside;
}

/* What was live before belongs to the version that the operation came from, what it made to the one
 * it went to. */
static void
read_journal (StewardAside *aside, StewardStore *store, GCancellable *cancellable)
{
  g_autoptr (StewardJournal) journal =
      aside->operation != NULL ? steward_journal_load (store, aside->operation, cancellable, NULL)
                               : NULL;
  g_autoptr (StewardPlan) plan = journal != NULL && journal->plan != NULL
                                     ? steward_plan_from_json (journal->plan, NULL)
                                     : NULL;

  if (journal != NULL)
    aside->made_s = journal->began_s;
  if (plan != NULL)
    aside->tag = g_strdup (g_str_equal (aside->role, "aside") ? plan->from_tag : plan->to_tag);
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  const StewardAside *const *first = a, *const *second = b;

  if ((*first)->made_s != (*second)->made_s)
    return (*first)->made_s < (*second)->made_s ? 1 : -1;
  return strcmp ((*first)->name, (*second)->name);
}

GPtrArray *
steward_catalog_list_asides (StewardDeployment *deployment,
                             StewardStore *store,
                             GCancellable *cancellable,
                             GError **error)
{
  g_autoptr (StewardConnection) connection =
      steward_deployment_connect (deployment, NULL, NULL, cancellable, error);
  g_autoptr (GPtrArray) databases =
      connection != NULL ? steward_cluster_list_databases (connection, cancellable, error) : NULL;

  if (databases == NULL)
    return NULL;
  GPtrArray *asides = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_aside_free);
  for (guint i = 0; i < databases->len; i++)
    {
      const StewardDatabase *database = databases->pdata[i];
      StewardAside *aside = g_str_equal (database->name, deployment->database->database)
                                ? NULL
                                : steward_aside_new (database);
      if (aside == NULL)
        continue;
      read_journal (aside, store, cancellable);
      g_ptr_array_add (asides, aside);
    }
  g_ptr_array_sort (asides, compare_newest_first);
  return asides;
}
