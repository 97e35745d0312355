/* What the bodies and headers of a registry's answers say. Pure: asking for them, and what is wrong
 * with an answer in the user's words, is for registry.c. Used by it only.
 *
 * Source: OCI distribution specification 1.1, OCI image specification 1.1, RFC 8288. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/registry/registry.h"

G_BEGIN_DECLS

/** steward_answer_is_tag: whether @text is `[A-Za-z0-9_][A-Za-z0-9._-]{0,127}` */
gboolean steward_answer_is_tag (const char *text);
/** steward_answer_is_digest: @text: (nullable). Whether it is `sha256:` and 64 lower-case digits */
gboolean steward_answer_is_digest (const char *text);

/**
 * steward_answer_add_tags:
 * @page: one page of the list
 * @tags: (element-type utf8): gets the tags of the page, in its order; what is no tag is left out
 *
 * Returns: %FALSE, with @tags as they were, where @page is no such list or there would be too many
 */
gboolean steward_answer_add_tags (JsonObject *page, GPtrArray *tags);

/** steward_answer_dup_next_link: @header: the values of `Link`, separated by commas.
 * Returns: (transfer full) (nullable): the address in `<…>; rel="next"` */
char *steward_answer_dup_next_link (const char *header);

/** steward_answer_find_platform: @manifests: of an index. Returns: (transfer none) (nullable): the
 * digest of the manifest for Linux on @architecture */
const char *steward_answer_find_platform (JsonArray *manifests, const char *architecture);

/** steward_answer_add_layers: Returns: whether each layer of @manifest has a digest */
gboolean steward_answer_add_layers (StewardRemoteImage *image, JsonObject *manifest);

/** steward_answer_set_labels: takes over what of the labels in @config can be shown to people */
void steward_answer_set_labels (StewardRemoteImage *image, JsonObject *config);

/** steward_remote_image_new: Returns: (transfer full): without layers */
StewardRemoteImage *steward_remote_image_new (void);

G_END_DECLS
