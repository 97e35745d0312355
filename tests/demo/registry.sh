#!/bin/sh
# The registry of the demonstration: Debian's docker-registry on a loopback port, its storage below
# $STEWARD_DEMO_STATE. Filling it is images.sh's.
#
#   registry.sh up     starts it unless it runs; prints REGISTRY=127.0.0.1:PORT
#   registry.sh down   ends it and removes its storage
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/lib/environment.sh"
folder=$STEWARD_DEMO_STATE/registry

registry_answers () {
  [ -s "$folder/port" ] && curl -fsS -o /dev/null "http://127.0.0.1:$(cat "$folder/port")/v2/" \
    2>/dev/null
}

write_settings () {
  [ -s "$folder/port" ] || reserve_port >"$folder/port"
  cat >"$folder/config.yml" <<EOF
version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: $folder/data }
  delete: { enabled: true }
http: { addr: "127.0.0.1:$(cat "$folder/port")" }
EOF
}

start () {
  mkdir -p "$folder"
  write_settings
  setsid docker-registry serve "$folder/config.yml" </dev/null >"$folder/log" 2>&1 9>&- &
  echo $! >"$folder/pid"
  waited=0
  until registry_answers; do
    waited=$((waited + 1))
    [ $waited -le 100 ] || fail "The registry does not answer; its log is $folder/log."
    sleep 0.1
  done
}

up () {
  mkdir -p "$STEWARD_DEMO_STATE"
  (
    flock 9
    registry_answers || start
  ) 9>"$STEWARD_DEMO_STATE/registry.lock"
  echo "REGISTRY=127.0.0.1:$(cat "$folder/port")"
}

# A process id can be somebody else's by now: only one that serves this folder is ended.
is_own_process () {
  tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null | grep -qF "$folder/config.yml"
}

wait_for_end () {
  waited=0
  while is_own_process "$1"; do
    waited=$((waited + 1))
    [ $waited -le 100 ] || fail "The registry does not end: $1."
    sleep 0.1
  done
}

down () {
  [ -d "$folder" ] || return 0
  pid=$(cat "$folder/pid" 2>/dev/null || echo none)
  if is_own_process "$pid"; then
    kill "$pid"
    wait_for_end "$pid"
  fi
  release_port "$(cat "$folder/port" 2>/dev/null)"
  rm -rf "$folder" "$STEWARD_DEMO_STATE/registry.lock"
}

case ${1:-} in
  up|down) "$1" ;;
  *) fail 'Usage: registry.sh up|down' ;;
esac
