#!/bin/sh
# Uses the real program, on a display of its own, on a deployment of its own, in one language. What is
# printed is TAP; the pictures go to BUILD/clicks/LANGUAGE. Whatever happens, the deployment goes.
#
#   clicks.sh BUILD LANGUAGE SCENARIO...
#
# LANGUAGE is en or fr; click-through.py has the scenarios.
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/lib/environment.sh"
# The display has a home of its own.
export STEWARD_DEMO_STATE STEWARD_TESTS_CACHE STEWARD_DISPLAY_LIMIT_S=1200

build=$1 language=$2
shift 2
name=steward-test-$$-$language
deployment=$STEWARD_TESTS/demo/deployment.sh
folder=''
display_pid=''

take_down () {
  trap - EXIT INT TERM
  [ -z "$display_pid" ] || { kill "$display_pid" && wait "$display_pid" || :; }
  "$deployment" down --name "$name" || :
  rm -rf "$folder"
}

put_up () {
  folder=$(mktemp -d)
  "$deployment" up --name "$name" --dir "$folder/deployment" >/dev/null
  "$deployment" fill --name "$name" --rows 40 --bytes 4000
}

use_language () {
  case $language in
    fr) ensure_french "$build/locales"
      export LOCPATH="$build/locales" STEWARD_DISPLAY_LOCALE=fr_FR.UTF-8 ;;
    *) export STEWARD_DISPLAY_LOCALE=C.UTF-8 ;;
  esac
}

trap take_down EXIT
trap 'exit 130' INT TERM
rm -rf "$build/clicks/$language"
use_language
put_up
# Debian's own Python: the bindings are made for it.
sh "$STEWARD_TESTS/app/display.sh" --bus --size 1000x700 "$build" \
  /usr/bin/python3 -B "$STEWARD_TESTS/app/click-through.py" \
  "$build/src/app/steward" "$build/po" "$name" "$build/clicks/$language" "$@" &
display_pid=$!
status=0
wait $display_pid || status=$?
display_pid=''
exit $status
