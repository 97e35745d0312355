/* The guard's own part of its script, and what is asked about it from afar. POSIX sh, coreutils,
 * sed and flock. Private to the store folder. */
#pragma once

/* Functions, for steward_store_script_guard_stand.
 * FOLDER ID SILENCE MODE OPERATION USER FENCE TAKE REPLACE APPEND ARGUMENT…: USER is a JSON string;
 * FENCE, TAKE, REPLACE and APPEND are the texts of the scripts of these names */
extern const char steward_store_script_guard[];
/* The last line: stands guard */
extern const char steward_store_script_guard_stand[];
/* ORDER: prints stands or absent */
extern const char steward_store_script_guard_look[];
/* ORDER: the same, as soon as it stands, 10 seconds later at most */
extern const char steward_store_script_guard_wait[];
