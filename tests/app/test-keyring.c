/* What is remembered of a host, in a real keyring; and where there is none. Who asks first looks
 * there. */
#include "app/host-asker.h"
#include "app/keyring.h"
#include "keyring-fixture.h"

#include <string.h>

#define SECRET "correct horse é"

typedef struct
{
  KeyringFixture *keyring;
  StewardSshQuestion question;
} Scene;

static void
set_up (Scene *scene, gconstpointer data)
{
  scene->keyring = keyring_fixture_new ();
  scene->question = (StewardSshQuestion){
    .kind = STEWARD_SSH_QUESTION_PASSWORD,
    .host = (char *)"parsec",
    .subject = (char *)"anna@10.0.0.1",
    .prompt = (char *)"anna@10.0.0.1's password:",
    .attempt = 1,
  };
}

static void
tear_down (Scene *scene, gconstpointer data)
{
  keyring_fixture_free (scene->keyring);
}

static void
set_up_unlocked (Scene *scene, gconstpointer data)
{
  set_up (scene, data);
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_UNLOCKED);
}

static void
assert_kept (const StewardSshQuestion *question, const char *expected)
{
  char *kept = steward_keyring_look_up (question, NULL);

  g_assert_cmpstr (kept, ==, expected);
  steward_keyring_free (kept);
}

static void
test_finds (Scene *scene, gconstpointer data)
{
  assert_kept (&scene->question, NULL);
  steward_keyring_keep (&scene->question, SECRET, NULL);
  assert_kept (&scene->question, SECRET);
  steward_keyring_keep (&scene->question, "another", NULL);
  assert_kept (&scene->question, "another");
}

/* Another host, account or key file is another secret. */
static void
test_apart (Scene *scene, gconstpointer data)
{
  StewardSshQuestion host = scene->question, kind = scene->question, subject = scene->question,
                     nobody = scene->question;

  host.host = (char *)"parsec.example.org";
  kind.kind = STEWARD_SSH_QUESTION_PASSPHRASE;
  subject.subject = (char *)"bernd@10.0.0.1";
  nobody.subject = NULL;
  steward_keyring_keep (&scene->question, SECRET, NULL);
  assert_kept (&host, NULL);
  assert_kept (&kind, NULL);
  assert_kept (&subject, NULL);
  assert_kept (&nobody, NULL);
  steward_keyring_keep (&host, "of the other", NULL);
  steward_keyring_forget (&scene->question, NULL);
  assert_kept (&scene->question, NULL);
  assert_kept (&host, "of the other");
}

static gboolean
folder_holds (const char *folder, const char *text, guint *files)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *content = NULL;
      gsize length = 0;

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && folder_holds (path, text, files))
        return TRUE;
      if (!g_file_get_contents (path, &content, &length, NULL))
        continue;
      *files += 1;
      if (memmem (content, length, text, strlen (text)) != NULL)
        return TRUE;
    }
  return FALSE;
}

/* The next day: the keyring was closed, and opened again. */
static void
test_next_day (Scene *scene, gconstpointer data)
{
  guint files = 0;

  steward_keyring_keep (&scene->question, SECRET, NULL);
  keyring_fixture_stop (scene->keyring);
  g_assert_false (folder_holds (scene->keyring->folder, SECRET, &files));
  g_assert_cmpuint (files, >, 0);
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_UNLOCKED);
  assert_kept (&scene->question, SECRET);
}

static guint complaints;

static void
complain_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  complaints += g_str_has_prefix (message, "The keyring did not take the answer: ");
}

/* Only that what was to be kept is not kept may be complained of. */
static gboolean
is_fatal_cb (const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
  return !g_str_has_prefix (message, "The keyring did not take the answer: ");
}

/* Nothing is found and nothing kept, and the program goes on. */
static void
assert_of_no_use (const StewardSshQuestion *question)
{
  guint handler =
      g_log_set_handler (NULL, G_LOG_LEVEL_WARNING | G_LOG_FLAG_FATAL, complain_cb, NULL);

  complaints = 0;
  g_test_log_set_fatal_handler (is_fatal_cb, NULL);
  assert_kept (question, NULL);
  steward_keyring_keep (question, "another", NULL);
  g_assert_cmpuint (complaints, ==, 1);
  assert_kept (question, NULL);
  steward_keyring_forget (question, NULL);
  g_assert_cmpuint (complaints, ==, 1);
  g_log_remove_handler (NULL, handler);
}

static void
test_locked (Scene *scene, gconstpointer data)
{
  steward_keyring_keep (&scene->question, SECRET, NULL);
  keyring_fixture_stop (scene->keyring);
  keyring_fixture_start (scene->keyring, KEYRING_FIXTURE_LOCKED);
  assert_of_no_use (&scene->question);
}

static void
test_no_service (Scene *scene, gconstpointer data)
{
  assert_of_no_use (&scene->question);
}

/* The session has no bus at all. */
static void
test_no_bus (void)
{
  if (g_test_subprocess ())
    {
      const StewardSshQuestion question = { .kind = STEWARD_SSH_QUESTION_PASSWORD,
                                            .host = (char *)"parsec" };

      assert_of_no_use (&question);
      return;
    }
  g_autofree char *address = g_strdup (g_getenv ("DBUS_SESSION_BUS_ADDRESS"));

  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", address, TRUE);
  g_test_trap_assert_passed ();
}

int
main (int argc, char **argv)
{
  static const struct
  {
    const char *path;
    void (*set_up) (Scene *scene, gconstpointer data);
    void (*test) (Scene *scene, gconstpointer data);
  } cases[] = {
    { "/keyring/finds-what-was-kept", set_up_unlocked, test_finds },
    { "/keyring/keeps-hosts-apart", set_up_unlocked, test_apart },
    { "/keyring/finds-it-the-next-day", set_up_unlocked, test_next_day },
    { "/keyring/stays-locked", set_up_unlocked, test_locked },
    { "/keyring/is-not-there", set_up, test_no_service },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Scene, NULL, cases[i].set_up, cases[i].test, tear_down);
  g_test_add_func ("/keyring/is-not-there-nor-a-bus", test_no_bus);
  return g_test_subprocess () ? g_test_run () : keyring_fixture_run_tests ();
}
