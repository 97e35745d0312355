/* YAML through libyaml's composer. Its marks count characters, not bytes, and not the byte order
 * mark; they are converted here and nowhere else. */
#include "core/compose/compose-document.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"
#define MERGE_KEY "<<"

struct _StewardComposeDocument
{
  char *path;
  GBytes *content;
  yaml_document_t yaml;
  gboolean is_loaded; /* yaml must be deleted */
};

static const char *
get_text (StewardComposeDocument *self, gsize *length)
{
  const char *text = g_bytes_get_data (self->content, length);

  return text != NULL ? text : "";
}

/* Length of the byte order mark that the file starts with, or 0. */
static gsize
get_mark_length (StewardComposeDocument *self)
{
  gsize length, mark_length = strlen (BYTE_ORDER_MARK);
  const char *text = get_text (self, &length);

  return length >= mark_length && memcmp (text, BYTE_ORDER_MARK, mark_length) == 0 ? mark_length
                                                                                   : 0;
}

static gboolean
refuse (StewardComposeDocument *self, const yaml_parser_t *parser, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("The compose file %s is not valid YAML at line %lu: %s. Nothing was changed."),
               self->path, (unsigned long)parser->problem_mark.line + 1,
               parser->problem != NULL ? parser->problem : "?");
  return FALSE;
}

static gboolean
refuse_second_document (StewardComposeDocument *self, yaml_parser_t *parser, GError **error)
{
  yaml_document_t second;

  if (!yaml_parser_load (parser, &second))
    return refuse (self, parser, error);

  gboolean is_end = yaml_document_get_root_node (&second) == NULL;
  yaml_document_delete (&second);
  if (!is_end)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
        _ ("The compose file %s holds several YAML documents, which Steward does not edit. "
           "Nothing was changed."),
        self->path);
  return is_end;
}

static gboolean
load (StewardComposeDocument *self, GError **error)
{
  yaml_parser_t parser;
  gsize length;
  const char *text = get_text (self, &length);

  if (!g_utf8_validate_len (text, length, NULL))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("The compose file %s is not UTF-8 text. Nothing was changed."), self->path);
      return FALSE;
    }

  if (!yaml_parser_initialize (&parser))
    g_error ("out of memory");
  yaml_parser_set_encoding (&parser, YAML_UTF8_ENCODING);
  gsize start = get_mark_length (self);
  yaml_parser_set_input_string (&parser, (const unsigned char *)text + start, length - start);
  self->is_loaded = yaml_parser_load (&parser, &self->yaml);
  gboolean success = self->is_loaded ? refuse_second_document (self, &parser, error)
                                     : refuse (self, &parser, error);
  yaml_parser_delete (&parser);
  return success;
}

static gboolean
check_keys (StewardComposeDocument *self, const yaml_node_t *mapping, GError **error)
{
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);

  for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
       pair < mapping->data.mapping.pairs.top; pair++)
    {
      const yaml_node_t *key = steward_compose_document_get_node (self, pair->key);
      if (key->type != YAML_SCALAR_NODE || g_hash_table_add (keys, key->data.scalar.value))
        continue;
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("The compose file %s gives the key “%s” twice, at line %lu. Nothing was "
                      "changed."),
                   self->path, (const char *)key->data.scalar.value,
                   (unsigned long)key->start_mark.line + 1);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_nodes (StewardComposeDocument *self, GError **error)
{
  int n_nodes = steward_compose_document_get_n_nodes (self);

  if (n_nodes == 0 || steward_compose_document_get_node (self, 1)->type != YAML_MAPPING_NODE)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("The compose file %s is empty or not a compose file. Nothing was changed."),
                   self->path);
      return FALSE;
    }
  for (int i = 1; i <= n_nodes; i++)
    {
      const yaml_node_t *node = steward_compose_document_get_node (self, i);
      if (node->type == YAML_MAPPING_NODE && !check_keys (self, node, error))
        return FALSE;
    }
  return TRUE;
}

StewardComposeDocument *
steward_compose_document_new (const char *path, GBytes *content, GError **error)
{
  g_autoptr (StewardComposeDocument) self = g_new0 (StewardComposeDocument, 1);

  self->path = g_strdup (path);
  self->content = g_bytes_ref (content);
  if (!load (self, error) || !check_nodes (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
steward_compose_document_free (StewardComposeDocument *self)
{
  if (self == NULL)
    return;
  if (self->is_loaded)
    yaml_document_delete (&self->yaml);
  g_free (self->path);
  g_bytes_unref (self->content);
  g_free (self);
}

StewardComposeNode
steward_compose_document_get_root (StewardComposeDocument *self)
{
  return 1;
}

int
steward_compose_document_get_n_nodes (StewardComposeDocument *self)
{
  return self->yaml.nodes.top - self->yaml.nodes.start;
}

const yaml_node_t *
steward_compose_document_get_node (StewardComposeDocument *self, StewardComposeNode node)
{
  return yaml_document_get_node (&self->yaml, node);
}

/* A merge key's value is a mapping, or a list of them. */
static void
queue_merged (StewardComposeDocument *self, StewardComposeNode value, GArray *queue)
{
  const yaml_node_t *node = steward_compose_document_get_node (self, value);

  if (node->type != YAML_SEQUENCE_NODE)
    g_array_append_val (queue, value);
  else
    for (yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
      g_array_append_val (queue, *item);
}

static void
add_entries (StewardComposeDocument *self,
             const yaml_node_t *mapping,
             GHashTable *entries,
             GArray *merged)
{
  for (yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;
       pair < mapping->data.mapping.pairs.top; pair++)
    {
      const yaml_node_t *key = steward_compose_document_get_node (self, pair->key);
      char *name = key->type == YAML_SCALAR_NODE ? (char *)key->data.scalar.value : NULL;
      if (name != NULL && strcmp (name, MERGE_KEY) == 0)
        queue_merged (self, pair->value, merged);
      else if (name != NULL && !g_hash_table_contains (entries, name))
        g_hash_table_insert (entries, g_strdup (name), GINT_TO_POINTER (pair->value));
    }
}

/* Adds the entries of @node and of what it merges. What a merged mapping merges itself comes before
 * the next one in a list; no mapping counts twice, so aliases cannot multiply the work. */
static void
collect_entries (StewardComposeDocument *self, StewardComposeNode node, GHashTable *entries)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (StewardComposeNode));

  g_array_append_val (stack, node);
  while (stack->len > 0)
    {
      StewardComposeNode top = g_array_index (stack, StewardComposeNode, stack->len - 1);
      const yaml_node_t *mapping = steward_compose_document_get_node (self, top);
      g_autoptr (GArray) merged = g_array_new (FALSE, FALSE, sizeof (StewardComposeNode));

      g_array_set_size (stack, stack->len - 1);
      if (mapping->type != YAML_MAPPING_NODE || !g_hash_table_add (seen, GINT_TO_POINTER (top)))
        continue;
      add_entries (self, mapping, entries, merged);
      for (guint i = merged->len; i > 0; i--)
        g_array_append_val (stack, g_array_index (merged, StewardComposeNode, i - 1));
    }
}

GHashTable *
steward_compose_document_dup_entries (StewardComposeDocument *self, StewardComposeNode node)
{
  GHashTable *entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  collect_entries (self, node, entries);
  return entries;
}

StewardComposeNode
steward_compose_document_lookup (StewardComposeDocument *self,
                                 StewardComposeNode node,
                                 const char *key)
{
  g_autoptr (GHashTable) entries = steward_compose_document_dup_entries (self, node);

  return GPOINTER_TO_INT (g_hash_table_lookup (entries, key));
}

/* Byte offset of the character that libyaml numbers @index. */
static gsize
get_offset (StewardComposeDocument *self, gsize index)
{
  gsize length;
  const char *text = get_text (self, &length);

  return g_utf8_offset_to_pointer (text + get_mark_length (self), index) - text;
}

gboolean
steward_compose_document_locate (StewardComposeDocument *self,
                                 StewardComposeNode number,
                                 StewardByteRange *range,
                                 GError **error)
{
  const yaml_node_t *node = steward_compose_document_get_node (self, number);
  gsize file_length;
  const char *text = get_text (self, &file_length);

  if (node->type == YAML_SCALAR_NODE)
    {
      yaml_scalar_style_t style = node->data.scalar.style;
      gsize length = node->data.scalar.length;
      gsize quote = style == YAML_PLAIN_SCALAR_STYLE ? 0 : 1;
      gsize start = get_offset (self, node->start_mark.index);
      gsize end = get_offset (self, node->end_mark.index) - quote;
      gboolean is_flow = style == YAML_PLAIN_SCALAR_STYLE
                         || style == YAML_SINGLE_QUOTED_SCALAR_STYLE
                         || style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;

      /* The node starts at its anchor or tag, so the value is counted back from its end. */
      if (is_flow && end >= start + length + quote
          && memcmp (text + end - length, node->data.scalar.value, length) == 0
          && (quote == 0 || text[end - length - 1] == text[end]))
        {
          *range = (StewardByteRange){ end - length, length };
          return TRUE;
        }
    }
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
      _ ("The value at line %lu of %s is written as a block, over several lines or with "
         "escapes, which Steward does not edit; write it on one line. Nothing was changed."),
      (unsigned long)node->start_mark.line + 1, self->path);
  return FALSE;
}

static gboolean
same_children (const yaml_node_t *a, const yaml_node_t *b)
{
  gsize size_a = 0, size_b = 0;
  const void *start_a = NULL, *start_b = NULL;

  if (a->type == YAML_SEQUENCE_NODE)
    {
      start_a = a->data.sequence.items.start;
      start_b = b->data.sequence.items.start;
      size_a = (const char *)a->data.sequence.items.top - (const char *)start_a;
      size_b = (const char *)b->data.sequence.items.top - (const char *)start_b;
    }
  else if (a->type == YAML_MAPPING_NODE)
    {
      start_a = a->data.mapping.pairs.start;
      start_b = b->data.mapping.pairs.start;
      size_a = (const char *)a->data.mapping.pairs.top - (const char *)start_a;
      size_b = (const char *)b->data.mapping.pairs.top - (const char *)start_b;
    }
  return size_a == size_b && (size_a == 0 || memcmp (start_a, start_b, size_a) == 0);
}

gboolean
steward_compose_document_same_shape (StewardComposeDocument *a, StewardComposeDocument *b)
{
  int n_nodes = steward_compose_document_get_n_nodes (a);

  if (n_nodes != steward_compose_document_get_n_nodes (b))
    return FALSE;
  for (int i = 1; i <= n_nodes; i++)
    {
      const yaml_node_t *node_a = steward_compose_document_get_node (a, i);
      const yaml_node_t *node_b = steward_compose_document_get_node (b, i);
      if (node_a->type != node_b->type
          || strcmp ((const char *)node_a->tag, (const char *)node_b->tag) != 0
          || (node_a->type == YAML_SCALAR_NODE
              && node_a->data.scalar.style != node_b->data.scalar.style)
          || !same_children (node_a, node_b))
        return FALSE;
    }
  return TRUE;
}

gboolean
steward_compose_document_same_value (StewardComposeDocument *a,
                                     StewardComposeDocument *b,
                                     StewardComposeNode number)
{
  const yaml_node_t *node_a = steward_compose_document_get_node (a, number);
  const yaml_node_t *node_b = steward_compose_document_get_node (b, number);

  return node_a->type != YAML_SCALAR_NODE
         || (node_a->data.scalar.length == node_b->data.scalar.length
             && memcmp (node_a->data.scalar.value, node_b->data.scalar.value,
                        node_a->data.scalar.length)
                    == 0);
}
