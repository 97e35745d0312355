#!/bin/sh
# Going back after a migration that fails: from the failure to the first answer, against the guide's drop, create
# and restore of a plain dump. The hand's part grows with the database, Steward's does not.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

go_back_by_steward () {
  drive back upgrade "$to"
  back=$(($(told answers) - $(told failed)))
  note steward $back
}

fail_by_hand () {
  compose stop "$service"
  docker exec "$database" pg_dump -U parsec_admin parsec >"$work/dump.sql"
  switch_tag_by_hand "$to"
  compose run --rm "$service" migrate
}

go_back_by_hand () {
  start=$(now_ms)
  switch_tag_by_hand "$from"
  docker exec "$database" dropdb -U parsec_admin parsec
  docker exec "$database" createdb -U parsec_admin parsec
  docker exec -i "$database" psql -q -U parsec_admin -d parsec <"$work/dump.sql"
  compose up -d --no-deps "$service"
  wait_for_answer
  hand=$(($(now_ms) - start))
  note hand $hand
}

from=3.6.1 to=3.8.0
put_up $from "${STEWARD_BENCHMARK_BYTES:-1000000000}"
docker pull -q "$repository:$to" >/dev/null
keep_pristine
for run in $(seq "$runs"); do
  begin_anew
  go_back_by_steward
  begin_anew
  fail_by_hand >"$work/log" 2>&1
  go_back_by_hand >"$work/log" 2>&1
  note ratio $back $hand
done
tell 'walk-back, from the failure to the first answer' steward ms
tell 'the same by hand' hand ms
judge 'walk-back / by hand' ratio 0.35
exit $failed
