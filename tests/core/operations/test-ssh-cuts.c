/* Upgrades over SSH whose connection is lost in their midst: the far end is killed, it is frozen,
 * or the network swallows everything. Each ends as if nothing had been. What waits for a dead
 * network is slow, so one upgrade is cut in the middle of several steps. */
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "host-suite.h"
#include "operation-scene.h"
#include "ssh-settings.h"
#include "sshd-fixture.h"
#include "tcp-proxy.h"

#define NEW "3.1.0"
#define NEW_MIGRATIONS 14

static DeploymentFixture fixture;
static SshdFixture *sshd;

/* A docker whose `pull` says that it has begun, and goes on when it is let go. */
static const char holding_script[] =
    "printf '#!/bin/sh\\n"
    "if [ \"$1\" = pull ] && [ -e \"%s/hold\" ]; then\\n"
    "  : >\"%s/held\"\\n"
    "  while [ -e \"%s/hold\" ]; do sleep 0.05; done\\n"
    "fi\\n"
    "exec \"%s\" \"$@\"\\n' \"$1\" \"$1\" \"$1\" \"$(command -v docker)\" >\"$1/docker\"\n"
    "chmod +x \"$1/docker\"";

/* How a step is held in its midst: by a lock on what it works at. */
typedef struct
{
  const char *step;
  const char *database; /* a query that finds it; NULL: docker is held, not the database */
  const char *lock;
} Midst;

static const Midst midsts[] = {
  { "pull-image", NULL, NULL },
  { "dump", "SELECT 'parsec'", "LOCK TABLE message IN ACCESS EXCLUSIVE MODE" },
  { "migrate-copy",
    "SELECT datname FROM pg_database WHERE datname LIKE 'steward\\_%' AND datallowconn",
    "LOCK TABLE migration IN SHARE MODE" },
  /* Between the new name and the commit: the comment is what comes last. */
  { "publish", "SELECT 'postgres'", "LOCK TABLE pg_shdescription IN SHARE MODE" },
};

typedef struct _Loss Loss;

/** A loss of the connection: as it is told in the name of its test, and how it is brought about. */
typedef struct
{
  const char *name;
  void (*lose) (Loss *loss);
} LossKind;

struct _Loss
{
  OperationScene scene; /* first */
  const LossKind *kind;
  const Midst *midst; /* the one that the scene waits for; behind @last: none any more */
  const Midst *last;
  StewardHost *host;
  char *tools;        /* in front of the host's PATH */
  GPtrArray *proxies; /* of TcpProxy; new connections go through the last one */
  guint count;
  PGconn *holder;  /* nullable */
  GThread *thread; /* nullable */
};

static void
lead_through_new_proxy (Loss *loss)
{
  TcpProxy *proxy = tcp_proxy_new (sshd->port);
  g_autofree char *lines = g_strdup_printf ("Host *\nPort %u\nHostKeyAlias [127.0.0.1]:%u",
                                            tcp_proxy_get_port (proxy), sshd->port);

  g_ptr_array_add (loss->proxies, proxy);
  sshd_fixture_configure (sshd, lines);
}

/* All connections break at once; whoever comes anew is let in. */
static void
lose_killed (Loss *loss)
{
  g_autoptr (GArray) connections = sshd_fixture_list_children (sshd->pid);

  for (guint i = 0; i < connections->len; i++)
    kill (g_array_index (connections, GPid, i), SIGKILL);
}

/* The far end stays silent; whoever comes anew is let in. */
static void
lose_frozen (Loss *loss)
{
  sshd_fixture_freeze (sshd);
}

/* Nothing is passed on any more and nothing is closed, as in a network that is gone; there is
 * another way at once. */
static void
lose_black_holed (Loss *loss)
{
  TcpProxy *proxy = loss->proxies->pdata[loss->proxies->len - 1];

  lead_through_new_proxy (loss);
  tcp_proxy_set_state (proxy, TCP_PROXY_SILENT);
}

/* Nobody is let in any more either. */
static void
lose_for_good (Loss *loss)
{
  sshd_fixture_stop (sshd);
}

enum
{
  BLACK_HOLED, /* what the ordinary run has */
  KILLED,
  FROZEN,
};

static const LossKind kinds[] = {
  [BLACK_HOLED] = { "black-holed", lose_black_holed },
  [KILLED] = { "killed", lose_killed },
  [FROZEN] = { "frozen", lose_frozen },
};
static const LossKind for_good = { "gone", lose_for_good };

static void
execute (PGconn *connection, const char *sql)
{
  PGresult *result = PQexec (connection, sql);

  g_assert_cmpstr (PQresultErrorMessage (result), ==, "");
  PQclear (result);
}

static gboolean
somebody_waits (gpointer data)
{
  PGresult *result = PQexec (data, "SELECT 1 FROM pg_locks WHERE NOT granted");
  gboolean waits = PQntuples (result) > 0;

  PQclear (result);
  return waits;
}

static gboolean
is_there (gpointer path)
{
  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static void
hold_database (Loss *loss)
{
  static const char *const keys[] = { "dbname", "dbname", NULL };
  g_autofree char *name = deployment_fixture_query (&fixture, "postgres", loss->midst->database);
  const char *values[] = { fixture.database_url, name, NULL };

  loss->holder = PQconnectdbParams (keys, values, 1);
  g_assert_cmpint (PQstatus (loss->holder), ==, CONNECTION_OK);
  execute (loss->holder, "BEGIN");
  execute (loss->holder, loss->midst->lock);
}

static void
hold_docker (Loss *loss)
{
  g_autofree char *hold = g_build_filename (loss->tools, "hold", NULL);

  g_assert_true (g_file_set_contents (hold, "", 0, NULL));
}

/* Waits until the step is held, and lets it go once the connection is lost; one whose connection is
 * lost for good is let go by its test. */
static gpointer
lose_cb (gpointer data)
{
  Loss *loss = data;
  g_autofree char *hold = g_build_filename (loss->tools, "hold", NULL);
  g_autofree char *held = g_build_filename (loss->tools, "held", NULL);

  if (loss->holder != NULL)
    host_wait_until (somebody_waits, loss->holder);
  else
    host_wait_until (is_there, held);
  loss->kind->lose (loss);
  if (loss->kind != &for_good)
    g_clear_pointer (&loss->holder, PQfinish);
  g_unlink (hold);
  return NULL;
}

static void
act_lose_in_midst (OperationScene *scene)
{
  Loss *loss = (Loss *)scene;

  g_clear_pointer (&loss->thread, g_thread_join);
  if (loss->midst->database != NULL)
    hold_database (loss);
  else
    hold_docker (loss);
  loss->thread = g_thread_new ("lose", lose_cb, loss);
  loss->count++;
  if (loss->midst++ == loss->last)
    return;
  scene->step = loss->midst->step;
  scene->has_acted = FALSE;
}

static void
act_lose_before (OperationScene *scene)
{
  const StewardStep *const *steps = steward_runner_get_steps (STEWARD_OPERATION_UPGRADE);
  Loss *loss = (Loss *)scene;

  loss->kind->lose (loss);
  if (steps[++loss->count] == NULL)
    return;
  scene->step = steps[loss->count]->id;
  scene->has_acted = FALSE;
}

static void
let_in (Loss *loss)
{
  g_autofree char *settings = ssh_settings_dup (loss->tools, NULL);

  sshd_fixture_stop (sshd);
  sshd_fixture_restart (sshd, settings);
}

static void
loss_begin (Loss *loss, const LossKind *kind, const char *step, OperationAct act)
{
  StewardSshAddress address = { .host = (char *)"127.0.0.1" };

  deployment_fixture_reset (&fixture);
  loss->scene = (OperationScene){
    .fixture = &fixture, .step = step, .kind = STEWARD_EVENT_STEP_STARTED, .act = act
  };
  loss->kind = kind;
  loss->proxies = g_ptr_array_new_with_free_func ((GDestroyNotify)tcp_proxy_free);
  loss->tools = g_dir_make_tmp ("steward-hold-XXXXXX", NULL);
  g_free (deployment_fixture_call (holding_script, loss->tools, NULL));
  let_in (loss);
  lead_through_new_proxy (loss);
  loss->host = steward_ssh_host_new (&address, NULL);
  deployment_fixture_use_host (&fixture, loss->host);
}

static void
loss_begin_in_midsts (Loss *loss, const LossKind *kind, const Midst *first, const Midst *last)
{
  loss->midst = first;
  loss->last = last;
  loss_begin (loss, kind, first->step, act_lose_in_midst);
}

static guint
count_clients (void)
{
  g_autoptr (GArray) children = sshd_fixture_list_children (getpid ());
  guint count = 0;

  for (guint i = 0; i < children->len; i++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/%d/comm", g_array_index (children, GPid, i));
      g_autofree char *name = NULL;

      count += g_file_get_contents (path, &name, NULL, NULL) && g_str_equal (name, "ssh\n");
    }
  return count;
}

/* Of the clients of dead connections none is left, and of the last one neither. */
static void
loss_end (Loss *loss)
{
  g_assert_cmpuint (count_clients (), ==, 1);
  deployment_fixture_use_host (&fixture, NULL);
  g_assert_finalize_object (loss->host);
  g_assert_cmpuint (count_clients (), ==, 0);
  operation_scene_clear (&loss->scene);
  g_clear_pointer (&loss->thread, g_thread_join);
  g_ptr_array_unref (loss->proxies);
  g_free (deployment_fixture_call ("rm -rf -- \"$1\"", loss->tools, NULL));
  g_free (loss->tools);
}

static void
loss_assert_done (Loss *loss, guint count)
{
  operation_scene_assert_result (&loss->scene, STEWARD_RESULT_DONE);
  g_assert_cmpuint (loss->count, ==, count);
  deployment_fixture_assert_serves (&fixture, NEW, NEW_MIGRATIONS);
}

static void
test_in_midst (gconstpointer kind)
{
  Loss loss = { 0 };

  loss_begin_in_midsts (&loss, kind, midsts, &midsts[G_N_ELEMENTS (midsts) - 1]);
  operation_scene_upgrade (&loss.scene, NEW);
  loss_assert_done (&loss, G_N_ELEMENTS (midsts));
  loss_end (&loss);
}

static void
test_before_each_step (void)
{
  const StewardStep *const *steps = steward_runner_get_steps (STEWARD_OPERATION_UPGRADE);
  Loss loss = { 0 };
  guint count = 0;

  while (steps[count] != NULL)
    count++;
  loss_begin (&loss, &kinds[KILLED], steps[0]->id, act_lose_before);
  operation_scene_upgrade (&loss.scene, NEW);
  loss_assert_done (&loss, count);
  loss_end (&loss);
}

static void
act_let_go (OperationScene *scene)
{
  g_clear_pointer (&((Loss *)scene)->holder, PQfinish);
}

/* The dump goes on over there, and whoever resumes takes it up. */
static void
test_resumed_dump (void)
{
  const Midst *dump = &midsts[1];
  Loss loss = { 0 };

  loss_begin_in_midsts (&loss, &for_good, dump, dump);
  loss.scene.cancels_when_away = TRUE;
  operation_scene_upgrade (&loss.scene, NEW);
  operation_scene_assert_result (&loss.scene, STEWARD_RESULT_INTERRUPTED);

  let_in (&loss);
  g_clear_object (&loss.scene.cancellable);
  loss.scene.cancels_when_away = FALSE;
  loss.scene.has_acted = FALSE;
  loss.scene.act = act_let_go;
  operation_scene_continue (&loss.scene, STEWARD_CONTINUE_RESUME, NULL);
  loss_assert_done (&loss, 1);
  loss_end (&loss);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ssh-cuts/killed-before-each-step", test_before_each_step);
  g_test_add_func ("/ssh-cuts/gone-in-the-midst-of-a-dump-and-resumed", test_resumed_dump);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ssh-cuts/%s-in-the-midst", kinds[i].name);

      if (deployment_fixture_takes (i))
        g_test_add_data_func (path, &kinds[i], test_in_midst);
    }

  deployment_fixture_up (&fixture, "newer", "2.40");
  sshd = sshd_fixture_new (NULL);
  int status = g_test_run ();
  deployment_fixture_down (&fixture);
  sshd_fixture_free (sshd);
  return status;
}
