/* Asks what a host over SSH wants to know: whether its key is the right one, a passphrase, a
 * password, a code. Closing it gives the connection up. */
#pragma once

#include "app/host-asker.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_HOST_QUESTION_WINDOW (steward_host_question_window_get_type ())
G_DECLARE_FINAL_TYPE (StewardHostQuestionWindow,
                      steward_host_question_window,
                      STEWARD,
                      HOST_QUESTION_WINDOW,
                      AdwWindow)

/** steward_host_question_window_new: of the question that is open; closes itself when that waits no
 * longer. Returns: (nullable): %NULL where none is open any more */
StewardHostQuestionWindow *steward_host_question_window_new (GtkWindow *parent,
                                                             StewardHostAsker *asker);

G_END_DECLS
