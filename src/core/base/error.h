/* The one error domain of the core. A code says what the caller can do; the message is a whole,
 * translated sentence for the administrator: the cause, the state of the server, what to do. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define STEWARD_ERROR (steward_error_quark ())

/**
 * StewardError:
 * @STEWARD_ERROR_FAILED: it was tried and went wrong; the message says how
 * @STEWARD_ERROR_REFUSED: a check says no; nothing was touched
 * @STEWARD_ERROR_INVALID: what was given (file, tag, answer, word) cannot be understood; nothing
 * was touched
 * @STEWARD_ERROR_NOT_FOUND: what was named does not exist
 * @STEWARD_ERROR_DENIED: credentials or rights are missing; ask for others
 * @STEWARD_ERROR_UNREACHABLE: nobody answered, or not in time; trying again later may help
 * @STEWARD_ERROR_NO_SPACE: a disk is full or would be; free space
 * @STEWARD_ERROR_CHANGED: somebody else changed what had been read; look again
 * @STEWARD_ERROR_LOCKED: somebody else is at work on this deployment, or left work unfinished
 * @STEWARD_ERROR_LOST_LOCK: the lock was taken over; the caller may change nothing any more
 * @STEWARD_ERROR_LOSS: going on would lose rows and nobody agreed to it
 * @STEWARD_ERROR_HANDS: neither forward nor back by itself; the message says what to do by hand
 * @STEWARD_ERROR_DISCONNECTED: the connection to the host broke while a command ran: it may go on
 * there and its result is not known; look at the real server once it is there again
 *
 * A cancelled call fails with %G_IO_ERROR_CANCELLED instead.
 */
typedef enum
{
  STEWARD_ERROR_FAILED,
  STEWARD_ERROR_REFUSED,
  STEWARD_ERROR_INVALID,
  STEWARD_ERROR_NOT_FOUND,
  STEWARD_ERROR_DENIED,
  STEWARD_ERROR_UNREACHABLE,
  STEWARD_ERROR_NO_SPACE,
  STEWARD_ERROR_CHANGED,
  STEWARD_ERROR_LOCKED,
  STEWARD_ERROR_LOST_LOCK,
  STEWARD_ERROR_LOSS,
  STEWARD_ERROR_HANDS,
  STEWARD_ERROR_DISCONNECTED,
} StewardError;

GQuark steward_error_quark (void);

G_END_DECLS
