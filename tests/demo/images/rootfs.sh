# Root file systems of the demonstration's images, from the machine's own programs and the libraries
# that these name. Sourced by images.sh. Each function fills one layer's folder, given first.

TOOLS='awk basename bash cat chmod chown cmp cp cut date dash dd df dirname du env expr false find
  flock grep gzip head id kill ln ls mawk mkdir mkfifo mktemp mv nproc od ps printf readlink rm rmdir
  sed seq setpriv sh sha256sum sleep sort stat sync tail tar tee test timeout touch tr true uniq wc
  xargs'

# Prints the file's place in a layer, where /bin, /lib and such are links into /usr.
place_in_usr () {
  case $1 in
    /usr/*) echo "$1" ;;
    *) echo "/usr$1" ;;
  esac
}

# Copies the libraries that the programs and libraries of the layer name, with the loader.
copy_libraries () {
  find "$1/usr" -type f \( -perm -u+x -o -name '*.so*' \) -exec ldd {} + 2>/dev/null |
    awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\/lib.*ld-/ { print $1 }' | sort -u |
    while read -r library; do
      target=$1$(place_in_usr "$library")
      [ -e "$target" ] || install -D -m 755 "$library" "$target"
    done
}

fill_tools_layer () {
  mkdir -p "$1/usr/bin" "$1/usr/sbin" "$1/usr/lib" "$1/usr/lib64" "$1/usr/local/bin" "$1/etc" \
    "$1/proc" "$1/sys" "$1/dev" "$1/root" "$1/run" "$1/tmp" "$1/var/tmp" "$1/usr/lib/locale"
  chmod 1777 "$1/tmp" "$1/var/tmp"
  for name in bin sbin lib lib64; do ln -s "usr/$name" "$1/$name"; done
  ln -s /run "$1/var/run"
  for name in $TOOLS; do
    program=$(PATH=/usr/bin:/bin command -v "$name") || continue
    [ ! -x "/usr/bin/$name" ] || program=/usr/bin/$name
    [ ! -x "$program" ] || install -D -m 755 "$program" "$1/usr/bin/$name"
  done
  cp -a /usr/lib/locale/C.utf8 "$1/usr/lib/locale/"
  printf 'root:x:0:0:root:/root:/bin/sh\npostgres:x:999:999::/var/lib/postgresql:/bin/sh\n' \
    >"$1/etc/passwd"
  printf 'root:x:0:\npostgres:x:999:\n' >"$1/etc/group"
  printf 'passwd: files\ngroup: files\nhosts: files dns\n' >"$1/etc/nsswitch.conf"
  copy_libraries "$1"
}

# $2: PostgreSQL's major version, $3: the entry point.
fill_postgres_layer () {
  mkdir -p "$1/usr/lib/postgresql" "$1/usr/share/postgresql" "$1/var/lib/postgresql"
  cp -a "/usr/lib/postgresql/$2" "$1/usr/lib/postgresql/"
  rm -rf "$1/usr/lib/postgresql/$2"/lib/bitcode "$1/usr/lib/postgresql/$2"/lib/pgxs \
    "$1/usr/lib/postgresql/$2"/lib/llvmjit*
  cp -a "/usr/share/postgresql/$2" "$1/usr/share/postgresql/"
  rm -rf "$1/usr/share/postgresql/$2/man"
  cp -a /usr/share/zoneinfo "$1/usr/share/"
  rm -rf "$1/usr/share/zoneinfo/right" "$1/usr/share/zoneinfo/posix"
  install -D -m 755 "$3" "$1/usr/local/bin/docker-entrypoint.sh"
  copy_libraries "$1"
}

# $2: the stand-in server.
fill_program_layer () {
  install -D -m 755 "$2" "$1/usr/local/bin/parsec"
  copy_libraries "$1"
}
