#!/bin/sh
# Builds Steward as a Flatpak and installs it for this user.
#
#   build.sh               on GNOME's runtime, which Flathub has
#   build.sh --stand-in    on a stand-in made of Debian's packages (stand-in-runtime.sh), for tests where
#                          Flathub cannot be reached. It is installed as the branch "stand-in" and never
#                          published
#
# All it makes lies below build/flatpak beside the sources; FLATPAK_USER_DIR names another place than the
# user's own to install to. Needs flatpak and flatpak-builder.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
manifest=$here/io.github.stewardapp.Steward.yaml
build=${here%/*}/build/flatpak
remote=flathub
branch=stable
subject=''
sources=''

# Not made yet, or what makes it has changed since.
stand_in_is_stale () {
  [ ! -e "$1" ] ||
    [ -n "$(find "$here/stand-in-runtime.sh" "$here/runtime-libraries.txt" -newer "$1")" ]
}

use_stand_in () {
  remote=steward-stand-in
  branch=stand-in
  subject='Built on a stand-in for the runtime: for tests, never to be published'
  sources=$build/stand-in/sources
  if stand_in_is_stale "$build/stand-in/repo/summary"; then
    "$here/stand-in-runtime.sh" "$build/stand-in"
  fi
  flatpak --user remote-add --if-not-exists --no-gpg-verify $remote "file://$build/stand-in/repo"
}

case ${1:-} in
  '') flatpak --user remote-add --if-not-exists flathub https://flathub.org/repo/flathub.flatpakrepo ;;
  --stand-in) use_stand_in ;;
  *) sed -n '/^#   build/s/^#   //p' "$0" >&2; exit 2 ;;
esac

mkdir -p "$build"
# What lies in the source folder is taken along but for what is built: see the manifest.
flatpak-builder --user --install --force-clean --install-deps-from=$remote --default-branch=$branch \
  ${subject:+"--subject=$subject"} ${sources:+"--extra-sources=$sources"} \
  --state-dir="$build/state" --repo="$build/repo" "$build/app" "$manifest"
[ -z "$subject" ] || echo "$subject."
