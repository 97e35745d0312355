#!/bin/sh
# Entry point of the demonstration's PostgreSQL image: makes the cluster, its superuser and its
# database out of POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and POSTGRES_HOST_AUTH_METHOD on the
# first start, then runs the command as the user postgres.
set -eu

: "${POSTGRES_USER:=postgres}"
: "${POSTGRES_DB:=$POSTGRES_USER}"
: "${POSTGRES_HOST_AUTH_METHOD:=scram-sha-256}"

become_postgres () {
  mkdir -p "$PGDATA" /run/postgresql
  chown -R postgres:postgres "$PGDATA" /run/postgresql
  chmod 700 "$PGDATA"
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
}

make_cluster () {
  [ "$POSTGRES_HOST_AUTH_METHOD" != trust ] || POSTGRES_PASSWORD=unused
  password=$(mktemp)
  printf '%s\n' "${POSTGRES_PASSWORD:?is not set}" >"$password"
  initdb --no-sync -D "$PGDATA" -U "$POSTGRES_USER" --pwfile="$password" --auth-local=trust \
    --auth-host="$POSTGRES_HOST_AUTH_METHOD" --encoding=UTF8 --locale=C.UTF-8
  rm -f "$password"
  echo "host all all all $POSTGRES_HOST_AUTH_METHOD" >>"$PGDATA/pg_hba.conf"
  echo "listen_addresses = '*'" >>"$PGDATA/postgresql.conf"
}

make_database () {
  name=$(printf '%s' "$POSTGRES_DB" | sed 's/"/""/g')
  printf 'CREATE DATABASE "%s"\n' "$name" | postgres --single -D "$PGDATA" postgres >/dev/null
}

if [ "$(id -u)" = 0 ]; then
  become_postgres "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  make_cluster
  [ "$POSTGRES_DB" = postgres ] || make_database
fi
exec "$@"
