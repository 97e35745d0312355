/* A client that writes through the server all the time, whatever becomes of it, and remembers what
 * was acknowledged: those rows must be there afterwards. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _WritingClient WritingClient;

/** writing_client_new: begins at once, in a thread of its own. @url: the server's */
WritingClient *writing_client_new (const char *url);

/** writing_client_wait: until one more row was acknowledged, 60 s at most. Returns: whether it
 * was */
gboolean writing_client_wait (WritingClient *self);

/** writing_client_stop: Returns: (transfer none) (element-type gint64): the rows' numbers */
const GArray *writing_client_stop (WritingClient *self);

void writing_client_free (WritingClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WritingClient, writing_client_free)

G_END_DECLS
