/* Passports: both ways, and whatever somebody may have put in the file. */
#include "core/store/passport.h"

#include <string.h>

#include "core/base/error.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SERVER "\"server\":{\"tag\":\"3.0.0\"}"
#define DATABASE                                                                                   \
  "\"database\":{\"name\":\"parsec\",\"postgres_version\":160010,\"system_identifier\":\"74\"}"
#define DUMP "\"dump\":{\"bytes\":7,\"sha256\":\"" HASH "\",\"format\":\"custom\"}"
#define HEAD "\"format\":1,\"id\":\"20261123t220300_ab12\",\"made\":\"2026-11-23T22:03:00Z\""

static void
test_round_trip (void)
{
  g_autoptr (StewardPassport) passport = steward_passport_new ();
  g_autoptr (GError) error = NULL;

  passport->id = g_strdup ("20261123t220300_ab12");
  passport->made_s = 1795471380;
  passport->reason = g_strdup ("before upgrade to 3.1.0 – “été”");
  passport->server_tag = g_strdup ("v3.0.0");
  passport->database = g_strdup ("parsec");
  passport->postgres_version = 160010;
  passport->system_identifier = g_strdup ("7412345678901234567");
  passport->dump_bytes = G_GUINT64_CONSTANT (5000000000);
  passport->dump_sha256 = g_strdup (HASH);
  passport->dump_format = g_strdup ("custom");
  passport->read_back_s = 1795471400;
  steward_passport_add_table (passport, "public.user_", 12);
  steward_passport_add_table (passport, "public.\"odd \\ name\"", 0);

  g_autofree char *text = steward_passport_print (passport);
  g_autoptr (StewardPassport) again = steward_passport_parse (text, strlen (text), &error);
  g_assert_no_error (error);
  g_autofree char *text_again = steward_passport_print (again);
  g_assert_cmpstr (text_again, ==, text);
  g_assert_cmpstr (again->reason, ==, passport->reason);
  g_assert_cmpuint (again->dump_bytes, ==, passport->dump_bytes);
  g_assert_cmpint (again->read_back_s, ==, passport->read_back_s);
  g_assert_cmpint (again->restored_s, ==, 0);
  g_assert_null (again->last_migration);
  g_assert_cmpuint (again->tables->len, ==, 2);
  g_assert_cmpuint (((StewardTableRows *)g_ptr_array_index (again->tables, 0))->rows, ==, 12);
}

static void
test_unknown_members_are_ignored (void)
{
  const char *text =
      "{" HEAD "," SERVER "," DATABASE "," DUMP ",\"future\":[{\"a\":null}],\"by\":{\"moon\":1}}";
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardPassport) passport = steward_passport_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  g_assert_cmpstr (passport->server_tag, ==, "3.0.0");
}

static void
test_newer_format_is_refused (void)
{
  const char *text = "{\"format\":2}";
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_passport_parse (text, strlen (text), &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
}

static void
test_bad_passports_are_invalid (void)
{
  static const char *const bad[] = {
    "",
    "{",
    "[]",
    "null",
    "\xff",
    "{}",
    "{\"format\":\"1\"}",
    "{\"format\":0}",
    "{" HEAD "}",
    "{" HEAD "," SERVER "," DATABASE "}",
    "{" HEAD "," SERVER "," DUMP "}",
    "{" HEAD ",\"server\":{}," DATABASE "," DUMP "}",
    "{" HEAD ",\"server\":7," DATABASE "," DUMP "}",
    "{" HEAD ",\"server\":{\"tag\":[]}," DATABASE "," DUMP "}",
    "{" HEAD ",\"server\":{\"tag\":\"\"}," DATABASE "," DUMP "}",
    "{" HEAD "," SERVER "," DATABASE ",\"dump\":{\"bytes\":-7,\"sha256\":\"" HASH
    "\",\"format\":\"custom\"}}",
    "{" HEAD "," SERVER "," DATABASE
    ",\"dump\":{\"bytes\":7,\"sha256\":\"../x\",\"format\":\"custom\"}}",
    "{" HEAD "," SERVER "," DATABASE "," DUMP ",\"tables\":[]}",
    "{" HEAD "," SERVER "," DATABASE "," DUMP ",\"tables\":{\"a\":\"b\"}}",
    "{" HEAD "," SERVER "," DATABASE "," DUMP ",\"proven\":{\"restored\":\"yes\"}}",
    "{" HEAD "," SERVER "," DATABASE "," DUMP ",\"proven\":{\"written\":\"1970-01-01T00:00:00Z\"}}",
    "{\"format\":1,\"id\":\"a\",\"made\":\"1970-01-01T00:00:00Z\"," SERVER "," DATABASE "," DUMP
    "}",
    "{" HEAD "," SERVER "," DATABASE "," DUMP "} trailing",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (StewardPassport) passport =
          steward_passport_parse (bad[i], strlen (bad[i]), &error);
      g_test_message ("row %" G_GSIZE_FORMAT, i);
      g_assert_null (passport);
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
    }
}

static void
test_deep_nesting_is_invalid (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_passport_parse (deep, strlen (deep), &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
}

static void
test_proof_is_the_most_that_is_known (void)
{
  g_autoptr (StewardPassport) passport = steward_passport_new ();
  gint64 when_s = 1;

  g_assert_cmpint (steward_passport_get_proof (passport, &when_s), ==, STEWARD_PROOF_NONE);
  g_assert_cmpint (when_s, ==, 0);
  passport->written_s = 10;
  g_assert_cmpint (steward_passport_get_proof (passport, NULL), ==, STEWARD_PROOF_HASHED);
  steward_passport_set_proof (passport, STEWARD_PROOF_RESTORED, 20);
  steward_passport_set_proof (passport, STEWARD_PROOF_READ_BACK, 30);
  g_assert_cmpint (steward_passport_get_proof (passport, &when_s), ==, STEWARD_PROOF_RESTORED);
  g_assert_cmpint (when_s, ==, 20);
}

static void
test_mark_goes_by_what_says_otherwise (void)
{
  static const struct
  {
    const char *damage;
    StewardProof proof;
    StewardProof after;
  } rows[] = {
    { STEWARD_DAMAGE_HASH, STEWARD_PROOF_READ_BACK, STEWARD_PROOF_READ_BACK },
    { STEWARD_DAMAGE_HASH, STEWARD_PROOF_RESTORED, STEWARD_PROOF_RESTORED },
    { STEWARD_DAMAGE_UNREADABLE, STEWARD_PROOF_READ_BACK, STEWARD_PROOF_READ_BACK },
    { STEWARD_DAMAGE_ROWS, STEWARD_PROOF_READ_BACK, STEWARD_PROOF_DAMAGED },
    { STEWARD_DAMAGE_ROWS, STEWARD_PROOF_RESTORED, STEWARD_PROOF_RESTORED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (StewardPassport) passport = steward_passport_new ();
      steward_passport_set_damage (passport, rows[i].damage, 40);
      steward_passport_set_damage (passport, "later", 50);
      g_assert_cmpstr (passport->damage, ==, rows[i].damage);
      g_assert_cmpint (passport->damaged_s, ==, 40);
      steward_passport_set_proof (passport, rows[i].proof, 60);
      g_assert_cmpint (steward_passport_get_proof (passport, NULL), ==, rows[i].after);
    }
}

static void
test_reason_in_words (void)
{
  static const struct
  {
    const char *reason;
    const char *words;
  } rows[] = {
    { STEWARD_REASON_BY_HAND, "Made by hand" },
    { STEWARD_REASON_UPGRADE "3.1.0", "Before the upgrade to 3.1.0" },
    { "by hands", "by hands" }, /* another client’s */
    { NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (StewardPassport) passport = steward_passport_new ();
      passport->reason = g_strdup (rows[i].reason);
      g_autofree char *words = steward_passport_dup_reason (passport);
      g_assert_cmpstr (words, ==, rows[i].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/passport/round-trip", test_round_trip);
  g_test_add_func ("/passport/unknown-members-are-ignored", test_unknown_members_are_ignored);
  g_test_add_func ("/passport/newer-format-is-refused", test_newer_format_is_refused);
  g_test_add_func ("/passport/bad-ones-are-invalid", test_bad_passports_are_invalid);
  g_test_add_func ("/passport/deep-nesting-is-invalid", test_deep_nesting_is_invalid);
  g_test_add_func ("/passport/reason-in-words", test_reason_in_words);
  g_test_add_func ("/passport/proof-is-the-most-that-is-known",
                   test_proof_is_the_most_that_is_known);
  g_test_add_func ("/passport/mark-goes-by-what-says-otherwise",
                   test_mark_goes_by_what_says_otherwise);
  return g_test_run ();
}
