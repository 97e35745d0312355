/* Runs the stand-in server under test: a made-up release in a folder, its commands, its answers. */
#pragma once

#include <gio/gio.h>

typedef struct
{
  char *output;   /* owned: standard output */
  char *problems; /* owned: standard error */
  int status;     /* exit status; -1 if a signal ended it */
} Outcome;

void outcome_free (Outcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Outcome, outcome_free)

typedef struct
{
  int last;               /* migrations 1 to this one */
  const char *broken;     /* nullable: a folder of broken/ whose migrations follow */
  const char *generation; /* NULL: early */
  const char *fault;      /* NULL: none */
} ReleaseFacts;

/* Returns: (transfer full): the release file, in a new folder that release_remove takes away. */
char *release_make (const ReleaseFacts *facts);
void release_remove (char *release);
typedef char Release;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Release, release_remove)

/* Starts the program with @arguments (one text, split at spaces); @settings are NAME=VALUE texts
 * and override the usual ones. */
GSubprocess *server_start (const char *release,
                           const char *url,
                           const char *arguments,
                           const char *const *settings);

/* Waits for it to end. */
Outcome *server_finish (GSubprocess *server);

/* Starts and waits. */
Outcome *server_run (const char *release, const char *url, const char *arguments);

/* The output without the spinner's frames. Returns: (transfer full). */
char *server_strip_frames (const char *output);

/* One request to 127.0.0.1. Returns: (transfer full) (nullable): the whole answer, NULL if the
 * connection was refused or stayed without an answer for @timeout_s. */
char *server_ask (guint16 port, const char *request_line, const char *body, guint timeout_s);

/* Whether a connection to 127.0.0.1 is taken. */
gboolean server_port_is_open (guint16 port);

/* Waits until one is. */
void server_wait_for_port (guint16 port);
