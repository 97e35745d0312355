#!/bin/sh
# Builds Steward as a Flatpak on the stand-in for its runtime, installs it below build/flatpak, looks at
# what is installed, and uses it in its sandbox; and once more on newer libraries. Called by
# ../run.sh --flatpak; its last line is "N passed, N failed, N skipped". Nothing of the user's own Flatpaks
# is touched.
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
source=${STEWARD_TESTS%/tests}
STEWARD_DEMO_STATE=$source/build/tests-state
. "$STEWARD_TESTS/lib/environment.sh"
export STEWARD_DEMO_STATE STEWARD_TESTS_CACHE

build=$source/build/flatpak
FLATPAK_USER_DIR=$build/user
export FLATPAK_USER_DIR
# The display has a home of its own.
export STEWARD_DISPLAY_LIMIT_S=2400
name=steward-test-flatpak-$$
deployment=$STEWARD_TESTS/demo/deployment.sh
logs=''
running=''

# part NAME COMMAND...: what it prints is TAP; how it went is kept in the words of a log of meson's.
part () {
  noun=$1
  shift
  began=$(date +%s)
  status=0
  "$@" >"$build/$noun.tap" 2>"$build/$noun.log" &
  running=$!
  wait $running || status=$?
  running=''
  cat "$build/$noun.tap"
  [ $status = 0 ] || tail -n 40 "$build/$noun.log" >&2
  python3 "$STEWARD_TESTS/flatpak/log-entry.py" "$noun" $status $(($(date +%s) - began)) \
    "$build/$noun.tap" >"$build/$noun.json"
  logs="$logs $build/$noun.json"
  return $status
}

build_app () {
  "$source/flatpak/build.sh" --stand-in >&2 || { echo 'not ok 1 /flatpak/builds-and-installs'; return 1; }
  echo 'ok 1 /flatpak/builds-and-installs'
  echo '1..1'
}

# What is removed takes data of the home along: one of its own.
publish_app () {
  mkdir -p "$build/home"
  HOME=$build/home exec env -u XDG_DATA_HOME -u XDG_CONFIG_HOME -u XDG_CACHE_HOME \
    dbus-run-session -- sh "$STEWARD_TESTS/flatpak/published.sh" "$source"
}

put_up () {
  "$deployment" up --name "$name" --dir "$build/deployment" >/dev/null
  "$deployment" fill --name "$name" --rows 40 --bytes 4000
  "$STEWARD_TESTS/demo/sshd.sh" up "$name" >/dev/null
}

fact () {
  "$deployment" facts --name "$name" | sed -n "s/^$1=//p"
}

# use_app PICTURES SCENARIO...: commands that leave the sandbox are run by a helper with the environment of
# the session bus. The services are those of a desktop: the portal, what it shows and remembers, and the
# windows that it asks by.
use_app () {
  pictures=$1
  shift
  "$STEWARD_TESTS/demo/docker-of.sh" "$(fact PROJECT)" "$build/tools"
  PATH=$build/tools:$PATH DOCKER_CONFIG=$(fact DOCKER_CONFIG) \
    exec sh "$STEWARD_TESTS/flatpak/own-runtime.sh" \
    sh "$STEWARD_TESTS/app/display.sh" --bus --service org.freedesktop.Flatpak \
    --service org.freedesktop.portal.Desktop --service org.freedesktop.portal.Documents \
    --service org.freedesktop.impl.portal.PermissionStore \
    --service org.freedesktop.impl.portal.desktop.gtk \
    --runtime "/run/user/$(id -u)" --size 1000x700 "$source/build" \
    /usr/bin/python3 -B "$STEWARD_TESTS/flatpak/in-sandbox.py" \
    "$(flatpak info --user --show-location io.github.stewardapp.Steward)/files/share/locale" "$name" \
    "$STEWARD_DEMO_STATE/ssh/user_key" "$(cat "$STEWARD_DEMO_STATE/ssh/port")" "$pictures" "$@"
}

# What is installed there in place of the other.
with_newer () {
  FLATPAK_USER_DIR=$build/newer/user
  "$@"
}

clean_up () {
  trap - EXIT INT TERM
  [ -z "$running" ] || { kill $running && wait $running || :; }
  "$STEWARD_TESTS/demo/sshd.sh" down || :
  "$deployment" down --name "$name" || :
  "$STEWARD_TESTS/demo/registry.sh" down || :
  stop_own_engine || :
}

# Split on purpose: lists of package names.
# shellcheck disable=SC2086
ensure_packages $STEWARD_FLATPAK_PACKAGES $STEWARD_DEMO_PACKAGES $STEWARD_WINDOW_PACKAGES \
  $STEWARD_CLICK_PACKAGES $STEWARD_SSH_PACKAGES gnome-keyring procps python3
rm -rf "$build/pictures"
mkdir -p "$build" "$STEWARD_DEMO_STATE"
trap clean_up EXIT
trap 'exit 130' INT TERM
tests_began=$(date +%s)
if part build build_app; then
  part installed sh "$STEWARD_TESTS/flatpak/installed.sh" "$source" || :
  part published publish_app || :
  ensure_engine
  ensure_compose 2.40 >/dev/null
  put_up
  part in-sandbox use_app "$build/pictures" || :
  if part newer with_newer sh "$STEWARD_TESTS/flatpak/newer.sh" "$source" "$build/newer"; then
    part in-sandbox-newer with_newer use_app "$build/pictures/newer" this-machine || :
  fi
fi
clean_up
say "Build and tests of the Flatpak took $(($(date +%s) - tests_began)) s."
# Split on purpose: paths without blanks below build/.
# shellcheck disable=SC2086
exec python3 "$STEWARD_TESTS/lib/summarize.py" $logs
