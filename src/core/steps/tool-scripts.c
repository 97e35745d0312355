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

/* Connect, look whether the lock still stands, act: a takeover ends the sessions that it finds, and
 * this one is found by then. */
#define UNDER_THE_LOCK                                                                             \
  "\\set now `head -n 1 /steward/lock`\n"                                                          \
  "SELECT :'order' = 'look' OR :'now' = :'generation' AS stands \\gset\n"                          \
  "\\if :stands\n"                                                                                 \
  "\\else\n"                                                                                       \
  "\\echo state lost\n"                                                                            \
  "\\q\n"                                                                                          \
  "\\endif\n"

/* Tells how many of the former holder's sessions, and of those in the way, were there to be
 * ended. */
#define END_SESSIONS                                                                               \
  "SELECT count(pg_catalog.pg_terminate_backend(pid)) FROM pg_catalog.pg_stat_activity\n"          \
  "  WHERE pid <> pg_catalog.pg_backend_pid() AND usename = current_user\n"                        \
  "    AND (CASE WHEN application_name ~ '^steward-[0-9]+$'\n"                                     \
  "         THEN substr(application_name, 9)::numeric < :'generation'::numeric ELSE false END\n"   \
  "      OR datname = CASE :'order' WHEN 'back' THEN :'aside' WHEN 'drop' THEN :'copy' END);\n"

#define LOOK_AT_ORIGINAL                                                                           \
  "SELECT CASE WHEN o.datname = :'live' THEN 'live'\n"                                             \
  "    WHEN EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = :'live') THEN "             \
  "'published'\n"                                                                                  \
  "    WHEN o.datname = :'aside' AND starts_with(\n"                                               \
  "      pg_catalog.shobj_description(o.oid, 'pg_database'), 'Steward: aside ' || :'id') "         \
  "THEN 'aside'\n"                                                                                 \
  "    ELSE 'gone' END AS state\n"                                                                 \
  "  FROM (SELECT :'oid'::oid AS wanted) w\n"                                                      \
  "  LEFT JOIN pg_catalog.pg_database o ON o.oid = w.wanted \\gset\n"

#define GIVE_NAME_BACK                                                                             \
  "SELECT :'order' = 'back' AND :'state' = 'aside' AS is_due \\gset\n"                             \
  "\\if :is_due\n"                                                                                 \
  "BEGIN;\n"                                                                                       \
  "ALTER DATABASE :\"aside\" RENAME TO :\"live\";\n"                                               \
  "ALTER DATABASE :\"live\" ALLOW_CONNECTIONS :open;\n"                                            \
  "\\if :has_comment\n"                                                                            \
  "COMMENT ON DATABASE :\"live\" IS :'comment';\n"                                                 \
  "\\else\n"                                                                                       \
  "COMMENT ON DATABASE :\"live\" IS NULL;\n"                                                       \
  "\\endif\n"                                                                                      \
  "SELECT count(*) = 1 AS is_right FROM pg_catalog.pg_database\n"                                  \
  "  WHERE oid = :'oid'::oid AND datname = :'live' \\gset\n"                                       \
  "\\if :is_right\n"                                                                               \
  "COMMIT;\n"                                                                                      \
  "\\else\n"                                                                                       \
  "ROLLBACK;\n"                                                                                    \
  "\\endif\n"                                                                                      \
  "\\endif\n"

#define DROP_COPY                                                                                  \
  "SELECT :'order' = 'drop' AND :'state' = 'live' AND EXISTS (SELECT\n"                            \
  "  FROM pg_catalog.pg_database d WHERE datname = :'copy' AND oid <> :'oid'::oid\n"               \
  "    AND coalesce(starts_with(pg_catalog.shobj_description(d.oid, 'pg_database'),\n"             \
  "                             'Steward: copy ' || :'id'), true)) AS is_due \\gset\n"             \
  "\\if :is_due\n"                                                                                 \
  "SET statement_timeout = '5min';\n"                                                              \
  "DROP DATABASE :\"copy\";\n"                                                                     \
  "\\endif\n"

const char steward_tool_script_guard[] =
    "set -eu\n"
    "id=$1\n"
    "export PGAPPNAME=steward-guard PGCONNECT_TIMEOUT=10\n"
    "psql -X -q -c 'SELECT' >/dev/null 2>&1 || export PGDATABASE=template1\n"
    "{ read -r generation && read -r holder; } </steward/lock || holder=\n"
    "case $holder in\n"
    "*'\"client\":\"guard\",\"operation_id\":\"'\"$id\"'\"'*'\"step\":\"set-aside\"'*) order=back "
    ";;\n"
    "*'\"client\":\"guard\",\"operation_id\":\"'\"$id\"'\"'*'\"step\":\"copy\"'*) order=drop ;;\n"
    "*'\"client\":\"guard\",\"operation_id\":\"'\"$id\"'\"'*'\"step\":\"restore-beside\"'*) "
    "order=drop ;;\n"
    "*'\"client\":\"guard\",\"operation_id\":\"'\"$id\"'\"'*) order=end ;;\n"
    "*) order=look ;;\n"
    "esac\n"
    "ask () {\n"
    "  psql -X -q -A -t -v ON_ERROR_STOP=1 -v id=\"$1\" -v oid=\"$2\" -v live=\"$3\" "
    "-v aside=\"$4\" -v copy=\"$5\" -v open=\"$6\" -v has_comment=\"$7\" -v comment=\"$8\" "
    "-v order=\"$order\" -v generation=\"$generation\" -f -\n"
    "}\n"
    "tries=0 left=1\n"
    "until [ \"$order\" = look ] || [ \"$left\" = 0 ]; do\n"
    "  [ $tries -lt 100 ] || { echo 'Sessions do not end.' >&2; exit 1; }\n"
    "  [ $tries -eq 0 ] || sleep 0.1\n"
    "  tries=$((tries + 1))\n"
    "  left=$(ask \"$@\" <<'EOF'\n"
    "SET statement_timeout = '20s';\n" UNDER_THE_LOCK END_SESSIONS "EOF\n"
    ")\n"
    "  [ \"$left\" != 'state lost' ] || { echo state lost; exit 0; }\n"
    "done\n"
    "ask \"$@\" <<'EOF'\n"
    "SET statement_timeout = '20s';\n" UNDER_THE_LOCK LOOK_AT_ORIGINAL GIVE_NAME_BACK DROP_COPY
        LOOK_AT_ORIGINAL "\\echo state :state\n"
    "EOF\n"
    "echo done\n";
