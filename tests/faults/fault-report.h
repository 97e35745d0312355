/* What was tried, how often, and what held. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** fault_report_add: one more of the faults called @name. @broken: the letters of the invariants
 * that did not hold */
void fault_report_add (const char *name, const char *broken);

/** fault_report_write: a table named @title, into `faults/@file.md` of the build folder; to be
 * called once, at the program's end. */
void fault_report_write (const char *file, const char *title);

G_END_DECLS
