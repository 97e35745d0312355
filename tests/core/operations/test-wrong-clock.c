/* A host over SSH whose clock is five minutes off. It is this program that lives in the wrong time,
 * by libfaketime: so the clocks of host, engine and containers agree, as on a real host. All times
 * are the host's. */
#include <stdlib.h>
#include <string.h>

#include "core/operations/catalog.h"
#include "core/operations/status.h"
#include "operation-scene.h"
#include "ssh-settings.h"
#include "sshd-fixture.h"

#define NEW "3.1.0"
#define NEW_MIGRATIONS 14
#define APART_S 200 /* at least; no machine takes so long for a test's step */

static DeploymentFixture fixture;
static SshdFixture *sshd;
static StewardHost *host;

static gint64
get_host_time (void)
{
  g_autoptr (GError) error = NULL;
  gint64 now_s = 0;

  steward_host_get_clock (host, &now_s, NULL, &error);
  g_assert_no_error (error);
  return now_s;
}

static void
start_over (void)
{
  deployment_fixture_reset (&fixture);
  deployment_fixture_use_host (&fixture, host);
  g_assert_cmpint (ABS (get_host_time () - g_get_real_time () / G_USEC_PER_SEC), >, APART_S);
}

static const StewardCheck *
find_check (const GPtrArray *checks, const char *id)
{
  for (guint i = 0; i < checks->len; i++)
    {
      const StewardCheck *check = checks->pdata[i];

      if (g_str_equal (check->id, id))
        return check;
    }
  g_assert_not_reached ();
}

static void
test_review (void)
{
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE, .tag = NEW };
  StewardClient client = { .name = "tests" };
  g_autoptr (GError) error = NULL;

  start_over ();
  g_autoptr (StewardReview) review =
      steward_operation_review (fixture.deployment, fixture.store, &request, &client, NULL, &error);
  g_assert_no_error (error);
  const StewardCheck *clock = find_check (review->checks, "clock");
  g_test_message ("%s", clock->text);
  g_assert_cmpint (clock->state, ==, STEWARD_CHECK_WARNING);
  g_assert_nonnull (strstr (clock->text, "clock differs"));
}

/* Somebody else looks while it is held. */
static void
act_look_at_lock (OperationScene *scene)
{
  g_autoptr (StewardStore) store = steward_operation_new_store (fixture.deployment);
  g_auto (StewardLockState) state = { 0 };

  g_assert_true (steward_lock_peek (store, &state, NULL, NULL));
  g_assert_true (state.is_held);
  g_assert_false (state.is_lapsed);
  g_assert_cmpint (ABS (state.silent_s), <, STEWARD_LOCK_SILENCE_S);
  g_assert_cmpint (ABS (state.holder.since_s - get_host_time ()), <, APART_S);
}

static void
assert_between (gint64 begin_s, gint64 at_s, gint64 end_s)
{
  g_assert_cmpint (at_s, >=, begin_s);
  g_assert_cmpint (at_s, <=, end_s);
}

static void
assert_backup_told (gint64 begin_s, gint64 end_s)
{
  g_autoptr (GPtrArray) backups = steward_backup_list (fixture.store, NULL, NULL);

  g_assert_cmpuint (backups->len, ==, 1);
  const StewardBackup *backup = backups->pdata[0];
  assert_between (begin_s, backup->modified_s, end_s);
  assert_between (begin_s, backup->passport->made_s, backup->passport->written_s);
  assert_between (begin_s, backup->passport->written_s, end_s);
}

static void
assert_history_told (gint64 begin_s, gint64 end_s)
{
  g_autoptr (GPtrArray) journals = steward_journal_list (fixture.store, 2, NULL, NULL);

  g_assert_cmpuint (journals->len, ==, 1);
  const StewardJournal *journal = journals->pdata[0];
  assert_between (begin_s, journal->began_s, journal->ended_s);
  assert_between (begin_s, journal->ended_s, end_s);
  for (guint i = 0; i < journal->steps->len; i++)
    {
      const StewardJournalStep *step = journal->steps->pdata[i];

      assert_between (begin_s, step->started_s, step->ended_s);
      assert_between (begin_s, step->ended_s, end_s);
    }
}

static void
assert_aside_told (gint64 begin_s, gint64 end_s)
{
  g_autoptr (GPtrArray) asides =
      steward_catalog_list_asides (fixture.deployment, fixture.store, NULL, NULL);

  g_assert_cmpuint (asides->len, ==, 1);
  assert_between (begin_s, ((StewardAside *)asides->pdata[0])->made_s, end_s);
}

static void
test_upgrade (void)
{
  g_auto (OperationScene) scene = { .fixture = &fixture,
                                    .step = "verify",
                                    .kind = STEWARD_EVENT_STEP_STARTED,
                                    .act = act_look_at_lock };
  g_autoptr (GError) error = NULL;

  start_over ();
  /* What is measured from here on in boot time was asked for in whole seconds. */
  gint64 begin_s = get_host_time () - 1;
  operation_scene_upgrade (&scene, NEW);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  g_assert_cmpint (scene.report.downtime_ms, <, APART_S * 1000);
  deployment_fixture_assert_serves (&fixture, NEW, NEW_MIGRATIONS);

  deployment_fixture_use_host (&fixture, host);
  g_autoptr (StewardStatus) status =
      steward_status_read (fixture.deployment, fixture.store, NULL, &error);
  g_assert_no_error (error);
  gint64 end_s = get_host_time () + 1;
  assert_between (begin_s, status->now_s, end_s);
  assert_backup_told (begin_s, end_s);
  assert_history_told (begin_s, end_s);
  assert_aside_told (begin_s, end_s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wrong-clock/is-told-of", test_review);
  g_test_add_func ("/wrong-clock/upgrade", test_upgrade);

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
