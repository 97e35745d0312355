/* The way from a worker to the thread that shows things: events go through one queue, and a
 * question waits for its answer. */
#pragma once

#include "core/base/progress.h"
#include "core/steps/step.h"

G_BEGIN_DECLS

/** How long a question waits before it counts as answered with no. */
#define STEWARD_QUESTION_TIMEOUT_S 300
/** At which events are shown: after input and drawing, before results of a worker. */
#define STEWARD_CHANNEL_PRIORITY G_PRIORITY_DEFAULT_IDLE

typedef struct _StewardChannel StewardChannel;

/** StewardShowFunc: an event, on the main context of the thread that made the channel. */
typedef void (*StewardShowFunc) (const StewardEvent *event, gpointer data);

/** StewardQuestionFunc: a question, on the same context. Answer it, now or later, with
 * steward_channel_answer(). */
typedef void (*StewardQuestionFunc) (StewardChannel *channel,
                                     const StewardQuestion *question,
                                     gpointer data);

StewardChannel *
steward_channel_new (StewardShowFunc show, StewardQuestionFunc question, gpointer data);
StewardChannel *steward_channel_ref (StewardChannel *channel);

/** steward_channel_unref: any thread */
void steward_channel_unref (StewardChannel *channel);

/** steward_channel_close: nothing is shown any more; a question that waits is answered with no. */
void steward_channel_close (StewardChannel *channel);

/** steward_channel_answer: @typed: (nullable): what the administrator typed; the question's version
 * agrees, anything else does not */
void steward_channel_answer (StewardChannel *channel, const char *typed);

/** steward_channel_event_cb: fits StewardEventFunc; worker thread */
void steward_channel_event_cb (const StewardEvent *event, gpointer channel);

/** steward_channel_ask_cb: fits StewardAskFunc; worker thread; waits at most
 * %STEWARD_QUESTION_TIMEOUT_S */
gboolean steward_channel_ask_cb (const StewardQuestion *question,
                                 GCancellable *cancellable,
                                 gpointer channel);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardChannel, steward_channel_unref)

G_END_DECLS
