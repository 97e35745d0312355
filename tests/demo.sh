#!/bin/sh
# Shows Steward at work on a machine that has nothing yet: installs what is missing, builds, puts up
# a Parsec deployment of its own, and opens the window on it. Where there is no display the same program
# runs on a virtual one and is clicked through an upgrade and a rollback; the pictures of it are left in
# build/demo/.
#
#   sh tests/demo.sh              all of that; the deployment stays up
#   sh tests/demo.sh --ssh        likewise, on a host that is reached over SSH: an sshd of its own
#   sh tests/demo.sh --no-window  only builds and puts it up
#   sh tests/demo.sh --stop       takes away all that it put up, and nothing else
#
# --ssh and --no-window go together. Everything of it is on 127.0.0.1 and below $STEWARD_DEMO_STATE (default:
# ~/.local/state/steward-demo); containers, network and volume are called steward-demo….
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")" && pwd)
. "$STEWARD_TESTS/lib/environment.sh"
export STEWARD_DEMO_STATE
export STEWARD_TESTS_CACHE="$STEWARD_DEMO_STATE/cache"

source=${STEWARD_TESTS%/tests}
build=$source/build
steward=$build/src/app/steward
pictures=$build/demo
deployment=$STEWARD_TESTS/demo/deployment.sh
name=steward-demo
tag=3.0.0
window=with
host=''

announce () {
  printf '\n== %s\n' "$*"
}

build_steward () {
  announce "Building in $build"
  [ -f "$build/build.ninja" ] || meson setup "$build" "$source" >"$STEWARD_DEMO_STATE/build.log" ||
    fail "The build could not be set up: see $STEWARD_DEMO_STATE/build.log"
  ninja -C "$build"
}

fact () {
  "$deployment" facts --name $name | sed -n "s/^$1=//p"
}

put_up () {
  if [ -e "$STEWARD_DEMO_STATE/deployments/$name/facts" ]; then
    announce 'The deployment stands already'
  else
    announce "Putting up a deployment of Parsec server $tag"
    "$deployment" up --name $name --layout classic --tag $tag \
      --dir "$STEWARD_DEMO_STATE/$name" >/dev/null
    "$deployment" fill --name $name --rows 5000 --bytes 50000000
  fi
  DOCKER_CONFIG=$(fact DOCKER_CONFIG)
  export DOCKER_CONFIG
  say "Its compose file: $(fact COMPOSE_FILE)"
  say "It answers at:    $(fact SERVER_URL)/"
  say "docker compose for it, in this shell: export DOCKER_CONFIG=$DOCKER_CONFIG"
}

# Where ssh finds the host, and the program that it asks with, which is not installed.
put_up_ssh () {
  facts=$("$STEWARD_TESTS/demo/sshd.sh" up $name)
  host=$(echo "$facts" | sed -n 's/^HOST=//p')
  STEWARD_SSH_CONFIG=$(echo "$facts" | sed -n 's/^SSH_CONFIG=//p')
  STEWARD_ASKPASS=$build/src/askpass/steward-askpass
  export STEWARD_SSH_CONFIG STEWARD_ASKPASS
  say "Its host, over SSH: $host"
  say "stewardctl --host $host, in this shell: export STEWARD_SSH_CONFIG=$STEWARD_SSH_CONFIG"
}

has_display () {
  [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]
}

# French everywhere, even where the machine has no locale of that name.
use_language () {
  case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
    fr*)
      ensure_french "$build/locales"
      export LOCPATH="$build/locales" STEWARD_DISPLAY_LOCALE=fr_FR.UTF-8
      ;;
  esac
}

# Prints the folder of a schema by whose defaults the deployment is on the host alone: it would be found
# on this machine, too.
make_ssh_schema () {
  schemas=$STEWARD_DEMO_STATE/ssh/schemas
  mkdir -p "$schemas"
  cp "$source"/data/*.gschema.xml "$schemas"
  cat >"$schemas/demo.gschema.override" <<SETTINGS
[io.github.stewardapp.Steward]
hosts=['$host']
hidden=['$(fact COMPOSE_FILE)']
SETTINGS
  glib-compile-schemas --strict "$schemas" >&2
  echo "$schemas"
}

# From the build folder: translations and schema stand there. What it would remember is forgotten: the
# settings of a Steward that is installed are somebody's own.
open_window () {
  announce 'Opening the window; this goes on when it is closed'
  schemas=$build/data
  [ -z "$host" ] || schemas=$(make_ssh_schema)
  STEWARD_LOCALE_DIR="$build/po" GSETTINGS_SCHEMA_DIR="$schemas" GSETTINGS_BACKEND=memory "$steward"
}

# TAP to the reader: what is pressed and seen stands in its comments.
click_through () {
  announce 'No display here: the same program on a virtual one, clicked from 3.0.0 to 3.1.0 and back'
  rm -rf "$pictures"
  use_language
  STEWARD_DISPLAY_LIMIT_S=1200 sh "$STEWARD_TESTS/app/display.sh" --bus --size 1000x700 "$build" \
    /usr/bin/python3 -B "$STEWARD_TESTS/app/click-through.py" ${host:+--host "$host"} "$steward" "$build/po" \
    $name "$pictures" there-and-back || {
      say "This is not what should have been seen. The last picture is in $pictures."
      fail 'The deployment may stand in between: sh tests/demo.sh --stop, and start again.'
    }
  announce "Pictures of each page are in $pictures:"
  ls "$pictures"
}

show_window () {
  [ -x "$steward" ] || fail "The deployment is up, but the window was not built: $steward is missing."
  if has_display; then
    open_window
  else
    click_through
  fi
}

usage () {
  sed -n '/^#   sh tests/s/^#   //p' "$0" >&2
  exit 2
}

# Removes what the engine pulled from the demonstration's registry.
remove_images () {
  registry=127.0.0.1:$(cat "$STEWARD_DEMO_STATE/registry/port" 2>/dev/null || echo none)
  docker image ls --digests --format '{{.Repository}} {{.Tag}} {{.Digest}}' |
    while read -r repository tag digest; do
      case $repository in "$registry"/*) ;; *) continue ;; esac
      image=$repository:$tag
      [ "$tag" != '<none>' ] || image=$repository@$digest
      docker image rm "$image" >/dev/null 2>&1 || say "Still in use: $image"
    done
}

stop () {
  "$STEWARD_TESTS/demo/sshd.sh" down
  if engine_answers; then
    "$deployment" down --name $name
    remove_images
  elif [ -d "$STEWARD_DEMO_STATE/deployments/$name" ]; then
    fail 'The Docker engine does not run: start it first, so that the containers can be removed.'
  fi
  if [ -n "$(ls "$STEWARD_DEMO_STATE/deployments" 2>/dev/null)" ]; then
    say "Left: the registry, for other deployments in $STEWARD_DEMO_STATE/deployments."
    return
  fi
  "$STEWARD_TESTS/demo/registry.sh" down
  stop_own_engine
  rm -rf "$STEWARD_DEMO_STATE"
  say 'The demonstration is gone.'
}

# start here|ssh: where the deployment seems to be.
start () {
  mkdir -p "$STEWARD_DEMO_STATE"
  # Split on purpose: lists of package names.
  # shellcheck disable=SC2086
  ensure_packages $STEWARD_BUILD_PACKAGES $STEWARD_DEMO_PACKAGES $STEWARD_WINDOW_PACKAGES
  # shellcheck disable=SC2086
  has_display || [ $window = without ] || ensure_packages $STEWARD_CLICK_PACKAGES
  # shellcheck disable=SC2086
  [ "$1" = here ] || ensure_packages $STEWARD_SSH_PACKAGES
  ensure_engine
  build_steward
  put_up
  [ "$1" = here ] || put_up_ssh
  [ $window = without ] || show_window
  announce 'The deployment is up; take it away with: sh tests/demo.sh --stop'
}

place=here
for option do
  case $option in
    --ssh) place=ssh ;;
    --no-window) window=without ;;
    --stop) [ $# = 1 ] || usage; stop; exit ;;
    *) usage ;;
  esac
done
start $place
