/* Who answers what ssh asks, in tests: prepared answers in turn, and notes of what was asked. */
#pragma once

#include "core/host/ssh-host.h"

G_BEGIN_DECLS

/** SshAnswers: starts as what the test fills in, all else zero.
 * @answers: in turn; %NULL is no answer. More questions than these fail the test
 * @count: how many were asked
 * @kinds, @attempts, @prompts: of each
 * @subject, @fingerprint: of the last
 * @cancel: (nullable): cancelled instead of an answer
 * @look: (nullable): called at each question, before it is answered
 */
typedef struct
{
  const char *answers[8];
  guint count;
  StewardSshQuestionKind kinds[8];
  guint attempts[8];
  char *prompts[8];
  char *subject, *fingerprint;
  GCancellable *cancel;
  void (*look) (void);
} SshAnswers;

void ssh_answers_clear (SshAnswers *answers);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SshAnswers, ssh_answers_clear)

/** ssh_answers_connect: connects to @address, and runs something there.
 * @answers: (nullable): %NULL: there is nobody to answer
 * Returns: (transfer full) (nullable): why it did not connect */
GError *ssh_answers_connect (SshAnswers *answers, const StewardSshAddress *address);

/** ssh_answers_get_asker: Returns: for a host that lives no longer than @answers: (nullable) */
StewardSshAsker ssh_answers_get_asker (SshAnswers *answers);

G_END_DECLS
