#!/bin/sh
# Fills the demonstration's registry: PostgreSQL and every version of versions.tsv, made from the
# machine's own programs. Does nothing when nothing changed. Prints REGISTRY=, SERVER_REPOSITORY=
# and POSTGRES_IMAGE= lines.
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/lib/environment.sh"
. "$STEWARD_TESTS/demo/images/rootfs.sh"
. "$STEWARD_TESTS/demo/images/push.sh"

server=$STEWARD_TESTS/parsec-server
done_mark=$STEWARD_DEMO_STATE/registry/images
server_repository=scille/parsec-cloud/parsec-server

# The newest PostgreSQL that is installed with its server.
postgres_major () {
  ls -d /usr/lib/postgresql/*/bin/initdb | sed 's|.*postgresql/\([0-9]*\)/.*|\1|' | sort -n |
    tail -n 1
}

# Changes with everything that the images are made from.
hash_inputs () {
  {
    cd "$STEWARD_TESTS"
    find parsec-server/*.[ch] parsec-server/migrations parsec-server/broken demo/images \
      demo/images.sh demo/versions.tsv -type f -exec sha256sum {} + | sort
    dpkg-query -W libc6 libpq5 "postgresql-$major"
  } | sha256sum | cut -d' ' -f1
}

compile_server () {
  # Split on purpose: compiler flags.
  # shellcheck disable=SC2046
  cc -std=gnu11 -O2 $(pkg-config --cflags glib-2.0 libpq openssl) -o "$work/parsec" "$server"/*.c \
    $(pkg-config --libs glib-2.0 libpq openssl)
}

pack_shared_layers () {
  compile_server
  fill_tools_layer "$work/tools"
  fill_postgres_layer "$work/postgres" "$major" "$STEWARD_TESTS/demo/images/postgres-entrypoint.sh"
  fill_program_layer "$work/program" "$work/parsec"
  for layer in tools postgres program; do pack_layer $layer "$work/$layer"; done
}

push_postgres () {
  push_image postgres "$major" '{
    "Env": ["PATH=/usr/lib/postgresql/'"$major"'/bin:/usr/local/bin:/usr/bin", "LANG=C.UTF-8",
            "PGDATA=/var/lib/postgresql/data"],
    "Entrypoint": ["docker-entrypoint.sh"], "Cmd": ["postgres"], "StopSignal": "SIGINT",
    "ExposedPorts": {"5432/tcp": {}}, "Volumes": {"/var/lib/postgresql/data": {}}}' tools postgres
}

# push_version TAG VERSION LAST BROKEN GENERATION API FAULT: a line of versions.tsv.
push_version () {
  release=$work/release/usr/local/lib/parsec
  rm -rf "$work/release"
  mkdir -p "$release/migrations"
  for file in "$server"/migrations/*.sql; do
    name=${file##*/}
    [ "${name%%_*}" -gt "$3" ] || cp "$file" "$release/migrations/"
  done
  [ "$4" = - ] || cp "$server/broken/$4"/*.sql "$release/migrations/"
  printf '[release]\nversion=%s\ngeneration=%s\napi=%s\nfault=%s\n' "$2" "$5" "$6" "$7" \
    >"$release/release.ini"
  pack_layer release "$work/release"
  push_image "$server_repository" "$1" '{
    "Env": ["PATH=/usr/local/bin:/usr/bin", "LANG=C.UTF-8"],
    "Entrypoint": ["parsec"], "Cmd": ["run"], "ExposedPorts": {"6777/tcp": {}},
    "Labels": {"org.opencontainers.image.version": "'"$2"'",
               "org.opencontainers.image.title": "parsec-server",
               "org.opencontainers.image.description": "Stand-in for the Parsec server",
               "org.opencontainers.image.licenses": "GPL-3.0-or-later"}}' tools program release
}

push_everything () {
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  umask 022
  say 'Building the images of the demonstration.'
  pack_shared_layers
  push_postgres
  tab=$(printf '\t')
  grep -v '^#' "$STEWARD_TESTS/demo/versions.tsv" |
    while IFS=$tab read -r tag version last broken generation api fault; do
      push_version "$tag" "$version" "$last" "$broken" "$generation" "$api" "$fault"
    done
}

registry=$("$STEWARD_TESTS/demo/registry.sh" up)
registry=${registry#REGISTRY=}
major=$(postgres_major)
inputs=$(hash_inputs)
(
  flock 9
  [ "$(cat "$done_mark" 2>/dev/null)" = "$inputs" ] || {
    push_everything
    echo "$inputs" >"$done_mark"
  }
) 9>"$STEWARD_DEMO_STATE/images.lock"

echo "REGISTRY=$registry"
echo "SERVER_REPOSITORY=$registry/$server_repository"
echo "POSTGRES_IMAGE=$registry/postgres:$major"
