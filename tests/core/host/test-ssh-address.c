/* Tables for addresses: what is understood and what is refused. */
#include "core/host/ssh-address.h"

static void
test_understood (void)
{
  static const struct
  {
    const char *text, *user, *host;
    guint16 port;
    const char *format; /* NULL: as the text */
  } cases[] = {
    { "parsec", NULL, "parsec", 0, NULL },
    { "parsec.example.org", NULL, "parsec.example.org", 0, NULL },
    { "admin@parsec", "admin", "parsec", 0, NULL },
    { "admin@parsec:2222", "admin", "parsec", 2222, NULL },
    { "parsec:1", NULL, "parsec", 1, NULL },
    { "parsec:65535", NULL, "parsec", 65535, NULL },
    { "192.0.2.7:22", NULL, "192.0.2.7", 22, NULL },
    { "[2001:db8::1]", NULL, "2001:db8::1", 0, NULL },
    { "root@[::1]:22", "root", "::1", 22, NULL },
    { "[fe80::1%eth0]:22", NULL, "fe80::1%eth0", 22, NULL },
    { "2001:db8::1", NULL, "2001:db8::1", 0, "[2001:db8::1]" },
    { "me@firm.example@parsec", "me@firm.example", "parsec", 0, NULL },
    { "FIRM\\me@parsec", "FIRM\\me", "parsec", 0, NULL },
    { "bücher", NULL, "bücher", 0, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (StewardSshAddress) address = steward_ssh_address_parse (cases[i].text, &error);

      g_assert_no_error (error);
      g_autoptr (StewardSshAddress) copy = steward_ssh_address_copy (address);
      g_autofree char *format = steward_ssh_address_format (copy);
      g_assert_cmpstr (address->user, ==, cases[i].user);
      g_assert_cmpstr (address->host, ==, cases[i].host);
      g_assert_cmpuint (address->port, ==, cases[i].port);
      g_assert_cmpstr (format, ==, cases[i].format != NULL ? cases[i].format : cases[i].text);
    }
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "-oProxyCommand=x",
    "root@-x",
    "-x@host",
    "@host",
    "root@",
    "a b",
    " host",
    "host ",
    "host\n",
    "ho\tst",
    "host:",
    "host:0",
    "host:65536",
    "host:-1",
    "host:22x",
    "host:+22",
    "[::1",
    "[::1]22",
    "[::1]:",
    "[]",
    "[host]",
    "::1:zz",
    "a:b:c",
    "$(id)",
    "`id`@host",
    "a;b",
    "a|b@host",
    "a&b",
    "ssh://host",
    "host/x",
    "*",
    "!host",
    "host,other",
    "user\\@h",
    "a'b@host",
    "ho\xffst",
    "host\x7f",
    ":22",
    "root@[::1]:x",
    "\xe2\x80\xa8",
    "h\\ost",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (steward_ssh_address_parse (texts[i], &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ssh-address/understands", test_understood);
  g_test_add_func ("/ssh-address/refuses", test_refused);
  return g_test_run ();
}
