/* The choice and the order of target versions. */
#include "core/registry/targets.h"

#include <string.h>

static gboolean
has_v (const char *tag)
{
  return *tag == 'v';
}

static gboolean
is_offered (const StewardVersion *version, const StewardVersion *running, StewardTargetFlags flags)
{
  if (!(flags & STEWARD_TARGET_PRERELEASES) && steward_version_is_prerelease (version))
    return FALSE;
  return (flags & STEWARD_TARGET_OLDER) || running == NULL
         || steward_version_compare (version, running) >= 0;
}

static int
compare_newest_first (gconstpointer a, gconstpointer b)
{
  const StewardVersion *version_a = *(StewardVersion *const *)a;
  const StewardVersion *version_b = *(StewardVersion *const *)b;
  int order = steward_version_compare (version_b, version_a);

  return order != 0
             ? order
             : strcmp (steward_version_get_tag (version_a), steward_version_get_tag (version_b));
}

/* Puts @version in, unless the same one stands there in the spelling that is wanted. */
static void
add_version (GHashTable *by_name, StewardVersion *version, gboolean wants_v)
{
  const char *name = steward_version_get_name (version);
  StewardVersion *other = g_hash_table_lookup (by_name, name);

  if (other != NULL && has_v (steward_version_get_tag (version)) != wants_v)
    steward_version_free (version);
  else
    g_hash_table_replace (by_name, (gpointer)name, version);
}

GPtrArray *
steward_registry_select_targets (const char *const *tags,
                                 const char *running_tag,
                                 StewardTargetFlags flags)
{
  g_autoptr (StewardVersion) running =
      running_tag != NULL ? steward_version_parse (running_tag) : NULL;
  g_autoptr (GHashTable) by_name =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)steward_version_free);
  gboolean wants_v = running != NULL && has_v (running_tag);

  for (gsize i = 0; tags[i] != NULL; i++)
    {
      g_autoptr (StewardVersion) version = steward_version_parse (tags[i]);
      if (version != NULL && is_offered (version, running, flags))
        add_version (by_name, g_steal_pointer (&version), wants_v);
    }

  GPtrArray *targets = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_version_free);
  GHashTableIter iter;
  gpointer version;
  g_hash_table_iter_init (&iter, by_name);
  while (g_hash_table_iter_next (&iter, NULL, &version))
    {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (targets, version);
    }
  g_ptr_array_sort (targets, compare_newest_first);
  return targets;
}
