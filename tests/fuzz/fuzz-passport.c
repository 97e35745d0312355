/* Passports of backups. Input: the file. */
#include "fuzz.h"

#include "core/base/error.h"
#include "core/store/passport.h"

#include <string.h>

static void
assert_same_tables (const StewardPassport *a, const StewardPassport *b)
{
  g_assert_cmpuint (a->tables->len, ==, b->tables->len);
  for (guint i = 0; i < a->tables->len; i++)
    {
      const StewardTableRows *rows_a = g_ptr_array_index (a->tables, i);
      const StewardTableRows *rows_b = g_ptr_array_index (b->tables, i);
      g_assert_cmpstr (rows_a->table, ==, rows_b->table);
      g_assert_cmpuint (rows_a->rows, ==, rows_b->rows);
    }
}

/* What a restore relies on, by name; the rest is compared as it is printed. */
static void
assert_same (const StewardPassport *a, const StewardPassport *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpint (a->made_s, ==, b->made_s);
  g_assert_cmpstr (a->reason, ==, b->reason);
  g_assert_cmpstr (a->server_tag, ==, b->server_tag);
  g_assert_cmpstr (a->server_image, ==, b->server_image);
  g_assert_cmpstr (a->server_digest, ==, b->server_digest);
  g_assert_cmpstr (a->database, ==, b->database);
  g_assert_cmpstr (a->last_migration, ==, b->last_migration);
  g_assert_cmpuint (a->postgres_version, ==, b->postgres_version);
  g_assert_cmpstr (a->system_identifier, ==, b->system_identifier);
  g_assert_cmpuint (a->dump_bytes, ==, b->dump_bytes);
  g_assert_cmpstr (a->dump_sha256, ==, b->dump_sha256);
  g_assert_cmpstr (a->dump_format, ==, b->dump_format);
  g_assert_cmpint (a->written_s, ==, b->written_s);
  g_assert_cmpint (a->read_back_s, ==, b->read_back_s);
  g_assert_cmpint (a->restored_s, ==, b->restored_s);
  g_assert_cmpint (a->damaged_s, ==, b->damaged_s);
  assert_same_tables (a, b);
}

static void
assert_usable (const StewardPassport *passport)
{
  g_assert_cmpstr (passport->id, !=, "");
  g_assert_cmpint (passport->made_s, >, 0);
  g_assert_cmpstr (passport->server_tag, !=, "");
  g_assert_cmpstr (passport->database, !=, "");
  g_assert_cmpuint (strlen (passport->dump_sha256), ==, 64);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardPassport) passport = steward_passport_parse ((const char *)data, size, &error);

  if (passport == NULL)
    {
      g_assert_true (g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_INVALID)
                     || g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_assert_no_error (error);
  assert_usable (passport);

  g_autofree char *text = steward_passport_print (passport);
  g_autoptr (StewardPassport) again = steward_passport_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  assert_same (passport, again);

  g_autofree char *text_again = steward_passport_print (again);
  g_assert_cmpstr (text, ==, text_again);
  return 0;
}
