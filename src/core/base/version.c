/* Parsing and ordering of versions. Knows nothing of registries: which tags are offered is decided
 * there. */
#include "core/base/version.h"

#include <string.h>

struct _StewardVersion
{
  char *tag;
  const char *name; /* points into tag */
  guint64 core[3];
  GStrv prerelease; /* owned, nullable: the identifiers between `-` and `+` */
};

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

static gboolean
parse_number (const char *text, guint64 *number)
{
  if (!is_number (text) || (text[0] == '0' && text[1] != '\0'))
    return FALSE;
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT64, number, NULL);
}

static gboolean
identifiers_are_valid (const char *const *identifiers, gboolean (*is_valid) (const char *))
{
  for (gsize i = 0; identifiers[i] != NULL; i++)
    if (!is_valid (identifiers[i]))
      return FALSE;
  return identifiers[0] != NULL;
}

static gboolean
is_build_identifier (const char *text)
{
  return *text != '\0'
         && strspn (text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-") == strlen (text);
}

static gboolean
is_prerelease_identifier (const char *text)
{
  return is_build_identifier (text) && !(is_number (text) && text[0] == '0' && text[1] != '\0');
}

static gboolean
parse_core (StewardVersion *version, const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ".", -1);

  if (g_strv_length (parts) != 3)
    return FALSE;
  for (gsize i = 0; i < 3; i++)
    if (!parse_number (parts[i], &version->core[i]))
      return FALSE;
  return TRUE;
}

StewardVersion *
steward_version_parse (const char *tag)
{
  g_autoptr (StewardVersion) version = g_new0 (StewardVersion, 1);

  g_return_val_if_fail (tag != NULL, NULL);

  version->tag = g_strdup (tag);
  version->name = version->tag + (tag[0] == 'v' ? 1 : 0);

  g_autofree char *text = g_strdup (version->name);
  char *build = strchr (text, '+');
  if (build != NULL)
    {
      *build = '\0';
      g_auto (GStrv) identifiers = g_strsplit (build + 1, ".", -1);
      if (!identifiers_are_valid ((const char *const *)identifiers, is_build_identifier))
        return NULL;
    }

  char *prerelease = strchr (text, '-');
  if (prerelease != NULL)
    {
      *prerelease = '\0';
      version->prerelease = g_strsplit (prerelease + 1, ".", -1);
      if (!identifiers_are_valid ((const char *const *)version->prerelease,
                                  is_prerelease_identifier))
        return NULL;
    }

  return parse_core (version, text) ? g_steal_pointer (&version) : NULL;
}

void
steward_version_free (StewardVersion *version)
{
  if (version == NULL)
    return;
  g_free (version->tag);
  g_strfreev (version->prerelease);
  g_free (version);
}

/* Numbers compare by value, words by ASCII, and a number stands before a word. Numbers are compared
 * by their digits, as they may be longer than any integer. */
static int
compare_identifiers (const char *a, const char *b)
{
  gboolean a_is_number = is_number (a), b_is_number = is_number (b);

  if (a_is_number != b_is_number)
    return a_is_number ? -1 : 1;
  if (a_is_number && strlen (a) != strlen (b))
    return strlen (a) < strlen (b) ? -1 : 1;
  return strcmp (a, b);
}

int
steward_version_compare (const StewardVersion *a, const StewardVersion *b)
{
  for (gsize i = 0; i < 3; i++)
    if (a->core[i] != b->core[i])
      return a->core[i] < b->core[i] ? -1 : 1;

  if (a->prerelease == NULL || b->prerelease == NULL)
    return (a->prerelease == NULL) - (b->prerelease == NULL);

  for (gsize i = 0;; i++)
    {
      if (a->prerelease[i] == NULL || b->prerelease[i] == NULL)
        return (a->prerelease[i] != NULL) - (b->prerelease[i] != NULL);
      int order = compare_identifiers (a->prerelease[i], b->prerelease[i]);
      if (order != 0)
        return order;
    }
}

gboolean
steward_version_is_prerelease (const StewardVersion *version)
{
  return version->prerelease != NULL;
}

guint64
steward_version_get_major (const StewardVersion *version)
{
  return version->core[0];
}

const char *
steward_version_get_tag (const StewardVersion *version)
{
  return version->tag;
}

const char *
steward_version_get_name (const StewardVersion *version)
{
  return version->name;
}
