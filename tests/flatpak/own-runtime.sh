#!/bin/sh
# Runs a command as the same user with a /run/user of its own, which is gone with it: in every sandbox the
# runtime folder is the one below /run/user, and the portal's documents have one path inside and outside.
#
#   own-runtime.sh COMMAND [ARGUMENT...]
set -eu

# No root any more once it is mounted.
inside='
  mkdir -p /run/user
  mount -t tmpfs -o mode=755 tmpfs /run/user
  mkdir -m 700 "/run/user/$1"
  chown "$1:$2" "/run/user/$1"
  uid=$1 gid=$2 PATH=$3
  shift 3
  exec setpriv --reuid "$uid" --regid "$gid" --init-groups "$@"'
set -- unshare --mount --propagation private sh -euc "$inside" sh "$(id -u)" "$(id -g)" "$PATH" "$@"
[ "$(id -u)" = 0 ] || set -- sudo --preserve-env "$@"
exec "$@"
