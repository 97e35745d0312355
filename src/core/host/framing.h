/* Where a command's own output begins and ends in the two streams of a connection that carry more:
 * greetings of a shell's profile before, the connection's own messages anywhere. Markers with a
 * random token stand at both ends of each stream: `<TOKEN:begin:GROUP>` and `<TOKEN:end:STATUS>`.
 *
 * Pure; knows nothing of processes. Private to the host folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  STEWARD_STREAM_OUTPUT,
  STEWARD_STREAM_ERRORS,
} StewardStream;

#define STEWARD_N_STREAMS 2

typedef enum
{
  STEWARD_FRAME_BEFORE,
  STEWARD_FRAME_WITHIN,
  STEWARD_FRAME_AFTER,
} StewardFrameState;

/** StewardFrame: one stream. @held: bytes that may be part of a marker; @before: what came before
 * the begin marker, its last 8 KiB; @value: what the latest marker said */
typedef struct
{
  StewardFrameState state;
  GString *held;
  GString *before;
  char *value;
} StewardFrame;

typedef struct
{
  char *token;
  char *markers[2]; /* begin and end, up to their value */
  StewardFrame streams[STEWARD_N_STREAMS];
} StewardFraming;

/** steward_framing_init: @token: letters and digits that nothing else prints */
void steward_framing_init (StewardFraming *self, const char *token);
void steward_framing_clear (StewardFraming *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardFraming, steward_framing_clear)

/** steward_framing_take: takes bytes as they come, cut anywhere, and appends to @own those that are
 * the command's. Bytes that may begin an end marker are held until the next call. */
void steward_framing_take (
    StewardFraming *self, StewardStream stream, const char *bytes, gsize length, GString *own);

/** steward_framing_has_begun: whether the command surely began: a begin marker came. */
gboolean steward_framing_has_begun (const StewardFraming *self);

/** steward_framing_get_group: Returns: the process group that leads the command over there; 0 as
 * long as it is not known */
int steward_framing_get_group (const StewardFraming *self);

/** steward_framing_is_over: whether both streams came to their end marker. */
gboolean steward_framing_is_over (const StewardFraming *self);

/** steward_framing_get_status: for one that is over. Returns: the status; -1 where there was no
 * such program */
int steward_framing_get_status (const StewardFraming *self);

G_END_DECLS
