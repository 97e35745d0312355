#!/bin/sh
# What bundle.sh makes, as an administrator gets it, as TAP: the file installed, updated from the folder that
# a web server on loopback serves, and removed; with a key of the test's own. The runtime is not fetched. Needs
# a session bus, and a home whose data may go.
#
#   published.sh SOURCE
set -eu

STEWARD_TESTS=$1/tests
. "$STEWARD_TESTS/lib/environment.sh"
. "$STEWARD_TESTS/lib/tap.sh"
id=io.github.stewardapp.Steward
arch=$(flatpak --default-arch)
built=$1/build/flatpak/repo
bundle=$1/flatpak/bundle.sh
made=$work/made
server=''
port=''
FLATPAK_USER_DIR=$work/user
GNUPGHOME=$work/keys
export FLATPAK_USER_DIR GNUPGHOME

clean_up () {
  [ -z "$server" ] || kill "$server"
  gpgconf --kill gpg-agent || :
  [ -z "$port" ] || release_port "$port"
  rm -rf "$work"
}

# quietly COMMAND...: what it says is a finding only if it fails.
quietly () {
  "$@" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
}

# In place of a build on the real runtime.
take_as_stable () {
  flatpak build-commit-from --src-repo="$built" --src-ref="app/$id/$arch/stand-in" --force \
    --subject="$1" --no-update-summary "$made/repo" "app/$id/$arch/stable"
}

make_key () {
  mkdir -m 700 "$GNUPGHOME"
  gpg --batch --passphrase '' --quick-generate-key steward-test default default never
}

serve () {
  python3 -u -m http.server --bind 127.0.0.1 --directory "$made/repo" "$port" >"$work/server.log" 2>&1 &
  server=$!
  tries=0
  until curl -fsS -o /dev/null "$url/config"; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail 'The web server does not start.'
    sleep 0.1
  done 2>/dev/null
}

subject () {
  flatpak info --user $id | sed -n 's/^ *Subject: //p'
}

check_bundle () {
  quietly make_key || return
  ostree --repo="$made/repo" init --mode=archive
  quietly take_as_stable first || return
  quietly "$bundle" --key steward-test --url "$url" "$made" || return
  [ -s "$made/steward.flatpak" ] || echo 'There is no file.'
}

check_install () {
  quietly flatpak install --user --noninteractive --no-deps "$made/steward.flatpak" || return
  [ "$(subject)" = first ] || subject
  [ -s "$(flatpak info --user --show-location $id)/files/share/locale/fr/LC_MESSAGES/steward.mo" ] ||
    echo 'The translation is not inside.'
}

check_update () {
  quietly take_as_stable second || return
  quietly "$bundle" --key steward-test --url "$url" "$made" || return
  quietly flatpak update --user --noninteractive --no-deps $id || return
  [ "$(subject)" = second ] || subject
}

# The folder stays as it is signed, whatever somebody puts into it.
check_unsigned () {
  quietly take_as_stable third || return
  quietly flatpak build-update-repo "$made/repo" || return
  flatpak update --user --noninteractive --no-deps $id >"$work/said" 2>&1 || :
  [ "$(subject)" = second ] || subject
}

check_remove () {
  mkdir -p "$HOME/.var/app/$id/data"
  quietly flatpak uninstall --user --noninteractive --delete-data $id || return
  flatpak list --user --app
  [ ! -e "$HOME/.var/app/$id" ] || echo 'Its data are still there.'
}

trap clean_up EXIT
trap 'exit 130' INT TERM
mkdir "$made"
port=$(reserve_port)
url=http://127.0.0.1:$port
check /flatpak/bundle-is-made-and-signed check_bundle
serve
check /flatpak/file-is-installed check_install
check /flatpak/folder-updates-it check_update
check /flatpak/unsigned-update-is-refused check_unsigned
check /flatpak/leaves-when-removed check_remove
check_end
