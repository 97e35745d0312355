/* Lists of strings, written whole. See the header. */
#include "app/places.h"

#include <string.h>

GStrv
steward_places_dup_files (const StewardPlaces *places, const char *list)
{
  g_auto (GStrv) keys = g_settings_get_strv (places->settings, list);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gsize skip = strlen (places->prefix);

  for (gsize i = 0; keys[i] != NULL; i++)
    if (g_str_has_prefix (keys[i], places->prefix) && g_path_is_absolute (keys[i] + skip))
      g_strv_builder_add (builder, keys[i] + skip);
  return g_strv_builder_end (builder);
}

gboolean
steward_places_contains (const StewardPlaces *places, const char *list, const char *file)
{
  g_auto (GStrv) files = steward_places_dup_files (places, list);

  return g_strv_contains ((const char *const *)files, file);
}

typedef gboolean (*KeepFunc) (const char *key, const char *text);

static gboolean
differs (const char *key, const char *text)
{
  return !g_str_equal (key, text);
}

static gboolean
is_elsewhere (const char *key, const char *prefix)
{
  return !g_str_has_prefix (key, prefix);
}

/* Writes what is to be kept of a list, and then @added (nullable). */
static void
rewrite (const StewardPlaces *places,
         const char *list,
         KeepFunc keep,
         const char *text,
         const char *added)
{
  g_auto (GStrv) old = g_settings_get_strv (places->settings, list);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (gsize i = 0; old[i] != NULL; i++)
    if (keep (old[i], text))
      g_strv_builder_add (builder, old[i]);
  if (added != NULL)
    g_strv_builder_add (builder, added);
  g_auto (GStrv) keys = g_strv_builder_end (builder);
  g_settings_set_strv (places->settings, list, (const char *const *)keys);
}

void
steward_places_add (const StewardPlaces *places, const char *list, const char *file)
{
  g_autofree char *key = g_strconcat (places->prefix, file, NULL);

  rewrite (places, list, differs, key, key);
}

void
steward_places_remove (const StewardPlaces *places, const char *list, const char *file)
{
  g_autofree char *key = g_strconcat (places->prefix, file, NULL);

  rewrite (places, list, differs, key, NULL);
}

void
steward_places_forget (const StewardPlaces *places)
{
  g_return_if_fail (*places->prefix != '\0');
  rewrite (places, STEWARD_PLACES_ADDED, is_elsewhere, places->prefix, NULL);
  rewrite (places, STEWARD_PLACES_HIDDEN, is_elsewhere, places->prefix, NULL);
}
