/* The grammar of image names. Each part is checked by itself, so that what is wrong can be
 * named. */
#include "core/engine/image-reference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"

#define DEFAULT_REGISTRY "docker.io"
#define OLD_DEFAULT_REGISTRY "index.docker.io"
#define DEFAULT_FOLDER "library/"
#define NAME_LENGTH_MAX 255

#define LABEL "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
#define REGISTRY_PATTERN "\\A(?:" LABEL "(?:\\." LABEL ")*|\\[[A-Fa-f0-9:]+\\])(?::[0-9]+)?\\z"
#define COMPONENT "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*"
#define REPOSITORY_PATTERN "\\A" COMPONENT "(?:/" COMPONENT ")*\\z"
#define TAG_PATTERN "\\A[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}\\z"
#define DIGEST_PATTERN "\\Asha256:[a-f0-9]{64}\\z"
/* Docker takes such a name for the identifier of an image. */
#define IDENTIFIER_PATTERN "\\A[a-f0-9]{64}\\z"

static gboolean
matches (const char *pattern, const char *text)
{
  /* Raw: what comes from outside need not be UTF-8. */
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_RAW, 0, NULL);

  return g_regex_match (regex, text, 0, NULL);
}

gboolean
steward_tag_is_valid (const char *tag)
{
  g_return_val_if_fail (tag != NULL, FALSE);

  return matches (TAG_PATTERN, tag);
}

gboolean
steward_digest_is_valid (const char *digest)
{
  g_return_val_if_fail (digest != NULL, FALSE);

  return matches (DIGEST_PATTERN, digest);
}

static gboolean
is_registry (const char *component)
{
  return strpbrk (component, ".:" G_CSET_A_2_Z) != NULL || strcmp (component, "localhost") == 0;
}

/* Moves what follows the last @separator of @text into @part. */
static void
split_off (char *text, char separator, char **part)
{
  char *at = strrchr (text, separator);

  if (at == NULL)
    return;
  *part = g_strdup (at + 1);
  *at = '\0';
}

static void
split_registry (StewardImageReference *self, const char *name)
{
  const char *slash = strchr (name, '/');
  g_autofree char *first = slash != NULL ? g_strndup (name, slash - name) : NULL;

  if (first == NULL || !is_registry (first))
    {
      self->repository = g_strdup (name);
      return;
    }
  self->registry = g_steal_pointer (&first);
  self->repository = g_strdup (slash + 1);
}

static gboolean
is_valid (const StewardImageReference *self)
{
  gsize length =
      strlen (self->repository) + (self->registry != NULL ? strlen (self->registry) + 1 : 0);

  return length <= NAME_LENGTH_MAX
         && (self->registry == NULL || matches (REGISTRY_PATTERN, self->registry))
         && matches (REPOSITORY_PATTERN, self->repository)
         && (self->registry != NULL || !matches (IDENTIFIER_PATTERN, self->repository))
         && (self->tag == NULL || steward_tag_is_valid (self->tag))
         && (self->digest == NULL || steward_digest_is_valid (self->digest));
}

StewardImageReference *
steward_image_reference_parse (const char *text, GError **error)
{
  g_autoptr (StewardImageReference) self = g_new0 (StewardImageReference, 1);
  g_autofree char *name = g_strdup (text);

  g_return_val_if_fail (text != NULL, NULL);

  split_off (name, '@', &self->digest);
  /* A colon before the last slash belongs to the registry's port. */
  char *slash = strrchr (name, '/');
  split_off (slash != NULL ? slash : name, ':', &self->tag);
  split_registry (self, name);

  if (!is_valid (self))
    {
      g_autofree char *shown = g_utf8_make_valid (text, -1);
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                   _ ("“%s” is not the name of an image."), shown);
      return NULL;
    }
  return g_steal_pointer (&self);
}

StewardImageReference *
steward_image_reference_copy (const StewardImageReference *self)
{
  StewardImageReference *copy = g_new0 (StewardImageReference, 1);

  copy->registry = g_strdup (self->registry);
  copy->repository = g_strdup (self->repository);
  copy->tag = g_strdup (self->tag);
  copy->digest = g_strdup (self->digest);
  return copy;
}

void
steward_image_reference_free (StewardImageReference *self)
{
  if (self == NULL)
    return;
  g_free (self->registry);
  g_free (self->repository);
  g_free (self->tag);
  g_free (self->digest);
  g_free (self);
}

char *
steward_image_reference_format (const StewardImageReference *self)
{
  return g_strconcat (self->registry != NULL ? self->registry : "",
                      self->registry != NULL ? "/" : "", self->repository,
                      self->tag != NULL ? ":" : "", self->tag != NULL ? self->tag : "",
                      self->digest != NULL ? "@" : "", self->digest != NULL ? self->digest : "",
                      NULL);
}

StewardImageReference *
steward_image_reference_dup_with_tag (const StewardImageReference *self, const char *tag)
{
  StewardImageReference *copy = steward_image_reference_copy (self);

  g_free (copy->tag);
  copy->tag = g_strdup (tag);
  g_clear_pointer (&copy->digest, g_free);
  return copy;
}

const char *
steward_image_reference_get_registry (const StewardImageReference *self)
{
  if (self->registry == NULL || strcmp (self->registry, OLD_DEFAULT_REGISTRY) == 0)
    return DEFAULT_REGISTRY;
  return self->registry;
}

char *
steward_image_reference_dup_path (const StewardImageReference *self)
{
  gboolean is_official = strcmp (steward_image_reference_get_registry (self), DEFAULT_REGISTRY) == 0
                         && strchr (self->repository, '/') == NULL;

  return g_strconcat (is_official ? DEFAULT_FOLDER : "", self->repository, NULL);
}

const char *
steward_image_reference_get_base_name (const StewardImageReference *self)
{
  const char *slash = strrchr (self->repository, '/');

  return slash != NULL ? slash + 1 : self->repository;
}

gboolean
steward_image_reference_same_repository (const StewardImageReference *a,
                                         const StewardImageReference *b)
{
  g_autofree char *path_a = steward_image_reference_dup_path (a);
  g_autofree char *path_b = steward_image_reference_dup_path (b);

  return strcmp (path_a, path_b) == 0
         && strcmp (steward_image_reference_get_registry (a),
                    steward_image_reference_get_registry (b))
                == 0;
}
