#!/bin/sh
# Runs a program on a display of its own: an Xvfb on a free number, throw-away folders for the home
# and everything of XDG, no settings, portal, accelerator or session of the machine. Nothing stays.
#
#   display.sh [--bus] [--service NAME]... [--runtime FOLDER] [--size WIDTHxHEIGHT] BUILD PROGRAM [ARGUMENT...]
#
#   --bus        with a session bus of its own, which starts nothing but the accessibility bus
#   --service    and this service of the machine's
#   --runtime    with this runtime folder, which is empty, instead of a throw-away one
#   BUILD        Steward's build folder
#
# A program that takes longer than STEWARD_DISPLAY_LIMIT_S seconds (240) is ended. The status is the
# program's; 124 where it was ended, 125 where there was no display for it.
set -eu

size=1280x1024
bus=''
services=org.a11y.Bus
runtime=''
display_pid=''
bus_pid=''
program_pid=''
limit_s=${STEWARD_DISPLAY_LIMIT_S:-240}

fail () {
  echo "display.sh: $*" >&2
  exit 125
}

# wait_for_line FILE PID: a process tells by a line in a file that it is ready; at most 20 s.
wait_for_line () {
  tries=0
  until [ "$(wc -l <"$1")" -gt 0 ]; do
    tries=$((tries + 1))
    [ $tries -lt 400 ] && kill -0 "$2" 2>/dev/null || return 1
    sleep 0.05
  done
}

# end PID: gently at first; at most 5 s.
end () {
  kill "$1" 2>/dev/null || return 0
  tries=0
  while [ $tries -lt 100 ] && kill -0 "$1" 2>/dev/null; do
    tries=$((tries + 1))
    sleep 0.05
  done
  kill -KILL "$1" 2>/dev/null || :
}

clean_up () {
  trap - EXIT INT TERM HUP
  for pid in $program_pid $bus_pid $display_pid; do end "$pid"; done
  rm -rf "$work"
}

start_display () {
  : >"$work/display"
  Xvfb -displayfd 3 -screen 0 "${size}x24" -nolisten tcp -noreset 3>"$work/display" \
    >"$work/display.log" 2>&1 &
  display_pid=$!
  wait_for_line "$work/display" $display_pid || {
    cat "$work/display.log" >&2
    fail 'Xvfb does not start.'
  }
  DISPLAY=:$(cat "$work/display")
  export DISPLAY
}

write_bus_settings () {
  mkdir "$work/services"
  for service in $services; do
    cp "/usr/share/dbus-1/services/$service.service" "$work/services" 2>/dev/null || :
  done
  cat >"$work/bus.conf" <<XML
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=$work</listen>
  <auth>EXTERNAL</auth>
  <servicedir>$work/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
XML
}

start_bus () {
  write_bus_settings
  : >"$work/bus"
  dbus-daemon --nofork --nopidfile --config-file="$work/bus.conf" --print-address=3 \
    3>"$work/bus" >"$work/bus.log" 2>&1 &
  bus_pid=$!
  wait_for_line "$work/bus" $bus_pid || {
    cat "$work/bus.log" >&2
    fail 'The session bus does not start.'
  }
  DBUS_SESSION_BUS_ADDRESS=$(cat "$work/bus")
  export DBUS_SESSION_BUS_ADDRESS
}

# What the machine, its user or an outer session set must not be seen by the program, but for what
# the tests fetched before.
set_environment () {
  STEWARD_TESTS_CACHE=${STEWARD_TESTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/steward-tests}
  export STEWARD_TESTS_CACHE
  for folder in home config cache data state runtime; do mkdir -m 700 "$work/$folder"; done
  unset WAYLAND_DISPLAY DESKTOP_SESSION XDG_CURRENT_DESKTOP GTK_THEME GTK_MODULES LANGUAGE || :
  export HOME="$work/home" XDG_CONFIG_HOME="$work/config" XDG_CACHE_HOME="$work/cache" \
    XDG_DATA_HOME="$work/data" XDG_STATE_HOME="$work/state" XDG_RUNTIME_DIR="${runtime:-$work/runtime}" \
    GDK_BACKEND=x11 GSK_RENDERER=cairo GDK_DEBUG=gl-disable GDK_DISABLE=gl \
    ADW_DISABLE_PORTAL=1 GSETTINGS_BACKEND=memory GSETTINGS_SCHEMA_DIR="$build/data" \
    GTK_A11Y="${GTK_A11Y:-test}" LC_ALL="${STEWARD_DISPLAY_LOCALE:-C.UTF-8}" DBUS_SESSION_BUS_ADDRESS=none:
}

while [ $# -gt 0 ]; do
  case $1 in
    --bus) bus=1 ;;
    --service) services="$services $2"; shift ;;
    --runtime) runtime=$2; shift ;;
    --size) size=$2; shift ;;
    -*) fail "There is no option $1." ;;
    *) break ;;
  esac
  shift
done
[ $# -ge 2 ] || fail 'It takes a build folder and a program.'
build=$(cd "$1" && pwd)
shift

work=$(mktemp -d "${TMPDIR:-/tmp}/steward-display-XXXXXX")
trap clean_up EXIT
trap 'exit 130' INT TERM HUP
set_environment
start_display
[ -z "$bus" ] || start_bus

# In the background, so that a signal is heard while it runs.
timeout --foreground --kill-after=5 "$limit_s" "$@" &
program_pid=$!
status=0
wait $program_pid || status=$?
program_pid=''
exit $status
