/* The constant scripts by which files are kept on a host. POSIX sh, coreutils and flock; their
 * values come as arguments and standard input, never as script text. Private to the host folder.
 *
 * Own exit codes, chosen apart from those that shells and tools use themselves. */
#pragma once

#define STEWARD_EXIT_DENIED 91
#define STEWARD_EXIT_NOT_FOUND 92
#define STEWARD_EXIT_CHANGED 93
#define STEWARD_EXIT_CUT 94
#define STEWARD_EXIT_LOST_LOCK 95
#define STEWARD_EXIT_FENCE_BUSY 96
#define STEWARD_EXIT_NO_PROGRAM 97
#define STEWARD_EXIT_NO_DETACHED 98

/* FOLDER GENERATION COMMAND…: the shared lock is held by descriptor 9 until the command has
 * ended. */
extern const char steward_script_fence[];
/* PATH */
extern const char steward_script_read[];
/* PATH SHA256-OR-EMPTY MODE LENGTH; content on standard input */
extern const char steward_script_replace[];
/* PATH LENGTH; the line on standard input */
extern const char steward_script_append[];
/* PATH SIZE */
extern const char steward_script_reserve[];
/* PATH MODE */
extern const char steward_script_make_folder[];
/* PATH */
extern const char steward_script_remove[];
/* PATH: records of name, raw mode in hex, size and time, each ended by NUL */
extern const char steward_script_list[];
extern const char steward_script_stat[];
/* PATH: free blocks and block size */
extern const char steward_script_disk[];
/* user, machine and boot, a line each */
extern const char steward_script_identity[];
/* LOG COMMAND… */
extern const char steward_script_detach[];
/* Lines `GROUP TOKEN` on standard input; ends with it */
extern const char steward_script_keep[];
