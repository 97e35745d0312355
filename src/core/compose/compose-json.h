/* The one odd habit of `docker compose config`: every `$` it prints is doubled, in keys and values
 * alike, so that its output can be read again; reading again undoes this in values only. Seen with
 * compose 2.26.1 and 2.40.3. Used by the other files of this folder only. */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * steward_compose_json_parse:
 * @json: what `docker compose config --format json` printed; need not end with NUL
 *
 * Returns: (transfer full): the document with every `$$` in keys and strings made `$` again, so
 * that it holds the real values; or %NULL with %STEWARD_ERROR_INVALID
 */
JsonNode *steward_compose_json_parse (const char *json, gsize length, GError **error);

/** steward_compose_json_escape: Returns: (transfer full): a deep copy of @node with every `$` in
 * its string values (not its keys) doubled, as a file that compose reads needs it */
JsonNode *steward_compose_json_escape (JsonNode *node);

G_END_DECLS
