#!/bin/sh
# Builds and installs the Flatpak once more, on a stand-in that is made of Debian unstable, as TAP: with
# warnings as errors, and without the limits that hide what newer libraries deprecate. All that they do is
# in compat.c, which says so.
#
#   newer.sh SOURCE FOLDER
#
# FOLDER is what it works in; FLATPAK_USER_DIR is where it is installed.
set -eu

source=$1
mkdir -p "$2"
folder=$(cd "$2" && pwd)
copy=$folder/source
stand_in=$copy/build/flatpak/stand-in
. "$source/tests/lib/tap.sh"

# What was built there stays: the manifest leaves it out. What Steward bundles otherwise is as new as the
# rest, and comes with the stand-in: to be built, it takes as long as Steward itself.
copy_source () {
  mkdir -p "$copy"
  find "$copy" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
  tar -C "$source" --exclude=./build --exclude=./.git --exclude=./.flatpak-builder -c . | tar -C "$copy" -x
  sed -i '/_VERSION_M[A-Z_]*=/d' "$copy/meson.build" "$copy/src/app/meson.build"
  sed -i 's/^\( *\)- -Dtests=pure$/&\n\1- -Dwerror=true/' "$copy/flatpak/io.github.stewardapp.Steward.yaml"
  sed -i '/- name: libyaml/,/- name: steward/{/- name: steward/!d}' "$copy/flatpak/io.github.stewardapp.Steward.yaml"
  sed -i 's/libjson-glib-dev/& libpq-dev libyaml-dev/' "$copy/flatpak/stand-in-runtime.sh"
  printf '%s\n' libpq.so.5 libyaml-0.so.2 >>"$copy/flatpak/runtime-libraries.txt"
  for file in stand-in-runtime.sh runtime-libraries.txt; do # as old as they were: see make_stand_in
    touch -r "$source/flatpak/$file" "$copy/flatpak/$file"
  done
  [ -z "$(grep '_VERSION_M[A-Z_]*=' "$copy/meson.build" "$copy/src/app/meson.build")" ]
  grep -q -- '- -Dwerror=true' "$copy/flatpak/io.github.stewardapp.Steward.yaml"
}

make_stand_in () {
  [ -n "$(find "$stand_in/repo/summary" -newer "$copy/flatpak/stand-in-runtime.sh" \
    -newer "$copy/flatpak/runtime-libraries.txt" 2>/dev/null)" ] ||
    "$copy/flatpak/stand-in-runtime.sh" --suite sid "$stand_in"
}

# quietly COMMAND...: what it printed is worth reading only where it failed.
quietly () {
  "$@" >"$folder/log" 2>&1 || tail -n 60 "$folder/log"
}

gtk_version () {
  flatpak run --user --sandbox --command=pkg-config org.gnome.Sdk --modversion gtk4
}

# Otherwise all of this would show nothing.
check_versions () {
  older=$(FLATPAK_USER_DIR=$source/build/flatpak/user gtk_version)
  newer=$(gtk_version)
  echo "# GTK $newer after $older" >&3
  [ -n "$older" ] && [ "$older" != "$newer" ] && printf '%s\n' "$older" "$newer" | sort -V -C ||
    echo "Not newer than the other stand-in: $newer after $older"
}

exec 3>&1
copy_source
check /flatpak/newer/stand-in-is-made quietly make_stand_in
check /flatpak/newer/builds-without-a-warning quietly "$copy/flatpak/build.sh" --stand-in
check /flatpak/newer/libraries-are-newer check_versions
check_end
