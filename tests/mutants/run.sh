#!/bin/sh
# Shows that the tests notice bugs: plants one after the other and expects a test to turn red.
#
#   sh tests/mutants/run.sh [--engine] [NAME…]
#
# Each NN-name.patch plants one bug. Its first lines say
#   # what it breaks
#   # test: the meson tests that must notice, each of them, by name; NAME:/path runs only that part
#   # needs: engine    where those put up the demonstration deployment: slow, only with --engine
# A NAME is a patch's name, or its beginning. The working tree is only read: all of it happens in a
# copy of it below $TMPDIR. A test that is not green without any bug proves nothing, so each is run
# on the clean copy first, and a bug whose test is red there counts as survived. Killed means: the
# bug applies, builds, and each test fails or does not end. The last line is `N killed, N survived`; the
# exit status is 0 where all were killed.
set -eu

LC_ALL=C.UTF-8
STEWARD_TESTS_ROUNDS=1 # all cases are there
export LC_ALL STEWARD_TESTS_ROUNDS

mutants=$(cd "$(dirname "$0")" && pwd)
root=${mutants%/tests/mutants}
build_deadline=900
has_engine=no
red=''
killed=0
survived=0

fail () {
  echo "$*" >&2
  exit 2
}

usage () {
  sed -n 's/^#   sh /Usage: sh /p' "$0" >&2
  exit 2
}

# Prints a line of a patch's head.
field () {
  sed -n "1,/^[^#]/s/^# $2: *//p" "$1"
}

# Whether the patch was asked for; @: the names, or none.
is_wanted () {
  patch=$1
  shift
  if [ $# -eq 0 ]; then
    [ -z "$(field "$patch" needs)" ] || [ "$engine" = yes ]
    return
  fi
  for name; do
    case $patch in "$name"*) return 0 ;; esac
  done
  return 1
}

copy_tree () {
  mkdir "$work/tree"
  (cd "$root" && git ls-files -z --cached --others --exclude-standard |
    tar --null --ignore-failed-read --files-from=- -cf - 2>/dev/null) | tar -xf - -C "$work/tree"
  meson setup --buildtype=debug "$work/build" "$work/tree" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail 'The copy could not be set up.'
  }
}

# Builds what the named tests need.
build () {
  programs=$(printf '%s\n' "$@" | sed 's/:.*//' | sort -u)
  # Split on purpose: names of tests, and of programs.
  # shellcheck disable=SC2086
  programs=$(python3 "$root/tests/lib/targets.py" "$work/build" $programs) ||
    fail 'A bug names a test that is not there.'
  # shellcheck disable=SC2086
  timeout $build_deadline ninja -j2 -C "$work/build" $programs >"$work/log" 2>&1
}

# Runs a test, or the part of it that is named behind a colon.
run_test () {
  case $1 in
    *:*) set -- "${1%%:*}" "--test-args=-p ${1#*:}" ;;
  esac
  meson test -C "$work/build" --no-rebuild --num-processes 1 "$@" >"$work/log" 2>&1
}

# Runs the named tests until one stays green, and says whether one did. The last log stays.
is_overlooked () {
  for test; do
    ! run_test "$test" || return 0
  done
  return 1
}

# Prints what failed, as the test says it.
find_failure () {
  sed -n -e 's/^not ok [0-9]* *-* *\([^ ]*\).*/\1/p' \
    -e 's/^Bail out! *//p' "$work/build/meson-logs/testlog.txt" |
    sed -e "s|[^ ]*tree/tests/||g" -e 's/^.*ERROR: *//' | head -n 3 | cut -c 1-160 | paste -s -d ' ' -
}

# The demonstration deployment's registry and images, apart from all others of this machine.
put_up_images () {
  STEWARD_TESTS=$work/tree/tests
  STEWARD_DEMO_STATE=$work/state
  export STEWARD_DEMO_STATE
  mkdir "$STEWARD_DEMO_STATE"
  . "$STEWARD_TESTS/lib/environment.sh"
  has_engine=yes
  ensure_engine
  "$STEWARD_TESTS/demo/images.sh" >"$work/log" 2>&1 || {
    cat "$work/log" >&2
    fail 'The images of the demonstration deployment could not be made.'
  }
}

# Takes away what a killed test left, and what the images were made with.
take_down () {
  for facts in "$STEWARD_DEMO_STATE"/deployments/*/facts; do
    [ -e "$facts" ] || continue
    "$STEWARD_TESTS/demo/deployment.sh" down --name "$(sed -n 's/^NAME=//p' "$facts")" || :
  done
  if [ -s "$STEWARD_DEMO_STATE/registry/port" ]; then
    ours=127.0.0.1:$(cat "$STEWARD_DEMO_STATE/registry/port")
    docker image ls --format '{{.Repository}}:{{.Tag}}' --filter "reference=$ours/*" \
      --filter "reference=$ours/*/*/*" | xargs -r docker image rm >/dev/null 2>&1 || :
  fi
  "$STEWARD_TESTS/demo/registry.sh" down || :
  stop_own_engine || :
}

clean_up () {
  trap - EXIT
  [ $has_engine = no ] || take_down
  rm -rf "$work"
}

# Runs each test once on the clean copy.
prove_green () {
  tests=$(for patch; do field "$patch" test | tr ' ' '\n'; done | sort -u)
  # Split on purpose: names of tests.
  # shellcheck disable=SC2086
  build $tests || {
    cat "$work/log" >&2
    fail 'The clean copy does not build.'
  }
  for test in $tests; do
    if ! run_test "$test"; then
      red="$red $test"
      echo "RED without a bug: $test ($(find_failure))"
    elif grep -q '^ok .*# SKIP' "$work/build/meson-logs/testlog.txt"; then
      red="$red $test"
      echo "RED without a bug: $test (skips something)"
    elif ! grep -q '^ok ' "$work/build/meson-logs/testlog.txt"; then
      red="$red $test"
      echo "RED without a bug: $test (there is no such part)"
    else
      echo "green without a bug: $test"
    fi
  done
}

# @: options; the patch last, by its name
apply () {
  (cd "$work/tree" && GIT_CEILING_DIRECTORIES=$work git apply -C1 "$@") 2>"$work/log"
}

survive () {
  survived=$((survived + 1))
  echo "SURVIVED $*"
}

plant () {
  bug=${1%.patch}
  tests=$(field "$1" test)

  for test in $tests; do
    case "$red " in *" $test "*)
      survive "$bug (its test is red without it, and proves nothing)"
      return
      ;;
    esac
  done
  if ! apply "$mutants/$1"; then
    survive "$bug (does not apply)"
    cat "$work/log" >&2
    return
  fi
  # shellcheck disable=SC2086
  if ! build $tests; then
    survive "$bug (does not build)"
    tail -n 20 "$work/log" >&2
  elif is_overlooked $tests; then
    survive "$bug (test $test)"
  else
    killed=$((killed + 1))
    failure=$(find_failure)
    echo "killed $bug (test $test: ${failure:-ended by a crash or its deadline})"
  fi
  apply --reverse "$mutants/$1" || fail "The copy could not be mended: $(cat "$work/log")"
}

engine=no
while [ $# -gt 0 ]; do
  case $1 in
    --engine) engine=yes ;;
    -*) usage ;;
    *) break ;;
  esac
  shift
done

work=$(mktemp -d "${TMPDIR:-/tmp}/steward-mutants-XXXXXXXX")
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

cd "$mutants"
wanted=$(for patch in *.patch; do ! is_wanted "$patch" "$@" || echo "$patch"; done)
[ -n "$wanted" ] || fail 'There is no such bug.'
copy_tree
# Split on purpose, here and below: names of patches.
# shellcheck disable=SC2086
[ -z "$(for patch in $wanted; do field "$patch" needs; done)" ] || put_up_images
# shellcheck disable=SC2086
prove_green $wanted
for patch in $wanted; do
  plant "$patch"
done

echo "$killed killed, $survived survived"
[ "$survived" -eq 0 ]
