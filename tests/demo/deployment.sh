#!/bin/sh
# Puts up, fills and takes down a demonstration deployment: one compose project of a stand-in Parsec
# server and PostgreSQL, all of its names under one prefix, all of its ports on 127.0.0.1. Used by
# demo.sh, tests and benchmarks; several with different names stand side by side.
#
#   deployment.sh up --name NAME --dir DIR [--layout classic|newer] [--tag TAG] [--compose 2.26|2.40]
#                    [--scheme http|https]
#   deployment.sh facts --name NAME
#   deployment.sh fill --name NAME [--rows N] [--bytes N]
#   deployment.sh down --name NAME
#
# up and facts print KEY=VALUE lines, the value being the rest of the line: NAME, LAYOUT, DIR,
# COMPOSE_FILE, PROJECT, DOCKER_CONFIG, SERVER_URL, SERVER_SERVICE, SERVER_CONTAINER,
# SERVER_REPOSITORY, DATABASE_SERVICE, DATABASE_CONTAINER, DATABASE_PORT, DATABASE_URL (with the
# password), REGISTRY and, with https, CA_FILE. DIR is made by up and removed by down with all that was put into it.
set -eu

STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/lib/environment.sh"

layout=classic tag=3.0.0 compose=2.40 name=steward-demo scheme=http dir='' rows=0 bytes=0
label=com.docker.compose.project
answer_wait_s=90

usage () {
  sed -n '/^#   deployment/,/^#$/s/^#   //p' "$0" >&2
  exit 2
}

parse_options () {
  while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || usage
    case $1 in
      --layout) layout=$2 ;;
      --name) name=$2 ;;
      --tag) tag=$2 ;;
      --dir) dir=$2 ;;
      --scheme) scheme=$2 ;;
      --compose) compose=$2 ;;
      --rows) rows=$2 ;;
      --bytes) bytes=$2 ;;
      *) usage ;;
    esac
    shift 2
  done
  case $name in ''|*[!a-z0-9_-]*|[!a-z0-9]*) fail "Not a compose project's name: $name" ;; esac
  state=$STEWARD_DEMO_STATE/deployments/$name
}

fact () {
  sed -n "s/^$1=//p" "$state/facts"
}

# A password with signs that mean something in addresses, env files, shells and SQL.
make_secrets () {
  random=$(od -An -N9 -tx1 /dev/urandom | tr -d ' \n')
  password="Gr\$in/$random@sel:100%+&=#\"?"
  encoded_password="Gr%24in%2F$random%40sel%3A100%25%2B%26%3D%23%22%3F"
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
}

escape_for_sed () {
  printf '%s' "$1" | sed 's/[&\\|]/\\&/g'
}

# The lines that are only there with TLS: kept without their mark, or left out.
choose_tls_lines () {
  case $scheme in
    http) tls_lines='/^#TLS#/d' address_end='?no_ssl=true' ;;
    https) tls_lines='s/^#TLS#//' address_end='' ;;
    *) fail "No scheme $scheme is known: http or https." ;;
  esac
}

# A private authority, and the server's certificate signed by it.
make_certificates () {
  mkdir -p "$dir/certs"
  (
    cd "$dir/certs"
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=Steward demonstration' \
      -keyout ca.key -out ca.pem
    openssl req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout server.key -out server.csr
    echo 'subjectAltName=IP:127.0.0.1' >extensions
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 \
      -extfile extensions -out server.pem
    rm -f server.csr extensions
  ) >"$dir/certs/log" 2>&1 || fail "The certificates could not be made: $(cat "$dir/certs/log")"
  rm -f "$dir/certs/log"
}

# Writes the template $1 into the folder of the deployment.
write_from_template () {
  sed -e "$tls_lines" -e "s|@ADDRESS_END@|$address_end|g" -e "s|@NAME@|$name|g" -e "s|@SERVER_IMAGE@|$repository:$tag|g" \
    -e "s|@POSTGRES_IMAGE@|$postgres_image|g" -e "s|@SERVER_PORT@|$server_port|g" \
    -e "s|@DATABASE_PORT@|$database_port|g" -e "s|@DATABASE_SERVICE@|$database_service|g" \
    -e "s|@PASSWORD@|$(escape_for_sed "$password")|g" -e "s|@TOKEN@|$token|g" \
    -e "s|@ENCODED_PASSWORD@|$encoded_password|g" "$1" >"$dir/${1##*/}"
}

write_files () {
  mkdir -p "$dir"
  for template in "$STEWARD_TESTS/demo/compose/$layout"/*; do write_from_template "$template"; done
  chmod 600 "$dir"/*.env
  [ "$scheme" = http ] || make_certificates
}

write_facts () {
  mkdir -p "$state"
  chmod 700 "$state"
  cat >"$state/facts" <<EOF
NAME=$name
LAYOUT=$layout
DIR=$dir
COMPOSE_FILE=$dir/parsec-server.docker.yaml
PROJECT=$name
DOCKER_CONFIG=$docker_config
SERVER_URL=$scheme://127.0.0.1:$server_port
SERVER_PORT=$server_port
SERVER_SERVICE=$server_service
SERVER_CONTAINER=$name-parsec-server
SERVER_REPOSITORY=$repository
DATABASE_SERVICE=$database_service
DATABASE_CONTAINER=$name-parsec-postgres
DATABASE_PORT=$database_port
DATABASE_URL=postgresql://parsec_admin:$encoded_password@127.0.0.1:$database_port/parsec
REGISTRY=${repository%%/*}
EOF
  [ "$scheme" = http ] || echo "CA_FILE=$dir/certs/ca.pem" >>"$state/facts"
}

choose_services () {
  case $layout in
    classic) server_service=parsec-server database_service=parsec-postgres ;;
    newer) server_service=parsec database_service=postgres ;;
    *) fail "No layout $layout is known: classic or newer." ;;
  esac
}

run_compose () {
  DOCKER_CONFIG=$(fact DOCKER_CONFIG) docker compose -f "$(fact COMPOSE_FILE)" "$@"
}

# wait_until SECONDS WHAT COMMAND...
wait_until () {
  waited=0 limit=$(($1 * 5)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    waited=$((waited + 1))
    [ $waited -le $limit ] || {
      run_compose ps -a >&2
      run_compose logs --tail 20 >&2
      fail "Waited in vain: $what"
    }
    sleep 0.2
  done
}

ask_server () {
  authority=$(fact CA_FILE)
  curl -fsS --max-time 2 -o /dev/null ${authority:+--cacert "$authority"} "$(fact SERVER_URL)/"
}

# The classic layout leaves the first migration to the administrator.
migrate_classic () {
  run_compose --progress quiet up -d "$(fact DATABASE_SERVICE)"
  wait_until $answer_wait_s 'the database answers' \
    docker exec "$(fact DATABASE_CONTAINER)" pg_isready -h 127.0.0.1 -d parsec
  run_compose --progress quiet run --rm --no-deps -T "$(fact SERVER_SERVICE)" migrate >&2
}

start_deployment () {
  run_compose pull --quiet
  [ "$layout" != classic ] || migrate_classic
  run_compose --progress quiet up -d
  wait_until $answer_wait_s 'the server answers' ask_server
}

# Whatever has the project's label already belongs to somebody else.
refuse_foreign_project () {
  found=$(docker ps -aq --filter "label=$label=$name"
    docker network ls -q --filter "label=$label=$name"
    docker volume ls -q --filter "label=$label=$name")
  [ -z "$found" ] ||
    fail "A compose project called $name is there already, and not from here: choose another name."
}

up () {
  choose_services
  choose_tls_lines
  [ -n "$dir" ] || usage
  [ ! -e "$state" ] || fail "A deployment $name stands already: $(fact COMPOSE_FILE)"
  refuse_foreign_project
  [ ! -e "$dir" ] || rmdir "$dir" 2>/dev/null || fail "The folder is not empty: $dir"
  images=$("$STEWARD_TESTS/demo/images.sh")
  repository=$(echo "$images" | sed -n 's/^SERVER_REPOSITORY=//p')
  postgres_image=$(echo "$images" | sed -n 's/^POSTGRES_IMAGE=//p')
  docker_config=$(ensure_compose "$compose")
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  server_port=$(reserve_port)
  database_port=$(reserve_port)
  make_secrets
  write_facts
  trap 'down' EXIT
  write_files
  start_deployment >&2
  trap - EXIT
  cat "$state/facts"
}

facts () {
  [ -e "$state/facts" ] || fail "No deployment $name stands."
  cat "$state/facts"
}

fill () {
  case $rows$bytes in *[!0-9]*) usage ;; esac
  facts >/dev/null
  docker exec -i "$(fact DATABASE_CONTAINER)" psql -qX -U parsec_admin -d parsec \
    -v rows="$rows" -v bytes="$bytes" <"$STEWARD_TESTS/demo/fill.sql"
}

# Removes by the project's label: what Steward or a hand made in the project goes too.
remove_project () {
  for container in $(docker ps -aq --filter "label=$label=$1"); do
    docker rm -f -v "$container" >/dev/null
  done
  for network in $(docker network ls -q --filter "label=$label=$1"); do
    docker network rm "$network" >/dev/null
  done
  for volume in $(docker volume ls -q --filter "label=$label=$1"); do
    docker volume rm "$volume" >/dev/null
  done
}

# What an operation that was killed left: each of its jobs is a project of its own.
remove_jobs () {
  for container in $(docker ps -aq --filter "label=$label.working_dir=$1"); do
    docker rm -f -v "$container" >/dev/null
  done
}

down () {
  [ -e "$state/facts" ] || return 0
  remove_project "$name"
  release_port "$(fact SERVER_PORT)"
  release_port "$(fact DATABASE_PORT)"
  folder=$(fact DIR)
  remove_jobs "$folder"
  # A container may have left files of root's in the folder.
  rm -rf "${folder:?}" 2>/dev/null || as_root rm -rf "$folder"
  rm -rf "$state"
}

command=${1:-}
case $command in
  up|facts|fill|down)
    shift
    parse_options "$@"
    $command
    ;;
  *) usage ;;
esac
