/* By libsecret, which has memory for secrets that is not swapped. See the header. */
#include "app/keyring.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

static const SecretSchema schema = {
  "io.github.stewardapp.Steward.Host",
  SECRET_SCHEMA_NONE,
  {
      { "host", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { "kind", SECRET_SCHEMA_ATTRIBUTE_INTEGER },
      { "subject", SECRET_SCHEMA_ATTRIBUTE_STRING },
      { NULL, 0 },
  },
  0,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
  NULL,
};

static const char *
get_subject (const StewardSshQuestion *question)
{
  return question->subject != NULL ? question->subject : "";
}

gboolean
steward_keyring_can_keep (const StewardSshQuestion *question)
{
  return question->kind == STEWARD_SSH_QUESTION_PASSPHRASE
         || question->kind == STEWARD_SSH_QUESTION_PASSWORD;
}

/* libsecret goes on to speak to the service that it met first, even after that one ended and
 * another took its place: each call meets the one that is there now. */
static void
forget_service (void)
{
  secret_service_disconnect ();
}

char *
steward_keyring_look_up (const StewardSshQuestion *question, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  forget_service ();
  char *answer =
      secret_password_lookup_sync (&schema, cancellable, &error, "host", question->host, "kind",
                                   (int)question->kind, "subject", get_subject (question), NULL);

  if (error != NULL)
    g_debug ("no keyring: %s", error->message);
  return answer;
}

void
steward_keyring_keep (const StewardSshQuestion *question,
                      const char *answer,
                      GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  /* Translators: in the list of the desktop's keyring; %s is a host. */
  g_autofree char *label = g_strdup_printf (_ ("Steward: how to reach %s"), question->host);

  forget_service ();
  if (!secret_password_store_sync (&schema, SECRET_COLLECTION_DEFAULT, label, answer, cancellable,
                                   &error, "host", question->host, "kind", (int)question->kind,
                                   "subject", get_subject (question), NULL))
    g_warning ("The keyring did not take the answer: %s", error->message);
}

void
steward_keyring_forget (const StewardSshQuestion *question, GCancellable *cancellable)
{
  forget_service ();
  secret_password_clear_sync (&schema, cancellable, NULL, "host", question->host, "kind",
                              (int)question->kind, "subject", get_subject (question), NULL);
}

void
steward_keyring_free (char *answer)
{
  secret_password_free (answer);
}
