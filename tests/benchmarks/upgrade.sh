#!/bin/sh
# The downtime of an upgrade against the same stop, migrate and recreate typed by hand. The copy and the trial,
# which the hand does not do, are told apart.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

upgrade_by_steward () {
  drive done upgrade "$to"
  rest=$(($(told downtime) - $(told done copy) - $(told done try-server)))
  for step in $steps; do note "step-$step" "$(told done "$step")"; done
  note whole "$(told downtime)"
  note steward $rest
}

upgrade_by_hand () {
  start=$(now_ms)
  compose stop "$service"
  switch_tag_by_hand "$to"
  compose run --rm "$service" migrate
  compose up -d --no-deps "$service"
  wait_for_answer
  hand=$(($(now_ms) - start))
  note hand $hand
}

to=3.7.0
steps='stop-server set-aside copy migrate-copy try-server switch-tag publish start-server'
put_up 3.6.1 "${STEWARD_BENCHMARK_BYTES:-200000000}"
docker pull -q "$repository:$to" >/dev/null
keep_pristine
for run in $(seq "$runs"); do
  begin_anew
  upgrade_by_steward
  begin_anew
  upgrade_by_hand >"$work/log" 2>&1
  note ratio $rest $hand
done
tell 'upgrade, downtime' whole ms
for step in $steps; do tell "upgrade, of it $step" "step-$step" ms; done
tell 'upgrade, downtime without copy and trial' steward ms
tell 'upgrade by hand, downtime' hand ms
judge 'upgrade downtime without copy and trial / by hand' ratio 1.3
exit $failed
