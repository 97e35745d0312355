/* Addresses of databases: read rightly, rewritten in the name only. */
#include "core/base/error.h"
#include "core/compose/database-url.h"

#include <string.h>

static const struct
{
  const char *url, *user, *password, *host, *database, *sslmode, *moved;
  guint16 port;
} VALID[] = {
  { "postgresql://DB_USER:DB_PASS@parsec-postgres:5432/parsec", "DB_USER", "DB_PASS",
    "parsec-postgres", "parsec", NULL,
    "postgresql://DB_USER:DB_PASS@parsec-postgres:5432/steward_1", 5432 },
  { "postgresql://u@h/parsec?sslmode=verify-full&sslrootcert=/ca%20x.pem", "u", NULL, "h", "parsec",
    "verify-full", "postgresql://u@h/steward_1?sslmode=verify-full&sslrootcert=/ca%20x.pem", 0 },
  { "postgresql://u:p%40%3a%2F%25%24@h:1/a%2Fb", "u", "p@:/%$", "h", "a/b", NULL,
    "postgresql://u:p%40%3a%2F%25%24@h:1/steward_1", 1 },
  { "postgresql://u:p$:q=&;!@h/parsec", "u", "p$:q=&;!", "h", "parsec", NULL,
    "postgresql://u:p$:q=&;!@h/steward_1", 0 },
  { "postgresql://%C3%A9t%C3%A9:%c3%a9@[::1]:5433/d%C3%A9", "été", "é", "::1", "dé", NULL,
    "postgresql://%C3%A9t%C3%A9:%c3%a9@[::1]:5433/steward_1", 5433 },
  { "postgresql:///parsec?host=/run/postgresql&user=u&password=p%26&port=5433", "u", "p&",
    "/run/postgresql", "parsec", NULL,
    "postgresql:///steward_1?host=/run/postgresql&user=u&password=p%26&port=5433", 5433 },
  { "postgresql://u:p@%2Frun%2Fpg/parsec", "u", "p", "/run/pg", "parsec", NULL,
    "postgresql://u:p@%2Frun%2Fpg/steward_1", 0 },
  { "postgresql://parsec:parsec@parsec/parsec?sslmode=parsec", "parsec", "parsec", "parsec",
    "parsec", "parsec", "postgresql://parsec:parsec@parsec/steward_1?sslmode=parsec", 0 },
};

static const char *const INVALID[] = {
  "",
  "MOCKED",
  "postgresql",
  "postgresql://",
  "postgresql://h",
  "postgresql://h/",
  "postgresql://u@h?x=1",
  "postgres://u@h/d",
  "PostgreSQL://u@h/d",
  "http://u@h/d",
  "host=h dbname=d",
  "postgresql://h1,h2/d",
  "postgresql://u@h1:1,h2:2/d",
  "postgresql://u:p@q@h/d",
  "postgresql://u:p#q@h/d",
  "postgresql://h/d#x",
  "postgresql://h/d?dbname=e",
  "postgresql://h/d?database=e",
  "postgresql://h/d?host=i",
  "postgresql://h:1/d?port=2",
  "postgresql://h/d?user=a&user=b",
  "postgresql://h/d?port=0",
  "postgresql://h/d?port=x",
  "postgresql://h:99999/d",
  "postgresql://h:x/d",
  "postgresql://h/%zz",
  "postgresql://h/%00",
  "postgresql://h/d?x=%zz",
  "postgresql://h/\xff",
  "postgresql://h/%ff",
  "postgresql://u:%e9@h/d",
};

static void
test_reads_every_part (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (VALID); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (StewardDatabaseUrl) url = steward_database_url_parse (VALID[i].url, &error);

      g_test_message ("%s", VALID[i].url);
      g_assert_no_error (error);
      g_assert_cmpstr (url->user, ==, VALID[i].user);
      g_assert_cmpstr (url->password, ==, VALID[i].password);
      g_assert_cmpstr (url->host, ==, VALID[i].host);
      g_assert_cmpuint (url->port, ==, VALID[i].port);
      g_assert_cmpstr (url->database, ==, VALID[i].database);
      g_assert_cmpstr (g_hash_table_lookup (url->parameters, "sslmode"), ==, VALID[i].sslmode);
    }
}

static void
test_rewrites_the_name_only (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (VALID); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *moved =
          steward_database_url_dup_with_database (VALID[i].url, "steward_1", &error);

      g_assert_no_error (error);
      g_assert_cmpstr (moved, ==, VALID[i].moved);
    }
}

static void
test_encodes_the_new_name (void)
{
  g_autofree char *moved =
      steward_database_url_dup_with_database ("postgresql://h/d?x=1", "a/b?c%d é", NULL);
  g_autoptr (StewardDatabaseUrl) url = steward_database_url_parse (moved, NULL);

  g_assert_cmpstr (moved, ==, "postgresql://h/a%2Fb%3Fc%25d%20%C3%A9?x=1");
  g_assert_cmpstr (url->database, ==, "a/b?c%d é");
}

static void
test_refuses_what_is_ambiguous (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (INVALID); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (StewardDatabaseUrl) url = steward_database_url_parse (INVALID[i], &error);

      g_test_message ("%s", INVALID[i]);
      g_assert_null (url);
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
    }
}

static void
test_never_quotes_the_password (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_database_url_dup_with_database ("postgresql://u:hunter2@h", "d", &error));
  g_assert_null (strstr (error->message, "hunter2"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/database-url/reads-every-part", test_reads_every_part);
  g_test_add_func ("/database-url/rewrites-the-name-only", test_rewrites_the_name_only);
  g_test_add_func ("/database-url/encodes-the-new-name", test_encodes_the_new_name);
  g_test_add_func ("/database-url/refuses-what-is-ambiguous", test_refuses_what_is_ambiguous);
  g_test_add_func ("/database-url/never-quotes-the-password", test_never_quotes_the_password);
  return g_test_run ();
}
