#!/bin/sh
# Builds Steward on Debian 13, whose GTK, libadwaita, GLib and compiler are newer, with warnings as
# errors, and runs there those tests that need no engine. In a system of its own below build/debian13,
# which is taken away again. Run by hand, as root or with sudo: 2 GB and about ten minutes.
#
#   sh tests/debian13.sh
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")" && pwd)
source=${STEWARD_TESTS%/tests}
. "$STEWARD_TESTS/lib/environment.sh"

system=$source/build/debian13
packages="$STEWARD_BUILD_PACKAGES $STEWARD_WINDOW_PACKAGES $STEWARD_SSH_PACKAGES ca-certificates docker-cli docker-registry
  groff-base openssl python3"

# What this machine's apt was told of its mirrors holds for theirs.
make_system () {
  settings=$(mktemp)
  apt-config dump Acquire >"$settings"
  # Split on purpose: a list of package names.
  # shellcheck disable=SC2086
  as_root mmdebstrap --quiet --mode=root --variant=apt --format=directory --aptopt="$settings" \
    --keyring=$COMPOSE_KEYRING --include="$(echo $packages | tr ' ' ',')" trixie "$system" \
    "deb $(debian_mirror) trixie main" >&2
  rm -f "$settings"
}

# The tree without its builds, and the compose that tests put in front of no engine.
fill_system () {
  compose=$(ensure_compose 2.40)
  as_root mkdir -p "$system/steward" "$system/cache"
  tar -C "$source" --exclude=./build --exclude=./.git -c . | as_root tar -C "$system/steward" -x
  as_root cp -a "${compose%/docker-config}" "$system/cache/"
}

# inside COMMAND: ends with all that it started, and its mounts with it.
inside () {
  as_root unshare --mount --pid --fork --kill-child sh -ec '
    mount -t proc proc "$1/proc"
    mount --rbind /dev "$1/dev"
    exec chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
      STEWARD_TESTS_CACHE=/cache sh -ec "cd /steward && $2"' sh "$system" "$1"
}

clean_up () {
  trap - EXIT INT TERM
  as_root rm -rf "$system"
}

ensure_packages mmdebstrap
mkdir -p "$source/build"
trap clean_up EXIT
trap 'exit 130' INT TERM
as_root rm -rf "$system" # what was cut off before
make_system
fill_system
inside "meson setup build -Dwerror=true && ninja -C build"
# Whatever is deprecated by now stands in compat.c, which says so.
inside 'sed -i "/_VERSION_M[A-Z_]*=/d" meson.build src/app/meson.build &&
  meson setup deprecated -Dwerror=true && ninja -C deprecated src/app/steward'
inside 'meson test -C build --no-rebuild --num-processes 2 --timeout-multiplier 4 --print-errorlogs \
  --suite core --suite source --suite app'
