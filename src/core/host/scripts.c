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
    "[ -d \"$1\" ] || exit 0\n"
    "[ -r \"$1\" ] && [ -x \"$1\" ] || exit 91\n"
    "for file in \"$1\"/* \"$1\"/.[!.]*; do\n"
    "  [ ! -e \"$file\" ] || stat --printf='%n\\0%f\\0%s\\0%Y\\0' \"$file\" || [ ! -e \"$file\" ]\n"
    "done\n";

const char steward_script_stat[] = "[ -e \"$1\" ] || exit 92\n"
                                   "exec stat -L --printf='%n\\0%f\\0%s\\0%Y\\0' \"$1\"\n";

const char steward_script_free_space[] = "[ -e \"$1\" ] || exit 92\n"
                                         "exec stat -f -c '%a %S' \"$1\"\n";

const char steward_script_identity[] =
    "id -un && uname -n && cat /proc/sys/kernel/random/boot_id\n";

const char steward_script_detach[] = "set -e\n"
                                     "log=$1\n"
                                     "shift\n"
                                     "command -v \"$1\" >/dev/null || exit 98\n"
                                     "(umask 077 && : >>\"$log\")\n"
                                     "setsid \"$@\" </dev/null >>\"$log\" 2>&1 9<&- &\n";
