# The Docker engine: found running, or started with what the machine has. Sourced by environment.sh.

ENGINE_WAIT_S=30

engine_answers () {
  docker info >/dev/null 2>&1
}

# The engine runs, but this user may not talk to it: open the socket to them until it restarts.
engine_is_closed_to_us () {
  [ "$(id -u)" != 0 ] && command -v sudo >/dev/null && sudo docker info >/dev/null 2>&1
}

open_engine_socket () {
  command -v setfacl >/dev/null || install_packages acl
  as_root setfacl -m "u:$(id -un):rw" /run/docker.sock
}

wait_for_engine () {
  waited=0
  until engine_answers || { engine_is_closed_to_us && open_engine_socket; }; do
    waited=$((waited + 1))
    [ $waited -le $((ENGINE_WAIT_S * 5)) ] || return 1
    sleep 0.2
  done
}

start_engine_with_systemd () {
  [ -d /run/systemd/system ] && as_root systemctl start docker >&2 && wait_for_engine
}

start_engine_with_service () {
  [ -x /etc/init.d/docker ] && as_root service docker start >&2 && wait_for_engine
}

# Waits until the engine that /run/docker.pid names has ended: one that is just ending keeps others
# from starting.
wait_for_end_of_engine () {
  waited=0
  while [ -s /run/docker.pid ] && [ -d "/proc/$(cat /run/docker.pid 2>/dev/null)" ]; do
    waited=$((waited + 1))
    [ $waited -le $((ENGINE_WAIT_S * 5)) ] || return 1
    sleep 0.2
  done
}

# Nothing supervises it then: its process id is kept for stop_own_engine.
start_engine_by_itself () {
  command -v dockerd >/dev/null || [ -x /usr/sbin/dockerd ] || return 1
  mkdir -p "$STEWARD_DEMO_STATE/engine"
  wait_for_end_of_engine || return 1
  as_root true # whoever has to type a password does it here and not in the background
  # By a shell that ends: one of ours would keep what we print into open, for as long as the engine runs.
  as_root sh -c 'exec </dev/null >"$1" 2>&1; PATH=$PATH:/usr/sbin:/sbin setsid dockerd &' \
    sh "$STEWARD_DEMO_STATE/engine/log"
  wait_for_engine || return 1
  cat /run/docker.pid >"$STEWARD_DEMO_STATE/engine/pid"
}

explain_missing_engine () {
  say 'The Docker engine is not running and could not be started.'
  say 'Tried: systemctl start docker; service docker start; dockerd.'
  if [ -s "$STEWARD_DEMO_STATE/engine/log" ]; then
    say "The last lines of its log, $STEWARD_DEMO_STATE/engine/log:"
    tail -n 5 "$STEWARD_DEMO_STATE/engine/log" >&2
  fi
  say 'Start the engine yourself, so that "docker info" succeeds, and run this again.'
}

ensure_engine () {
  command -v docker >/dev/null || fail 'The command docker is missing: install docker.io.'
  engine_answers && return
  if engine_is_closed_to_us; then
    open_engine_socket
    return
  fi
  say 'Starting the Docker engine.'
  start_engine_with_systemd || start_engine_with_service || start_engine_by_itself || {
    explain_missing_engine
    exit 1
  }
}

# Ends the engine only if start_engine_by_itself started this very one and no container is left.
stop_own_engine () {
  own=$STEWARD_DEMO_STATE/engine/pid
  [ -s "$own" ] || return 0
  containers=$(docker ps -a --format '{{.Names}}')
  if [ -n "$containers" ]; then
    say 'The Docker engine that was started here goes on, for these containers:' $containers
  elif [ "$(cat "$own")" = "$(cat /run/docker.pid 2>/dev/null)" ]; then
    as_root kill "$(cat "$own")"
    wait_for_end_of_engine || say 'The Docker engine that was started here is slow to end.'
  fi
  rm -rf "$STEWARD_DEMO_STATE/engine"
}
