#!/bin/sh
# Builds the Flatpak on the stand-in for its runtime, unless the tests did, and what a user would install
# outside, and has sandbox-compare.sh measure them in a session of their own. $1 is the build folder.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/../.." && pwd)
. "$STEWARD_TESTS/lib/environment.sh"

source=${STEWARD_TESTS%/tests}
release=$1/release
FLATPAK_USER_DIR=$source/build/flatpak/user
export FLATPAK_USER_DIR

# Split on purpose: lists of package names.
# shellcheck disable=SC2086
ensure_packages $STEWARD_BUILD_PACKAGES $STEWARD_WINDOW_PACKAGES $STEWARD_FLATPAK_PACKAGES docker.io
flatpak info --user io.github.stewardapp.Steward >/dev/null 2>&1 ||
  "$source/flatpak/build.sh" --stand-in >"$1/flatpak.log" 2>&1 ||
  { cat "$1/flatpak.log" >&2; fail 'The Flatpak could not be built.'; }
[ -f "$release/build.ninja" ] ||
  meson setup "$release" "$source" --buildtype=release >"$1/release.log" ||
  { cat "$1/release.log" >&2; fail 'The release build could not be set up.'; }
ninja -C "$release" src/app/steward data/gschemas.compiled tests/benchmarks/window/window-launch \
  tests/benchmarks/window/window-watch.so >"$1/release.log" ||
  { cat "$1/release.log" >&2; fail 'The release build failed.'; }

GTK_A11Y=atspi STEWARD_DISPLAY_LIMIT_S=3000 exec sh "$STEWARD_TESTS/app/display.sh" --bus \
  --service org.freedesktop.Flatpak "$release" \
  sh "$STEWARD_TESTS/benchmarks/window/sandbox-compare.sh" "$release"
