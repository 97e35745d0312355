#!/bin/sh
# Builds what a user would install, fetches the peer, and has compare.sh measure them in a session of
# their own. $1 is the build folder.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/../.." && pwd)
. "$STEWARD_TESTS/lib/environment.sh"

build=$1
release=$build/release

# Split on purpose: lists of package names.
# shellcheck disable=SC2086
ensure_packages $STEWARD_BUILD_PACKAGES $STEWARD_WINDOW_PACKAGES docker.io gnome-text-editor
[ -f "$release/build.ninja" ] ||
  meson setup "$release" "${STEWARD_TESTS%/tests}" --buildtype=release >"$build/release.log" ||
  { cat "$build/release.log" >&2; fail 'The release build could not be set up.'; }
ninja -C "$release" src/app/steward data/gschemas.compiled tests/benchmarks/window/window-launch \
  tests/benchmarks/window/window-output tests/benchmarks/window/window-watch.so \
  >"$build/release.log" ||
  { cat "$build/release.log" >&2; fail 'The release build failed.'; }

# With what a desktop has: a session bus and an accessibility bus.
GTK_A11Y=atspi STEWARD_DISPLAY_LIMIT_S=3000 exec sh "$STEWARD_TESTS/app/display.sh" --bus "$release" \
  sh "$STEWARD_TESTS/benchmarks/window/compare.sh" "$release"
