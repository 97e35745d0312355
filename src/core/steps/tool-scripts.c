/* The scripts' texts. The dump's counts and the dump itself share one exported snapshot, which psql
 * holds open while it runs pg_dump (`\!`). In a pipe the last command's status counts, so the
 * others' go to files. */
#include "core/steps/tool-scripts.h"

#define WORK_FOLDER                                                                                \
  "set -eu\n"                                                                                      \
  "umask 077\n"                                                                                    \
  "work=$(mktemp -d /tmp/steward-XXXXXX)\n"                                                        \
  "trap 'rm -rf \"$work\"' EXIT\n"                                                                 \
  "trap 'exit 1' INT TERM\n"

/* Tells the size of a file once a second for as long as the script runs. */
#define WATCH_FILE                                                                                 \
  "(while [ -d \"$work\" ]; do [ ! -e \"$1\" ] || echo \"progress $(wc -c <\"$1\")\"; sleep 1; "   \
  "done) &\n"

/* What is written in a folder that its group shares is the group's. */
#define SHARE_WITH_GROUP                                                                           \
  "case $(ls -ld /steward) in\n"                                                                   \
  "?????w*) umask 007 ;;\n"                                                                        \
  "esac\n"

/* Tells the rows of each table, within the transaction that psql is in, if any. */
#define TELL_ROWS                                                                                  \
  "SELECT format('SELECT ''rows'', count(*), %L FROM ONLY %I.%I',\n"                               \
  "    format('%I.%I', n.nspname, c.relname), n.nspname, c.relname)\n"                             \
  "  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace\n"        \
  "  WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema'\n"    \
  "    AND n.nspname !~ '^pg_'\n"                                                                  \
  "  ORDER BY n.nspname, c.relname \\gexec\n"

/* Tells the size of the database once a second for as long as the script runs. */
#define WATCH_DATABASE                                                                             \
  "(while [ -d \"$work\" ]; do\n"                                                                  \
  "  echo \"progress $(psql -X -A -t -c 'SELECT pg_database_size(current_database())')\"\n"        \
  "  sleep 1\n"                                                                                    \
  "done) &\n"

/* What is restored is hashed at the same time, of the same pages in memory: a byte that has turned
 * in the midst of a value would be restored without a word. */
#define RESTORE(options)                                                                           \
  "sha256sum <\"/steward/$1\" >\"$work/hash\" &\n"                                                 \
  "hasher=$!\n"                                                                                    \
  "status=0\n"                                                                                     \
  "pg_restore --exit-on-error " options "-j \"$2\" -d \"$PGDATABASE\" \"/steward/$1\" || "         \
  "status=$?\n"                                                                                    \
  "wait \"$hasher\"\n"                                                                             \
  "read -r hash rest <\"$work/hash\"\n"                                                            \
  "echo \"sha256 $hash\"\n"                                                                        \
  "if [ \"$hash\" != \"$3\" ]; then\n"                                                             \
  "  echo 'The file is not what was written.' >&2\n"                                               \
  "  exit 1\n"                                                                                     \
  "fi\n"                                                                                           \
  "[ \"$status\" = 0 ] || exit 1\n"

/* Source: tests/benchmarks/dump-formats.sh, 1 GB of random bytes; size, processor seconds of
 * pg_dump, of pg_restore -f and of a restore: gzip:6 1141 MB, 80.9, 11.8, 14.1; gzip:1 1170
 * MB, 28.7, 10.9, 13.3; none 2001 MB, 5.5, 0.2, 1.1; lz4:1 2001 MB, 3.8, 0.6, 1.2; zstd:1 1003
 * MB, 4.9, 1.1, 1.7. So zstd:1 where there is one; before 16 gzip:1, as twice the size costs the
 * disk what it saves. */
const char steward_tool_script_dump[] = WORK_FOLDER SHARE_WITH_GROUP
    "partial=/steward/$1\n"
    "rm -f \"$partial\"\n"
    "set -- \"$partial\"\n" WATCH_FILE "compression=gzip:1\n"
    "level=1\n"
    "if pg_dump -Fc -Z zstd:1 --schema-only -f /dev/null 2>/dev/null; then\n"
    "  compression=zstd:1\n"
    "  level=zstd:1\n"
    "fi\n"
    "cat >\"$work/pipe\" <<'EOF'\n"
    "{ { pg_dump -Fc -Z \"$STEWARD_LEVEL\" --snapshot=\"$STEWARD_SNAPSHOT\"; "
    "echo $? >\"$STEWARD_WORK/dump\"; } | "
    "{ tee \"$STEWARD_PARTIAL\"; echo $? >\"$STEWARD_WORK/tee\"; } | "
    "sha256sum >\"$STEWARD_WORK/hash\"; }\n"
    "EOF\n"
    "export STEWARD_LEVEL=\"$level\" STEWARD_WORK=\"$work\" STEWARD_PARTIAL=\"$partial\"\n"
    "psql -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -f - <<'EOF'\n"
    "SET statement_timeout = 0;\n"
    "SET idle_in_transaction_session_timeout = 0;\n"
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n"
    "SELECT pg_catalog.pg_export_snapshot() AS snapshot,\n"
    "  floor(extract(epoch FROM now()))::bigint AS taken \\gset\n"
    "\\echo snapshot :taken\n" TELL_ROWS "\\setenv STEWARD_SNAPSHOT :snapshot\n"
    "\\! sh \"$STEWARD_WORK/pipe\"\n"
    "COMMIT;\n"
    "EOF\n"
    "[ \"$(cat \"$work/dump\")\" = 0 ]\n"
    "[ \"$(cat \"$work/tee\")\" = 0 ]\n"
    "read -r hash rest <\"$work/hash\"\n"
    "sync \"$partial\" 2>/dev/null || sync\n"
    "echo \"compression $compression\"\n"
    "echo \"bytes $(wc -c <\"$partial\")\"\n"
    "echo \"sha256 $hash\"\n"
    "echo done\n";

const char steward_tool_script_verify[] =
    WORK_FOLDER "file=/steward/$1\n"
                "pg_restore -f /dev/null \"$file\" &\n"
                "reader=$!\n"
                "hash=$(sha256sum <\"$file\")\n"
                "status=0\n"
                "wait \"$reader\" || status=$?\n"
                "echo \"sha256 ${hash%% *}\"\n"
                "if [ \"${hash%% *}\" != \"$2\" ]; then\n"
                "  echo 'The file is not what was written.' >&2\n"
                "  exit 1\n"
                "fi\n"
                "if [ \"$status\" != 0 ]; then\n"
                "  [ \"$status\" -gt 128 ] || echo unreadable\n"
                "  exit 1\n"
                "fi\n"
                "echo done\n";

const char steward_tool_script_restore[] = WORK_FOLDER WATCH_DATABASE RESTORE ("") "echo done\n";

/* The first start of a cluster takes a while; until its end nobody is let in by TCP. Owners and
 * rights name roles that are not there. */
const char steward_tool_script_rehearse[] =
    WORK_FOLDER "tries=0\n"
                "until psql -X -q -A -t -c 'SELECT' >/dev/null 2>\"$work/refusal\"; do\n"
                "  tries=$((tries + 1))\n"
                "  [ \"$tries\" -lt 600 ] || { cat \"$work/refusal\" >&2; exit 1; }\n"
                "  sleep 0.2\n"
                "done\n" WATCH_DATABASE "begun=$(date +%s%N)\n" RESTORE (
                    "--no-owner --no-acl ") "echo \"took $((($(date +%s%N) - begun) / 1000000))\"\n"
                                            "psql -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -f - "
                                            "<<'EOF'\n" TELL_ROWS "EOF\n"
                                            "echo done\n";
