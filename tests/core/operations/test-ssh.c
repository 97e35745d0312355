/* Operations on a deployment that is reached over SSH, by a real sshd on loopback: as on this
 * machine, on many at once, and with a host that stays away. */
#include "core/operations/status.h"
#include "operation-scene.h"
#include "ssh-settings.h"
#include "sshd-fixture.h"
#include "tcp-proxy.h"

#include <signal.h>
#include <string.h>

#define OLD "3.0.0"
#define NEW "3.1.0"
#define NEW_MIGRATIONS 14
#define HOSTS 5
#define ONE_WAY_MS 250
#define PATIENCE_US (60 * G_USEC_PER_SEC)

static DeploymentFixture fixture;
static SshdFixture *sshd;
static StewardHost *host;

static void
start_over (void)
{
  deployment_fixture_reset (&fixture);
  deployment_fixture_use_host (&fixture, host);
}

static void
test_status (void)
{
  g_autoptr (GError) error = NULL;

  start_over ();
  g_autoptr (StewardStatus) status =
      steward_status_read (fixture.deployment, fixture.store, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (status->is_running);
  g_assert_nonnull (status->health);
  g_assert_true (status->health->answers_as_parsec);
  g_assert_cmpstr (status->database_problem, ==, NULL);
  g_assert_cmpstr (status->last_migration, ==, "0012_add_sequester_webhook");
  g_assert_cmpstr (status->store_problem, ==, NULL);
}

static void
test_there_and_back (void)
{
  g_auto (OperationScene) upgrade = { .fixture = &fixture };
  g_auto (OperationScene) rollback = { .fixture = &fixture };
  StewardRequest request = { .kind = STEWARD_OPERATION_ROLLBACK,
                             .accepted_loss = OLD,
                             .watch_s = 1 };

  start_over ();
  operation_scene_upgrade (&upgrade, NEW);
  operation_scene_assert_result (&upgrade, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, NEW, NEW_MIGRATIONS);
  deployment_fixture_use_host (&fixture, host);
  operation_scene_run (&rollback, &request);
  operation_scene_assert_result (&rollback, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, OLD, 12);
}

/* The deployment as one of several hosts far away shows it. */
typedef struct
{
  TcpProxy *proxy;
  StewardHost *host;
  GCancellable *cancellable;
  GThread *thread;
  gboolean is_whole; /* but for the health, which is asked for 3 s and no longer */
  GError *error;
} Distant;

static void
distant_init (Distant *distant)
{
  g_autoptr (GError) error = NULL;

  distant->proxy = tcp_proxy_new (sshd->port);
  StewardSshAddress address = { NULL, (char *)"127.0.0.1", tcp_proxy_get_port (distant->proxy) };
  distant->host = steward_ssh_host_new (&address, NULL);
  distant->cancellable = g_cancellable_new ();
  steward_host_connect (distant->host, NULL, &error);
  g_assert_no_error (error);
  tcp_proxy_set_delay (distant->proxy, ONE_WAY_MS);
}

static void
distant_clear (Distant *distant)
{
  g_clear_error (&distant->error);
  g_clear_object (&distant->cancellable);
  g_clear_object (&distant->host);
  g_clear_pointer (&distant->proxy, tcp_proxy_free);
}

static gpointer
look_cb (gpointer data)
{
  Distant *distant = data;
  g_autoptr (StewardEngine) engine = steward_engine_new (distant->host);
  g_auto (StewardLook) look = { 0 };

  steward_look (engine, fixture.deployment->project, NULL, &look, distant->cancellable,
                &distant->error);
  distant->is_whole = look.status != NULL && look.status->database_problem == NULL
                      && look.status->store_problem == NULL;
  if (look.status != NULL && !distant->is_whole)
    g_test_message ("database: %s, store: %s", look.status->database_problem,
                    look.status->store_problem);
  return NULL;
}

/* Returns: how long it took, in microseconds */
static gint64
look_at_once (Distant *hosts, guint count)
{
  gint64 begun_us = g_get_monotonic_time ();

  for (guint i = 0; i < count; i++)
    hosts[i].thread = g_thread_new ("look", look_cb, &hosts[i]);
  for (guint i = 0; i < count; i++)
    {
      g_thread_join (hosts[i].thread);
      g_assert_no_error (hosts[i].error);
      g_assert_true (hosts[i].is_whole);
    }
  return g_get_monotonic_time () - begun_us;
}

/* What is waited for is the distance, and for all of them at once; a host that says nothing any
 * more is waited for by nobody else. */
static void
test_many_hosts (void)
{
  g_autofree char *alias = g_strdup_printf ("Host *\nHostKeyAlias [127.0.0.1]:%u", sshd->port);
  Distant hosts[HOSTS + 1] = { 0 };
  Distant *silent = &hosts[HOSTS];

  start_over ();
  sshd_fixture_configure (sshd, alias);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    distant_init (&hosts[i]);
  look_at_once (hosts, 1); /* it opens its forwards, as the others do below */
  gint64 alone_us = look_at_once (hosts + 1, 1);
  tcp_proxy_set_state (silent->proxy, TCP_PROXY_SILENT);
  silent->thread = g_thread_new ("look", look_cb, silent);
  gint64 all_us = look_at_once (hosts, HOSTS);
  g_test_message ("one host: %d ms, %d at once: %d ms", (int)(alone_us / 1000), HOSTS,
                  (int)(all_us / 1000));
  g_assert_cmpint (all_us, <, HOSTS * alone_us / 2);

  g_cancellable_cancel (silent->cancellable);
  g_thread_join (silent->thread);
  g_assert_nonnull (silent->error);
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    distant_clear (&hosts[i]);
  sshd_fixture_configure (sshd, "");
}

static void
act_stop (OperationScene *scene)
{
  sshd_fixture_stop (sshd);
}

/* A host that stays away: the operation stands unfinished, and says so; it is walked back when the
 * host is there again. */
static void
test_gone (void)
{
  g_autofree char *settings = ssh_settings_dup (NULL, NULL);
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "copy",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_stop,
                                    .cancels_when_away = TRUE };

  start_over ();
  g_autofree char *before =
      deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_NEW_CONTAINERS);
  operation_scene_upgrade (&scene, NEW);
  operation_scene_assert_result (&scene, STEWARD_RESULT_INTERRUPTED);
  g_assert_error (scene.error, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED);

  sshd_fixture_restart (sshd, settings);
  g_clear_object (&scene.cancellable);
  operation_scene_continue (&scene, STEWARD_CONTINUE_WALK_BACK, NULL);
  operation_scene_assert_result (&scene, STEWARD_RESULT_BACK);
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_NEW_CONTAINERS);
}

static gboolean
is_over (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) journals = steward_journal_list (fixture.store, 1, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (journals->len, ==, 1);
  return steward_journal_is_over (journals->pdata[0]);
}

static gboolean
comes_to_end (void)
{
  gint64 end_us = g_get_monotonic_time () + PATIENCE_US;

  while (!is_over ())
    {
      if (g_get_monotonic_time () >= end_us)
        return FALSE;
      g_usleep (G_USEC_PER_SEC / 10);
    }
  return TRUE;
}

/* The same, and nobody comes back: the guard that was posted over SSH outlived the connection, and
 * sees to the server alone. */
static void
test_gone_for_good (void)
{
  g_autofree char *settings = ssh_settings_dup (NULL, NULL);
  StewardRequest request = {
    .kind = STEWARD_OPERATION_UPGRADE, .tag = NEW, .leaves_out_rehearsal = TRUE, .guard_s = 5
  };
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "copy",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_stop,
                                    .cancels_when_away = TRUE };

  start_over ();
  g_autofree char *before =
      deployment_fixture_dup_state (&fixture, DEPLOYMENT_STATE_NEW_CONTAINERS);
  operation_scene_run (&scene, &request);
  operation_scene_assert_result (&scene, STEWARD_RESULT_INTERRUPTED);
  g_assert_true (deployment_fixture_wait_answer (&fixture));

  sshd_fixture_restart (sshd, settings);
  g_assert_true (comes_to_end ());
  deployment_fixture_assert_unchanged (&fixture, before, DEPLOYMENT_STATE_NEW_CONTAINERS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ssh/status", test_status);
  g_test_add_func ("/ssh/many-hosts-are-looked-at-at-once", test_many_hosts);
  g_test_add_func ("/ssh/upgrade-and-rollback", test_there_and_back);
  g_test_add_func ("/ssh/upgrade/host-stays-away", test_gone);
  g_test_add_func ("/ssh/upgrade/guard-goes-back-where-host-stays-away", test_gone_for_good);

  deployment_fixture_up (&fixture, "newer", "2.40");
  g_autofree char *settings = ssh_settings_dup (NULL, NULL);
  sshd = sshd_fixture_new (settings);
  host = sshd_fixture_host (sshd, NULL);
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  g_clear_object (&host);
  sshd_fixture_free (sshd);
  return status;
}
