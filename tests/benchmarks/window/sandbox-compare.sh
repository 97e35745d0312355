#!/bin/sh
# The first frame of the installed Flatpak, from before `flatpak run`, against the same program on the same
# libraries without a sandbox; beside it what is built for this machine's own, older libraries, and how long a
# command that leaves the sandbox takes. $1 is the release build; sandbox.sh starts this on a display.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/../.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

id=io.github.stewardapp.Steward
programs=$1/tests/benchmarks/window
watch_library=$programs/window-watch.so

# watch NAME LIBRARY PROGRAM...: its first frame becomes a figure
watch () {
  name=$1 library=$2
  shift 2
  timeout 60 "$programs/window-launch" "$library" 0.1 "$work/docker.sock" "$@" \
    >"$work/told" 2>"$work/errors" || :
  grep -q '^first-frame ' "$work/told" ||
    { cat "$work/told" "$work/errors" >&2; fail "$1 did not draw a window."; }
  note "$name" "$(told first-frame)"
}

# Nothing is kept away, only /usr is the runtime's.
watch_same_outside () {
  app=$(flatpak info --user --show-location $id)/files
  runtime=$(flatpak info --user --show-location "$(flatpak info --user --show-runtime $id)")/files
  watch "$1-outside" '' bwrap --dev-bind / / --ro-bind "$runtime" /usr --ro-bind "$runtime/etc" /etc \
    --setenv LD_LIBRARY_PATH "$app/lib" --setenv XDG_DATA_DIRS "$app/share:/usr/share" \
    --setenv GSETTINGS_SCHEMA_DIR "$app/share/glib-2.0/schemas" --setenv LD_PRELOAD "$watch_library" \
    "$app/bin/steward"
}

watch_all () {
  watch "$1-machine" "$watch_library" "$release/src/app/steward"
  watch_same_outside "$1"
  watch "$1-inside" '' flatpak run --user --filesystem="$programs:ro" --env=LD_PRELOAD="$watch_library" $id
}

# What Flatpak itself takes, whatever it runs.
time_flatpak () {
  start=$(now_ms)
  flatpak run --user --command=true $id
  note flatpak $(($(now_ms) - start))
}

latest () {
  tail -n 1 "$work/figures/$1"
}

release=$1
watch_all warm-up
for run in $(seq $((runs * 2))); do
  watch_all frame
  note frame-ratio "$(latest frame-inside)" "$(latest frame-outside)"
  time_flatpak
done
tell "first frame outside, on this machine's libraries" frame-machine ms
tell 'first frame outside' frame-outside ms
tell 'first frame in the sandbox' frame-inside ms
tell 'flatpak run true' flatpak ms
judge 'first frame in the sandbox / outside' frame-ratio 1.5

# What every command of this machine takes longer.
for run in $(seq "$runs"); do
  flatpak run --user --talk-name=org.freedesktop.Flatpak --command=sh $id -c '
    began=$(date +%s%N)
    for i in 1 2 3 4 5 6 7 8 9 10; do flatpak-spawn --host --watch-bus --directory=/ true; done
    echo "took $((($(date +%s%N) - began) / 10000))"' >"$work/told"
  note spawn "$(told took)" 1000
done
tell 'a command that leaves the sandbox' spawn ms
exit $failed
