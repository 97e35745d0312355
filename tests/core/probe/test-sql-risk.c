/* Tables of statements that destroy and of those that only look so. */
#include "core/probe/sql-risk.h"

#include <string.h>

/* The kinds found in @sql, joined by `|`. */
static char *
dup_kinds (const char *sql)
{
  g_autoptr (GPtrArray) risks = steward_sql_find_risks (sql);
  GString *kinds = g_string_new (NULL);

  for (guint i = 0; i < risks->len; i++)
    {
      const StewardSqlRisk *risk = g_ptr_array_index (risks, i);
      g_assert_true (g_utf8_validate (risk->excerpt, -1, NULL));
      g_string_append_printf (kinds, "%s%s", i > 0 ? "|" : "", risk->kind);
    }
  return g_string_free (kinds, FALSE);
}

typedef struct
{
  const char *sql, *kinds;
} Case;

static void
check_cases (const Case *cases, gsize n_cases)
{
  for (gsize i = 0; i < n_cases; i++)
    {
      g_autofree char *kinds = dup_kinds (cases[i].sql);
      if (strcmp (kinds, cases[i].kinds) != 0)
        g_error ("\"%s\" gives '%s' instead of '%s'", cases[i].sql, kinds, cases[i].kinds);
    }
}

static void
test_destroying (void)
{
  static const Case cases[] = {
    { "DROP TABLE vault;", "DROP TABLE" },
    { "drop\n/* now */ table if exists vault", "DROP TABLE" },
    { "-- gone\nDROP SCHEMA s CASCADE; DROP TYPE t;", "DROP SCHEMA|DROP TYPE" },
    { "DROP FUNCTION f CASCADE", "DROP FUNCTION" },
    { "TRUNCATE vault", "TRUNCATE" },
    { "SELECT 1; DELETE FROM device WHERE 1 = 1;", "DELETE" },
    { "WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone", "DELETE" },
    { "MERGE INTO a USING b ON a.i = b.i WHEN MATCHED THEN DELETE", "DELETE" },
    { "ALTER TABLE a DROP COLUMN b, DROP c, ADD d int", "DROP COLUMN|DROP COLUMN" },
    { "ALTER TABLE ONLY s.\"a;b\" * ADD CHECK (x IN (1, 2)), DROP IF EXISTS c", "DROP COLUMN" },
    { "ALTER TABLE IF EXISTS type DROP COLUMN type", "DROP COLUMN" },
    { "ALTER TYPE point DROP ATTRIBUTE z", "DROP ATTRIBUTE" },
    { "ALTER TABLE a ALTER COLUMN b TYPE smallint", "ALTER COLUMN TYPE" },
    { "ALTER TABLE a ALTER b SET DATA TYPE varchar(10)", "ALTER COLUMN TYPE" },
    { "ALTER TABLE a ALTER COLUMN type TYPE new_type USING type::text::new_type",
      "ALTER COLUMN TYPE" },
    { "ALTER TABLE a ALTER COLUMN b TYPE text USING left(b, 3)", "ALTER COLUMN TYPE" },
    { "DO $$ BEGIN IF true THEN DROP TABLE a; END IF; END $$", "DROP TABLE" },
    { "DO LANGUAGE plpgsql $x$ BEGIN DELETE FROM a; END $x$; DROP TABLE b", "DELETE|DROP TABLE" },
    { "INSERT INTO a VALUES ('it''s'); DROP TABLE a", "DROP TABLE" },
    { "INSERT INTO a VALUES (E'it\\'s'); DROP TABLE a", "DROP TABLE" },
    { "INSERT INTO a VALUES ('\\'); DROP TABLE a; --'", "DROP TABLE" },
    { "/* a /* b */ ' */ DROP TABLE a", "DROP TABLE" },
    { "SELECT a$b$ FROM c; DROP TABLE a; -- $b$", "DROP TABLE" },
    { "SELECT $1; DROP TABLE a; SELECT $1", "DROP TABLE" },
  };

  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_harmless (void)
{
  static const Case cases[] = {
    { "", "" },
    { ";;;", "" },
    { "CREATE TABLE drop_table (id int REFERENCES a ON DELETE CASCADE);", "" },
    { "-- DROP TABLE a\nSELECT 1", "" },
    { "/* DROP TABLE a; /* ; */ DROP TABLE b; */ SELECT 1", "" },
    { "SELECT '; DROP TABLE a; '", "" },
    { "SELECT E'\\'; DROP TABLE a; '", "" },
    { "SELECT $q$; DROP TABLE a; $q$, $$; DROP TABLE a; $$", "" },
    { "CREATE FUNCTION f() RETURNS void AS $$ DELETE FROM a; $$ LANGUAGE sql", "" },
    { "CREATE TABLE \"; DROP TABLE a; \" (i int)", "" },
    { "ALTER TABLE a DROP CONSTRAINT b", "" },
    { "ALTER TABLE a ALTER COLUMN b DROP NOT NULL, ALTER c DROP DEFAULT", "" },
    { "ALTER TABLE a ALTER COLUMN b TYPE text, ALTER c TYPE character varying", "" },
    { "ALTER TABLE a ADD COLUMN type text DEFAULT 'x', RENAME TO drop", "" },
    { "ALTER TYPE t ADD VALUE 'DROP'", "" },
    { "ALTER INDEX a RENAME TO b; DROP INDEX b; DROP VIEW v; DROP FUNCTION f(int)", "" },
    { "GRANT DELETE ON a TO b; CREATE TRIGGER t BEFORE DELETE ON a EXECUTE FUNCTION f()", "" },
  };

  check_cases (cases, G_N_ELEMENTS (cases));
}

static void
test_excerpt (void)
{
  g_autoptr (GString) sql = g_string_new ("SELECT 1;\n\n  DROP\n\tTABLE  é\001è");
  g_autoptr (GPtrArray) risks = steward_sql_find_risks (sql->str);
  const StewardSqlRisk *risk = g_ptr_array_index (risks, 0);

  g_assert_cmpstr (risk->excerpt, ==, "DROP TABLE é è");

  for (int i = 0; i < 5000; i++)
    g_string_append (sql, ", b");
  g_autoptr (GPtrArray) long_risks = steward_sql_find_risks (sql->str);
  const StewardSqlRisk *long_risk = g_ptr_array_index (long_risks, 0);
  g_assert_cmpint (g_utf8_strlen (long_risk->excerpt, -1), <=, 121);
  g_assert_true (g_str_has_suffix (long_risk->excerpt, "…"));
}

/* Pieces that open and close things, in any order: no crash, no endless loop, valid excerpts. */
static void
test_rubbish (void)
{
  static const char *const pieces[] = { "DROP", "TABLE", "ALTER",    "TYPE", "COLUMN", "DELETE",
                                        "FROM", "DO",    "TRUNCATE", "$$",   "$a$",    "'",
                                        "\"",   "E'",    "\\",       "/*",   "*/",     "--",
                                        "\n",   ";",     "(",        ")",    ",",      ".",
                                        "*",    " ",     "é",        "$",    "BEGIN" };

  for (int round = 0; round < 3000; round++)
    {
      g_autoptr (GString) sql = g_string_new (NULL);
      for (int n = g_test_rand_int_range (0, 40); n > 0; n--)
        g_string_append (sql, pieces[g_test_rand_int_range (0, G_N_ELEMENTS (pieces))]);
      g_autofree char *kinds = dup_kinds (sql->str);

      g_autofree char *appended = g_strconcat ("DROP TABLE a;", sql->str, NULL);
      g_autofree char *with_drop = dup_kinds (appended);
      g_assert_true (g_str_has_prefix (with_drop, "DROP TABLE"));
      g_assert_cmpstr (with_drop + strlen ("DROP TABLE") + (*kinds != '\0'), ==, kinds);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sql-risk/marks-statements-that-destroy", test_destroying);
  g_test_add_func ("/sql-risk/leaves-harmless-statements-alone", test_harmless);
  g_test_add_func ("/sql-risk/excerpt-is-one-short-line", test_excerpt);
  g_test_add_func ("/sql-risk/survives-rubbish", test_rubbish);
  return g_test_run ();
}
