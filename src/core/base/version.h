/* Versions as image tags spell them: semver 2.0.0, a leading `v` allowed and without meaning.
 * Source of the order: https://semver.org/spec/v2.0.0.html section 11. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _StewardVersion StewardVersion;

/**
 * steward_version_parse:
 * @tag: an image tag, for example `v3.1.0-rc.1`
 *
 * Pure. A tag without all of major, minor and patch (`3.6`, `latest`) is a floating one and no
 * version.
 *
 * Returns: (transfer full) (nullable): the version, or %NULL where @tag is not one
 */
StewardVersion *steward_version_parse (const char *tag);
void steward_version_free (StewardVersion *version);

/** steward_version_compare: semver precedence; build metadata and a leading `v` do not count.
 * Returns: less than, equal to or greater than zero */
int steward_version_compare (const StewardVersion *a, const StewardVersion *b);

gboolean steward_version_is_prerelease (const StewardVersion *version);
guint64 steward_version_get_major (const StewardVersion *version);

/** steward_version_get_tag: Returns: (transfer none): the exact spelling that was parsed */
const char *steward_version_get_tag (const StewardVersion *version);

/** steward_version_get_name: Returns: (transfer none): the tag without its leading `v` */
const char *steward_version_get_name (const StewardVersion *version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardVersion, steward_version_free)

G_END_DECLS
