#!/bin/sh
# Steward against GNOME's Text Editor, an engine that stays silent, and much output. $1 is the release
# build; window.sh starts this on a display.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/../.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

programs=$1/tests/benchmarks/window
lines=200000

# watch SECONDS PROGRAM: what watch.c says of it goes to $work/told
watch () {
  timeout 60 "$programs/window-launch" "$programs/window-watch.so" "$1" "$work/docker.sock" "$2" \
    >"$work/told" 2>"$work/errors" || :
  grep -q '^gap ' "$work/told" ||
    { cat "$work/told" "$work/errors" >&2; fail "$2 did not draw a window."; }
}

# compare NAME SECONDS PROGRAM: its start
compare () {
  watch "$2" "$3"
  note "$1-frame" "$(told first-frame)"
  note "$1-resident" "$(told resident)" 1024
}

latest () {
  tail -n 1 "$work/figures/$1"
}

start () {
  # The first of each fills caches.
  watch 0.1 "$1/src/app/steward"
  watch 0.1 gnome-text-editor
  for run in $(seq $((runs * 3))); do
    compare steward 0.1 "$1/src/app/steward"
    compare peer 0.1 gnome-text-editor
    note frame-ratio "$(latest steward-frame)" "$(latest peer-frame)"
    note resident-ratio "$(latest steward-resident)" "$(latest peer-resident)"
  done
}

# Meanwhile a spinner turns.
wait_for_engine () {
  for run in $(seq "$runs"); do
    watch 6 "$1/src/app/steward"
    note silent-frame "$(told frame-time)"
    note silent-gap "$(told gap)"
    note silent-own "$(told own-gap)"
  done
}

print_much () {
  for run in $(seq $((runs * 2))); do
    "$programs/window-output" $lines >"$work/told" 2>"$work/errors" ||
      { cat "$work/told" "$work/errors" >&2; fail 'The output was not shown.'; }
    note output-gap "$(told gap)"
    note output-own "$(told own-gap)"
    note output-work "$(told work)"
    note output-resident "$(told resident)" 1024
    note output-took "$(told took)"
  done
}

# Where others use the processors, the longest gap is theirs, and in the end the display's, which
# waits for one, too; on a machine of their own all gaps are what the program computed.
start "$1"
wait_for_engine "$1"
print_much
tell 'first frame' steward-frame ms
tell "first frame of GNOME's Text Editor" peer-frame ms
judge "first frame / Text Editor's" frame-ratio 0.9
tell 'resident 1.5 s after it' steward-resident MiB
tell "resident of GNOME's Text Editor" peer-resident MiB
judge "resident / Text Editor's" resident-ratio 1
judge 'silent engine: a frame takes (55 a second)' silent-frame 18.18 ms
tell 'silent engine: longest gap' silent-gap ms
judge 'silent engine: longest gap without waiting for a processor' silent-own 50 ms
tell "$lines lines: shown after" output-took ms
tell "$lines lines: longest gap" output-gap ms
tell "$lines lines: longest gap without waiting for a processor" output-own ms
judge "$lines lines: longest work in a gap" output-work 50 ms
judge "$lines lines: resident" output-resident 171 MiB
exit $failed
