#!/bin/sh
# The table from which the format of a backup was chosen: every compression of pg_dump 17 on random bytes, with the
# file's size and the processor time of writing it, reading it back and restoring it, which other work on the machine
# changes little. No limit; the tools come from Debian 13, unpacked into a folder of their own.
#
#   sudo sh tests/benchmarks/dump-formats.sh
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

# pg_dump 17 with all that it needs, down to the C library.
unpack_tools () {
  mkdir -p "$work/apt" "$work/root/tmp" "$work/root/dev"
  write_private_apt "$work/apt" trixie
  apt-get -q -c "$work/apt/apt.conf" update
  apt-get -q -y -c "$work/apt/apt.conf" -o APT::Install-Recommends=false --download-only install \
    postgresql-client-17 libc-bin
  for package in "$work"/apt/cache/archives/*.deb; do dpkg-deb -x "$package" "$work/root"; done
  for folder in bin lib lib64 sbin; do
    [ -e "$work/root/$folder" ] || ln -s "usr/$folder" "$work/root/$folder"
  done
  mknod -m 666 "$work/root/dev/null" c 1 3
}

# spent TOOL ARGUMENT...: its processor time in seconds.
spent () {
  LC_ALL=C bash -c 'TIMEFORMAT="%U %S"; tool=$1; shift
    time chroot "$0" "/usr/lib/postgresql/17/bin/$tool" "$@" 2>/dev/null' "$work/root" "$@" 2>&1 |
    awk '{ printf "%.1f", $1 + $2 }'
}

measure () {
  dump=$(spent pg_dump -Fc -Z "$1" -f /tmp/dump)
  read_back=$(spent pg_restore -f /dev/null /tmp/dump)
  sql 'CREATE DATABASE formats'
  restore=$(spent pg_restore -j 2 -d formats /tmp/dump)
  sql 'DROP DATABASE formats'
  printf '%-8s %6d MB  dump %5s s  read back %5s s  restore %5s s\n' "$1" \
    $(($(stat -c %s "$work/root/tmp/dump") / 1000000)) "$dump" "$read_back" "$restore"
}

bytes=${STEWARD_BENCHMARK_BYTES:-1000000000}
put_up 3.6.1 "$bytes"
unpack_tools >"$work/log" 2>&1
export PGHOST=127.0.0.1 PGUSER=parsec_admin PGDATABASE=parsec
PGPORT=$(fact DATABASE_PORT)
PGPASSWORD=$(docker inspect -f '{{range .Config.Env}}{{println .}}{{end}}' "$database" |
  sed -n 's/^POSTGRES_PASSWORD=//p')
export PGPORT PGPASSWORD
for compression in gzip:6 gzip:1 none lz4:1 zstd:1 zstd:3; do measure $compression; done
