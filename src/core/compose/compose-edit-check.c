/* Compares the files before and after an edit, node by node and value by value, and follows
 * every changed value to those who use it: an anchor or a variable may have other users than
 * the server. */
#include "core/compose/compose-edit-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/compose/env-file.h"
#include "core/engine/image-reference.h"

#define EXTENSION_PREFIX "x-"

static gboolean
fail (const char *path, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_FAILED,
               _ ("Changing the tag in %s would change more than the tag. Nothing was changed."),
               path);
  return FALSE;
}

/* The text of a scalar, variables replaced; its plain text where that cannot be done. */
static char *
dup_value (StewardComposeSources *sources, guint file, StewardComposeNode number)
{
  StewardComposeDocument *document = sources->documents->pdata[file];
  const yaml_node_t *node = steward_compose_document_get_node (document, number);
  const StewardComposeSource source = { (const char *)node->data.scalar.value,
                                        node->data.scalar.length, file, 0 };
  g_autoptr (StewardComposeText) text = steward_compose_template_expand (&source, sources->values);

  return text != NULL ? g_strdup (text->text->str) : g_strndup (source.text, source.length);
}

static gboolean
has_change_in (const GArray *changes, guint file, const StewardByteRange *range)
{
  for (guint i = 0; i < changes->len; i++)
    {
      const StewardComposeChange *change = &g_array_index (changes, StewardComposeChange, i);
      if (change->file == file && change->offset >= range->offset
          && change->offset + change->length <= range->offset + range->length)
        return TRUE;
    }
  return FALSE;
}

/* Nodes of the file whose value, variables replaced, is another one after the edit. NULL with an
 * error where the file's own text differs anywhere but in a change. */
static GHashTable *
find_changed_nodes (const StewardComposeEditCheck *check,
                    StewardComposeSources *after,
                    guint file,
                    GError **error)
{
  g_autoptr (GHashTable) nodes = g_hash_table_new (NULL, NULL);
  StewardComposeDocument *old = check->before->documents->pdata[file];
  StewardComposeDocument *new = after->documents->pdata[file];

  if (!steward_compose_document_same_shape (old, new))
    {
      fail (check->request->files[file].path, error);
      return NULL;
    }
  for (int i = 1; i <= steward_compose_document_get_n_nodes (old); i++)
    {
      const yaml_node_t *node = steward_compose_document_get_node (old, i);
      gboolean same = steward_compose_document_same_value (old, new, i);
      StewardByteRange range;

      if (node->type != YAML_SCALAR_NODE
          || (same && strchr ((const char *)node->data.scalar.value, '$') == NULL))
        continue;
      if (!same
          && (!steward_compose_document_locate (old, i, &range, NULL)
              || !has_change_in (check->changes, file, &range)))
        {
          fail (check->request->files[file].path, error);
          return NULL;
        }

      g_autofree char *value = dup_value (check->before, file, i);
      g_autofree char *new_value = dup_value (after, file, i);
      if (!g_str_equal (value, new_value))
        g_hash_table_add (nodes, GINT_TO_POINTER (i));
    }
  return g_steal_pointer (&nodes);
}

/* Puts the nodes that @place leads to onto @stack. */
static void
push_children (StewardComposeSources *sources, const StewardComposePlace *place, GArray *stack)
{
  StewardComposeDocument *document = sources->documents->pdata[place->file];
  const yaml_node_t *node = steward_compose_document_get_node (document, place->node);

  if (node->type == YAML_SEQUENCE_NODE)
    {
      g_array_append_vals (stack, node->data.sequence.items.start,
                           node->data.sequence.items.top - node->data.sequence.items.start);
      return;
    }

  g_autoptr (GHashTable) entries = steward_compose_document_dup_entries (document, place->node);
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      StewardComposeNode child = GPOINTER_TO_INT (value);
      g_array_append_val (stack, child);
    }
}

/* Whether anything at or below @place is one of @changed. Keys with variables do not exist in
 * compose. */
static gboolean
reaches (StewardComposeSources *sources, const StewardComposePlace *place, GHashTable *changed)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (StewardComposeNode));

  g_array_append_val (stack, place->node);
  while (stack->len > 0)
    {
      StewardComposePlace top = { place->file,
                                  g_array_index (stack, StewardComposeNode, stack->len - 1) };

      g_array_set_size (stack, stack->len - 1);
      if (g_hash_table_contains (changed, GINT_TO_POINTER (top.node)))
        return TRUE;
      if (g_hash_table_add (seen, GINT_TO_POINTER (top.node)))
        push_children (sources, &top, stack);
    }
  return FALSE;
}

/* As reaches(), for a service: what it extends counts as well, but not an image that it
 * replaces. */
static gboolean
service_reaches (StewardComposeSources *sources, StewardComposePlace place, GHashTable *changed)
{
  StewardComposeDocument *document = sources->documents->pdata[place.file];
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) settled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  while (place.node != 0 && g_hash_table_add (seen, GINT_TO_POINTER (place.node)))
    {
      g_autoptr (GHashTable) entries = steward_compose_document_dup_entries (document, place.node);
      GHashTableIter iter;
      gpointer key, value;

      g_hash_table_iter_init (&iter, entries);
      while (g_hash_table_iter_next (&iter, &key, &value))
        {
          const StewardComposePlace child = { place.file, GPOINTER_TO_INT (value) };
          if (!g_hash_table_contains (settled, key) && reaches (sources, &child, changed))
            return TRUE;
        }
      if (g_hash_table_contains (entries, "image"))
        g_hash_table_add (settled, g_strdup ("image"));
      place.node = steward_compose_sources_find_base (sources, &place);
    }
  return FALSE;
}

static gboolean
check_services (const StewardComposeEditCheck *check,
                const StewardComposePlace *services,
                GHashTable *changed,
                GError **error)
{
  StewardComposeDocument *document = check->before->documents->pdata[services->file];
  g_autoptr (GHashTable) entries = steward_compose_document_dup_entries (document, services->node);
  GHashTableIter iter;
  gpointer name, node;

  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, &name, &node))
    {
      const StewardComposePlace place = { services->file, GPOINTER_TO_INT (node) };
      if (g_strv_contains (check->request->services, name)
          || !service_reaches (check->before, place, changed))
        continue;
      g_set_error (
          error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
          _ ("The service “%s” shares the tag's variable or anchor with the server and would "
             "change with it; give it one of its own. Nothing was changed."),
          (const char *)name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_users (const StewardComposeEditCheck *check, guint file, GHashTable *changed, GError **error)
{
  StewardComposeDocument *document = check->before->documents->pdata[file];
  g_autoptr (GHashTable) entries =
      steward_compose_document_dup_entries (document, steward_compose_document_get_root (document));
  GHashTableIter iter;
  gpointer key, node;

  g_hash_table_iter_init (&iter, entries);
  while (g_hash_table_iter_next (&iter, &key, &node))
    {
      const StewardComposePlace place = { file, GPOINTER_TO_INT (node) };
      if (g_str_has_prefix (key, EXTENSION_PREFIX))
        continue;
      if (g_str_equal (key, "services"))
        {
          if (!check_services (check, &place, changed, error))
            return FALSE;
        }
      else if (reaches (check->before, &place, changed))
        {
          g_set_error (
              error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
              _ ("In %s “%s” shares the tag's variable or anchor with the server and would "
                 "change with it; give it one of its own. Nothing was changed."),
              check->request->files[file].path, (const char *)key);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
check_documents (const StewardComposeEditCheck *check, StewardComposeSources *after, GError **error)
{
  for (gsize i = 0; i < after->n_files; i++)
    {
      if (after->documents->pdata[i] == NULL)
        continue;
      g_autoptr (GHashTable) changed = find_changed_nodes (check, after, i, error);
      if (changed == NULL || !check_users (check, i, changed, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
value_is_as_planned (const StewardComposeEditCheck *check,
                     const StewardEnvValue *before,
                     const StewardEnvValue *after)
{
  const StewardByteRange range = { before->offset, strlen (before->text) };

  return after != NULL && after->file == before->file && after->flags == before->flags
         && (g_str_equal (before->text, after->text)
             || has_change_in (check->changes, before->file, &range));
}

static gboolean
check_variables (const StewardComposeEditCheck *check, StewardComposeSources *after, GError **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, check->before->values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      const StewardEnvValue *old = value;
      if (!value_is_as_planned (check, old, g_hash_table_lookup (after->values, name)))
        return fail (check->request->files[old->file].path, error);
    }
  return g_hash_table_size (check->before->values) == g_hash_table_size (after->values)
         || fail (check->request->files[0].path, error);
}

static StewardImageReference *
read_image (StewardComposeSources *sources, const char *service, GError **error)
{
  StewardComposePlace place;

  if (!steward_compose_sources_find_image (sources, service, &place, error))
    return NULL;
  g_autoptr (StewardComposeText) text = steward_compose_sources_expand (sources, &place, error);
  return text != NULL ? steward_image_reference_parse (text->text->str, error) : NULL;
}

static gboolean
check_image (const StewardComposeEditCheck *check,
             StewardComposeSources *after,
             const char *service,
             GError **error)
{
  g_autoptr (StewardImageReference) old = read_image (check->before, service, error);
  g_autoptr (StewardImageReference) new = old != NULL ? read_image (after, service, error) : NULL;

  if (new == NULL)
    return FALSE;

  g_autoptr (StewardImageReference) wanted =
      steward_image_reference_dup_with_tag (old, check->request->new_tag);
  if (old->digest != NULL)
    wanted->digest = g_strdup (check->request->new_digest);
  g_autofree char *wanted_text = steward_image_reference_format (wanted);
  g_autofree char *text = steward_image_reference_format (new);
  return g_str_equal (wanted_text, text) || fail (check->request->files[0].path, error);
}

/* The request's files with the edits in place of those that change. */
static StewardComposeFile *
dup_files_after (const StewardComposeEditCheck *check)
{
  gsize n_files = check->request->n_files;
  StewardComposeFile *files =
      g_memdup2 (check->request->files, n_files * sizeof (StewardComposeFile));

  for (guint i = 0; i < check->edits->len; i++)
    {
      const StewardComposeEdit *edit = check->edits->pdata[i];
      for (gsize j = 0; j < n_files; j++)
        if (files[j].content == edit->before && g_str_equal (files[j].path, edit->path))
          files[j].content = edit->after;
    }
  return files;
}

gboolean
steward_compose_edit_check (const StewardComposeEditCheck *check, GError **error)
{
  g_autofree StewardComposeFile *files = dup_files_after (check);
  g_autoptr (StewardComposeSources) after =
      steward_compose_sources_new (files, check->request->n_files, error);

  if (after == NULL || !check_documents (check, after, error)
      || !check_variables (check, after, error))
    return FALSE;
  for (gsize i = 0; check->request->services[i] != NULL; i++)
    if (!check_image (check, after, check->request->services[i], error))
      return FALSE;
  return TRUE;
}
