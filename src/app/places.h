/* The settings' lists of compose files: those that were added by hand ("compose-files"), and those
 * that were taken off the list of servers ("hidden"). A file of this machine stands there by its
 * path, one of another host behind a prefix. Main thread. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define STEWARD_PLACES_ADDED "compose-files"
#define STEWARD_PLACES_HIDDEN "hidden"

/** StewardPlaces: of one host. @settings: borrowed; @prefix: empty for this machine */
typedef struct
{
  GSettings *settings;
  const char *prefix;
} StewardPlaces;

/** steward_places_dup_files: Returns: (transfer full): the paths of @list on this host, absolute */
GStrv steward_places_dup_files (const StewardPlaces *places, const char *list);

gboolean steward_places_contains (const StewardPlaces *places, const char *list, const char *file);

void steward_places_add (const StewardPlaces *places, const char *list, const char *file);
void steward_places_remove (const StewardPlaces *places, const char *list, const char *file);

/** steward_places_forget: takes all of the host's files out of both lists. Not for this machine. */
void steward_places_forget (const StewardPlaces *places);

G_END_DECLS
