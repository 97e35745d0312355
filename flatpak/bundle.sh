#!/bin/sh
# Makes of what build.sh built what others can install: one file, and a folder to serve.
#
#   bundle.sh [--key KEY] [--url URL] [FOLDER]
#
#   --key KEY    signs both with this key of GnuPG's; its public part is FOLDER/steward.gpg
#   --url URL    where the folder repo will be served: what is installed from the file is updated from there
#   FOLDER       build/flatpak beside the sources, unless named
#
# Afterwards FOLDER has steward.flatpak, for `flatpak install --user steward.flatpak`, and repo, which any web
# server can serve as it is. The runtime comes from Flathub either way. What was built on a stand-in for the
# runtime is refused.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
id=io.github.stewardapp.Steward
build=${here%/*}/build/flatpak
key=''
url=''

fail () {
  echo "bundle.sh: $*" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --key) key=$2; shift ;;
    --url) url=$2; shift ;;
    -*) sed -n '/^#   bundle/s/^#   //p' "$0" >&2; exit 2 ;;
    *) build=$1 ;;
  esac
  shift
done
[ -d "$build/repo" ] || fail 'Nothing was built yet: run build.sh.'
! ostree --repo="$build/repo" refs --list "app/$id" | grep -q '/stand-in$' ||
  fail 'This was built on a stand-in for the runtime, and is never published: run build.sh without it.'
if [ -n "$key" ]; then
  gpg --batch --yes --output "$build/steward.gpg" --export "$key"
  flatpak build-sign "$build/repo" --gpg-sign="$key" "$id" stable
fi
flatpak build-update-repo --title=Steward --default-branch=stable --generate-static-deltas --prune \
  ${key:+"--gpg-sign=$key"} "$build/repo"
flatpak build-bundle --runtime-repo=https://flathub.org/repo/flathub.flatpakrepo \
  ${key:+"--gpg-sign=$key"} ${key:+"--gpg-keys=$build/steward.gpg"} ${url:+"--repo-url=$url"} \
  "$build/repo" "$build/steward.flatpak" "$id" stable
