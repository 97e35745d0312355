/* See the header. */
#include "app/offers.h"

#include "core/base/version.h"

static StewardVersion *
parse (const char *tag)
{
  return tag != NULL ? steward_version_parse (tag) : NULL;
}

GStrv
steward_offers_list (const char *const *versions, const char *current, StewardOffersFlags flags)
{
  g_autoptr (GStrvBuilder) offers = g_strv_builder_new ();
  g_autoptr (StewardVersion) running = parse (current);

  for (gsize i = 0; versions != NULL && versions[i] != NULL; i++)
    {
      g_autoptr (StewardVersion) version = parse (versions[i]);
      if (version == NULL || (running != NULL && steward_version_compare (version, running) <= 0)
          || (!(flags & STEWARD_OFFERS_PRERELEASES) && steward_version_is_prerelease (version)))
        continue;
      g_strv_builder_add (offers, versions[i]);
    }
  return g_strv_builder_end (offers);
}

GStrv
steward_offers_list_notes (const char *const *offers, const char *target)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();
  g_autoptr (StewardVersion) last = parse (target);

  if (last != NULL)
    g_strv_builder_add (names, steward_version_get_name (last));
  for (gsize i = 0; last != NULL && offers[i] != NULL; i++)
    {
      g_autoptr (StewardVersion) version = parse (offers[i]);
      if (version != NULL && steward_version_compare (version, last) < 0)
        g_strv_builder_add (names, steward_version_get_name (version));
    }
  return g_strv_builder_end (names);
}

gboolean
steward_offers_are_all (const char *const *versions, const char *current)
{
  g_autoptr (StewardVersion) running = parse (current);

  for (gsize i = 0; versions != NULL && versions[i] != NULL; i++)
    {
      g_autoptr (StewardVersion) version = parse (versions[i]);
      if (version != NULL
          && (steward_version_is_prerelease (version)
              || (running != NULL && steward_version_compare (version, running) < 0)))
        return TRUE;
    }
  return FALSE;
}
