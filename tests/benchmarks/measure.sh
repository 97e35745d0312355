# What the benchmarks share: a deployment of their own, the clock, and the verdict. To be sourced by a POSIX shell
# that has set STEWARD_TESTS; $1 is the driver. Two things are measured in turn, A B A B, and each pair of
# neighbours gives one ratio: what else the machine does weighs on both.

. "$STEWARD_TESTS/lib/environment.sh"

driver=$1
runs=${STEWARD_BENCHMARK_RUNS:-5}
deployment=$STEWARD_TESTS/demo/deployment.sh
name=steward-benchmark-$$
work=$(mktemp -d)
mkdir "$work/figures"
failed=0

now_ms () {
  date +%s%3N
}

fact () {
  "$deployment" facts --name "$name" | sed -n "s/^$1=//p"
}

take_down () {
  "$deployment" down --name "$name"
  # Unless the demonstration is up, which needs it.
  [ -n "$(ls "$STEWARD_DEMO_STATE/deployments")" ] || "$STEWARD_TESTS/demo/registry.sh" down
  rm -rf "$work"
}

# put_up TAG BYTES: a filled deployment, and a copy of its database to begin each run with.
put_up () {
  ensure_engine
  trap take_down EXIT
  trap 'exit 1' INT TERM
  "$deployment" up --name "$name" --tag "$1" --dir "$work/deployment" >"$work/facts" 2>"$work/log" ||
    { cat "$work/log" >&2; exit 1; }
  "$deployment" fill --name "$name" --rows 2000 --bytes "$2"
  compose_file=$(fact COMPOSE_FILE)
  database=$(fact DATABASE_CONTAINER)
  service=$(fact SERVER_SERVICE)
  url=$(fact SERVER_URL)
  repository=$(fact SERVER_REPOSITORY)
  DOCKER_CONFIG=$(fact DOCKER_CONFIG)
  export DOCKER_CONFIG
  cp "$compose_file" "$work/compose-file"
}

# The administrator's own commands.
compose () {
  docker compose -f "$compose_file" "$@"
}

sql () {
  docker exec "$database" psql -qXAt -v ON_ERROR_STOP=1 -U parsec_admin -d postgres -c "$1"
}

switch_tag_by_hand () {
  sed -i "s|$repository:[^ ]*|$repository:$1|" "$compose_file"
}

wait_for_answer () {
  waited_until=$(($(date +%s) + 300))
  until curl -fsS --max-time 2 -o /dev/null "$url/" 2>/dev/null; do
    [ "$(date +%s)" -lt $waited_until ] || fail "Nobody answers at $url."
    sleep 0.05
  done
}

keep_pristine () {
  compose --progress quiet stop "$service"
  sql 'CREATE DATABASE pristine TEMPLATE parsec'
  compose --progress quiet start "$service"
  wait_for_answer
}

# All as it was after put_up: files, database, nothing of Steward's.
begin_anew () {
  compose --progress quiet stop "$service"
  for old in $(sql "SELECT datname FROM pg_database WHERE datname = 'parsec' OR datname LIKE 'steward\\_%'"); do
    sql "ALTER DATABASE \"$old\" IS_TEMPLATE false"
    sql "DROP DATABASE \"$old\" WITH (FORCE)"
  done
  sql 'CREATE DATABASE parsec TEMPLATE pristine'
  rm -rf "${compose_file%/*}/steward"
  cp "$work/compose-file" "$compose_file"
  compose --progress quiet up -d "$service"
  wait_for_answer
  sql CHECKPOINT
  sync
}

# drive RESULT ARGUMENT...: RESULT is done or back; what the driver says of it goes to $work/told; it must end with that result.
drive () {
  expected=$1
  shift
  "$driver" "$compose_file" "$@" >"$work/told" 2>"$work/errors" || true
  grep -qx "result $expected" "$work/told" || {
    cat "$work/told" "$work/errors" >&2
    fail "The operation ended otherwise than it should: $*"
  }
}

# told WORD [STEP]: the figure after it, 0 where nothing was said
told () {
  awk -v word="$1" -v step="${2:-}" '
    $1 == word && step == "" { value = $2 }
    $1 == word && $2 == step { value = $3 }
    END { print value + 0 }' "$work/told"
}

# note FIGURE A [B]: a run's figure, or its ratio
note () {
  awk -v a="$2" -v b="${3:-1}" 'BEGIN { print a / b }' >>"$work/figures/$1"
}

# summary FIGURE: median, least, most and number of runs
summary () {
  sort -g "$work/figures/$1" | awk '
    { value[NR] = $1 }
    END { middle = int((NR + 1) / 2)
          median = NR % 2 ? value[middle] : (value[middle] + value[middle + 1]) / 2
          print median, value[1], value[NR], NR }'
}

# tell NAME FIGURE UNIT: a figure without a limit
tell () {
  summary "$2" | awk -v name="$1" -v unit="$3" '
    { printf "%s: %.4g %s [%.4g..%.4g of %d runs]\n", name, $1, unit, $2, $3, $4 }'
}

# judge NAME FIGURE LIMIT [UNIT]
judge () {
  summary "$2" | awk -v name="$1" -v limit="$3" -v unit="${4:+ $4}" '
    { printf "%s: %.2f%s (limit %s) [%.2f..%.2f of %d runs]%s\n", name, $1, unit, limit, $2, $3, $4,
        ($1 > limit ? " OVER" : "")
      exit $1 > limit }' || failed=1
}
