/* Plans the edit: finds the tags, makes the changes, has them checked. */
#include "core/compose/compose-edit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/compose/compose-edit-check.h"
#include "core/compose/compose-sources.h"
#include "core/engine/image-reference.h"

typedef struct
{
  const StewardComposeEditRequest *request;
  StewardComposeSources *sources;
  GArray *changes; /* of StewardComposeChange */
} Plan;

/* A part of an image's text that is to become @text. */
typedef struct
{
  const char *service;
  gsize start;
  gsize end;
  const char *text;
} Target;

static gboolean
refuse_source (const Target *target, const StewardComposePiece *piece, GError **error)
{
  if (piece->kind == STEWARD_COMPOSE_PIECE_UNSET)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
        _ ("The tag of the service “%s” comes from the variable %s, which no env file sets; "
           "so it comes from the environment of whoever starts compose. Set it in an env "
           "file. Nothing was changed."),
        target->service, piece->variable);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The tag of the service “%s” is written with escapes, which Steward does not "
                    "edit; write it plainly. Nothing was changed."),
                 target->service);
  return FALSE;
}

static gboolean
refuse_parts (const Target *target, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("The tag or digest of the service “%s” is put together from several parts that "
                  "cannot be changed one by one; write it in one place. Nothing was changed."),
               target->service);
  return FALSE;
}

static gboolean
add_change (Plan *self, const Target *target, const StewardComposeChange *change, GError **error)
{
  for (guint i = 0; i < self->changes->len; i++)
    {
      const StewardComposeChange *other = &g_array_index (self->changes, StewardComposeChange, i);
      if (change->file != other->file || change->offset >= other->offset + other->length
          || other->offset >= change->offset + change->length)
        continue;
      /* Several services share the bytes: changed once, if they agree. */
      if (change->offset == other->offset && change->length == other->length
          && g_str_equal (change->text, other->text))
        {
          g_free (change->text);
          return TRUE;
        }
      g_free (change->text);
      return refuse_parts (target, error);
    }
  g_array_append_val (self->changes, *change);
  return TRUE;
}

/* The pieces of @text within the target, cut to it. */
static GArray *
dup_pieces (const StewardComposeText *text, const Target *target)
{
  GArray *pieces = g_array_new (FALSE, FALSE, sizeof (StewardComposePiece));
  gsize at = 0;

  for (guint i = 0; i < text->pieces->len; i++)
    {
      StewardComposePiece piece = *(const StewardComposePiece *)text->pieces->pdata[i];
      gsize start = MAX (at, target->start), end = MIN (at + piece.length, target->end);

      piece.offset += start - at;
      at += piece.length;
      if (start >= end)
        continue;
      piece.length = end - start;
      g_array_append_val (pieces, piece);
    }
  return pieces;
}

static gboolean
check_target_sources (const StewardComposeText *text, const Target *target, GError **error)
{
  g_autoptr (GArray) pieces = dup_pieces (text, target);

  for (guint i = 0; i < pieces->len; i++)
    if (g_array_index (pieces, StewardComposePiece, i).kind != STEWARD_COMPOSE_PIECE_LITERAL)
      return refuse_source (target, &g_array_index (pieces, StewardComposePiece, i), error);
  return TRUE;
}

/* Where the tag is put together from several places (`v${VERSION}`), the one that must change is
 * what is left without the pieces that begin and end the new text just as they are. */
static gboolean
change_target (Plan *self, const StewardComposeText *text, const Target *target, GError **error)
{
  g_autoptr (GArray) pieces = dup_pieces (text, target);
  const StewardComposePiece *first = (const StewardComposePiece *)pieces->data;
  const StewardComposePiece *last = first + pieces->len - 1;
  const char *start = text->text->str + target->start, *end = text->text->str + target->end;
  const char *new_start = target->text, *new_end = target->text + strlen (target->text);

  if ((gsize)(new_end - new_start) == target->end - target->start
      && memcmp (start, new_start, new_end - new_start) == 0)
    return TRUE;

  while (first < last && (gsize)(new_end - new_start) >= first->length
         && memcmp (start, new_start, first->length) == 0)
    {
      start += first->length;
      new_start += first->length;
      first++;
    }
  while (first < last && (gsize)(new_end - new_start) >= last->length
         && memcmp (end - last->length, new_end - last->length, last->length) == 0)
    {
      end -= last->length;
      new_end -= last->length;
      last--;
    }
  if (first != last)
    return refuse_parts (target, error);

  const StewardComposeChange change = { first->file, first->offset, first->length,
                                        g_strndup (new_start, new_end - new_start) };
  return add_change (self, target, &change, error);
}

/* The image's name taken apart; NULL with an error where it is none or has no tag. */
static StewardImageReference *
parse_image (const char *service, const StewardComposeText *text, GError **error)
{
  g_autoptr (GError) parse_error = NULL;
  g_autoptr (StewardImageReference) image =
      steward_image_reference_parse (text->text->str, &parse_error);
  const Target target = { .service = service };

  if (image != NULL && image->tag != NULL)
    return g_steal_pointer (&image);
  /* A name without a tag may have one in an unknown end; one that is none, in any unknown part. */
  for (guint i = image != NULL ? text->pieces->len - 1 : 0; i < text->pieces->len; i++)
    {
      const StewardComposePiece *piece = text->pieces->pdata[i];
      if (piece->kind == STEWARD_COMPOSE_PIECE_LITERAL)
        continue;
      refuse_source (&target, piece, error);
      return NULL;
    }
  if (image == NULL)
    g_propagate_error (error, g_steal_pointer (&parse_error));
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The image of the service “%s” has no tag in the compose files, so its version "
                    "is not known; write the tag there. Nothing was changed."),
                 service);
  return NULL;
}

static gboolean
check_old_tag (Plan *self, const char *service, const char *tag, GError **error)
{
  if (g_str_equal (tag, self->request->old_tag))
    return TRUE;
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
      _ ("The files give the service “%s” the tag %s, but compose uses %s, which must come "
         "from the environment of whoever starts compose. Nothing was changed."),
      service, tag, self->request->old_tag);
  return FALSE;
}

static gboolean
change_service (Plan *self, const char *service, GError **error)
{
  StewardComposePlace place;

  if (!steward_compose_sources_find_image (self->sources, service, &place, error))
    return FALSE;

  g_autoptr (StewardComposeText) text =
      steward_compose_sources_expand (self->sources, &place, error);
  if (text == NULL)
    return FALSE;

  g_autoptr (StewardImageReference) image = parse_image (service, text, error);
  if (image == NULL)
    return FALSE;

  gsize digest_length = image->digest != NULL ? strlen ("@") + strlen (image->digest) : 0;
  gsize tag_end = text->text->len - digest_length;
  const Target tag = { service, tag_end - strlen (image->tag), tag_end, self->request->new_tag };
  const char *new_digest = self->request->new_digest;
  g_autofree char *digest_text =
      new_digest != NULL ? g_strconcat ("@", new_digest, NULL) : g_strdup ("");
  const Target digest = { service, tag_end, text->text->len, digest_text };

  /* Sources first: what stands in for an unknown tag must not be compared with anything. */
  return check_target_sources (text, &tag, error) && check_target_sources (text, &digest, error)
         && check_old_tag (self, service, image->tag, error)
         && change_target (self, text, &tag, error)
         && (digest_length == 0 || change_target (self, text, &digest, error));
}

static int
compare_changes_cb (gconstpointer a, gconstpointer b)
{
  const StewardComposeChange *change_a = a, *change_b = b;

  return change_a->offset < change_b->offset ? -1 : change_a->offset > change_b->offset;
}

/* The content of the file with all of its changes, or NULL where it has none. @changes are
 * sorted. */
static GBytes *
apply_changes (const StewardComposeFile *file, guint index, const GArray *changes)
{
  gsize length, at = 0;
  const guint8 *bytes = g_bytes_get_data (file->content, &length);
  g_autoptr (GByteArray) result = g_byte_array_new ();
  gboolean has_changes = FALSE;

  for (guint i = 0; i < changes->len; i++)
    {
      const StewardComposeChange *change = &g_array_index (changes, StewardComposeChange, i);
      if (change->file != index)
        continue;
      g_byte_array_append (result, bytes + at, change->offset - at);
      g_byte_array_append (result, (const guint8 *)change->text, strlen (change->text));
      at = change->offset + change->length;
      has_changes = TRUE;
    }
  if (!has_changes)
    return NULL;
  g_byte_array_append (result, bytes + at, length - at);
  return g_byte_array_free_to_bytes (g_steal_pointer (&result));
}

static void
edit_free (StewardComposeEdit *edit)
{
  g_free (edit->path);
  g_bytes_unref (edit->before);
  g_bytes_unref (edit->after);
  g_free (edit);
}

static GPtrArray *
make_edits (Plan *self)
{
  GPtrArray *edits = g_ptr_array_new_with_free_func ((GDestroyNotify)edit_free);

  g_array_sort (self->changes, compare_changes_cb);
  for (gsize i = 0; i < self->request->n_files; i++)
    {
      const StewardComposeFile *file = &self->request->files[i];
      GBytes *after = apply_changes (file, i, self->changes);
      if (after == NULL)
        continue;

      StewardComposeEdit *edit = g_new0 (StewardComposeEdit, 1);
      edit->path = g_strdup (file->path);
      edit->kind = file->kind;
      edit->before = g_bytes_ref (file->content);
      edit->after = after;
      g_ptr_array_add (edits, edit);
    }
  return edits;
}

static gboolean
check_request (const StewardComposeEditRequest *request, GError **error)
{
  g_autofree char *shown = g_utf8_make_valid (request->new_tag, -1);

  if (steward_tag_is_valid (request->new_tag)
      && (request->new_digest == NULL || steward_digest_is_valid (request->new_digest)))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("“%s” cannot be the tag of an image. Nothing was changed."), shown);
  return FALSE;
}

static void
clear_change_cb (gpointer change)
{
  g_free (((StewardComposeChange *)change)->text);
}

GPtrArray *
steward_compose_edit_plan (const StewardComposeEditRequest *request, GError **error)
{
  if (!check_request (request, error))
    return NULL;

  g_autoptr (StewardComposeSources) sources =
      steward_compose_sources_new (request->files, request->n_files, error);
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (StewardComposeChange));
  Plan self = { request, sources, changes };

  g_array_set_clear_func (changes, clear_change_cb);
  if (sources == NULL)
    return NULL;
  for (gsize i = 0; request->services[i] != NULL; i++)
    if (!change_service (&self, request->services[i], error))
      return NULL;

  g_autoptr (GPtrArray) edits = make_edits (&self);
  const StewardComposeEditCheck check = { request, sources, changes, edits };
  return steward_compose_edit_check (&check, error) ? g_steal_pointer (&edits) : NULL;
}
