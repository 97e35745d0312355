/* Takes an address apart, and refuses what ssh or a shell that its configuration calls could take
 * for something else. */
#include "core/host/ssh-address.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* ssh's configuration may hand both to a shell (ProxyCommand, Match exec): as ssh itself does from
 * 9.6 on, what means something to a shell is refused. */
static gboolean
is_harmless (const char *text, const char *extra)
{
  if (*text == '\0' || *text == '-' || !g_utf8_validate (text, -1, NULL))
    return FALSE;
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (g_unichar_isspace (c) || !g_unichar_isprint (c)
          || (c < 128 && strchr ("'`\"$;&<>|(){}[]/*?!#%,", c) != NULL
              && strchr (extra, c) == NULL))
        return FALSE;
    }
  return TRUE;
}

/* A backslash stands between a domain and a user's name, never at the end. */
static gboolean
is_user (const char *text)
{
  return is_harmless (text, "$#!") && !g_str_has_suffix (text, "\\");
}

static gboolean
is_host (const char *text)
{
  return is_harmless (text, "%") && strpbrk (text, "@\\") == NULL && *text != ':';
}

static gboolean
parse_port (const char *text, guint16 *port)
{
  guint64 value = 0;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &value, NULL))
    return FALSE;
  *port = value;
  return TRUE;
}

/* HOST, HOST:PORT, IPV6, [IPV6] or [IPV6]:PORT. */
static gboolean
parse_host (const char *text, StewardSshAddress *address)
{
  const char *first = strchr (text, ':'), *last = strrchr (text, ':');

  if (*text == '[')
    {
      const char *end = strchr (text, ']');

      if (end == NULL || (end[1] != '\0' && end[1] != ':'))
        return FALSE;
      address->host = g_strndup (text + 1, end - text - 1);
      return strchr (address->host, ':') != NULL && is_harmless (address->host, "%")
             && (end[1] == '\0' || parse_port (end + 2, &address->port));
    }
  if (first != NULL && first == last)
    {
      address->host = g_strndup (text, first - text);
      return is_host (address->host) && parse_port (first + 1, &address->port);
    }
  address->host = g_strdup (text);
  return first == NULL ? is_host (text) : g_hostname_is_ip_address (text);
}

StewardSshAddress *
steward_ssh_address_parse (const char *text, GError **error)
{
  g_autoptr (StewardSshAddress) address = g_new0 (StewardSshAddress, 1);
  const char *at = strrchr (text, '@');

  if (at != NULL)
    address->user = g_strndup (text, at - text);
  if ((at == NULL || is_user (address->user)) && parse_host (at != NULL ? at + 1 : text, address))
    return g_steal_pointer (&address);

  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("“%s” is no host. Write it as host, user@host or user@host:port."), valid);
  return NULL;
}

char *
steward_ssh_address_format (const StewardSshAddress *address)
{
  gboolean is_ipv6 = strchr (address->host, ':') != NULL;
  g_autofree char *port = address->port != 0 ? g_strdup_printf (":%u", address->port) : NULL;

  return g_strconcat (address->user != NULL ? address->user : "", address->user != NULL ? "@" : "",
                      is_ipv6 ? "[" : "", address->host, is_ipv6 ? "]" : "", port, NULL);
}

StewardSshAddress *
steward_ssh_address_copy (const StewardSshAddress *address)
{
  StewardSshAddress *copy = g_new0 (StewardSshAddress, 1);

  copy->user = g_strdup (address->user);
  copy->host = g_strdup (address->host);
  copy->port = address->port;
  return copy;
}

void
steward_ssh_address_free (StewardSshAddress *address)
{
  g_free (address->user);
  g_free (address->host);
  g_free (address);
}
