/* A connection to the host that breaks says nothing about the server: what was begun there goes on.
 * Here the host is waited for until it answers again, and its engine and database where it is about
 * going back. What is to be done then is the runner's. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

/** How long a host that is gone is waited for, in seconds. */
#define STEWARD_AWAIT_HOST_S 600

/**
 * steward_await_host:
 * @session: steward_host_get_session() before the effort that failed
 * @cancellable: (nullable): ends the waiting
 * @failure: (inout): why the effort failed
 *
 * Whether the effort failed because the connection broke, and the host is there again: it is then
 * to be made once more, from what the real server says. Tells notes of the loss and of the return,
 * and tries with growing pauses. Blocks.
 *
 * Returns: %FALSE where the connection stood all the time: @failure is as it was; or where the host
 * stays away, asks for what nobody answers, or waiting was cancelled: @failure is then
 * %STEWARD_ERROR_DISCONNECTED, and nothing is known of the server
 */
gboolean steward_await_host (StewardStepContext *context,
                             guint session,
                             GCancellable *cancellable,
                             GError **failure);

/** How long going back waits for the engine and the database, in seconds. */
#define STEWARD_AWAIT_SERVICES_S 60

/**
 * steward_await_services:
 * @begun_us: (inout): 0 before the first call for one effort
 * @failure: why the effort to go back failed
 *
 * An engine that starts again is back in seconds, and the database in it a little later; while
 * nobody is served that is worth waiting for. Tells a note once, and waits with growing pauses.
 *
 * Returns: whether the effort is to be made once more; %FALSE where the host, engine and database
 * could be asked, or were waited for long enough
 */
gboolean steward_await_services (StewardStepContext *context,
                                 gint64 *begun_us,
                                 GCancellable *cancellable,
                                 const GError *failure);

G_END_DECLS
