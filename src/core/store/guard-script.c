/* The guard's script. Commands that change something run under the same fence as a Steward's, the
 * lock is taken by the same script, and the journal is appended by the same one: whoever comes back
 * in the meantime finds one of the two in charge. */
#include "core/store/guard-script.h"

/* Descriptor 8 is ORDER: its lock is held while the guard waits, so that there is one. */
#define SETTINGS                                                                                   \
  "set -u\n"                                                                                       \
  "umask 077\n"                                                                                    \
  "folder=$1 id=$2 silence=$3 mode=$4 operation=$5 user=$6 fence=$7 take=$8 replace=$9\n"          \
  "shift 9\n"                                                                                      \
  "append=$1\n"                                                                                    \
  "shift\n"                                                                                        \
  "lock=$folder/lock\n"                                                                            \
  "journal=$folder/journal/$id.jsonl\n"                                                            \
  "order=$folder/journal/$id.guard\n"                                                              \
  "machine=$(uname -n | tr -cd 'A-Za-z0-9._-')\n"                                                  \
  "host_user=$(id -un | tr -cd 'A-Za-z0-9._-')\n"                                                  \
  "step=guard generation=0 since=\n"                                                               \
  "now () { date -u +%Y-%m-%dT%H:%M:%SZ; }\n"

/* The lock's text, and a new one in its place. */
#define LOCK                                                                                       \
  "fenced () { sh -c \"$fence\" steward-fence \"$folder\" \"$generation\" \"$@\"; }\n"             \
  "print_lock () {\n"                                                                              \
  "  printf '%s\\n{\"user\":%s,\"machine\":\"%s\",\"host_user\":\"%s\",\"client\":\"guard\",'"     \
  "'\"operation_id\":\"%s\",\"operation\":\"%s\",\"step\":\"%s\",\"process_id\":%s,'"              \
  "'\"since\":\"%s\"}\\n' \"$generation\" \"$user\" \"$machine\" \"$host_user\" \"$id\" "          \
  "\"$operation\" \"$step\" $$ \"$since\"\n"                                                       \
  "}\n"                                                                                            \
  "take_lock () {\n"                                                                               \
  "  hash=$(sha256sum <\"$lock\") || return 1\n"                                                   \
  "  read -r generation <\"$lock\" || return 1\n"                                                  \
  "  case $generation in\n"                                                                        \
  "  '' | *[!0-9]* | ??????????????????*) return 1 ;;\n"                                           \
  "  esac\n"                                                                                       \
  "  generation=$((generation + 1)) since=$(now) step=guard\n"                                     \
  "  at=$(date +%s)\n"                                                                             \
  "  [ \"$generation\" -gt \"$at\" ] || generation=$at\n"                                          \
  "  [ \"$(print_lock | sh -c \"$take\" steward \"$folder\" 20 \"${hash%% *}\" \"$silence\" "      \
  "\"$mode\" \"$(print_lock | wc -c)\")\" = taken ]\n"                                             \
  "}\n"                                                                                            \
  "release () {\n"                                                                                 \
  "  printf '%s\\n\\n' \"$generation\" | fenced sh -c \"$replace\" steward \"$lock\" '' "          \
  "\"$mode\" $((${#generation} + 2))\n"                                                            \
  "}\n"                                                                                            \
  "beat () {\n"                                                                                    \
  "  trap 'kill \"$pause\"; exit 0' TERM\n"                                                        \
  "  while sleep 5 & pause=$! && wait \"$pause\" && kill -0 $$ 2>/dev/null; do\n"                  \
  "    fenced touch -c \"$lock\" || [ $? -eq 96 ] || return 0\n"                                   \
  "  done\n"                                                                                       \
  "}\n"

/* Numbers go on after the last whole record; see journal.h. */
#define JOURNAL                                                                                    \
  "record () {\n"                                                                                  \
  "  last=$(tr -d '\\000' <\"$journal\" | sed -n "                                                 \
  "'s/^{\"n\":\\([0-9]\\{1,\\}\\),.*,\"sum\":\"[0-9a-f]\\{16\\}\"}$/\\1/p' | tail -n 1)\n"         \
  "  line=\"{\\\"n\\\":$((${last:-0} + 1)),\\\"at\\\":\\\"$(now)\\\",$1\"\n"                       \
  "  sum=$(printf '%s}' \"$line\" | sha256sum)\n"                                                  \
  "  line=\"$line,\\\"sum\\\":\\\"$(printf %.16s \"$sum\")\\\"}\"\n"                               \
  "  length=$(printf '%s\\n' \"$line\" | wc -c)\n"                                                 \
  "  printf '%s\\n' \"$line\" | fenced sh -c \"$append\" steward \"$journal\" \"$length\"\n"       \
  "}\n"                                                                                            \
  "at_step () {\n"                                                                                 \
  "  [ -n \"$turned\" ] || record '\"kind\":\"direction\",\"direction\":\"back\"' || return 1\n"   \
  "  turned=1 step=$1\n"                                                                           \
  "  print_lock | fenced sh -c \"$replace\" steward \"$lock\" '' \"$mode\" "                       \
  "\"$(print_lock | wc -c)\" &&\n"                                                                 \
  "    record \"\\\"kind\\\":\\\"intent\\\",\\\"step\\\":\\\"$step\\\","                           \
  "\\\"direction\\\":\\\"back\\\"\"\n"                                                             \
  "}\n"                                                                                            \
  "step_is_undone () {\n"                                                                          \
  "  record \"\\\"kind\\\":\\\"done\\\",\\\"step\\\":\\\"$step\\\",\\\"direction\\\":\\\"back\\\"" \
  "\"\n"                                                                                           \
  "}\n"                                                                                            \
  "end () {\n"                                                                                     \
  "  record \"\\\"kind\\\":\\\"end\\\",\\\"direction\\\":\\\"back\\\",\\\"state\\\":\\\"$1\\\","   \
  "\\\"text\\\":$text\"\n"                                                                         \
  "}\n"

/* The order to stand guard holds until it is taken back or the operation has ended. */
#define WATCH                                                                                      \
  "is_over () {\n"                                                                                 \
  "  [ \"$order\" -ef \"/proc/$$/fd/8\" ] || return 0\n"                                           \
  "  case $(tail -n 1 \"$journal\" | tr -d '\\000') in\n"                                          \
  "  *'\"kind\":\"end\"'*) return 0 ;;\n"                                                          \
  "  esac\n"                                                                                       \
  "  return 1\n"                                                                                   \
  "}\n"                                                                                            \
  "finish () {\n"                                                                                  \
  "  case $1 in\n"                                                                                 \
  "  0) fenced rm -f \"$order\" && end back && fenced truncate -c -s \"$(stat -c %s "              \
  "\"$journal\")\" \"$journal\" ;;\n"                                                              \
  "  10)\n"                                                                                        \
  "    record \"\\\"kind\\\":\\\"failed\\\",\\\"step\\\":\\\"$step\\\","                           \
  "\\\"direction\\\":\\\"back\\\",\\\"text\\\":$text\" && end hands\n"                             \
  "    ;;\n"                                                                                       \
  "  11) ;;\n"                                                                                     \
  "  *) return 1 ;;\n"                                                                             \
  "  esac\n"                                                                                       \
  "}\n"                                                                                            \
  "act () {\n"                                                                                     \
  "  take_lock || return 0\n"                                                                      \
  "  echo \"$(now) takes the lock with the generation $generation\"\n"                             \
  "  flock -u 8\n"                                                                                 \
  "  beat &\n"                                                                                     \
  "  beater=$!\n"                                                                                  \
  "  text='\"\"' turned=\n"                                                                        \
  "  walk_back \"$@\"\n"                                                                           \
  "  result=$?\n"                                                                                  \
  "  finish $result || result=1\n"                                                                 \
  "  kill \"$beater\"\n"                                                                           \
  "  release\n"                                                                                    \
  "  echo \"$(now) ends with $result, released with $?\"\n"                                        \
  "  [ $result -eq 1 ] || exit 0\n"                                                                \
  "  flock -w 5 8 || exit 0\n"                                                                     \
  "}\n"                                                                                            \
  "stand () {\n"                                                                                   \
  "  exec 8>>\"$order\" || exit 1\n"                                                               \
  "  chmod \"$mode\" \"$order\"\n"                                                                 \
  "  flock -w 5 8 || exit 0\n"                                                                     \
  "  seen= quiet=0\n"                                                                              \
  "  while sleep 1; do\n"                                                                          \
  "    ! is_over 2>/dev/null || exit 0\n"                                                          \
  "    sight=$(stat -c '%Y %i' \"$lock\")\n"                                                       \
  "    if [ \"$sight\" != \"$seen\" ]; then\n"                                                     \
  "      seen=$sight quiet=0\n"                                                                    \
  "      continue\n"                                                                               \
  "    fi\n"                                                                                       \
  "    quiet=$((quiet + 1))\n"                                                                     \
  "    [ \"$quiet\" -gt \"$silence\" ] || continue\n"                                              \
  "    quiet=$((silence > 10 ? silence - 10 : 0))\n"                                               \
  "    look \"$@\"\n"                                                                              \
  "    case $? in\n"                                                                               \
  "    0) act \"$@\" ;;\n"                                                                         \
  "    2) exit 0 ;;\n"                                                                             \
  "    esac\n"                                                                                     \
  "  done\n"                                                                                       \
  "}\n"

const char steward_store_script_guard[] = SETTINGS LOCK JOURNAL WATCH;

const char steward_store_script_guard_stand[] = "stand \"$@\"\n";

#define TELL                                                                                       \
  "tell () {\n"                                                                                    \
  "  if [ ! -e \"$1\" ] || flock -n -s \"$1\" true; then echo absent; else echo stands; fi\n"      \
  "}\n"

const char steward_store_script_guard_look[] = TELL "tell \"$1\"\n";

const char steward_store_script_guard_wait[] =
    TELL "tries=0\n"
         "until [ \"$(tell \"$1\")\" = stands ] || [ $tries -ge 100 ]; do\n"
         "  tries=$((tries + 1))\n"
         "  sleep 0.1\n"
         "done\n"
         "tell \"$1\"\n";
