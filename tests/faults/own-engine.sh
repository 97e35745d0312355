#!/bin/sh
# Runs a program with a Docker engine of its own, which it may kill and whose disk it may fill: in
# namespaces of its own for processes, mounts and network, so that the machine's engine and its
# containers see none of it, and nothing outlives it.
#
#   own-engine.sh PROGRAM [ARGUMENT…]
#
# The program finds the engine by DOCKER_HOST, and in the folder STEWARD_OWN_ENGINE:
#
#   data/   the engine's root: images, containers, volumes; a small file system of its own
#   pid     of the engine's process
#   start   a program that starts the engine, unless it runs, and waits until it answers
#   registry-pid, start-registry    the same of the registry
#
# That is the demonstration's: it is served in here from what images.sh put into it before, on its usual
# port. Needs root, and asks for it with sudo.
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/lib/environment.sh"

disk_size=900m
registry=$STEWARD_DEMO_STATE/registry/config.yml

write_start () {
  cat >"$STEWARD_OWN_ENGINE/start" <<END
#!/bin/sh
cd "$STEWARD_OWN_ENGINE"
answers () { docker version >/dev/null 2>&1; }
! answers || exit 0
rm -f pid
PATH=\$PATH:/usr/sbin:/sbin setsid dockerd --host "$DOCKER_HOST" --pidfile "\$PWD/pid" \\
  --data-root "\$PWD/data" --exec-root "\$PWD/exec" --cgroup-parent "$cgroup" \\
  </dev/null >>log 2>&1 &
for try in \$(seq 300); do
  ! answers || exit 0
  sleep 0.1
done
tail -n 20 log >&2
exit 1
END
  chmod +x "$STEWARD_OWN_ENGINE/start"
}

write_start_registry () {
  cat >"$STEWARD_OWN_ENGINE/start-registry" <<END
#!/bin/sh
cd "$STEWARD_OWN_ENGINE"
ask () { curl -fs -o /dev/null "\$@" "http://127.0.0.1:$(cat "$STEWARD_DEMO_STATE/registry/port")/v2/"; }
! ask || exit 0
setsid docker-registry serve "$registry" </dev/null >>registry.log 2>&1 &
echo \$! >registry-pid
ask --retry 30 --retry-delay 1 --retry-connrefused
END
  chmod +x "$STEWARD_OWN_ENGINE/start-registry"
}

# The first process of the namespaces: whatever still runs in them ends with it.
run_inside () {
  cgroup=$1
  shift
  ip link set lo up
  mkdir "$STEWARD_OWN_ENGINE/data"
  mount -t tmpfs -o "size=$disk_size" tmpfs "$STEWARD_OWN_ENGINE/data"
  write_start
  write_start_registry
  "$STEWARD_OWN_ENGINE/start-registry"
  "$STEWARD_OWN_ENGINE/start"
  "$@"
}

# What the kernel keeps of containers that ended with their namespaces, some of them just now.
remove_cgroups () {
  for _ in $(seq 50); do
    groups=$(find /sys/fs/cgroup -depth -type d -path "*/$cgroup*" 2>/dev/null)
    [ -n "$groups" ] || return 0
    # Split on purpose: paths without blanks.
    # shellcheck disable=SC2086
    rmdir $groups 2>/dev/null || sleep 0.1
  done
}

# unshare takes no other signal while it waits.
clean_up () {
  trap - EXIT INT TERM
  [ -z "$inside" ] || { kill -KILL "$inside" 2>/dev/null && wait "$inside" || :; }
  remove_cgroups
  rm -rf "$STEWARD_OWN_ENGINE"
}

if [ "${1:-}" = --inside ]; then
  shift
  run_inside "$@"
  exit
fi
[ $# -gt 0 ] || { sed -n 's/^#   own/own/p' "$0" >&2; exit 2; }
[ "$(id -u)" = 0 ] || exec sudo --preserve-env sh "$0" "$@"
[ -s "$registry" ] || fail 'The registry is empty: run tests/demo/images.sh first.'

inside=''
STEWARD_OWN_ENGINE=$(mktemp -d)
DOCKER_HOST=unix://$STEWARD_OWN_ENGINE/socket
cgroup=steward-engine-$$
export STEWARD_OWN_ENGINE DOCKER_HOST STEWARD_DEMO_STATE
trap clean_up EXIT
trap 'exit 130' INT TERM
# Ends with this shell, however that ends.
setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc \
  sh "$0" --inside "$cgroup" "$@" &
inside=$!
status=0
wait $inside || status=$?
inside=''
exit $status
