/* Which of a registry's tags are offered as versions to go to. Pure. */
#pragma once

#include "core/base/version.h"

G_BEGIN_DECLS

/**
 * StewardTargetFlags:
 * @STEWARD_TARGET_PRERELEASES: offer alphas, betas, candidates and builds too
 * @STEWARD_TARGET_OLDER: offer versions older than the running one too
 */
typedef enum
{
  STEWARD_TARGET_DEFAULT = 0,
  STEWARD_TARGET_PRERELEASES = 1 << 0,
  STEWARD_TARGET_OLDER = 1 << 1,
} StewardTargetFlags;

/**
 * steward_registry_select_targets:
 * @tags: (array zero-terminated=1): as the registry spells them
 * @running_tag: (nullable): the tag in use; one that is no version (`latest`) is no lower bound
 *
 * Versions only, the newest first; tags that float (`3.9`, `latest`) are never offered. A version
 * that is there with and without a leading `v` is offered once, spelled as the running tag is. The
 * running version itself is among them.
 *
 * Returns: (transfer full) (element-type StewardVersion): the versions, maybe none
 */
GPtrArray *steward_registry_select_targets (const char *const *tags,
                                            const char *running_tag,
                                            StewardTargetFlags flags);

G_END_DECLS
