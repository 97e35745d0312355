#!/bin/sh
# stewardctl status against one docker compose ps. $2 is stewardctl.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

stewardctl=$2
put_up 3.6.1 10000000
for run in $(seq $((runs * 4))); do
  start=$(now_ms)
  "$stewardctl" --compose-file "$compose_file" status >"$work/log" 2>&1
  middle=$(now_ms)
  compose ps >"$work/log" 2>&1
  end=$(now_ms)
  note steward $((middle - start))
  note hand $((end - middle))
  note ratio $((middle - start)) $((end - middle))
done
tell 'stewardctl status' steward ms
tell 'docker compose ps' hand ms
judge 'stewardctl status / docker compose ps' ratio 5
exit $failed
