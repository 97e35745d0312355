#!/bin/sh
# A backup against pg_dump as it comes, on random bytes, which is what Parsec's encrypted content looks like; and
# the memory of the client meanwhile.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

back_up_by_steward () {
  rm -rf "${compose_file%/*}/steward"
  start=$(now_ms)
  drive done backup
  whole=$(($(now_ms) - start))
  note whole $whole
  note dump "$(told done dump)"
  note verify "$(told done verify)"
  note resident "$(($(told resident)))" 1024
}

back_up_by_hand () {
  start=$(now_ms)
  docker exec "$database" pg_dump -U parsec_admin -Fc parsec >"$work/dump"
  hand=$(($(now_ms) - start))
  note hand $hand
  rm -f "$work/dump"
}

put_up 3.6.1 "${STEWARD_BENCHMARK_BYTES:-1000000000}"
for run in $(seq "$runs"); do
  back_up_by_steward
  back_up_by_hand
  note whole-ratio $whole $hand
  note verify-ratio "$(told done verify)" "$(told done dump)"
  note dump-ratio "$(told done dump)" $hand
done
tell 'backup, the whole operation' whole ms
tell 'backup, of it the dump' dump ms
tell 'backup, of it the reading back' verify ms
tell 'pg_dump -Fc by hand' hand ms
judge 'backup, reading back and hashing / dump' verify-ratio 0.6
judge 'backup, the dump alone / pg_dump -Fc' dump-ratio 0.5
judge 'backup, the whole operation / pg_dump -Fc' whole-ratio 0.5
judge 'resident during a backup' resident 40 MiB
exit $failed
