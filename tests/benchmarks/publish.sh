#!/bin/sh
# The commit point of an upgrade, with a large database against one that is nearly empty: a name that changes hands.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

# measure FIGURE: the step's time, once a run
measure () {
  for run in $(seq "$runs"); do
    begin_anew
    drive done upgrade "$to"
    note "$1" "$(told done publish)"
  done
}

from=3.6.1 to=3.7.0
put_up $from 0
docker pull -q "$repository:$to" >/dev/null
keep_pristine
measure empty
begin_anew
"$deployment" fill --name "$name" --rows 2000 --bytes "${STEWARD_BENCHMARK_BYTES:-1000000000}"
sql 'DROP DATABASE pristine'
keep_pristine
measure full
paste "$work/figures/full" "$work/figures/empty" | while read -r full empty; do note ratio "$full" "$empty"; done
tell 'publish, nearly empty database' empty ms
tell 'publish, full database' full ms
judge 'publish full / empty' ratio 1.5
exit $failed
