/* Brings what a host over SSH asks from the host's thread to the window, and the answer back. What
 * was remembered in the keyring is answered without asking. Main thread, but for the function that
 * the host calls. */
#pragma once

#include "core/host/ssh-question.h"

G_BEGIN_DECLS

/** StewardHostAsker: Signals: "asked": a question is open; "over": it waits no longer, answered or
 * not. */
#define STEWARD_TYPE_HOST_ASKER (steward_host_asker_get_type ())
G_DECLARE_FINAL_TYPE (StewardHostAsker, steward_host_asker, STEWARD, HOST_ASKER, GObject)

StewardHostAsker *steward_host_asker_new (void);

/** steward_host_asker_get_asker: Returns: what to hand to steward_ssh_host_new(), once: it holds a
 * reference */
StewardSshAsker steward_host_asker_get_asker (StewardHostAsker *self);

/** steward_host_asker_dup_question: Returns: (transfer full) (nullable): the open one */
StewardSshQuestion *steward_host_asker_dup_question (StewardHostAsker *self);

/** StewardHostAnswerFlags: @STEWARD_HOST_ANSWER_REMEMBER: keep it in the keyring */
typedef enum
{
  STEWARD_HOST_ANSWER_DEFAULT = 0,
  STEWARD_HOST_ANSWER_REMEMBER = 1 << 0,
} StewardHostAnswerFlags;

/** steward_host_asker_answer: @answer: (nullable): %NULL gives the connection up. Nothing happens
 * where no question is open. */
void steward_host_asker_answer (StewardHostAsker *self,
                                const char *answer,
                                StewardHostAnswerFlags flags);

/** steward_host_asker_close: nobody will answer any more: whatever is open or comes is given up. */
void steward_host_asker_close (StewardHostAsker *self);

G_END_DECLS
