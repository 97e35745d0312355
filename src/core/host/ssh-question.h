/* What ssh asks while it connects, and who answers. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/** StewardSshQuestionKind:
 * @STEWARD_SSH_QUESTION_HOST_KEY: whether an unknown host's key is the right one
 * @STEWARD_SSH_QUESTION_PASSPHRASE: of a key file; the PIN of a hardware key, too
 * @STEWARD_SSH_QUESTION_PASSWORD: of the account
 * @STEWARD_SSH_QUESTION_CODE: a one-time code, or anything else that a host may ask
 */
typedef enum
{
  STEWARD_SSH_QUESTION_HOST_KEY,
  STEWARD_SSH_QUESTION_PASSPHRASE,
  STEWARD_SSH_QUESTION_PASSWORD,
  STEWARD_SSH_QUESTION_CODE,
} StewardSshQuestionKind;

/** StewardSshQuestion:
 * @host: (not nullable): the host as the administrator named it
 * @subject: (nullable): the key file of a passphrase, user@host of a password; whose host key it
 * is, as ssh names it: a host on the way to @host has one, too
 * @fingerprint: (nullable): "SHA256:…" of an unknown host key
 * @key_type: (nullable): for example "ED25519"
 * @prompt: (not nullable): what ssh said, whole: valid UTF-8 without control characters
 * @attempt: 1, and higher where the answer before was wrong
 */
typedef struct
{
  StewardSshQuestionKind kind;
  char *host;
  char *subject;
  char *fingerprint;
  char *key_type;
  char *prompt;
  guint attempt;
} StewardSshQuestion;

/** StewardSshAskFunc: called on a thread of the host's own, one question at a time; blocks until
 * it is answered or @cancellable says that nobody waits any more.
 * Returns: (transfer full) (nullable): the answer ("yes" for a host key); %NULL: no answer, the
 * connection is given up. The host wipes and frees it. */
typedef char *(*StewardSshAskFunc) (const StewardSshQuestion *question,
                                    GCancellable *cancellable,
                                    gpointer data);

/** StewardSshAsker: @ask: (nullable): %NULL: every question goes unanswered */
typedef struct
{
  StewardSshAskFunc ask;
  gpointer data;
  GDestroyNotify free_data;
} StewardSshAsker;

/** steward_ssh_question_parse: tells from a prompt of ssh's what is asked. Pure.
 * Returns: (transfer full): with @attempt 1 */
StewardSshQuestion *steward_ssh_question_parse (const char *prompt, const char *host);

/** steward_ssh_question_is_same: whether @b, asked after @a, asks for the same thing again. */
gboolean steward_ssh_question_is_same (const StewardSshQuestion *a, const StewardSshQuestion *b);

StewardSshQuestion *steward_ssh_question_copy (const StewardSshQuestion *question);
void steward_ssh_question_free (StewardSshQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardSshQuestion, steward_ssh_question_free)

G_END_DECLS
