/* One function a view: it makes the models and activates what leads there. See the header. */
#include "views.h"

#include "app/backups-menu.h"
#include "app/pending-group.h"
#include "app/review-page.h"
#include "app/row-list.h"
#include "app/server-page.h"
#include "core/deployment/migrations.h"
#include "review-samples.h"

static gboolean
has_looked (gpointer data)
{
  gboolean is_looking;

  g_object_get (data, "is-looking", &is_looking, NULL);
  return !is_looking;
}

static void
add_server (ViewScene *scene, const char *name, StageState state)
{
  steward_known_host_take (steward_server_list_get_this_machine (
                               steward_application_get_servers (scene->application)),
                           stage_server_new (name, state));
}

/* The chosen one, between two others. */
static void
prepare_server (ViewScene *scene, StageState state)
{
  scene->server = stage_server_new ("parsec", STAGE_UNKNOWN);
  add_server (scene, "archive", STAGE_CURRENT);
  steward_known_host_take (steward_server_list_get_this_machine (
                               steward_application_get_servers (scene->application)),
                           g_object_ref (scene->server));
  add_server (scene, "training", STAGE_SILENT);
  steward_window_choose (scene->window, scene->server);
  stage_server_set_state (scene->server, state);
}

static void
prepare_host (ViewScene *scene, StageDocker docker)
{
  StewardServerList *servers = steward_application_get_servers (scene->application);

  stage_set_docker (docker);
  steward_server_list_look (servers);
  if (docker != STAGE_DOCKER_SLOW)
    stage_wait (has_looked, servers);
}

static void
looking (ViewScene *scene)
{
  prepare_host (scene, STAGE_DOCKER_SLOW);
}

static void
first_run (ViewScene *scene)
{
  prepare_host (scene, STAGE_DOCKER_EMPTY);
}

static void
no_docker (ViewScene *scene)
{
  prepare_host (scene, STAGE_DOCKER_ABSENT);
}

static void
no_engine (ViewScene *scene)
{
  prepare_host (scene, STAGE_DOCKER_AWAY);
}

static void
no_permission (ViewScene *scene)
{
  prepare_host (scene, STAGE_DOCKER_DENIED);
}

static void
server_unknown (ViewScene *scene)
{
  prepare_server (scene, STAGE_UNKNOWN);
}

static void
server_current (ViewScene *scene)
{
  prepare_server (scene, STAGE_CURRENT);
}

static void
server_update (ViewScene *scene)
{
  prepare_server (scene, STAGE_UPDATE);
}

static void
server_silent (ViewScene *scene)
{
  prepare_server (scene, STAGE_SILENT);
}

static void
server_interrupted (ViewScene *scene)
{
  prepare_server (scene, STAGE_INTERRUPTED);
}

static void
server_busy (ViewScene *scene)
{
  prepare_server (scene, STAGE_BUSY);
}

static void
server_unreachable (ViewScene *scene)
{
  prepare_server (scene, STAGE_UNREACHABLE);
}

static void
server_migrations (ViewScene *scene)
{
  g_autoptr (StewardReview) review = review_samples_new_upgrade ();

  prepare_server (scene, STAGE_UPDATE);
  steward_pending_group_take_answer (stage_get (scene->window, STEWARD_TYPE_PENDING_GROUP, NULL),
                                     STAGE_TARGET, g_steal_pointer (&review->pending), NULL);
}

/* To the first row of those that are called so. Returns: (transfer none): its menu */
static GtkMenuButton *
scroll_to_list (ViewScene *scene, const char *list)
{
  stage_wait_painted (GTK_WINDOW (scene->window));
  GtkMenuButton *menu = stage_get (stage_get (scene->window, STEWARD_TYPE_ROW_LIST, list),
                                   GTK_TYPE_MENU_BUTTON, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (menu));
  stage_wait_painted (GTK_WINDOW (scene->window));
  return menu;
}

static void
server_left_over (ViewScene *scene)
{
  StewardFacts *facts = stage_facts_new ("parsec", STAGE_CURRENT);

  prepare_server (scene, STAGE_CURRENT);
  stage_facts_leave_over (facts);
  steward_server_take_facts (scene->server, facts);
  scroll_to_list (scene, "orphans");
}

static void
backup_menu (ViewScene *scene)
{
  prepare_server (scene, STAGE_CURRENT);
  scene->menu = scroll_to_list (scene, "backups");
  gtk_menu_button_popup (scene->menu);
}

static void
clean_up (ViewScene *scene)
{
  prepare_server (scene, STAGE_CURRENT);
  gtk_widget_activate_action (stage_get (scene->window, STEWARD_TYPE_BACKUPS_MENU, NULL),
                              "backups.clean-up", NULL);
  scene->dialog = stage_get_dialog (scene->window);
}

/* Whoever scrolled down. */
static void
server_end (ViewScene *scene)
{
  GtkAdjustment *adjustment;

  prepare_server (scene, STAGE_UPDATE);
  stage_wait_painted (GTK_WINDOW (scene->window));
  adjustment = gtk_scrolled_window_get_vadjustment (
      stage_get (stage_get (scene->window, STEWARD_TYPE_SERVER_PAGE, NULL),
                 GTK_TYPE_SCROLLED_WINDOW, NULL));
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_upper (adjustment));
}

/* @review: (transfer full) (nullable): what is waited for without */
static void
prepare_review (ViewScene *scene, const char *action, const char *target, StewardReview *review)
{
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE, .tag = STAGE_TARGET };

  prepare_server (scene, STAGE_UPDATE);
  stage_activate (scene->window, action, target);
  if (review == NULL)
    return;
  request.kind = review->plan->kind;
  steward_review_page_take_review (stage_get (scene->window, STEWARD_TYPE_REVIEW_PAGE, NULL),
                                   scene->server, &request, review);
}

static void
review_waiting (ViewScene *scene)
{
  stage_set_docker (STAGE_DOCKER_SLOW);
  prepare_review (scene, "win.upgrade", STAGE_TARGET, NULL);
}

static void
review_upgrade (ViewScene *scene)
{
  prepare_review (scene, "win.upgrade", STAGE_TARGET, review_samples_new_upgrade ());
}

static void
review_refused (ViewScene *scene)
{
  StewardReview *review = review_samples_new_upgrade ();

  review_samples_add_check (review, STEWARD_CHECK_REFUSED,
                            "There is room for 180 MB in /srv/parsec/steward/backups; the dump and "
                            "the copy need about 1.2 GB. Free space, then try again.");
  prepare_review (scene, "win.upgrade", STAGE_TARGET, review);
}

static void
review_restart (ViewScene *scene)
{
  prepare_review (scene, "win.restart", NULL, review_samples_new_restart ());
}

static void
review_rollback (ViewScene *scene)
{
  prepare_review (scene, "win.roll-back", "", review_samples_new_rollback ());
}

/* The button that goes on, whatever the page calls it. */
static void
confirm_loss (ViewScene *scene)
{
  review_rollback (scene);
  stage_wait_painted (GTK_WINDOW (scene->window));
  stage_click (stage_get (scene->window, STEWARD_TYPE_REVIEW_PAGE, NULL), "start");
  scene->dialog = stage_get_dialog (scene->window);
}

static void
confirm_remove (ViewScene *scene)
{
  prepare_server (scene, STAGE_CURRENT);
  stage_activate (scene->window, "win.remove-server", NULL);
  scene->dialog = stage_get_dialog (scene->window);
}

static void
prepare_run (ViewScene *scene, StewardOperationKind kind, const char *step)
{
  prepare_server (scene, STAGE_UPDATE);
  scene->run = stage_run_new (scene->server, kind);
  stage_activate (scene->window, "win.show-run", NULL);
  stage_run_until (scene->run, step);
}

static void
run_dumping (ViewScene *scene)
{
  prepare_run (scene, STEWARD_OPERATION_UPGRADE, "dump");
  stage_run_command (scene->run, "docker exec parsec-database-1 pg_dump --format=custom parsec");
  stage_run_output (scene->run, "pg_dump: dumping contents of table \"public.vlob_atom\"");
  stage_run_fraction (scene->run, 0.4);
  stage_run_settle (scene->run);
}

static void
run_publishing (ViewScene *scene)
{
  prepare_run (scene, STEWARD_OPERATION_UPGRADE, "publish");
  stage_run_settle (scene->run);
}

static void
run_question (ViewScene *scene)
{
  prepare_run (scene, STEWARD_OPERATION_ROLLBACK, "set-aside");
  stage_run_ask (scene->run,
                 "Since you agreed, 12 more rows were written. They would be lost, too.",
                 STAGE_TAG);
  stage_run_settle (scene->run);
  scene->dialog = stage_get_dialog (scene->window);
}

/* The server looks at itself after an operation: what it finds is told here, too. */
static void
end_run (ViewScene *scene, StewardResult result, const char *message)
{
  stage_run_end (scene->run, result, message);
  stage_run_settle (scene->run);
  stage_wait (has_looked, scene->server);
  stage_server_set_state (scene->server, result == STEWARD_RESULT_DONE   ? STAGE_CURRENT
                                         : result == STEWARD_RESULT_BACK ? STAGE_UPDATE
                                                                         : STAGE_INTERRUPTED);
}

static void
run_done (ViewScene *scene)
{
  prepare_run (scene, STEWARD_OPERATION_UPGRADE, "watch-health");
  stage_run_server_answers (scene->run);
  stage_run_note (scene->run, "The database that was live before is kept as " STAGE_ASIDE_NAME ".");
  end_run (scene, STEWARD_RESULT_DONE, NULL);
}

static void
run_backed_up (ViewScene *scene)
{
  prepare_run (scene, STEWARD_OPERATION_BACKUP, "verify");
  end_run (scene, STEWARD_RESULT_DONE, NULL);
}

#define MIGRATION_FAILED "The migration 0013_account.sql failed on the copy: column exists already."

static void
fail_migration (ViewScene *scene)
{
  prepare_run (scene, STEWARD_OPERATION_UPGRADE, "migrate-copy");
  stage_run_output (scene->run, "0013_account.sql ✘");
  stage_run_fail (scene->run, MIGRATION_FAILED);
}

static void
run_back (ViewScene *scene)
{
  static const char *const steps[] = { "migrate-copy", "copy", "set-aside", "stop-server" };

  fail_migration (scene);
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    stage_run_undo (scene->run, steps[i]);
  stage_run_server_answers (scene->run);
  end_run (scene, STEWARD_RESULT_BACK, MIGRATION_FAILED);
}

static void
run_interrupted (ViewScene *scene)
{
  prepare_run (scene, STEWARD_OPERATION_UPGRADE, "copy");
  end_run (scene, STEWARD_RESULT_INTERRUPTED, "The Docker engine does not answer any more.");
}

static void
run_hands (ViewScene *scene)
{
  fail_migration (scene);
  end_run (scene, STEWARD_RESULT_HANDS,
           "The compose file was edited by hand meanwhile. Put back the tag 3.5.0 in "
           "/srv/parsec/compose.yaml, then walk back.");
}

#define PSQL "docker exec parsec-database-1 psql -v ON_ERROR_STOP=1 -U parsec -d postgres -c "

/* Going back failed as well. */
static void
run_by_hand (ViewScene *scene)
{
  fail_migration (scene);
  end_run (scene, STEWARD_RESULT_HANDS,
           "Going back did not succeed. Nothing was deleted. Mend the cause, then walk this "
           "operation back again. The cause: The database “parsec” is there already.\n\n"
           "By hand, these commands bring back what was; the first one that fails stops the rest:\n"
           "docker ps -aq --filter label=com.docker.compose.project=parsec --filter "
           "label=com.docker.compose.service=server | xargs -r docker rm -f &&\n" PSQL
           "'ALTER DATABASE steward_20261123t224500_ef56_aside RENAME TO parsec' &&\n" PSQL
           "'ALTER DATABASE parsec ALLOW_CONNECTIONS true' &&\n"
           "docker compose -f /srv/parsec/compose.yaml up -d server");
}

static void
run_refused (ViewScene *scene)
{
  prepare_run (scene, STEWARD_OPERATION_UPGRADE, "preflight");
  stage_run_fail (scene->run, "Somebody else is at work on this deployment.");
  end_run (scene, STEWARD_RESULT_REFUSED, "Somebody else is at work on this deployment.");
}

static void
confirm_close (ViewScene *scene)
{
  run_dumping (scene);
  gtk_window_close (GTK_WINDOW (scene->window));
  scene->dialog = stage_get_dialog (scene->window);
}

static void
show_dialog (ViewScene *scene, const char *action)
{
  prepare_server (scene, STAGE_CURRENT);
  g_action_group_activate_action (G_ACTION_GROUP (scene->application), action, NULL);
  scene->dialog = stage_get_dialog (scene->window);
}

static void
preferences (ViewScene *scene)
{
  show_dialog (scene, "preferences");
}

static void
about (ViewScene *scene)
{
  show_dialog (scene, "about");
}

static void
shortcuts (ViewScene *scene)
{
  prepare_server (scene, STAGE_CURRENT);
  stage_activate (scene->window, "app.shortcuts", NULL);
  scene->dialog = stage_get_dialog (scene->window);
}

static void
sidebar (ViewScene *scene)
{
  prepare_server (scene, STAGE_UPDATE);
  stage_activate (scene->window, "win.back", NULL);
}

/* Of people who name servers as they like. */
static void
hostile_names (ViewScene *scene)
{
  g_autofree char *long_name = g_strnfill (500, 'x');

  prepare_server (scene, STAGE_UPDATE);
  add_server (scene, "<b>bold</b> & 🦊", STAGE_CURRENT);
  add_server (scene, "\342\200\256drawkcab", STAGE_CURRENT);
  add_server (scene, long_name, STAGE_INTERRUPTED);
  stage_activate (scene->window, "win.back", NULL);
}

static StewardKnownHost *
ensure_host (ViewScene *scene, const char *name)
{
  StewardServerList *servers = steward_application_get_servers (scene->application);

  return steward_server_list_ensure_host (servers, name, NULL);
}

static void
hosts (ViewScene *scene)
{
  StewardKnownHost *host = ensure_host (scene, "admin@parsec.example.org");

  ensure_host (scene, "backup.example.org:2222");
  steward_known_host_take (host, stage_server_new ("elsewhere", STAGE_UPDATE));
  prepare_server (scene, STAGE_UPDATE);
  stage_activate (scene->window, "win.back", NULL);
}

static void
adding (ViewScene *scene)
{
  prepare_host (scene, STAGE_DOCKER_EMPTY);
  stage_activate (scene->window, "win.add-server", NULL);
  scene->dialog = stage_get_dialog (scene->window);
}

/* A host's thread, while it waits for an answer. */
static struct
{
  StewardSshAsker asker;
  StewardSshQuestion question;
  GThread *thread;
} asking;

static gpointer
ask_thread (gpointer data)
{
  g_free (asking.asker.ask (&asking.question, NULL, asking.asker.data));
  return NULL;
}

static void
ask (ViewScene *scene, const StewardSshQuestion *question)
{
  StewardKnownHost *host = ensure_host (scene, question->host);

  prepare_server (scene, STAGE_CURRENT);
  asking.asker = steward_host_asker_get_asker (steward_known_host_get_asker (host));
  asking.question = *question;
  asking.thread = g_thread_new ("host", ask_thread, NULL);
  scene->dialog = stage_get_dialog (scene->window);
}

static void
host_key (ViewScene *scene)
{
  static const StewardSshQuestion question = {
    .kind = STEWARD_SSH_QUESTION_HOST_KEY,
    .host = (char *)"admin@parsec.example.org",
    .key_type = (char *)"ED25519",
    .fingerprint = (char *)"SHA256:uNiVztksCsDhcc0u9e8BrBhQX/0r9uIScBpNJ9sdEOM",
    .prompt = (char *)"",
    .attempt = 1,
  };

  ask (scene, &question);
}

static void
host_password (ViewScene *scene)
{
  static const StewardSshQuestion question = {
    .kind = STEWARD_SSH_QUESTION_PASSWORD,
    .host = (char *)"admin@parsec.example.org",
    .subject = (char *)"admin@parsec.example.org",
    .prompt = (char *)"",
    .attempt = 2,
  };

  ask (scene, &question);
}

static const View views[] = {
  { "01-looking", looking },
  { "02-first-run", first_run },
  { "03-no-docker", no_docker },
  { "04-no-engine", no_engine },
  { "05-no-permission", no_permission },
  { "06-sidebar", sidebar },
  { "07-hostile-names", hostile_names },
  { "08-hosts", hosts },
  { "09-adding", adding },
  { "10-host-key", host_key },
  { "10-host-password", host_password },
  { "10-server-unknown", server_unknown },
  { "11-server-current", server_current },
  { "12-server-update", server_update },
  { "13-server-migrations", server_migrations },
  { "14-server-end", server_end },
  { "15-server-silent", server_silent },
  { "16-server-interrupted", server_interrupted },
  { "17-server-busy", server_busy },
  { "18-server-unreachable", server_unreachable },
  { "19-backup-menu", backup_menu },
  { "19-clean-up", clean_up },
  { "19-left-over", server_left_over },
  { "20-review-waiting", review_waiting },
  { "21-review-upgrade", review_upgrade },
  { "22-review-refused", review_refused },
  { "23-review-restart", review_restart },
  { "24-review-rollback", review_rollback },
  { "25-confirm-loss", confirm_loss },
  { "30-run-dumping", run_dumping },
  { "31-run-publishing", run_publishing },
  { "32-run-question", run_question },
  { "33-run-done", run_done },
  { "34-run-backed-up", run_backed_up },
  { "35-run-back", run_back },
  { "36-run-interrupted", run_interrupted },
  { "37-run-hands", run_hands },
  { "38-run-refused", run_refused },
  { "39-run-by-hand", run_by_hand },
  { "40-confirm-remove", confirm_remove },
  { "41-confirm-close", confirm_close },
  { "50-preferences", preferences },
  { "51-about", about },
  { "52-shortcuts", shortcuts },
  { NULL, NULL },
};

const View *
views_get (void)
{
  return views;
}

/* As a window manager would on a narrow screen. */
void
views_add_tests (const char *prefix, GTestDataFunc func)
{
  for (const View *view = views_get (); view->name != NULL; view++)
    {
      g_autofree char *path = g_strconcat (prefix, view->name, NULL);
      g_test_add_data_func (path, view, func);
    }
}

static void
fit_dialog (GtkWindow *dialog, int width)
{
  int dialog_width, dialog_height;

  gtk_window_get_default_size (dialog, &dialog_width, &dialog_height);
  if (dialog_width > width)
    gtk_window_set_default_size (dialog, width, dialog_height);
}

void
view_open (const View *view, ViewScene *scene, int width, int height)
{
  *scene = (ViewScene){ .application = stage_application_new () };
  g_settings_set (steward_application_get_settings (scene->application), "window-size", "(ii)",
                  width, height);
  scene->window = stage_window_new (scene->application);
  view->prepare (scene);
  if (scene->dialog != NULL)
    fit_dialog (scene->dialog, width);
  stage_wait_painted (GTK_WINDOW (scene->window));
}

void
view_close (ViewScene *scene)
{
  if (scene->menu != NULL)
    gtk_menu_button_popdown (scene->menu);
  g_clear_pointer (&scene->run, stage_run_free);
  g_clear_object (&scene->server);
  stage_application_free (scene->application);
  if (asking.thread != NULL)
    {
      g_thread_join (g_steal_pointer (&asking.thread));
      asking.asker.free_data (asking.asker.data);
    }
  stage_set_docker (STAGE_DOCKER_AWAY);
}
