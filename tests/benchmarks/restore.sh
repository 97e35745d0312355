#!/bin/sh
# The step that restores a backup beside the live database, against pg_restore -j2 of the same dump.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

# The newest backup, and the server on another version than the backup's.
prepare () {
  drive done upgrade "$to"
  backup=$(awk '$1 == "backup" { print $2 }' "$work/told")
  cp "$(find "${compose_file%/*}/steward/backups" -name "$backup*" -size +1M)" "$work/dump"
}

restore_by_steward () {
  drive done rollback "$backup" "$from"
  note steward "$(told done restore-beside)"
  restored=$(told done restore-beside)
}

restore_by_hand () {
  docker exec "$database" createdb -U parsec_admin by_hand
  start=$(now_ms)
  docker exec "$database" pg_restore -U parsec_admin -d by_hand -j2 /tmp/dump
  hand=$(($(now_ms) - start))
  note hand $hand
  docker exec "$database" dropdb -U parsec_admin by_hand
}

from=3.6.1 to=3.7.0
put_up $from "${STEWARD_BENCHMARK_BYTES:-1000000000}"
keep_pristine
for run in $(seq "$runs"); do
  begin_anew
  prepare
  docker cp -q "$work/dump" "$database:/tmp/dump"
  sql CHECKPOINT
  restore_by_steward
  sql CHECKPOINT
  restore_by_hand
  note ratio "$restored" $hand
done
tell 'restore step' steward ms
tell 'pg_restore -j2 by hand' hand ms
judge 'restore step / pg_restore -j2' ratio 1.15
exit $failed
