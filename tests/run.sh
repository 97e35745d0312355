#!/bin/sh
# Builds Steward with warnings as errors and runs every test. Installs what is missing. Its last line is
# "N passed, N failed, N skipped"; it exits with 0 only if nothing failed.
#
#   sh tests/run.sh              everything
#   sh tests/run.sh --list       the names of the suites
#   sh tests/run.sh --suite X    that suite alone
#   sh tests/run.sh --flatpak    the Flatpak instead: built, installed and used in its sandbox
#   sh tests/run.sh --long       everything, with all of the like cases of which the ordinary run takes one or
#                                every so many, what is left to chance more often, what the sanitizers see once
#                                without them as well, and an hour of fuzzing
#
# Fuzzing alone: sh tests/fuzz/fuzz.sh [SECONDS] [TARGET]. The corpora are the suite fuzz.
# Benchmarks are not part of it: meson test -C build --benchmark. What the tests put up is theirs alone,
# below build/tests-state, and taken away at the end.
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")" && pwd)
source=${STEWARD_TESTS%/tests}
build=$source/build
STEWARD_DEMO_STATE=$build/tests-state
. "$STEWARD_TESTS/lib/environment.sh"
export STEWARD_DEMO_STATE STEWARD_TESTS_CACHE

test_packages='busybox-static faketime fish flatpak flatpak-xdg-utils gnome-keyring groff-base iproute2 libpam-oath perl-base procps python3 socat
  sudo tcsh zsh'
# What neither needs the engine nor forks: the sanitizers see all of it, and the ordinary run has it with them alone.
sanitized_suites='core host store database parsec-server app fuzz'
# Two cores are busy with three tests, as each waits now and then; on more the engine would be the bottleneck,
# and timings of tests mean nothing.
processes=3
only=''
logs=''
running=''
fuzz_s=0 # for each target
# The tests end by then, and those with sanitizers, whatever hangs.
deadline_s=3400
sanitized_deadline_s=1200

# build FOLDER SUITES OPTION...: what these suites need, or all.
build () {
  folder=$1 suites=$2
  shift 2
  mkdir -p "$folder"
  if [ -f "$folder/build.ninja" ]; then
    meson configure "$folder" -Dwerror=true "$@"
  else
    meson setup "$folder" "$source" -Dwerror=true "$@" >"$folder/setup.log" || {
      cat "$folder/setup.log" >&2
      fail "The build could not be set up in $folder."
    }
  fi
  # Split on purpose: names of suites and of targets.
  # shellcheck disable=SC2046,SC2086
  ninja -C "$folder" $([ -z "$suites" ] || python3 "$STEWARD_TESTS/lib/targets.py" "$folder" $suites) \
    >"$folder/ninja.log" 2>&1 || {
    cat "$folder/ninja.log" >&2
    fail "Steward does not build in $folder."
  }
}

# test_suites FOLDER SUITE...: a failure is counted afterwards, from the log.
test_suites () {
  folder=$1
  shift
  chosen=''
  for name in "$@"; do chosen="$chosen --suite $name"; done
  rm -f "$folder/meson-logs/testlog.json"
  # Split on purpose: options.
  # shellcheck disable=SC2086
  timeout --kill-after=60 $deadline_s meson test -C "$folder" --no-rebuild \
    --num-processes $processes --timeout-multiplier 4 --print-errorlogs $chosen &
  running=$!
  wait $running || [ $? != 124 ] ||
    echo '{"name": "what did not end in time", "result": "TIMEOUT"}' \
      >>"$folder/meson-logs/testlog.json"
  running=''
  logs="$logs $folder/meson-logs/testlog.json"
}

prepare () {
  # Split on purpose: lists of package names.
  # shellcheck disable=SC2086
  ensure_packages $STEWARD_BUILD_PACKAGES $STEWARD_DEMO_PACKAGES $STEWARD_WINDOW_PACKAGES \
    $STEWARD_CLICK_PACKAGES $STEWARD_SSH_PACKAGES $test_packages
  mkdir -p "$STEWARD_DEMO_STATE"
  # The tests start the engine's programs, which are in Go, by the ten thousands. A fifth of each start is threads that
  # nobody needs.
  export GOMAXPROCS=1
  ensure_engine
  ensure_compose 2.26 >/dev/null
  ensure_compose 2.40 >/dev/null
  # Pure tests read hostile dates and numbers: every machine shall read them alike.
  export LC_ALL=C.UTF-8
}

run_sanitized () {
  build "$build/sanitized" "$sanitized_suites" -Db_sanitize=address,undefined -Db_lundef=false
  export G_SLICE=always-malloc UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
    STEWARD_DISPLAY_LIMIT_S=450
  deadline_s=$sanitized_deadline_s
  # Split on purpose: names of suites.
  # shellcheck disable=SC2086
  test_suites "$build/sanitized" $sanitized_suites
  unset G_SLICE UBSAN_OPTIONS STEWARD_DISPLAY_LIMIT_S
}

run_all () {
  build "$build" ''
  plain_suites=$([ $fuzz_s != 0 ] || list_suites | grep -vwE "$(echo $sanitized_suites | tr ' ' '|')")
  rm -rf "$build/left-running.json" "$build/faults"
  export STEWARD_TESTS_RUN=$$ # see end_leftovers
  "$STEWARD_TESTS/demo/images.sh" >/dev/null
  # Split on purpose: names of suites; none are all.
  # shellcheck disable=SC2086
  test_suites "$build" ${only:-$plain_suites}
  report_faults
  [ -n "$only" ] || run_sanitized
  [ $fuzz_s = 0 ] || run_fuzzers
}

# Says for each target, in the words of a log of meson's, how it went.
run_fuzzers () {
  sh "$STEWARD_TESTS/fuzz/fuzz.sh" $fuzz_s >"$build/fuzz.tap" &
  running=$!
  wait $running || echo 'not ok - fuzz.sh' >>"$build/fuzz.tap"
  running=''
  cat "$build/fuzz.tap"
  sed -n 's/^ok - \([^:]*\): \(.*\)$/{"name": "\1", "result": "OK", "stdout": "ok - \2"}/p
    s/^not ok - \([^:]*\).*$/{"name": "\1", "result": "FAIL"}/p' "$build/fuzz.tap" >"$build/fuzz.json"
  logs="$logs $build/fuzz.json"
}

# What the faults' programs told of what held.
report_faults () {
  [ -d "$build/faults" ] || return 0
  { printf '# Faults, and what held after each and one relaunch\n\n'
    sed -n '/^ \*   [A-E]  /s/^ \*   \([A-E]\)  /- **\1** /p' "$STEWARD_TESTS/faults/fault-scene.h"
    echo
    for part in "$build"/faults/*.md; do
      case $part in */report.md) ;; *) cat "$part" ;; esac
    done; } >"$build/faults/report.md.new"
  mv "$build/faults/report.md.new" "$build/faults/report.md"
}

# Whoever its parent is by now: a process of a test that still runs is a test's fault. It is named,
# counted as a failure, and ended.
end_leftovers () {
  for process in /proc/[0-9]*; do
    tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qx "STEWARD_TESTS_RUN=$$" || continue
    command_line=$(tr '\0' ' ' 2>/dev/null <"$process/cmdline") || continue
    kill -KILL "${process#/proc/}" 2>/dev/null || continue
    say "Left running by a test: $command_line"
    echo '{"name": "what a test left running", "result": "FAIL"}' >>"$build/left-running.json"
  done
  [ ! -e "$build/left-running.json" ] || logs="$logs $build/left-running.json"
}

# Only what was put up below our own state, and only an engine that we started.
clean_up () {
  trap - EXIT INT TERM
  [ -z "$running" ] || { kill $running && wait $running || :; }
  for facts in "$STEWARD_DEMO_STATE"/deployments/*/facts; do
    [ -e "$facts" ] || continue
    "$STEWARD_TESTS/demo/deployment.sh" down --name "$(sed -n 's/^NAME=//p' "$facts")" || :
  done
  remove_images
  "$STEWARD_TESTS/demo/registry.sh" down || :
  end_leftovers
  stop_own_engine || :
}

# What the engine pulled from the tests' own registry.
remove_images () {
  [ -s "$STEWARD_DEMO_STATE/registry/port" ] || return 0
  docker image ls --format '{{.Repository}}:{{.Tag}}' \
    --filter "reference=127.0.0.1:$(cat "$STEWARD_DEMO_STATE/registry/port")/*/*/*" \
    --filter "reference=127.0.0.1:$(cat "$STEWARD_DEMO_STATE/registry/port")/*" |
    while read -r image; do docker image rm "$image" >/dev/null 2>&1 || :; done
}

list_suites () {
  [ -f "$build/build.ninja" ] || build "$build" ''
  meson introspect "$build" --tests | python3 -c 'import json, sys
print("\n".join(sorted({s.split(":")[-1] for t in json.load(sys.stdin) for s in t["suite"]})))'
}

case ${1:-} in
  '') ;;
  --list) list_suites; exit ;;
  --flatpak) exec sh "$STEWARD_TESTS/flatpak/run.sh" ;;
  --long) export STEWARD_TESTS_ROUNDS=100; fuzz_s=600 ;;
  --suite) [ $# = 2 ] || exit 2; only=$2 ;;
  *) sed -n '/^#   sh tests/s/^#   //p' "$0" >&2; exit 2 ;;
esac

trap clean_up EXIT
trap 'exit 130' INT TERM
prepare
began=$(date +%s)
run_all
clean_up
say "Build and tests took $(($(date +%s) - began)) s."
# Split on purpose: paths without blanks below build/.
# shellcheck disable=SC2086
exec python3 "$STEWARD_TESTS/lib/summarize.py" $logs
