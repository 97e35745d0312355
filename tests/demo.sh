#!/bin/sh
# Shows Steward at work on a machine that has nothing yet: installs what is missing, builds, puts up
# a Parsec deployment of its own, and takes it through an upgrade and a rollback.
#
#   sh tests/demo.sh              all of that; the deployment stays up
#   sh tests/demo.sh --no-window  only builds and puts it up
#   sh tests/demo.sh --stop       takes away all that it put up, and nothing else
#
# Everything of it is on 127.0.0.1 and below $STEWARD_DEMO_STATE (default:
# ~/.local/state/steward-demo); containers, network and volume are called steward-demo….
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")" && pwd)
. "$STEWARD_TESTS/lib/environment.sh"
export STEWARD_DEMO_STATE
export STEWARD_TESTS_CACHE="$STEWARD_DEMO_STATE/cache"

source=${STEWARD_TESTS%/tests}
build=$source/build
stewardctl=$build/src/cli/stewardctl
deployment=$STEWARD_TESTS/demo/deployment.sh
name=steward-demo
from=3.0.0
to=3.1.0

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
    announce "Putting up a deployment of Parsec server $from"
    "$deployment" up --name $name --layout classic --tag $from \
      --dir "$STEWARD_DEMO_STATE/$name" >/dev/null
    "$deployment" fill --name $name --rows 5000 --bytes 50000000
  fi
  DOCKER_CONFIG=$(fact DOCKER_CONFIG)
  export DOCKER_CONFIG
  say "Its compose file: $(fact COMPOSE_FILE)"
  say "It answers at:    $(fact SERVER_URL)/"
  say "docker compose for it, in this shell: export DOCKER_CONFIG=$DOCKER_CONFIG"
}

# What a client would do after the upgrade, so that the rollback has something to lose.
write_as_client () {
  announce 'A client writes a row'
  curl -fsS -X POST --data 'written after the upgrade' "$(fact SERVER_URL)/test/write"
}

run_stewardctl () {
  announce "stewardctl $*"
  "$stewardctl" --compose-file "$(fact COMPOSE_FILE)" "$@"
}

run_main_job () {
  [ -x "$stewardctl" ] ||
    fail "The deployment is up, but stewardctl was not built: $stewardctl is missing."
  run_stewardctl status
  run_stewardctl upgrade --to $to --yes
  write_as_client
  run_stewardctl rollback --yes --accept-loss $from
  run_stewardctl status
  announce 'Done. The deployment stays up; take it away with: sh tests/demo.sh --stop'
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

start () {
  mkdir -p "$STEWARD_DEMO_STATE"
  # Split on purpose: lists of package names.
  # shellcheck disable=SC2086
  ensure_packages $STEWARD_BUILD_PACKAGES $STEWARD_DEMO_PACKAGES
  ensure_engine
  build_steward
  put_up
}

case ${1:-} in
  '') start; run_main_job ;;
  --no-window) start ;;
  --stop) stop ;;
  *) sed -n '/^#   sh tests/s/^#   //p' "$0" >&2; exit 2 ;;
esac
