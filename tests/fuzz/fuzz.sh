#!/bin/sh
# Looks for inputs that break a target, with libFuzzer and sanitizers. What breaks one is left in
# build/fuzz/broken; what is new but harmless, in build/fuzz/found, until it is asked to be kept.
#
#   sh tests/fuzz/fuzz.sh [SECONDS] [TARGET]   each target, or that one, for 600 s or so long
#   sh tests/fuzz/fuzz.sh --keep [TARGET]      takes what was found and reaches more into the corpus
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
source=${STEWARD_TESTS%/tests}
build=$source/build/fuzz
corpora=$STEWARD_TESTS/fuzz/corpus
. "$STEWARD_TESTS/lib/environment.sh"

max_files=100
max_kib=300
max_input_bytes=4096

# libFuzzer is in a package that is named after clang's version.
ensure_compiler () {
  # Split on purpose: a list of package names.
  # shellcheck disable=SC2086
  ensure_packages $STEWARD_BUILD_PACKAGES clang
  ensure_packages "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev"
}

build_fuzzers () {
  mkdir -p "$build"
  [ -f "$build/build.ninja" ] ||
    CC=clang meson setup "$build" "$source" -Dfuzzers=true -Db_sanitize=address,undefined \
      -Db_lundef=false >"$build/setup.log" || fail "The build could not be set up in $build."
  ninja -C "$build" fuzzers >"$build/ninja.log" 2>&1 || {
    cat "$build/ninja.log" >&2
    fail "The targets do not build in $build."
  }
}

list_targets () {
  for corpus in "$corpora"/*/; do basename "$corpus"; done
}

# run TARGET OPTION...
run () {
  target=$1
  shift
  LC_ALL=C.UTF-8 G_SLICE=always-malloc G_DEBUG=fatal-criticals \
    UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
    "$build/tests/fuzz/fuzz-$target" "$@"
}

# New inputs go to the first folder that is given, broken ones to the prefix.
fuzz () {
  mkdir -p "$build/found/$1" "$build/broken"
  say "Fuzzing $1 for $seconds s."
  if run "$1" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 \
    -max_len=$max_input_bytes -artifact_prefix="$build/broken/$1-" \
    "$build/found/$1" "$corpora/$1" >"$build/$1.log" 2>&1; then
    echo "ok - fuzz-$1: $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/$1.log") inputs"
  else
    tail -n 60 "$build/$1.log" >&2
    echo "not ok - fuzz-$1: $build/$1.log"
  fi
}

# Only what reaches other code, so that a corpus stays small.
keep () {
  run "$1" -merge=1 -use_counters=0 -max_len=$max_input_bytes "$corpora/$1" "$build/found/$1" \
    >"$build/$1-merge.log" 2>&1 || fail "The new inputs could not be merged: $build/$1-merge.log"
  files=$(find "$corpora/$1" -type f | wc -l)
  kib=$(find "$corpora/$1" -type f -printf '%s\n' | awk '{ n += $1 } END { print int(n / 1024) }')
  say "The corpus of $1 has $files files, $kib KiB."
  [ "$files" -le $max_files ] && [ "$kib" -le $max_kib ] ||
    fail "That is too much to be kept: at most $max_files files, $max_kib KiB."
}

action=fuzz
if [ "${1:-}" = --keep ]; then
  action=keep
  shift
fi
seconds=600
case ${1:-} in
  '' | *[!0-9]*) ;;
  *) seconds=$1; shift ;;
esac

ensure_compiler
build_fuzzers
failed=0
for target in ${1:-$(list_targets)}; do
  result=$($action "$target") || failed=1
  [ -z "$result" ] || echo "$result"
  case $result in 'not ok'*) failed=1 ;; esac
done
exit $failed
