/* The scripts' texts. Keep them short enough to be read at a glance, and POSIX. */
#include "core/host/scripts.h"

const char steward_script_fence[] = "[ -d \"$1\" ] && [ -r \"$1\" ] || exit 95\n"
                                    "exec 9<\"$1\"\n"
                                    "flock -s -w 20 9 || exit 96\n"
                                    "generation=\n"
                                    "[ ! -r \"$1/lock\" ] || read -r generation <\"$1/lock\"\n"
                                    "[ \"$generation\" = \"$2\" ] || exit 95\n"
                                    "shift 2\n"
                                    "command -v \"$1\" >/dev/null || exit 97\n"
                                    "exec \"$@\"\n";

const char steward_script_read[] = "[ -e \"$1\" ] || exit 92\n"
                                   "[ -r \"$1\" ] || exit 91\n"
                                   "exec cat <\"$1\"\n";

const char steward_script_replace[] =
    "set -eu\n"
    "path=$1\n"
    "if [ -L \"$path\" ]; then\n"
    "  path=$(readlink -f \"$path\" && echo .)\n" /* keeps line ends at the end of a name */
    "  path=${path%??}\n"
    "fi\n"
    "folder=${path%/*}\n"
    "[ -d \"$folder/\" ] || exit 92\n"
    "[ -w \"$folder/\" ] || exit 91\n"
    "temporary=$(mktemp \"$folder/.steward-XXXXXXXX\")\n"
    "trap 'rm -f \"$temporary\"' EXIT\n"
    "trap 'exit 1' HUP INT TERM\n"
    "cat >\"$temporary\"\n"
    "[ \"$(wc -c <\"$temporary\")\" -eq \"$4\" ] || exit 94\n"
    "if [ -e \"$path\" ]; then\n"
    "  cp --attributes-only --preserve=mode,ownership \"$path\" \"$temporary\" || exit 91\n"
    "  [ \"$(stat -c '%a %u %g' \"$path\")\" = \"$(stat -c '%a %u %g' \"$temporary\")\" ] || exit "
    "91\n"
    "else\n"
    "  chmod \"$3\" \"$temporary\"\n"
    "fi\n"
    "sync \"$temporary\"\n"
    "if [ -n \"$2\" ]; then\n"
    "  [ -e \"$path\" ] || exit 93\n"
    "  hash=$(sha256sum <\"$path\")\n"
    "  [ \"${hash%% *}\" = \"$2\" ] || exit 93\n"
    "fi\n"
    "mv -f -T \"$temporary\" \"$path\"\n"
    "trap - EXIT\n"
    "sync \"$folder/\"\n";

const char steward_script_append[] =
    "set -eu\n"
    "umask 077\n"
    "[ ! -s \"$1\" ] || [ -z \"$(tail -c 1 \"$1\")\" ] || echo >>\"$1\"\n"
    "said=$(dd of=\"$1\" bs=64k oflag=append conv=notrunc,fsync 2>&1) ||\n"
    "  { echo \"$said\" >&2; exit 1; }\n"
    "case $said in\n"
    "*\"\n$2 byte\"*) ;;\n"
    "*) exit 94 ;;\n"
    "esac\n";

const char steward_script_reserve[] = "set -eu\n"
                                      "umask 077\n"
                                      ": >>\"$1\"\n"
                                      "message=$(fallocate -n -l \"$2\" \"$1\" 2>&1) && exit 0\n"
                                      "case $message in\n"
                                      "*'No space left'*) echo \"$message\" >&2; exit 1 ;;\n"
                                      "esac\n";

const char steward_script_make_folder[] = "[ -d \"$1\" ] || mkdir -m \"$2\" \"$1\"\n";

const char steward_script_remove[] = "[ ! -d \"$1\" ] || exit 91\n"
                                     "rm -f \"$1\"\n";

const char steward_script_list[] =
    "[ ! -d \"${1%/*}/\" ] || [ -x \"${1%/*}/\" ] || exit 91\n"
    "[ -d \"$1\" ] || exit 0\n"
    "[ -r \"$1\" ] && [ -x \"$1\" ] || exit 91\n"
    "for file in \"$1\"/* \"$1\"/.[!.]*; do\n"
    "  [ ! -e \"$file\" ] || stat --printf='%n\\0%f\\0%s\\0%Y\\0' \"$file\" || [ ! -e \"$file\" ]\n"
    "done\n";

const char steward_script_stat[] = "[ -e \"$1\" ] || exit 92\n"
                                   "exec stat -L --printf='%n\\0%f\\0%s\\0%Y\\0' \"$1\"\n";

const char steward_script_disk[] = "[ -e \"$1\" ] || exit 92\n"
                                   "exec stat -f -c '%a %S %i' \"$1\"\n";

const char steward_script_identity[] =
    "id -un && uname -n && cat /proc/sys/kernel/random/boot_id\n";

const char steward_script_detach[] = "set -e\n"
                                     "log=$1\n"
                                     "shift\n"
                                     "command -v \"$1\" >/dev/null || exit 98\n"
                                     "(umask 077 && : >>\"$log\")\n"
                                     "setsid \"$@\" </dev/null >>\"$log\" 2>&1 9<&- &\n";

/* GROUP is 0 while the near side does not know it: whoever has TOKEN in its command line is the
 * one, the login shell that still reads its profile too. A leader whose number went to somebody
 * else is told by its command line; while members of its group remain the number is not given
 * again. */
const char steward_script_keep[] =
    "find_group () {\n"
    "  for file in /proc/[0-9]*/cmdline; do\n"
    "    case $(tr '\\0' ' ' <\"$file\") in\n"
    "    *\"$1\"*) read -r p c s q group rest <\"${file%cmdline}stat\" && return ;;\n"
    "    esac\n"
    "  done\n"
    "  return 1\n"
    "}\n"
    "end_group () {\n"
    "  group=$1\n"
    "  tries=0\n"
    "  while [ \"$group\" = 0 ] && ! find_group \"$2\" && [ $tries -lt 20 ]; do\n"
    "    tries=$((tries + 1))\n"
    "    sleep 0.1\n"
    "  done\n"
    "  [ \"$group\" -gt 1 ] || return 0\n"
    "  case $(tr '\\0' ' ' <\"/proc/$group/cmdline\") in\n"
    "  '' | *\"$2\"*) ;;\n"
    "  *) [ \"$1\" = 0 ] || return 0 ;;\n"
    "  esac\n"
    "  kill -s TERM -- \"-$group\"\n"
    "  tries=0\n"
    "  while kill -s 0 -- \"-$group\" && [ $tries -lt 30 ]; do\n"
    "    tries=$((tries + 1))\n"
    "    sleep 0.1\n"
    "  done\n"
    "  kill -s KILL -- \"-$group\"\n"
    "}\n"
    "while read -r group token; do\n"
    "  end_group \"$group\" \"$token\" </dev/null >/dev/null 2>&1 &\n"
    "done\n";
