/* What was left by something that was cut off, and what no operation needs any more: one-off
 * containers, known by their labels, and files that were being written beside those they were to
 * replace. Deleting them is cleaning.c's. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/deployment/job.h"
#include "core/engine/container.h"
#include "core/operations/orphans.h"

/* FOLDER of the compose file, FOLDER of the store, FOLDER of the backups: see the scripts that
 * write files whole, host/scripts.c and store/scripts.c, and the eight signs that mktemp adds. A
 * path that could upset the lines is none of ours. */
static const char files_script[] =
    "set -u\n"
    "tell () { for file; do [ ! -f \"$file\" ] || printf '%s\\n' \"$file\"; done; }\n"
    "tell \"$1\"/.steward-????????\n"
    "tell \"$2\"/.steward-???????? \"$2\"/lock.???????? \"$2\"/journal/.steward-????????\n"
    "tell \"$2\"/journal/*.partial\n"
    "tell \"$3\"/.steward-???????? \"$3\"/*.json.????????\n";

void
steward_orphan_free (StewardOrphan *orphan)
{
  g_free (orphan->name);
  g_free (orphan->operation);
  g_free (orphan);
}

static void
add (GPtrArray *orphans, StewardOrphanKind kind, const char *name, const char *operation)
{
  StewardOrphan *orphan = g_new0 (StewardOrphan, 1);

  *orphan = (StewardOrphan){ kind, g_strdup (name), g_strdup (operation) };
  g_ptr_array_add (orphans, orphan);
}

/* A look without the lock may be asking an image just now, in a container of no operation. */
static gboolean
is_needed (const StewardContainer *container, const char *unfinished)
{
  const char *operation = steward_container_get_label (container, STEWARD_LABEL_OPERATION);

  if (operation == NULL || *operation == '\0')
    return container->running;
  return g_strcmp0 (operation, unfinished) == 0;
}

static gboolean
find_containers (const StewardDeployment *deployment,
                 const char *unfinished,
                 GPtrArray *orphans,
                 GCancellable *cancellable,
                 GError **error)
{
  g_autofree char *filter =
      g_strconcat ("label=" STEWARD_LABEL_DEPLOYMENT "=", deployment->folder, NULL);
  const char *filters[] = { filter, NULL };
  g_autoptr (GPtrArray) containers =
      steward_engine_list_containers (deployment->engine, filters, cancellable, error);

  for (guint i = 0; containers != NULL && i < containers->len; i++)
    {
      const StewardContainer *container = containers->pdata[i];
      if (!is_needed (container, unfinished))
        add (orphans, STEWARD_ORPHAN_CONTAINER, container->name,
             steward_container_get_label (container, STEWARD_LABEL_OPERATION));
    }
  return containers != NULL;
}

static gboolean
find_files (const StewardDeployment *deployment,
            StewardStore *store,
            GPtrArray *orphans,
            GCancellable *cancellable,
            GError **error)
{
  g_autofree char *folder = g_path_get_dirname (deployment->project->files[0]);
  const char *argv[] = {
    "sh",
    "-c",
    files_script,
    "steward",
    folder,
    steward_store_get_folder (store),
    steward_store_get_backups_folder (store),
    NULL,
  };
  StewardCommand command = { .argv = argv };
  g_autofree char *output =
      steward_host_call (steward_store_get_host (store), &command, cancellable, error);
  if (output == NULL)
    return FALSE;
  g_auto (GStrv) paths = g_strsplit (output, "\n", -1);
  for (gsize i = 0; paths[i] != NULL; i++)
    if (g_path_is_absolute (paths[i]))
      add (orphans, STEWARD_ORPHAN_FILE, paths[i], NULL);
  return TRUE;
}

GPtrArray *
steward_orphans_find (StewardDeployment *deployment,
                      StewardStore *store,
                      GCancellable *cancellable,
                      GError **error)
{
  g_autoptr (GPtrArray) orphans =
      g_ptr_array_new_with_free_func ((GDestroyNotify)steward_orphan_free);
  g_autoptr (StewardJournal) unfinished = NULL;

  if (!steward_journal_find_unfinished (store, &unfinished, cancellable, error)
      || !find_containers (deployment, unfinished != NULL ? unfinished->id : NULL, orphans,
                           cancellable, error)
      || !find_files (deployment, store, orphans, cancellable, error))
    return NULL;
  return g_steal_pointer (&orphans);
}

GPtrArray *
steward_catalog_list_orphans (StewardDeployment *deployment,
                              StewardStore *store,
                              GCancellable *cancellable,
                              GError **error)
{
  g_auto (StewardLockState) lock = { 0 };

  if (!steward_lock_peek (store, &lock, cancellable, error))
    return NULL;
  if (lock.is_held && !lock.is_lapsed)
    return g_ptr_array_new_with_free_func ((GDestroyNotify)steward_orphan_free);
  return steward_orphans_find (deployment, store, cancellable, error);
}
