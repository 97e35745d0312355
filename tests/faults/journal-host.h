/* This machine, as a host that tells of each write to a journal: before the line is written, and
 * when it was written and synced. What happens then happens between two effects of the operation.
 */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

#define JOURNAL_TYPE_HOST (journal_host_get_type ())
G_DECLARE_FINAL_TYPE (JournalHost, journal_host, JOURNAL, HOST, StewardHost)

typedef enum
{
  JOURNAL_HOST_BEFORE,
  JOURNAL_HOST_AFTER,
} JournalHostMoment;

/** JournalHostWrite: write number @nth, counted from 1, to the journal at @path */
typedef struct
{
  guint nth;
  JournalHostMoment moment;
  const char *path;
} JournalHostWrite;

typedef void (*JournalHostFunc) (const JournalHostWrite *write, gpointer data);

/** journal_host_new: @func is called on the operation's thread. */
StewardHost *journal_host_new (JournalHostFunc func, gpointer data);

G_END_DECLS
