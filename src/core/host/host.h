/* A host: the machine with the Docker engine. Runs commands there and keeps files there. Everything
 * is a command: files are read and replaced by constant shell scripts (POSIX sh, coreutils, flock),
 * their values as arguments, so that a subclass only says how an argument vector gets to its
 * machine.
 *
 * All calls block and are made on a worker thread; a host may be used by several threads at once.
 * Paths are absolute. Secrets travel on standard input, never in an argument vector. */
#pragma once

#include <gio/gio.h>

#include "core/base/error.h"

G_BEGIN_DECLS

#define STEWARD_TYPE_HOST (steward_host_get_type ())
G_DECLARE_DERIVABLE_TYPE (StewardHost, steward_host, STEWARD, HOST, GObject)

/** How long a command may take where nothing else is said, in milliseconds. */
#define STEWARD_HOST_DEADLINE_MS 60000

/** StewardLineFunc: one line of a command's output, valid UTF-8, without its line end; called on
 * the calling thread while the command runs. */
typedef void (*StewardLineFunc) (const char *line, gpointer data);

/**
 * StewardFence:
 * @folder: (not nullable): the folder that holds the file `lock`
 * @generation: (not nullable): what the first line of `lock` must read
 *
 * The right to change something. A fenced command runs under a shared `flock` of @folder, and only
 * if the generation still stands; whoever takes the lock over needs the exclusive one, so a holder
 * that was frozen between check and act cannot act late.
 */
typedef struct
{
  char *folder;
  char *generation;
} StewardFence;

void steward_fence_clear (StewardFence *fence);

/**
 * StewardCommand:
 * @argv: (not nullable): program and arguments
 * @input: (nullable): what the command reads on standard input, to its end. One with a descriptor
 * (a socket, a pipe) is waited for beside all else: with such an @output too, the command talks
 * both ways. While another one is waited for, neither deadline nor lines pass: it has its bytes at
 * hand
 * @output: (nullable): takes standard output instead of the outcome; not closed
 * @line: (nullable): sees each line of standard output (unless @output is set) and error
 * @fence: (nullable): the right to change something; %NULL for commands that only look
 * @deadline_ms: 0 for %STEWARD_HOST_DEADLINE_MS; %G_MAXUINT for none
 */
typedef struct
{
  const char *const *argv;
  GInputStream *input;
  GOutputStream *output;
  StewardLineFunc line;
  gpointer line_data;
  const StewardFence *fence;
  guint deadline_ms;
} StewardCommand;

/**
 * StewardOutcome:
 * @status: the exit status, or 128 plus the signal's number
 * @output: standard output, 0-terminated; a command that prints over 64 MiB is ended
 * @errors: standard error, its last 64 KiB
 */
typedef struct
{
  int status;
  GString *output;
  GString *errors;
} StewardOutcome;

void steward_outcome_clear (StewardOutcome *outcome);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardOutcome, steward_outcome_clear)

struct _StewardHostClass
{
  GObjectClass parent_class;

  /* Runs @argv on the host: the vector of @command with its fence before it. For the rest of
   * @command, @outcome and the errors see steward_host_run(). */
  gboolean (*run) (StewardHost *self,
                   const char *const *argv,
                   const StewardCommand *command,
                   StewardOutcome *outcome,
                   GCancellable *cancellable,
                   GError **error);
  /* Unless overridden, what follows is this machine's: always there, reached as it stands, and
   * without a proxy. */

  /* A name a person knows the host by. (transfer none) */
  const char *(*get_name) (StewardHost *self);
  /* See steward_host_forward(). */
  gboolean (*forward) (StewardHost *self,
                       const char *address,
                       guint16 port,
                       char **near_address,
                       guint16 *near_port,
                       GCancellable *cancellable,
                       GError **error);
  /* See the functions of these names. */
  gboolean (*ensure_proxy) (StewardHost *self,
                            char **proxy,
                            GCancellable *cancellable,
                            GError **error);
  gboolean (*connect) (StewardHost *self, GCancellable *cancellable, GError **error);
  gboolean (*is_connected) (StewardHost *self);
  guint (*get_session) (StewardHost *self);
};

const char *steward_host_get_name (StewardHost *self);

/** steward_host_connect: ensures that the host can be reached; every command does so by itself, but
 * says less about why it cannot. Nothing is done on this machine. Blocks.
 * Errors: see steward_ssh_host_new() */
gboolean steward_host_connect (StewardHost *self, GCancellable *cancellable, GError **error);

/** steward_host_is_connected: whether the connection stands, as far as is known: a dead network is
 * noticed within 15 seconds. Does not block. Any thread. */
gboolean steward_host_is_connected (StewardHost *self);

/** steward_host_get_session: a number that is another one once the connection to the host was made
 * anew: what ran over the one before may have been cut. Does not block. Any thread. */
guint steward_host_get_session (StewardHost *self);

/**
 * steward_host_run:
 * @outcome: (out caller-allocates): filled even for a status other than zero; clear it
 *
 * Runs a command to its end. Cancelled or late, it is ended with its children.
 * The command runs with `LC_ALL=C`.
 *
 * Returns: whether the command ran; its status is the caller's to judge.
 * Errors: %STEWARD_ERROR_NOT_FOUND (no such program), %STEWARD_ERROR_UNREACHABLE (deadline; the
 * host cannot be reached: nothing was run), %STEWARD_ERROR_LOST_LOCK (the fence no longer stands:
 * nothing was run), %STEWARD_ERROR_DISCONNECTED (the connection broke while it ran, or may have
 * run), %STEWARD_ERROR_DENIED, %STEWARD_ERROR_REFUSED (the host does not let us in: nothing was
 * run)
 */
gboolean steward_host_run (StewardHost *self,
                           const StewardCommand *command,
                           StewardOutcome *outcome,
                           GCancellable *cancellable,
                           GError **error);

/** steward_host_call: as steward_host_run(), and any status but zero is an error that quotes the
 * last line of standard error. Returns: (transfer full) (nullable): standard output.
 * Errors: further %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_DENIED, %STEWARD_ERROR_FAILED */
char *steward_host_call (StewardHost *self,
                         const StewardCommand *command,
                         GCancellable *cancellable,
                         GError **error);

/** steward_host_start_detached: starts a command that goes on when Steward ends; its output is
 * appended to @log_path, which gets mode 0600 when new. The fence is not held beyond the start.
 * Returns: whether it was started. Errors: %STEWARD_ERROR_NOT_FOUND (no such program),
 * %STEWARD_ERROR_DENIED, %STEWARD_ERROR_LOST_LOCK */
gboolean steward_host_start_detached (StewardHost *self,
                                      const char *const *argv,
                                      const char *log_path,
                                      const StewardFence *fence,
                                      GCancellable *cancellable,
                                      GError **error);

/** steward_host_read_file: Returns: (transfer full) (nullable): the whole file, at most 64 MiB.
 * Errors: %STEWARD_ERROR_NOT_FOUND, %STEWARD_ERROR_DENIED */
GBytes *steward_host_read_file (StewardHost *self,
                                const char *path,
                                GCancellable *cancellable,
                                GError **error);

/**
 * steward_host_replace_file:
 * @expected: (nullable): what the file must still hold; %NULL to create or overwrite unseen
 * @mode: the mode of a new file, for example 0600; a file that exists keeps its mode and owner
 *
 * Writes a temporary file in the same folder, syncs, renames, syncs the folder. At every instant
 * the path names either the old bytes or the new ones, whole. A symbolic link is followed.
 *
 * Errors: %STEWARD_ERROR_CHANGED (not @expected: nothing was changed), %STEWARD_ERROR_DENIED,
 * %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_LOST_LOCK; after an error the old bytes stand
 */
gboolean steward_host_replace_file (StewardHost *self,
                                    const char *path,
                                    GBytes *content,
                                    GBytes *expected,
                                    guint mode,
                                    const StewardFence *fence,
                                    GCancellable *cancellable,
                                    GError **error);

/** steward_host_append_line: adds @line and a line end and syncs; after a torn line it begins a
 * new one. After an error the file may end in a torn line. */
gboolean steward_host_append_line (StewardHost *self,
                                   const char *path,
                                   const char *line,
                                   const StewardFence *fence,
                                   GCancellable *cancellable,
                                   GError **error);

/** steward_host_reserve: makes the file with mode 0600 if need be, and sets @size_bytes of disk
 * aside for it without changing its length, where the file system can. Errors:
 * %STEWARD_ERROR_NO_SPACE */
gboolean steward_host_reserve (StewardHost *self,
                               const char *path,
                               guint64 size_bytes,
                               const StewardFence *fence,
                               GCancellable *cancellable,
                               GError **error);

/** steward_host_make_folder: ensures that a folder is there; a new one gets @mode. */
gboolean steward_host_make_folder (StewardHost *self,
                                   const char *path,
                                   guint mode,
                                   const StewardFence *fence,
                                   GCancellable *cancellable,
                                   GError **error);

/** steward_host_remove: removes one file; a file that is not there is fine. */
gboolean steward_host_remove (StewardHost *self,
                              const char *path,
                              const StewardFence *fence,
                              GCancellable *cancellable,
                              GError **error);

/** StewardFile: @path is absolute, @modified_s are seconds since 1970 on the host's clock. */
typedef struct
{
  char *path;
  guint64 size_bytes;
  gint64 modified_s;
  guint mode;
  gboolean is_folder;
} StewardFile;

void steward_file_free (StewardFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardFile, steward_file_free)

/** steward_host_list: Returns: (transfer full) (element-type StewardFile) (nullable): what the
 * folder holds, in the order of names; a folder that is not there is empty. */
GPtrArray *
steward_host_list (StewardHost *self, const char *path, GCancellable *cancellable, GError **error);

/** steward_host_stat: follows symbolic links. Errors: %STEWARD_ERROR_NOT_FOUND */
StewardFile *
steward_host_stat (StewardHost *self, const char *path, GCancellable *cancellable, GError **error);

/** StewardDisk: a file system. @id tells it from the host's others, also as seen from within a
 * container; @free_bytes: what this user can still write */
typedef struct
{
  guint64 id;
  guint64 free_bytes;
} StewardDisk;

/** steward_disk_parse: the answer of `stat -f -c '%a %S %i'`. Returns: whether it is one */
gboolean steward_disk_parse (const char *text, StewardDisk *disk);

/** steward_host_get_disk: the one on which @path lies. Errors: %STEWARD_ERROR_NOT_FOUND */
gboolean steward_host_get_disk (StewardHost *self,
                                const char *path,
                                StewardDisk *disk,
                                GCancellable *cancellable,
                                GError **error);

/** steward_host_get_clock: @now_s: seconds since 1970 on the host's clock */
gboolean steward_host_get_clock (StewardHost *self,
                                 gint64 *now_s,
                                 GCancellable *cancellable,
                                 GError **error);

/** StewardIdentity: who acts there: the Unix user on the host, the host's own name and boot. */
typedef struct
{
  char *user;
  char *machine;
  char *boot_id;
} StewardIdentity;

void steward_identity_clear (StewardIdentity *identity);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardIdentity, steward_identity_clear)

gboolean steward_host_get_identity (StewardHost *self,
                                    StewardIdentity *identity,
                                    GCancellable *cancellable,
                                    GError **error);

/**
 * steward_host_forward:
 * @address: a numeric address as seen on the host
 * @near_address: (out) (transfer full): where to connect to from here instead
 *
 * The forward lives as long as the connection to the host: ask again before each use, the answer
 * is remembered. Nobody need listen at @address. Errors: %STEWARD_ERROR_UNREACHABLE,
 * %STEWARD_ERROR_DENIED (the host forbids forwards there: take another way)
 */
gboolean steward_host_forward (StewardHost *self,
                               const char *address,
                               guint16 port,
                               char **near_address,
                               guint16 *near_port,
                               GCancellable *cancellable,
                               GError **error);

/**
 * steward_host_ensure_proxy:
 * @proxy: (out) (transfer full) (nullable): the URI of a proxy on this machine's loopback that
 * connects from the host's network and resolves names there; %NULL where this machine is the host
 *
 * It lives as long as the connection to the host: ask again before each use. A host that forbids
 * forwards shows that only when something connects. Errors: %STEWARD_ERROR_UNREACHABLE
 */
gboolean steward_host_ensure_proxy (StewardHost *self,
                                    char **proxy,
                                    GCancellable *cancellable,
                                    GError **error);

G_END_DECLS
