/* What the guard does on the host to go back: the two functions that steward_guard_start() wants.
 * POSIX sh, coreutils, docker. Arguments:
 *
 *   DOCKER CONTAINER PROJECT IMAGE-ID COPY-STEP DONE GONE RECORD…
 *
 * DOCKER is docker's command, the one that is split at its spaces; CONTAINER runs
 * steward_tool_script_guard; DONE and GONE are sentences as JSON strings; COPY-STEP made the copy.
 * The records, in this order:
 *
 *   file PATH ORIGINAL BEFORE AFTER SENTENCE  edited by the switch of the tag; hashes
 *   service NAME                              with the server's image
 *   container ID POLICY ran|stood             what was there before the stop
 *   up COMMAND…                               has compose make the server's container anew */
#pragma once

extern const char steward_guard_script[];
