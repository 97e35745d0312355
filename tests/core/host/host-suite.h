/* What every host must do, as one suite: each kind of host runs it unchanged with its constructor.
 * The host must see this machine's file system, as an SSH host on loopback does. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

/** HostKind: constant; outlives the tests */
typedef struct
{
  const char *prefix; /* for example "/local-host" */
  StewardHost *(*construct) (void);
} HostKind;

/** Host: a host, and a folder whose name holds all that shells stumble over. */
typedef struct
{
  StewardHost *host;
  char *parent;
  char *folder;
} Host;

typedef void (*HostTest) (Host *host, gconstpointer kind);

typedef struct
{
  const char *name;
  HostTest test;
} HostCase;

/** host_suite_add: adds all tests. */
void host_suite_add (const HostKind *kind);

/* The parts of the suite; each table ends with a %NULL name. */
extern const HostCase host_run_cases[];
extern const HostCase host_file_cases[];
extern const HostCase host_disk_cases[];
extern const HostCase host_fence_cases[];
extern const HostCase host_talk_cases[];

/** host_dup_path: Returns: (transfer full): @name in the folder */
char *host_dup_path (const Host *host, const char *name);

/** host_write: makes a file of the folder without the host. Returns: (transfer full): its path */
char *host_write (const Host *host, const char *name, const char *content);

/** host_assert_content: checks a file without the host. */
void host_assert_content (const char *path, const char *content);

/** host_count_files: how many files the folder holds, hidden ones too. */
guint host_count_files (const char *folder);

/** host_wait_until: asks @condition again and again for at most 20 seconds, and fails then. */
void host_wait_until (gboolean (*condition) (gpointer data), gpointer data);

/** host_process_is_alive: whether @pid runs; one that only waits to be reaped does not. */
gboolean host_process_is_alive (int pid);

/** host_assert_process_ends: waits for it as host_wait_until() does. */
void host_assert_process_ends (int pid);

/** host_assert_hidden: that neither the argument vector nor the environment of any process of this
 * machine holds the secret. Only root sees those of others. */
void host_assert_hidden (const char *secret);

G_END_DECLS
