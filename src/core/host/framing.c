/* Finds markers in bytes that come in pieces. */
#include "core/host/framing.h"

#include <stdlib.h>
#include <string.h>

#define BEFORE_LIMIT_BYTES 8192
#define VALUE_LIMIT_BYTES 16

void
steward_framing_init (StewardFraming *self, const char *token)
{
  memset (self, 0, sizeof *self);
  self->token = g_strdup (token);
  self->markers[STEWARD_FRAME_BEFORE] = g_strconcat ("<", token, ":begin:", NULL);
  self->markers[STEWARD_FRAME_WITHIN] = g_strconcat ("<", token, ":end:", NULL);
  for (gsize i = 0; i < STEWARD_N_STREAMS; i++)
    {
      self->streams[i].held = g_string_new (NULL);
      self->streams[i].before = g_string_new (NULL);
    }
}

void
steward_framing_clear (StewardFraming *self)
{
  g_clear_pointer (&self->token, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (self->markers); i++)
    g_clear_pointer (&self->markers[i], g_free);
  for (gsize i = 0; i < STEWARD_N_STREAMS; i++)
    {
      StewardFrame *frame = &self->streams[i];

      if (frame->held != NULL)
        g_string_free (frame->held, TRUE);
      if (frame->before != NULL)
        g_string_free (frame->before, TRUE);
      g_free (frame->value);
      memset (frame, 0, sizeof *frame);
    }
}

/* How many bytes at the end may be the beginning of the marker. */
static gsize
count_tail (const GString *held, const char *marker)
{
  for (gsize length = MIN (strlen (marker) - 1, held->len); length > 0; length--)
    if (memcmp (held->str + held->len - length, marker, length) == 0)
      return length;
  return 0;
}

/* What stands before the marker goes to its place: the command's own, or what is only remembered.
 */
static void
release (StewardFrame *frame, gsize length, GString *own)
{
  if (frame->state == STEWARD_FRAME_WITHIN)
    g_string_append_len (own, frame->held->str, length);
  if (frame->state == STEWARD_FRAME_BEFORE)
    {
      g_string_append_len (frame->before, frame->held->str, length);
      if (frame->before->len > BEFORE_LIMIT_BYTES)
        g_string_erase (frame->before, 0, frame->before->len - BEFORE_LIMIT_BYTES);
    }
  g_string_erase (frame->held, 0, length);
}

/* One marker at most. Returns: whether there may be another one in what is held. */
static gboolean
advance (StewardFrame *frame, const char *marker, GString *own)
{
  const char *found = memmem (frame->held->str, frame->held->len, marker, strlen (marker));

  if (found == NULL)
    {
      release (frame, frame->held->len - count_tail (frame->held, marker), own);
      return FALSE;
    }
  release (frame, found - frame->held->str, own);

  gsize value = strlen (marker);
  const char *end = memchr (frame->held->str + value, '>', frame->held->len - value);
  if (end == NULL && frame->held->len - value <= VALUE_LIMIT_BYTES)
    return FALSE;
  if (end == NULL || end - frame->held->str - value > VALUE_LIMIT_BYTES)
    {
      release (frame, 1, own); /* no marker of ours is that long */
      return TRUE;
    }
  g_free (frame->value);
  frame->value = g_strndup (frame->held->str + value, end - frame->held->str - value);
  g_string_erase (frame->held, 0, end + 1 - frame->held->str);
  frame->state++;
  return frame->state != STEWARD_FRAME_AFTER;
}

void
steward_framing_take (
    StewardFraming *self, StewardStream stream, const char *bytes, gsize length, GString *own)
{
  StewardFrame *frame = &self->streams[stream];

  if (frame->state == STEWARD_FRAME_AFTER)
    return;
  g_string_append_len (frame->held, bytes, length);
  while (advance (frame, self->markers[frame->state], own))
    ;
}

gboolean
steward_framing_has_begun (const StewardFraming *self)
{
  return self->streams[STEWARD_STREAM_OUTPUT].state != STEWARD_FRAME_BEFORE
         || self->streams[STEWARD_STREAM_ERRORS].state != STEWARD_FRAME_BEFORE;
}

int
steward_framing_get_group (const StewardFraming *self)
{
  for (gsize i = 0; i < STEWARD_N_STREAMS; i++)
    if (self->streams[i].state == STEWARD_FRAME_WITHIN)
      return MAX (atoi (self->streams[i].value), 0);
  return 0;
}

gboolean
steward_framing_is_over (const StewardFraming *self)
{
  return self->streams[STEWARD_STREAM_OUTPUT].state == STEWARD_FRAME_AFTER
         && self->streams[STEWARD_STREAM_ERRORS].state == STEWARD_FRAME_AFTER;
}

int
steward_framing_get_status (const StewardFraming *self)
{
  const char *value = self->streams[STEWARD_STREAM_OUTPUT].value;

  return value != NULL && g_ascii_isdigit (*value) ? atoi (value) : -1;
}
