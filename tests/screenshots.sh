#!/bin/sh
# Draws every page and state of the window, without an engine, into build/screenshots/: light, dark,
# in high contrast, 360 pixels wide, in French, from right to left. Installs what is missing.
#
#   sh tests/screenshots.sh            all of them
#   sh tests/screenshots.sh VIEW...    those views alone; tests/app/views.c has the names
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")" && pwd)
source=${STEWARD_TESTS%/tests}
build=$source/build
pictures=$build/screenshots
. "$STEWARD_TESTS/lib/environment.sh"

# draw LOOK VIEW...: with the environment that the look needs
draw () {
  look=$1
  shift
  sh "$STEWARD_TESTS/app/display.sh" "$build" "$build/tests/app/screenshots" "$look" "$pictures" "$@"
}

# Split on purpose: lists of package names.
# shellcheck disable=SC2086
ensure_packages $STEWARD_BUILD_PACKAGES $STEWARD_WINDOW_PACKAGES
[ -f "$build/build.ninja" ] || meson setup "$build" "$source" -Dwerror=true >&2
ninja -C "$build" tests/app/screenshots data/gschemas.compiled po/fr/LC_MESSAGES/steward.mo >&2
ensure_french "$build/locales"
draw light "$@"
(export ADW_DEBUG_COLOR_SCHEME=prefer-dark && draw dark "$@")
(export ADW_DEBUG_HIGH_CONTRAST=1 && draw contrast "$@")
draw narrow "$@"
(export LOCPATH="$build/locales" STEWARD_DISPLAY_LOCALE=fr_FR.UTF-8 && draw french "$@")
draw rtl "$@"
say "The pictures are in $pictures."
