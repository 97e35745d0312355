#!/bin/sh
# The rehearsal of an upgrade against the same typed by hand: a throw-away PostgreSQL, the dump restored into it,
# migrated there, and the target started on it until it answers.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

rehearse_by_steward () {
  drive done rehearsed-upgrade "$to"
  rehearsed=$(told done rehearse)
  note steward "$rehearsed"
}

by_hand=steward-benchmark-by-hand-$$

take_hands_away () {
  docker rm -fv $by_hand $by_hand-server >/dev/null 2>&1 || true
}

in_rehearsal () {
  compose run --no-deps --env "PARSEC_DB=postgresql://parsec_admin@$by_hand/parsec" --env PARSEC_BLOCKSTORE=MOCKED "$@"
}

address_of () {
  docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"
}

rehearse_by_hand () {
  start=$(now_ms)
  docker run -d --name $by_hand --network "$network" -e POSTGRES_HOST_AUTH_METHOD=trust -e POSTGRES_USER=parsec_admin \
    -e POSTGRES_DB=parsec -v "$work:/dumps:ro" "$image"
  until docker exec $by_hand psql -h 127.0.0.1 -U parsec_admin -d parsec -c 'SELECT' 2>/dev/null; do sleep 0.1; done
  docker exec $by_hand pg_restore -U parsec_admin -d parsec -j2 --no-owner --no-acl /dumps/dump
  in_rehearsal --rm "$service" migrate
  in_rehearsal -d --name $by_hand-server "$service"
  waited_until=$(($(date +%s) + 300))
  until curl -fsS --max-time 2 -o /dev/null "http://$(address_of $by_hand-server):$port/" 2>/dev/null; do
    [ "$(date +%s)" -lt $waited_until ] || fail 'Nobody answers in the rehearsal by hand.'
    sleep 0.05
  done
  hand=$(($(now_ms) - start))
  note hand $hand
  take_hands_away
}

from=3.6.1 to=3.7.0
put_up $from "${STEWARD_BENCHMARK_BYTES:-1000000000}"
trap 'take_hands_away; take_down' EXIT
docker pull -q "$repository:$to" >/dev/null
image=$(docker inspect --format '{{.Config.Image}}' "$database")
network=$(docker inspect --format '{{range $name, $network := .NetworkSettings.Networks}}{{$name}}{{end}}' "$database")
port=$(docker inspect --format '{{range $name, $ports := .NetworkSettings.Ports}}{{$name}}{{end}}' "$(fact SERVER_CONTAINER)")
port=${port%%/*}
keep_pristine
for run in $(seq "$runs"); do
  begin_anew
  rehearse_by_steward
  cp "$(find "${compose_file%/*}/steward/backups" -name '*.dump')" "$work/dump"
  chmod 644 "$work/dump"
  sql CHECKPOINT
  rehearse_by_hand >"$work/log" 2>&1
  note ratio "$rehearsed" $hand
done
tell 'rehearsal step' steward ms
tell 'restore, migrate and first answer by hand' hand ms
judge 'rehearsal step / by hand' ratio 1.2
exit $failed
