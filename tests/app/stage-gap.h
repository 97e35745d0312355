/* For how long the main loop came to nothing else. By itself: also watches programs that are not on
 * the stage. Main thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** StageGap: @own_ms: as @longest_ms, without the time for which the thread was ready and others
 * had the processor; @work_ms: what the thread computed in between, without all its waiting */
typedef struct
{
  double longest_ms;
  double own_ms;
  double work_ms;
} StageGap;

/** stage_gap_begin: watches until stage_gap_end(), with a source of high priority that is due every
 * millisecond. */
void stage_gap_begin (void);

/** stage_gap_end: Returns: the longest times between two of its turns */
StageGap stage_gap_end (void);

G_END_DECLS
