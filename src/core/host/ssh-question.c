/* Prompts of the OpenSSH client (sshconnect.c, sshconnect2.c, readpass.c) told apart by what they
 * say; those of a host (keyboard-interactive) by the words that hosts commonly use. */
#include "core/host/ssh-question.h"

#include <string.h>

/* One line without control characters. */
static char *
clean (const char *prompt)
{
  g_autofree char *valid = g_utf8_make_valid (prompt, -1);
  GString *text = g_string_new (NULL);

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      gboolean hidden = g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT
                        || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR;

      g_string_append_unichar (text, hidden ? ' ' : c);
    }
  return g_strstrip (g_string_free (text, FALSE));
}

/* Returns: (transfer full) (nullable): the first group of the first match */
static char *
match_first (const char *pattern, const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, text, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

static gboolean
contains_word (const char *text, const char *const *words)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (gsize i = 0; words[i] != NULL; i++)
    if (strstr (folded, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

static gboolean
parse_host_key (StewardSshQuestion *question)
{
  if (strstr (question->prompt, "(yes/no/[fingerprint])") == NULL
      && !g_str_has_prefix (question->prompt, "Please type 'yes'"))
    return FALSE;
  question->kind = STEWARD_SSH_QUESTION_HOST_KEY;
  question->subject =
      match_first ("^The authenticity of host '(.+?)(?: \\(.*)?' ", question->prompt);
  question->fingerprint =
      match_first ("key fingerprint is (SHA256:[A-Za-z0-9+/=]+)", question->prompt);
  question->key_type = match_first ("([A-Za-z0-9-]+) key fingerprint is ", question->prompt);
  return TRUE;
}

static gboolean
parse_passphrase (StewardSshQuestion *question)
{
  char *key = match_first ("^Enter passphrase for (?:key )?'?(.+?)'?:$", question->prompt);

  if (key == NULL)
    key = match_first ("^Enter PIN for (?:.* key )?'?(.+?)'?:$", question->prompt);
  if (key == NULL)
    return FALSE;
  question->kind = STEWARD_SSH_QUESTION_PASSPHRASE;
  question->subject = key;
  return TRUE;
}

static gboolean
parse_password (StewardSshQuestion *question)
{
  static const char *const codes[] = { "one-time", "one time", "otp",      "verification",
                                       "token",    "duo",      "passcode", NULL };
  static const char *const passwords[] = { "password", "mot de passe", "passwort", NULL };

  /* The client itself names who is asked: its own words, or before those of the host. */
  question->subject = match_first ("^\\((\\S+@\\S+)\\) ", question->prompt);
  if (question->subject == NULL)
    question->subject = match_first ("^(\\S+@\\S+)'s password:$", question->prompt);

  const char *words = question->prompt;
  if (*words == '(' && question->subject != NULL)
    words += strlen (question->subject) + 2;
  if (contains_word (words, codes) || !contains_word (words, passwords))
    return FALSE;
  question->kind = STEWARD_SSH_QUESTION_PASSWORD;
  return TRUE;
}

StewardSshQuestion *
steward_ssh_question_parse (const char *prompt, const char *host)
{
  StewardSshQuestion *question = g_new0 (StewardSshQuestion, 1);

  question->host = g_strdup (host);
  question->prompt = clean (prompt);
  question->attempt = 1;
  if (!parse_host_key (question) && !parse_passphrase (question) && !parse_password (question))
    question->kind = STEWARD_SSH_QUESTION_CODE;
  return question;
}

gboolean
steward_ssh_question_is_same (const StewardSshQuestion *a, const StewardSshQuestion *b)
{
  /* Asked again, ssh does not repeat whose key it is. */
  if (a->kind == STEWARD_SSH_QUESTION_HOST_KEY && b->kind == a->kind && b->fingerprint == NULL)
    return TRUE;
  return a->kind == b->kind && g_strcmp0 (a->subject, b->subject) == 0
         && (a->kind != STEWARD_SSH_QUESTION_CODE || strcmp (a->prompt, b->prompt) == 0);
}

StewardSshQuestion *
steward_ssh_question_copy (const StewardSshQuestion *question)
{
  StewardSshQuestion *copy = g_new0 (StewardSshQuestion, 1);

  copy->kind = question->kind;
  copy->host = g_strdup (question->host);
  copy->subject = g_strdup (question->subject);
  copy->fingerprint = g_strdup (question->fingerprint);
  copy->key_type = g_strdup (question->key_type);
  copy->prompt = g_strdup (question->prompt);
  copy->attempt = question->attempt;
  return copy;
}

void
steward_ssh_question_free (StewardSshQuestion *question)
{
  g_free (question->host);
  g_free (question->subject);
  g_free (question->fingerprint);
  g_free (question->key_type);
  g_free (question->prompt);
  g_free (question);
}
