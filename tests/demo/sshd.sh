#!/bin/sh
# The demonstration's host over SSH: Debian's sshd on a loopback port, which lets in whoever runs this,
# by a key of its own. Keys, known hosts and the client's configuration lie below $STEWARD_DEMO_STATE;
# nothing of the user's ~/.ssh is read or written. Who is let in sees one deployment.
#
#   sshd.sh up NAME    starts it unless it runs, for the deployment NAME; prints HOST=ALIAS, as the
#                      client's configuration has it, and SSH_CONFIG=FILE
#   sshd.sh down       ends it with all its connections, and removes its folder
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/lib/environment.sh"
folder=$STEWARD_DEMO_STATE/ssh
program=/usr/sbin/sshd
alias=demo-host

# A process id can be somebody else's by now: only one that has our configuration is meant.
runs () {
  [ -s "$folder/pid" ] &&
    tr '\0' ' ' <"/proc/$(cat "$folder/pid")/cmdline" 2>/dev/null | grep -qF "$folder/sshd_config"
}

fact () {
  "$STEWARD_TESTS/demo/deployment.sh" facts --name "$1" | sed -n "s/^$2=//p"
}

make_keys () {
  for key in host_key user_key; do
    [ -e "$folder/$key" ] || ssh-keygen -q -t ed25519 -N '' -C steward-demo -f "$folder/$key"
  done
}

# Without PAM, sshd lets nobody in whose password is locked, as root's often is.
choose_pam () {
  case $(getent shadow "$(id -un)" 2>/dev/null) in
    *:!*) echo yes ;;
    *) echo no ;;
  esac
}

write_sshd_settings () {
  "$STEWARD_TESTS/demo/docker-of.sh" "$(fact "$1" PROJECT)" "$folder/tools"
  cat >"$folder/sshd_config" <<SETTINGS
ListenAddress 127.0.0.1
Port $port
PidFile "$folder/pid"
HostKey "$folder/host_key"
AuthorizedKeysFile "$folder/user_key.pub"
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM $(choose_pam)
PrintMotd no
SetEnv DOCKER_CONFIG="$(fact "$1" DOCKER_CONFIG)" PATH="$folder/tools:$PATH" SHLVL=1
SETTINGS
}

write_client_settings () {
  printf '[127.0.0.1]:%s %s\n' "$port" "$(cat "$folder/host_key.pub")" >"$folder/known_hosts"
  cat >"$folder/config" <<SETTINGS
Host $alias
  HostName 127.0.0.1
  Port $port
Host *
  UserKnownHostsFile "$folder/known_hosts"
  GlobalKnownHostsFile none
  IdentityFile "$folder/user_key"
  IdentitiesOnly yes
  IdentityAgent none
SETTINGS
}

# As root sshd confines parts of itself in an empty folder of the system's, which the next start of the
# machine clears away.
start () {
  mkdir -p -m 700 "$folder"
  port=$(cat "$folder/port" 2>/dev/null || reserve_port)
  echo "$port" >"$folder/port"
  make_keys
  write_sshd_settings "$1"
  write_client_settings
  [ "$(id -u)" != 0 ] || mkdir -p -m 755 /run/sshd
  rm -f "$folder/pid"
  $program -f "$folder/sshd_config" -E "$folder/log"
  waited=0
  until runs; do
    waited=$((waited + 1))
    [ $waited -le 100 ] || fail "sshd does not start; its log is $folder/log."
    sleep 0.1
  done
}

up () {
  [ -n "${1:-}" ] || fail 'Usage: sshd.sh up NAME'
  runs || start "$1"
  echo "HOST=$alias"
  echo "SSH_CONFIG=$folder/config"
}

down () {
  [ -d "$folder" ] || return 0
  if runs; then
    pid=$(cat "$folder/pid")
    connections=$(cat "/proc/$pid/task/$pid/children")
    # Split on purpose: process ids.
    # shellcheck disable=SC2086
    kill $pid $connections
  fi
  release_port "$(cat "$folder/port" 2>/dev/null)"
  rm -rf "$folder"
}

case ${1:-} in
  up|down) command=$1; shift; $command "$@" ;;
  *) fail 'Usage: sshd.sh up NAME | down' ;;
esac
