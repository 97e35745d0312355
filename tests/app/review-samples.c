#include "review-samples.h"

#include "core/probe/sql-risk.h"

#define DIFF                                                                                       \
  "--- /srv/parsec/parsec-server.docker.yaml\n"                                                    \
  "+++ /srv/parsec/parsec-server.docker.yaml\n"                                                    \
  "@@ -12,7 +12,7 @@\n"                                                                            \
  "       - parsec-server.env\n"                                                                   \
  "   parsec-server:\n"                                                                            \
  "     depends_on: [parsec-postgres]\n"                                                           \
  "-    image: ghcr.io/scille/parsec-cloud/parsec-server:%s\n"                                     \
  "+    image: ghcr.io/scille/parsec-cloud/parsec-server:%s\n"                                     \
  "     container_name: parsec-server\n"                                                           \
  "     env_file:\n"                                                                               \
  "       - parsec-server.env\n"

#define COMPOSE "docker compose --project-name parsec --file /srv/parsec/parsec-server.docker.yaml"

static void
free_step (gpointer data)
{
  StewardReviewStep *step = data;

  g_free (step->title);
  g_free (step->command);
  g_free (step);
}

void
review_samples_add_check (StewardReview *review, StewardCheckState state, const char *text)
{
  StewardCheck *check = g_new0 (StewardCheck, 1);

  *check = (StewardCheck){ "sample", state, g_strdup (text) };
  g_ptr_array_add (review->checks, check);
}

static void
add_step (StewardReview *review, const char *title, const char *command)
{
  StewardReviewStep *step = g_new0 (StewardReviewStep, 1);

  *step = (StewardReviewStep){ "sample", g_strdup (title), g_strdup (command) };
  g_ptr_array_add (review->steps, step);
}

static void
add_pending (StewardReview *review, const char *file, const char *sql)
{
  StewardPendingMigration *pending = g_new0 (StewardPendingMigration, 1);

  *pending = (StewardPendingMigration){ g_strdup (file),
                                        sql != NULL ? steward_sql_find_risks (sql) : NULL };
  g_ptr_array_add (review->pending, pending);
}

static StewardReview *
new_review (StewardOperationKind kind, const char *from, const char *to)
{
  StewardReview *review = g_new0 (StewardReview, 1);

  review->plan = steward_plan_new (kind, "20260801T120000Z-abcdef");
  review->plan->project_name = g_strdup ("parsec");
  review->plan->from_tag = g_strdup (from);
  review->plan->to_tag = g_strdup (to);
  review->checks = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_check_free);
  review->steps = g_ptr_array_new_with_free_func (free_step);
  review_samples_add_check (review, STEWARD_CHECK_GOOD,
                            "Docker Engine 27.3.1 with docker compose 2.40.0 answers.");
  review_samples_add_check (review, STEWARD_CHECK_GOOD, "The host’s clock is right.");
  review_samples_add_check (review, STEWARD_CHECK_GOOD, "The server’s container is parsec-server.");
  return review;
}

StewardReview *
review_samples_new_upgrade (void)
{
  StewardReview *review = new_review (STEWARD_OPERATION_UPGRADE, "3.0.0", "3.6.0");

  review->downtime_ms = 35000;
  review->rehearsed = steward_passport_new ();
  review->rehearsed->rehearsed_tag = g_strdup ("3.6.0");
  review->rehearsed->restored_s = 1785585600;
  review->rehearsed->restore_ms = 12000;
  review->rehearsed->migrate_ms = 2500;
  review->rehearsed->answer_ms = 1200;
  review->diff = g_strdup_printf (DIFF, "3.0.0", "3.6.0");
  review_samples_add_check (
      review, STEWARD_CHECK_WARNING,
      "Making the container anew also brings other changes of the compose files: PARSEC_LOG_LEVEL, "
      "restart: always → unless-stopped.");
  review->pending = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_pending_migration_free);
  add_pending (review, "0006_outsider_enabled.sql", "ALTER TABLE a ADD COLUMN b TEXT;");
  add_pending (review, "0007_users_limit.sql", "ALTER TABLE a ADD COLUMN c TEXT;");
  add_pending (review, "0008_apiv1_removal.sql",
               "DROP TABLE notification; ALTER TABLE device DROP COLUMN api_version;");
  add_pending (review, "0009_add_realm_user_change_table.sql", "CREATE TABLE d (e INTEGER);");
  add_pending (review, "0010_add_pki_certificate_table.sql", "CREATE TABLE f (g INTEGER);");
  add_pending (review, "0011_remove_conduit.sql",
               "DELETE FROM invitation WHERE conduit_state <> 'FINISHED';");
  add_step (review, "Check everything first", NULL);
  add_step (review, "Fetch the image",
            "docker pull ghcr.io/scille/parsec-cloud/parsec-server:3.6.0");
  add_step (review, "Dump the database",
            COMPOSE " exec --no-TTY parsec-postgres pg_dump --format=custom --compress=1 "
                    "--username DB_USER parsec > /srv/parsec/steward/backups/parsec.dump");
  add_step (review, "Stop the server", COMPOSE " stop parsec-server");
  add_step (review, "Start the server", COMPOSE " up --detach --no-deps parsec-server");
  return review;
}

static GHashTable *
new_counts (gboolean is_now)
{
  static const struct
  {
    const char *table;
    guint64 then, now;
  } counts[] = {
    { "public.user_", 100, 112 },       { "public.vlob_atom", 20000, 31456 },
    { "public.\"odd <b>name\"", 0, 1 }, { "public.realm", 7, 7 },
    { "public.device", 300, 290 },
  };
  GHashTable *rows = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (gsize i = 0; i < G_N_ELEMENTS (counts); i++)
    g_hash_table_insert (rows, g_strdup (counts[i].table),
                         g_memdup2 (is_now ? &counts[i].now : &counts[i].then, sizeof (guint64)));
  return rows;
}

StewardReview *
review_samples_new_rollback (void)
{
  StewardReview *review = new_review (STEWARD_OPERATION_ROLLBACK, "3.6.0", "3.0.0");
  g_autoptr (GHashTable) now = new_counts (TRUE);
  g_autoptr (GHashTable) then = new_counts (FALSE);

  review->plan->backup_id = g_strdup ("20260801T100000Z-3.0.0");
  review->downtime_ms = 15000;
  review->diff = g_strdup_printf (DIFF, "3.6.0", "3.0.0");
  review->price = steward_price_new (now, then, 1785578400);
  review_samples_add_check (review, STEWARD_CHECK_GOOD,
                            "The backup 20260801T100000Z-3.0.0 is complete.");
  add_step (review, "Check everything first", NULL);
  add_step (review, "Restore beside the live database",
            COMPOSE " exec --no-TTY parsec-postgres pg_restore --exit-on-error");
  add_step (review, "Publish the copy",
            "psql --command 'ALTER DATABASE \"steward_copy\" RENAME TO \"parsec\"'");
  return review;
}

StewardReview *
review_samples_new_restart (void)
{
  StewardReview *review = new_review (STEWARD_OPERATION_RESTART, "3.0.0", "3.0.0");

  review->downtime_ms = 8000;
  review_samples_add_check (
      review, STEWARD_CHECK_WARNING,
      "Making the container anew also brings other changes of the compose files: PARSEC_LOG_LEVEL, "
      "restart: always → unless-stopped.");
  add_step (review, "Restart the server",
            COMPOSE " up --detach --no-deps --force-recreate parsec-server");
  return review;
}
