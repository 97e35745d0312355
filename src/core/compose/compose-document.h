/* One compose file as YAML: its nodes, and where in the file's bytes a scalar stands. Knows the
 * YAML of compose (merge keys, one document a file), not the meaning of any key.
 * Used by the other files of this folder only. */
#pragma once

#include <glib.h>
#include <yaml.h>

G_BEGIN_DECLS

typedef struct _StewardComposeDocument StewardComposeDocument;

/** StewardComposeNode: number of a node within its document; 0 means none. An alias has the number
 * of what its anchor stands at, so whoever shares a value shares the number. */
typedef int StewardComposeNode;

typedef struct
{
  gsize offset;
  gsize length;
} StewardByteRange;

/**
 * steward_compose_document_new:
 * @path: for messages
 *
 * Returns: (transfer full): the document; or %NULL with %STEWARD_ERROR_INVALID where it is no
 * UTF-8, no YAML, empty, no mapping, or gives a key twice (the message says the line), or
 * %STEWARD_ERROR_REFUSED where the file holds several documents
 */
StewardComposeDocument *
steward_compose_document_new (const char *path, GBytes *content, GError **error);
void steward_compose_document_free (StewardComposeDocument *self);

StewardComposeNode steward_compose_document_get_root (StewardComposeDocument *self);

/** steward_compose_document_get_n_nodes: nodes are numbered from 1 to this */
int steward_compose_document_get_n_nodes (StewardComposeDocument *self);

/** steward_compose_document_get_node: Returns: (transfer none): @node must not be 0 */
const yaml_node_t *steward_compose_document_get_node (StewardComposeDocument *self,
                                                      StewardComposeNode node);

/**
 * steward_compose_document_dup_entries:
 *
 * Returns: (transfer full) (element-type utf8 StewardComposeNode): key → value (as a pointer) of
 * the mapping @node, merge keys followed, own keys before merged ones; empty where @node is no
 * mapping
 */
GHashTable *steward_compose_document_dup_entries (StewardComposeDocument *self,
                                                  StewardComposeNode node);

/** steward_compose_document_lookup: Returns: the value of @key in the mapping @node, or 0 */
StewardComposeNode steward_compose_document_lookup (StewardComposeDocument *self,
                                                    StewardComposeNode node,
                                                    const char *key);

/**
 * steward_compose_document_locate:
 * @node: a scalar
 * @range: (out): the bytes of its value in the file, without quotes or anchor
 *
 * Returns: whether the value stands in the file byte for byte; %STEWARD_ERROR_REFUSED where it is a
 * block scalar, spread over lines or written with escapes
 */
gboolean steward_compose_document_locate (StewardComposeDocument *self,
                                          StewardComposeNode node,
                                          StewardByteRange *range,
                                          GError **error);

/** steward_compose_document_same_shape: whether the two differ in the values of scalars at most;
 * nothing else (kinds, tags, styles, order, sharing) may differ */
gboolean steward_compose_document_same_shape (StewardComposeDocument *a, StewardComposeDocument *b);

/** steward_compose_document_same_value: whether the scalar, or other node, has the same value in
 * both */
gboolean steward_compose_document_same_value (StewardComposeDocument *a,
                                              StewardComposeDocument *b,
                                              StewardComposeNode node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardComposeDocument, steward_compose_document_free)

G_END_DECLS
