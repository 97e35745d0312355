/* The constant scripts by which the store's files are kept on a host, and the way they are run.
 * POSIX sh, coreutils and flock; values come as arguments and standard input, never as script text.
 * What a caller must tell apart is a word on standard output. Private to the store folder. */
#pragma once

#include "core/store/store.h"

G_BEGIN_DECLS

/* FOLDER BACKUPS MODE: makes what is missing, prints FOLDER's mode in octal */
extern const char steward_store_script_ensure[];
/* PATH MODE LENGTH; content on standard input: the path names old bytes or new ones, whole */
extern const char steward_store_script_write[];
/* FOLDER WAIT SHA256-OR-EMPTY SILENCE-OR-EMPTY MODE LENGTH; the new lock on standard input.
 * Prints taken, busy (a command of the holder runs), changed (not that hash), held (not
 * silent), missing */
extern const char steward_store_script_take[];
/* FOLDER: nothing, or time of change, now and hash in a line, then the lock */
extern const char steward_store_script_peek[];
/* FOLDER SUFFIX COUNT LIMIT: of the newest ids: file name and base64 of the content, a line each */
extern const char steward_store_script_read_many[];
/* PATH COPY: prints saved or missing */
extern const char steward_store_script_save[];
/* PATH MODE: makes an empty file; prints made, or exists where something is written in it */
extern const char steward_store_script_begin[];
/* PATH: gives back what was set aside for a file and not used */
extern const char steward_store_script_trim[];
/* DUMP: size and SHA-256 in a line, or missing */
extern const char steward_store_script_hash[];
/* DUMP PARTIAL SIZE: gives the dump its name; prints named, missing or size */
extern const char steward_store_script_name[];
/* PARTIAL MODE LENGTH SHA256; a dump on standard input: prints received, or other where it is not
 * those bytes, and nothing of it is left then; nor is after an error */
extern const char steward_store_script_receive[];
/* PASSPORT FOLDER DUMP PARTIAL: removes them, the passport first */
extern const char steward_store_script_delete[];

/**
 * StewardStoreScript:
 * @argv: the script's text and arguments, a path first
 * @input: (nullable); @stream: (nullable): instead of it, where it is large
 * @fence: (nullable)
 * @deadline_ms: as in StewardCommand
 */
typedef struct
{
  const char *const *argv;
  GBytes *input;
  GInputStream *stream;
  const StewardFence *fence;
  guint deadline_ms;
} StewardStoreScript;

/** steward_store_call: Returns: (transfer full) (nullable): standard output. Errors: as
 * steward_host_call(), worded for a person where the code is no space or denied */
char *steward_store_call (StewardStore *store,
                          const StewardStoreScript *script,
                          GCancellable *cancellable,
                          GError **error);

/** steward_store_write: replaces a file of the store whole, with the mode that files of the store
 * have. @fence: (nullable) */
gboolean steward_store_write (StewardStore *store,
                              const char *path,
                              const char *text,
                              const StewardFence *fence,
                              GCancellable *cancellable,
                              GError **error);

/** StewardStoreFile: one file of steward_store_read_many(). */
typedef struct
{
  char *id;
  GBytes *content;
} StewardStoreFile;

void steward_store_file_free (StewardStoreFile *file);

/** StewardStoreFiles: the files ID@suffix of a folder; of the newest @count, at most @limit_bytes
 * each. */
typedef struct
{
  const char *folder;
  const char *suffix;
  guint count;
  guint limit_bytes;
} StewardStoreFiles;

/** steward_store_read_many: one host call. Returns: (transfer full) (element-type StewardStoreFile)
 * (nullable): newest first; a folder that is not there is empty */
GPtrArray *steward_store_read_many (StewardStore *store,
                                    const StewardStoreFiles *files,
                                    GCancellable *cancellable,
                                    GError **error);

/** The mode of new files, in octal. Returns: (transfer none) */
const char *steward_store_get_file_mode (StewardStore *store);

G_END_DECLS
