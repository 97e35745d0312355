/* The documented objects, from structs made by hand. */
#include "cli/json-deployment.h"
#include "cli/json-operation.h"
#include "cli/json-store.h"
#include "cli/json.h"
#include "cli/operate.h"
#include "cli/reply.h"
#include "core/base/json.h"
#include "core/probe/sql-risk.h"

#define MADE_S 1795471380 /* 2026-11-23T22:03:00Z */

/* One line, so that an expectation can be read. */
static char *
print (JsonObject *object)
{
  g_autoptr (JsonNode) root = json_node_init_object (json_node_alloc (), object);

  return json_to_string (root, FALSE);
}

static void
test_pieces (void)
{
  static const char *const list[] = { "a", "\xff", NULL };
  g_autoptr (JsonObject) object = json_object_new ();

  steward_cli_json_set_text (object, "none", NULL);
  steward_cli_json_set_text (object, "text", "é\xff");
  steward_cli_json_set_time (object, "time", MADE_S);
  steward_cli_json_set_time (object, "never", 0);
  steward_cli_json_set_list (object, "list", list);
  steward_cli_json_set_list (object, "empty", NULL);
  steward_cli_json_set_object (object, "object", NULL);
  steward_cli_json_set_array (object, "array", NULL, NULL);
  g_autofree char *text = print (object);
  g_assert_cmpstr (text, ==,
                   "{\"none\":null,\"text\":\"é�\",\"time\":\"2026-11-23T22:03:00Z\","
                   "\"never\":null,\"list\":[\"a\",\"�\"],\"empty\":[],\"object\":null,"
                   "\"array\":null}");
}

static void
test_printed_is_clean (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) error = NULL;

  steward_cli_json_set_text (object, "tag", "a\033[31m\302\233b\n\037");
  g_autofree char *text = steward_cli_json_print (object);
  g_assert_null (strchr (text, '\033'));
  g_assert_null (strstr (text, "\302\233"));
  g_assert_null (strchr (text, '\037'));
  g_assert_true (g_str_has_suffix (text, "}\n"));
  g_autoptr (JsonObject) parsed = steward_json_parse_object (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (steward_json_get_string (parsed, "tag"), "a\033[31mb\n"));
}

static void
test_reply (void)
{
  g_autoptr (StewardCliReply) reply = steward_cli_reply_new ();

  reply->exit = STEWARD_CLI_EXIT_REFUSED;
  reply->error = g_error_new_literal (STEWARD_ERROR, STEWARD_ERROR_REFUSED, "No.");
  json_object_set_int_member (reply->json, "number", 7);
  g_autofree char *text = steward_cli_reply_dup_json (reply, "upgrade");
  g_assert_cmpstr (text, ==,
                   "{\n  \"ok\" : false,\n  \"command\" : \"upgrade\",\n  \"exit_status\" : 3,\n"
                   "  \"error\" : {\n    \"code\" : \"refused\",\n    \"message\" : \"No.\"\n  },\n"
                   "  \"number\" : 7\n}\n");
}

static void
test_found (void)
{
  char *files[] = { (char *)"/a/parsec.yaml", NULL };
  StewardComposeProject project = { .name = (char *)"parsec",
                                    .directory = (char *)"/a",
                                    .files = files };
  const StewardFound found = { .project = &project, .is_running = TRUE };
  g_autoptr (JsonObject) object = steward_cli_found_to_json (&found);
  g_autofree char *text = print (object);

  g_assert_cmpstr (text, ==,
                   "{\"name\":\"parsec\",\"directory\":\"/a\","
                   "\"compose_files\":[\"/a/parsec.yaml\"],\"env_files\":[],"
                   "\"running_image\":null,\"running\":true}");
}

static void
test_status_without_anything (void)
{
  const StewardStatus status = { .configured_image = (char *)"r/parsec-server:3.0.0",
                                 .configured_tag = (char *)"3.0.0",
                                 .health_problem = (char *)"No container.",
                                 .database_problem = (char *)"Stopped." };
  g_autoptr (JsonObject) object = json_object_new ();

  steward_cli_status_set_json (object, &status);
  g_autofree char *text = print (object);
  g_assert_cmpstr (
      text, ==,
      "{\"configured\":{\"image\":\"r/parsec-server:3.0.0\",\"tag\":\"3.0.0\"},"
      "\"podman\":false,"
      "\"server\":{\"container\":null,\"running\":false,\"image\":null,\"image_id\":null,"
      "\"digest\":null,\"label_version\":null},"
      "\"health\":null,\"health_problem\":\"No container.\","
      "\"database\":null,\"database_problem\":\"Stopped.\",\"drift\":[],"
      "\"drift_problem\":null,\"last_backup\":null,"
      "\"unfinished\":null,\"lock\":{\"held\":false,\"lapsed\":false,\"silent_s\":0,"
      "\"user\":null,\"machine\":null,\"client\":null,\"since\":null,\"operation\":null,"
      "\"operation_id\":null,\"step\":null},\"shortage\":null,\"store_problem\":null,\"host_time\":"
      "null}");
}

static void
test_status_health_and_database (void)
{
  StewardHealth health = { .answers_as_parsec = TRUE,
                           .status = 200,
                           .server_major = 3,
                           .tls = STEWARD_TLS_NOT_TRUSTED,
                           .tls_problem = (char *)"Unknown CA.",
                           .fingerprint = (char *)"AB:CD",
                           .elapsed_ms = 12 };
  const StewardStatus status = { .health = &health,
                                 .database = (char *)"parsec",
                                 .postgres_version = 160010,
                                 .database_bytes = 5000000000,
                                 .last_migration = (char *)"0012_shamir",
                                 .sessions = 4 };
  g_autoptr (JsonObject) object = json_object_new ();

  steward_cli_status_set_json (object, &status);
  g_autofree char *health_text = print (steward_json_get_object (object, "health"));
  g_autofree char *database_text = print (steward_json_get_object (object, "database"));
  g_assert_cmpstr (health_text, ==,
                   "{\"answers_as_parsec\":true,\"http_status\":200,\"server_major\":3,"
                   "\"version\":null,\"tls\":\"not_trusted\",\"tls_problem\":\"Unknown "
                   "CA.\",\"certificate_sha256\":\"AB:CD\","
                   "\"elapsed_ms\":12}");
  g_assert_cmpstr (database_text, ==,
                   "{\"name\":\"parsec\",\"postgres_version\":160010,\"size_bytes\":5000000000,"
                   "\"last_migration\":\"0012_shamir\",\"connections\":4}");
}

static void
test_backup (void)
{
  g_autoptr (StewardPassport) passport = steward_passport_new ();
  StewardBackup backup = { .id = (char *)"20261123t220300_ab12",
                           .state = STEWARD_BACKUP_DAMAGED,
                           .passport = passport,
                           .size_bytes = 42,
                           .problem = (char *)"Cut." };

  passport->made_s = MADE_S;
  passport->server_tag = g_strdup ("v3.0.0");
  steward_passport_add_table (passport, "public.vlob", 3);
  g_autoptr (JsonObject) object = steward_cli_backup_to_json (&backup);
  JsonObject *inner = steward_json_get_object (object, "passport");
  g_autofree char *rows = print (steward_json_get_object (inner, "rows"));
  g_assert_cmpstr (steward_json_get_string (object, "state"), ==, "damaged");
  g_assert_cmpstr (steward_json_get_string (object, "problem"), ==, "Cut.");
  g_assert_cmpint (json_object_get_int_member (object, "size_bytes"), ==, 42);
  g_assert_cmpstr (steward_json_get_string (inner, "made"), ==, "2026-11-23T22:03:00Z");
  g_assert_cmpstr (steward_json_get_string (inner, "server_tag"), ==, "v3.0.0");
  g_assert_cmpstr (rows, ==, "{\"public.vlob\":3}");
}

static void
test_partial_backup_has_no_passport (void)
{
  const StewardBackup backup = { .id = (char *)"x", .state = STEWARD_BACKUP_PARTIAL };
  g_autoptr (JsonObject) object = steward_cli_backup_to_json (&backup);
  g_autofree char *text = print (object);

  g_assert_cmpstr (text, ==,
                   "{\"id\":\"x\",\"state\":\"partial\",\"problem\":null,\"path\":null,"
                   "\"size_bytes\":0,\"modified\":null,\"passport\":null}");
}

static void
test_aside (void)
{
  const StewardAside aside = {
    .name = (char *)"steward_x_aside", .role = (char *)"aside", .size_bytes = 9, .made_s = MADE_S
  };
  g_autoptr (JsonObject) object = steward_cli_aside_to_json (&aside);
  g_autofree char *text = print (object);

  g_assert_cmpstr (text, ==,
                   "{\"name\":\"steward_x_aside\",\"role\":\"aside\",\"operation_id\":null,"
                   "\"tag\":null,\"size_bytes\":9,\"made\":\"2026-11-23T22:03:00Z\"}");
}

static void
test_aside_of_unknown_size (void)
{
  const StewardAside aside = { .name = (char *)"x", .size_bytes = -1 };
  g_autoptr (JsonObject) object = steward_cli_aside_to_json (&aside);

  g_assert_true (json_object_get_null_member (object, "size_bytes"));
}

static void
test_rotten_journal (void)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  StewardJournalStep step = { .step = (char *)"dump", .started_s = MADE_S, .failed = TRUE };
  const StewardJournal journal = { .id = (char *)"x",
                                   .is_damaged = TRUE,
                                   .state = STEWARD_JOURNAL_HANDS,
                                   .direction = STEWARD_DIRECTION_BACK,
                                   .steps = steps };

  g_ptr_array_add (steps, &step);
  g_autoptr (JsonObject) object = steward_cli_journal_to_json (&journal);
  g_autofree char *text = print (object);
  g_assert_cmpstr (text, ==,
                   "{\"id\":\"x\",\"operation\":null,\"state\":\"hands\",\"direction\":\"back\","
                   "\"from_tag\":null,\"to_tag\":null,\"backup_id\":null,\"began\":null,"
                   "\"ended\":null,\"last_step\":null,\"damaged\":true,\"message\":null,"
                   "\"steps\":[{\"step\":\"dump\",\"direction\":\"forward\","
                   "\"started\":\"2026-11-23T22:03:00Z\",\"ended\":null,\"failed\":true,"
                   "\"message\":null}]}");
}

static void
test_pending (void)
{
  g_autoptr (GPtrArray) pending = g_ptr_array_new ();
  g_autoptr (GPtrArray) risks = g_ptr_array_new ();
  StewardSqlRisk risk = { (char *)"DROP TABLE", (char *)"DROP TABLE shamir" };
  StewardPendingMigration readable = { (char *)"0013_a.sql", risks };
  StewardPendingMigration unreadable = { (char *)"0014_b.sql", NULL };
  g_autoptr (JsonObject) object = json_object_new ();

  g_ptr_array_add (risks, &risk);
  g_ptr_array_add (pending, &readable);
  g_ptr_array_add (pending, &unreadable);
  steward_cli_pending_set_json (object, pending);
  g_autofree char *text = print (object);
  g_assert_cmpstr (text, ==,
                   "{\"migrations\":[{\"file\":\"0013_a.sql\",\"risks\":[{\"kind\":\"DROP TABLE\","
                   "\"statement\":\"DROP TABLE shamir\"}]},"
                   "{\"file\":\"0014_b.sql\",\"risks\":null}]}");
}

static void
test_review (void)
{
  g_autoptr (StewardPlan) plan = steward_plan_new (STEWARD_OPERATION_ROLLBACK, "x");
  g_autoptr (GPtrArray) checks = g_ptr_array_new ();
  g_autoptr (GPtrArray) steps = g_ptr_array_new ();
  g_autoptr (GHashTable) rows = g_hash_table_new (g_str_hash, g_str_equal);
  gint64 lost = 12;
  StewardPrice price = { .rows = rows, .total = 12, .since_s = MADE_S };
  StewardCheck check = { "clock", STEWARD_CHECK_WARNING, (char *)"Late." };
  StewardReviewStep step = { "publish", (char *)"Publish", NULL };
  const StewardReview review = {
    .plan = plan, .checks = checks, .steps = steps, .price = &price, .downtime_ms = 4000
  };

  g_hash_table_insert (rows, (char *)"public.vlob", &lost);
  g_ptr_array_add (checks, &check);
  g_ptr_array_add (steps, &step);
  g_autoptr (JsonObject) object = steward_cli_review_to_json (&review);
  g_autofree char *text = print (object);
  g_assert_cmpstr (text, ==,
                   "{\"operation\":\"rollback\",\"service\":null,\"services\":[],\"from_tag\":null,"
                   "\"to_tag\":null,\"from_image\":null,\"to_image\":null,\"backup_id\":null,"
                   "\"source_database\":null,\"downtime_ms\":4000,"
                   "\"checks\":[{\"id\":\"clock\",\"state\":\"warning\",\"message\":\"Late.\"}],"
                   "\"migrations\":null,\"migrations_problem\":null,\"diff\":null,"
                   "\"loss\":{\"rows_total\":12,\"rows\":{\"public.vlob\":12},"
                   "\"since\":\"2026-11-23T22:03:00Z\"},"
                   "\"steps\":[{\"id\":\"publish\",\"title\":\"Publish\",\"command\":null}]}");
}

static void
test_operation (void)
{
  g_autoptr (StewardCliReply) reply = steward_cli_reply_new ();
  g_autoptr (GError) error = g_error_new_literal (STEWARD_ERROR, STEWARD_ERROR_LOSS, "No.");
  const StewardReport report = { .id = (char *)"x",
                                 .kind = STEWARD_OPERATION_UPGRADE,
                                 .from_tag = (char *)"3.0.0",
                                 .to_tag = (char *)"3.1.0",
                                 .downtime_ms = 900 };

  steward_cli_operate_tell (reply, STEWARD_RESULT_INTERRUPTED, &report, error);
  g_autofree char *text = print (reply->json);
  g_assert_cmpint (reply->exit, ==, STEWARD_CLI_EXIT_INTERRUPTED);
  g_assert_nonnull (reply->advice);
  g_assert_cmpstr (text, ==,
                   "{\"result\":\"interrupted\",\"operation\":{\"id\":\"x\","
                   "\"operation\":\"upgrade\",\"from_tag\":\"3.0.0\",\"to_tag\":\"3.1.0\","
                   "\"backup_id\":null,\"downtime_ms\":900}}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/json/pieces", test_pieces);
  g_test_add_func ("/cli/json/printed-is-clean", test_printed_is_clean);
  g_test_add_func ("/cli/json/reply-with-error", test_reply);
  g_test_add_func ("/cli/json/deployment", test_found);
  g_test_add_func ("/cli/json/status-without-anything", test_status_without_anything);
  g_test_add_func ("/cli/json/status-health-and-database", test_status_health_and_database);
  g_test_add_func ("/cli/json/backup", test_backup);
  g_test_add_func ("/cli/json/partial-backup", test_partial_backup_has_no_passport);
  g_test_add_func ("/cli/json/set-aside", test_aside);
  g_test_add_func ("/cli/json/set-aside-of-unknown-size", test_aside_of_unknown_size);
  g_test_add_func ("/cli/json/rotten-journal", test_rotten_journal);
  g_test_add_func ("/cli/json/pending-migrations", test_pending);
  g_test_add_func ("/cli/json/plan", test_review);
  g_test_add_func ("/cli/json/operation", test_operation);
  return g_test_run ();
}
