/* Passphrases and passwords of hosts, where the administrator wants them to be remembered: in the
 * desktop's keyring and nowhere else. All calls block; for a host's own thread. */
#pragma once

#include "core/host/ssh-question.h"

G_BEGIN_DECLS

/** steward_keyring_can_keep: whether an answer to such a question is the same next time. Pure. */
gboolean steward_keyring_can_keep (const StewardSshQuestion *question);

/** steward_keyring_look_up: Returns: (transfer full) (nullable): what was kept; %NULL also where
 * there is no keyring, or it stays locked. To be freed with steward_keyring_free(). */
char *steward_keyring_look_up (const StewardSshQuestion *question, GCancellable *cancellable);

/** steward_keyring_keep, steward_keyring_forget: where there is no keyring nothing is kept. */
void steward_keyring_keep (const StewardSshQuestion *question,
                           const char *answer,
                           GCancellable *cancellable);
void steward_keyring_forget (const StewardSshQuestion *question, GCancellable *cancellable);

/** steward_keyring_free: wipes it, too */
void steward_keyring_free (char *answer);

G_END_DECLS
