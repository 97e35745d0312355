/* Asks compose whether it would make the container anew, and finds out what for. */
#include "core/deployment/drift.h"

#include <glib/gi18n-lib.h>

#define LABEL_HASH "com.docker.compose.config-hash"

static void
compare_environment (const StewardComposeService *service,
                     const StewardContainer *container,
                     GPtrArray *drift)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, service->environment);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (value != NULL
        && g_strcmp0 (steward_container_get_environment (container, name), value) != 0)
      g_ptr_array_add (drift, g_strdup (name));
}

static void
compare_restart (const StewardComposeService *service,
                 const StewardContainer *container,
                 GPtrArray *drift)
{
  const char *wanted = service->restart != NULL ? service->restart : "no";

  if (!g_str_equal (wanted, container->restart_policy))
    g_ptr_array_add (drift,
                     g_strdup_printf ("restart: %s → %s", container->restart_policy, wanted));
}

static GPtrArray *
name_differences (const StewardComposeService *service, const StewardContainer *container)
{
  GPtrArray *drift = g_ptr_array_new_with_free_func (g_free);

  compare_environment (service, container, drift);
  compare_restart (service, container, drift);
  if (g_strcmp0 (service->image, container->image) != 0)
    g_ptr_array_add (drift, g_strdup_printf ("image: %s → %s", container->image, service->image));
  return drift;
}

GPtrArray *
steward_deployment_compare (const StewardDeployment *self,
                            const StewardContainer *container,
                            GCancellable *cancellable,
                            GError **error)
{
  const StewardComposeService *service =
      steward_compose_model_get_service (self->model, self->service);
  gboolean is_current = FALSE;
  const char *hash = steward_container_get_label (container, LABEL_HASH);
  g_autoptr (GPtrArray) drift = name_differences (service, container);
  if (!steward_compose_project_is_current (self->project, self->engine, self->model_json,
                                           self->service, hash != NULL ? hash : "", &is_current,
                                           cancellable, error))
    return NULL;
  if (!is_current && drift->len == 0)
    g_ptr_array_add (drift, g_strdup (_ ("other settings")));
  return g_steal_pointer (&drift);
}

GPtrArray *
steward_deployment_list_drift (const StewardDeployment *self,
                               GCancellable *cancellable,
                               GError **error)
{
  g_autoptr (StewardContainer) container =
      steward_deployment_find_server (self, cancellable, error);

  return container != NULL ? steward_deployment_compare (self, container, cancellable, error)
                           : NULL;
}
