/* Sentences for what the OpenSSH client prints; its messages are not translated, ours are. */
#include "core/host/ssh-failure.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/host/sandbox.h"
#include "core/host/ssh-program.h"

typedef struct
{
  const char *words;
  StewardError code;
  const char *sentence; /* with the host's name */
} Cause;

#define TIMED_OUT                                                                                  \
  N_ ("“%s” did not answer in time. Check that it is running and that the network leads there.")
#define BROKEN                                                                                        \
  N_ ("The connection to “%s” broke before it stood. Try again; if it stays so, look at the log " \
      "of sshd there.")
#define NO_ROUTE N_ ("No network leads to “%s”. Check this machine’s network.")
#define NO_METHOD                                                                                       \
  N_ ("This machine’s ssh and the one of “%s” have no method in common. One of them is too old, " \
      "or set up too strictly.")
#define BAD_CONFIGURATION                                                                                 \
  N_ ("ssh cannot read its configuration, so “%s” was not tried. Run “ssh” in a terminal to see " \
      "the line.")

#define CHANGED_KEY "REMOTE HOST IDENTIFICATION HAS CHANGED"

/* The first that matches; the surer ones stand first. */
static const Cause causes[] = {
  { "Too many authentication failures", STEWARD_ERROR_DENIED,
    N_ ("“%s” closed the connection because too many keys were offered. Name the right one in "
        "~/.ssh/config with IdentityFile, and set IdentitiesOnly yes there.") },
  { "Permission denied (", STEWARD_ERROR_DENIED,
    N_ ("“%s” let nobody in with this user, these keys and these answers. Check the user’s name, "
        "and that your public key is among its authorized keys.") },
  { "Host key verification failed", STEWARD_ERROR_REFUSED,
    N_ ("The host key of “%s” was not accepted. Nothing was sent there.") },
  { "Could not resolve hostname", STEWARD_ERROR_UNREACHABLE,
    N_ ("There is no host named “%s”. Check the name; if it is right, check this machine’s "
        "network.") },
  { "Connection refused", STEWARD_ERROR_UNREACHABLE,
    N_ ("“%s” is there, but takes no SSH connections at this port. Check the port, and that sshd "
        "runs there.") },
  { "No route to host", STEWARD_ERROR_UNREACHABLE, NO_ROUTE },
  { "Network is unreachable", STEWARD_ERROR_UNREACHABLE, NO_ROUTE },
  { "timed out", STEWARD_ERROR_UNREACHABLE, TIMED_OUT },
  { "Timeout, server", STEWARD_ERROR_UNREACHABLE, TIMED_OUT },
  { "no matching", STEWARD_ERROR_DENIED, NO_METHOD },
  { "administratively prohibited", STEWARD_ERROR_DENIED,
    N_ ("The host through which the way to “%s” leads passes no connections on. Its administrator "
        "must set AllowTcpForwarding yes in sshd_config there, and let the port through.") },
  { "terminating,", STEWARD_ERROR_INVALID, BAD_CONFIGURATION },
  { "Bad owner or permissions", STEWARD_ERROR_INVALID, BAD_CONFIGURATION },
  { "Can't open user config file", STEWARD_ERROR_INVALID, BAD_CONFIGURATION },
  { "Connection closed", STEWARD_ERROR_UNREACHABLE, BROKEN },
  { "Connection reset", STEWARD_ERROR_UNREACHABLE, BROKEN },
  { "closed by remote host", STEWARD_ERROR_UNREACHABLE, BROKEN },
};

/* Returns: (transfer full) (nullable): the pattern's only group */
static char *
find (const char *pattern, const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_MULTILINE | G_REGEX_RAW, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  if (!g_regex_match (regex, text, 0, &match))
    return NULL;
  g_autofree char *group = g_match_info_fetch (match, 1);
  return g_utf8_make_valid (group, -1);
}

/* The last line that says something. */
static char *
find_last_line (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  char *start;

  g_strchomp (valid);
  start = strrchr (valid, '\n');
  return g_strstrip (g_strdup (start != NULL ? start + 1 : valid));
}

/* The fingerprint that known hosts hold for NAME in that line of FILE. */
static char *
dup_known_fingerprint (const char *name, const char *file, const char *line)
{
  const char *argv[] = { "ssh-keygen", "-l", "-F", name, "-f", file, NULL };
  g_autofree char *output = steward_ssh_program_read (argv);
  g_autofree char *escaped = line != NULL ? g_regex_escape_string (line, -1) : g_strdup ("[0-9]+");
  g_autofree char *pattern = g_strdup_printf ("found: line %s ?\\n.*(SHA256:\\S+)", escaped);

  return output != NULL ? find (pattern, output) : NULL;
}

static void
set_changed_key (const char *name, const char *said, GError **error)
{
  g_autofree char *now = find ("(SHA256:[A-Za-z0-9+/=]+)", said);
  g_autofree char *alias = find ("Host key for (\\S+) has changed", said);
  g_autofree char *file = find ("^Offending .*key in (.+):[0-9]+\\s*$", said);
  g_autofree char *line = find ("^Offending .*key in .+:([0-9]+)\\s*$", said);
  g_autofree char *known =
      alias != NULL && file != NULL ? dup_known_fingerprint (alias, file, line) : NULL;

  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
               _ ("The host key of “%s” is not the one that is known: known is %s, but the host "
                  "now shows %s. Somebody may stand in between, or the host was set up anew. "
                  "Nothing was sent there. If its administrator confirms the new key, run "
                  "“ssh-keygen -R '%s' -f '%s'” and connect again."),
               name, known != NULL ? known : "?", now != NULL ? now : "?",
               alias != NULL ? alias : name, file != NULL ? file : "~/.ssh/known_hosts");
}

static gboolean
is_expired (const char *certificate)
{
  const char *argv[] = { "ssh-keygen", "-L", "-f", certificate, NULL };
  g_autofree char *output = steward_ssh_program_read (argv);
  g_autofree char *until = output != NULL ? find ("Valid: .*to (\\S+)", output) : NULL;
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) end = until != NULL ? g_date_time_new_from_iso8601 (until, zone) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  return end != NULL && g_date_time_compare (end, now) < 0;
}

/* Returns: (transfer full): what ssh's configuration says of the host, a line each */
static char *
dup_configuration (const StewardSshAddress *address)
{
  g_autoptr (GPtrArray) argv = steward_ssh_program_argv (address);

  g_ptr_array_insert (argv, 1, g_strdup ("-G"));
  g_ptr_array_add (argv, NULL);
  char *output = steward_ssh_program_read ((const char *const *)argv->pdata);
  return output != NULL ? output : g_strdup ("");
}

/* Returns: (transfer full) (nullable): an expired certificate that ssh would have shown */
static char *
find_expired_certificate (const StewardSshAddress *address)
{
  g_autofree char *output = dup_configuration (address);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const char *value = strchr (lines[i], ' ');
      gboolean is_key = g_str_has_prefix (lines[i], "identityfile ");

      if (!is_key && !g_str_has_prefix (lines[i], "certificatefile "))
        continue;
      value += 1;
      g_autofree char *full = g_str_has_prefix (value, "~/")
                                  ? g_build_filename (g_get_home_dir (), value + 2, NULL)
                                  : g_strdup (value);
      g_autofree char *file = g_strconcat (full, is_key ? "-cert.pub" : "", NULL);
      if (g_file_test (file, G_FILE_TEST_EXISTS) && is_expired (file))
        return g_steal_pointer (&file);
    }
  return NULL;
}

static gboolean
set_expired_certificate (const StewardSshAddress *address,
                         const char *name,
                         const char *said,
                         GError **error)
{
  if (strstr (said, "Certificate invalid: expired") != NULL)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("The host certificate of “%s” has expired. Nothing was sent there. Its "
                      "administrator must renew it; check this machine’s clock, too."),
                   name);
      return TRUE;
    }
  g_autofree char *certificate =
      strstr (said, "Permission denied (") != NULL ? find_expired_certificate (address) : NULL;
  if (certificate == NULL)
    return FALSE;
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
      _ ("“%s” let nobody in: your certificate “%s” has expired. Get a new one and connect again."),
      name, certificate);
  return TRUE;
}

gboolean
steward_ssh_failure_is_authenticated (const char *said)
{
  return strstr (said, "Authenticated to ") != NULL;
}

static void
set_no_shell (const char *name, const char *said, const char *printed, GError **error)
{
  g_autofree char *text = find_last_line (printed != NULL ? printed : "");

  if (*text == '\0' && strstr (said, "closed by remote host") != NULL)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE, _ (BROKEN), name);
  else if (*text == '\0')
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                 _ ("“%s” let us in, but the account runs no commands there. Its login shell must "
                    "be an ordinary one."),
                 name);
  else
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                 _ ("“%s” let us in, but the account runs no commands there; it says: %s"), name,
                 text);
}

/* Whether ssh said one of the things that we know. */
static gboolean
set_known (const StewardSshAddress *address, const char *said, GError **error)
{
  g_autofree char *name = steward_ssh_address_format (address);

  if (strstr (said, CHANGED_KEY) != NULL)
    {
      set_changed_key (name, said, error);
      return TRUE;
    }
  if (set_expired_certificate (address, name, said, error))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (causes); i++)
    if (strstr (said, causes[i].words) != NULL)
      {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        g_set_error (error, STEWARD_ERROR, causes[i].code, _ (causes[i].sentence), name);
#pragma GCC diagnostic pop
        return TRUE;
      }
  return FALSE;
}

/* Returns: (transfer full) (nullable): what Steward's sandbox lacks that would explain it; without its
 * network, ssh may say anything */
static char *
find_lack (const char *said)
{
  char *lack = steward_sandbox_find_lack (STEWARD_SANDBOX_INFO, STEWARD_PERMISSION_NETWORK);

  if (lack == NULL && strstr (said, "Permission denied (") != NULL)
    lack = steward_sandbox_find_lack (STEWARD_SANDBOX_INFO, STEWARD_PERMISSION_SSH_FOLDER);
  if (lack == NULL && strstr (said, "Permission denied (") != NULL)
    lack = steward_sandbox_find_lack (STEWARD_SANDBOX_INFO, STEWARD_PERMISSION_SSH_AGENT);
  return lack;
}

/* Returns: (transfer full) (nullable): the host through which the configuration leads (ProxyJump);
 * several are one name */
static StewardSshAddress *
find_jump (const StewardSshAddress *address)
{
  g_autofree char *output = dup_configuration (address);
  g_autofree char *text = find ("^proxyjump (.+)$", output);

  if (text == NULL)
    return NULL;
  StewardSshAddress *jump = steward_ssh_address_parse (text, NULL);
  StewardSshAddress unparsed = { NULL, text, 0 };
  return jump != NULL ? jump : steward_ssh_address_copy (&unparsed);
}

/* On the way through another host a client of its own speaks first. Where that one cannot come in,
 * ours sees the way end before the host itself has said a word. */
static gboolean
set_failed_jump (const StewardSshAddress *address, const char *said, GError **error)
{
  const char *end = strstr (said, "kex_exchange_identification: Connection closed");
  g_autoptr (GError) cause = NULL;

  if (end == NULL)
    return FALSE;
  g_autofree char *said_there = g_strndup (said, end - said);
  /* It came in, and the host refused it there. */
  if (strstr (said_there, "stdio forwarding failed") != NULL)
    return FALSE;
  g_autoptr (StewardSshAddress) jump = find_jump (address);
  if (jump == NULL || !set_known (jump, said_there, &cause))
    return FALSE;
  g_autofree char *name = steward_ssh_address_format (address);
  g_set_error (error, STEWARD_ERROR, cause->code,
               /* Translators: the second %s is whole sentences about that other host. */
               _ ("The way to “%s” leads through another host, and ends there. %s"), name,
               cause->message);
  return TRUE;
}

void
steward_ssh_failure_set (const StewardSshAddress *address,
                         const char *said,
                         const char *printed,
                         GError **error)
{
  g_autofree char *name = steward_ssh_address_format (address);
  gboolean is_in = steward_ssh_failure_is_authenticated (said) && strstr (said, CHANGED_KEY) == NULL
                   && strstr (said, "Timeout, server") == NULL;

  if (is_in)
    {
      set_no_shell (name, said, printed, error);
      return;
    }
  g_autofree char *lack = find_lack (said);
  if (lack != NULL)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_DENIED,
                   /* Translators: the second %s is a whole sentence about what is not allowed. */
                   _ ("ssh could not connect to “%s”. %s"), name, lack);
      return;
    }
  if (set_failed_jump (address, said, error) || set_known (address, said, error))
    return;
  g_autofree char *line = find_last_line (said);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE,
               _ ("ssh could not connect to “%s”: %s"), name, line);
}
