#!/bin/sh
# What a kill in the midst of an upgrade costs: from resuming until the server answers, against the steps that an
# undisturbed upgrade still had to do, the interrupted one counted whole.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

# The steps up to the first answer, in order.
steps='copy migrate-copy try-server switch-tag publish start-server'

# remaining STEP: the sum of an undisturbed upgrade's steps from that one on
remaining () {
  sum=0
  for step in ${steps#"${steps%%"$1"*}"}; do sum=$((sum + $(told done "$step"))); done
  echo $sum
}

kill_at () {
  : >"$work/told" # what the last one told is not this one's
  "$driver" "$compose_file" upgrade "$to" >"$work/told" 2>"$work/errors" &
  killed=$!
  until grep -qx "started $1" "$work/told"; do
    kill -0 $killed 2>/dev/null || fail "The upgrade ended before $1."
    sleep 0.01
  done
  kill -KILL $killed
  wait $killed 2>/dev/null || true
  # A last heartbeat may be on its way; then as if its holder had been silent for long enough.
  waited_until=$(($(date +%s) + 60))
  while pgrep -f "${compose_file%/*}/steward/lock" >/dev/null; do
    [ "$(date +%s)" -lt $waited_until ] || fail 'The heartbeat of what was killed does not end.'
    sleep 0.05
  done
  touch -d '1 minute ago' "${compose_file%/*}/steward/lock"
}

from=3.6.1 to=3.7.0
put_up $from "${STEWARD_BENCHMARK_BYTES:-200000000}"
docker pull -q "$repository:$to" >/dev/null
keep_pristine
for run in $(seq "$runs"); do
  for step in copy migrate-copy try-server; do
    begin_anew
    drive done upgrade "$to"
    undisturbed=$(remaining $step)
    begin_anew
    kill_at $step
    drive done resume
    note "undisturbed-$step" "$undisturbed"
    note "recovery-$step" "$(told answers)"
    note ratio "$(told answers)" "$undisturbed"
  done
done
for step in copy migrate-copy try-server; do
  tell "killed in $step, undisturbed rest" "undisturbed-$step" ms
  tell "killed in $step, resumed until it answers" "recovery-$step" ms
done
judge 'recovery after a kill / undisturbed rest' ratio 1.3
exit $failed
