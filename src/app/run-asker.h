/* Asks the questions of an operation, whatever page is shown meanwhile: an operation that nobody
 * answers walks back. */
#pragma once

#include "app/run.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** steward_run_asker_watch: from now on @run's questions are asked in a dialog over @widget's
 * window, also one that waits already; at most once for each run. Where @widget is gone they are
 * answered with no. @name: the server's */
void steward_run_asker_watch (StewardRun *run, GtkWidget *widget, const char *name);

G_END_DECLS
