/* Which of the registry's versions are offered as targets. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** StewardOffersFlags: @STEWARD_OFFERS_PRERELEASES: those too */
typedef enum
{
  STEWARD_OFFERS_RELEASES = 0,
  STEWARD_OFFERS_PRERELEASES = 1 << 0,
} StewardOffersFlags;

/** steward_offers_list: @versions: (nullable): tags, newest first; @current: (nullable): the tag
 * that runs; where it is no version, each one is as good. Returns: (transfer full): newer ones, in
 * the same order */
GStrv
steward_offers_list (const char *const *versions, const char *current, StewardOffersFlags flags);

/** steward_offers_list_notes: Returns: (transfer full): names, without a leading `v`, of the
 * versions that an upgrade to @target brings, newest first; @target is one even if it is not
 * offered, unless it is no version */
GStrv steward_offers_list_notes (const char *const *offers, const char *target);

/** steward_offers_are_all: whether the registry was asked for pre-releases and older versions */
gboolean steward_offers_are_all (const char *const *versions, const char *current);

G_END_DECLS
