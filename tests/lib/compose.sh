# docker compose v2 in both versions that Steward is tested with, on a machine that has neither:
# one package each from Debian, fetched with apt settings of their own so that the machine's own
# apt is left as it is, checked with Debian's keyring, unpacked and not installed.
# Sourced by environment.sh.

STEWARD_TESTS_CACHE=${STEWARD_TESTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/steward-tests}
COMPOSE_KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg

# Which of Debian's suites has the version.
compose_suite () {
  case $1 in
    2.26) echo trixie ;;
    2.40) echo sid ;;
    *) fail "No compose version $1 is known: 2.26 or 2.40." ;;
  esac
}

# The mirror that this machine gets its own Debian from.
debian_mirror () {
  codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
  mirror=$(apt-get indextargets --format '$(RELEASE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -v codename="$codename" '$1 == codename { print $2; exit }')
  [ -n "$mirror" ] || fail 'No mirror of Debian stands in the apt sources of this machine.'
  echo "$mirror"
}

# Writes settings for an apt that keeps everything below $1 and knows only the suite $2.
write_private_apt () {
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial" "$1/no-parts"
  : >"$1/status"
  echo "deb [signed-by=$COMPOSE_KEYRING] $(debian_mirror) $2 main" >"$1/sources.list"
  cat >"$1/apt.conf" <<EOF
Dir::State "$1";
Dir::State::lists "$1/lists";
Dir::State::status "$1/status";
Dir::Cache "$1/cache";
Dir::Etc::sourcelist "$1/sources.list";
Dir::Etc::sourceparts "$1/no-parts";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$1/no-parts";
APT::Sandbox::User "$(id -un)";
EOF
}

# Fetches the package of suite $2 and unpacks it into the folder $1.
fetch_compose () {
  apt=$(mktemp -d)
  write_private_apt "$apt" "$2"
  (cd "$apt" && apt-get -q -c "$apt/apt.conf" update && apt-get -q -c "$apt/apt.conf" \
    download docker-compose) >"$apt/log" 2>&1 || {
      tail -n 5 "$apt/log" >&2
      fail "docker compose could not be fetched from Debian $2."
    }
  dpkg-deb -x "$apt"/docker-compose_*.deb "$1"
  rm -rf "$apt"
}

compose_is_there () {
  DOCKER_CONFIG=$1/docker-config docker compose version >/dev/null 2>&1
}

# Makes sure of docker compose $1 and prints the folder to set DOCKER_CONFIG to.
ensure_compose () {
  suite=$(compose_suite "$1") || exit 1
  folder=$STEWARD_TESTS_CACHE/compose-$1
  mkdir -p "$STEWARD_TESTS_CACHE"
  (
    flock 9
    if ! compose_is_there "$folder"; then
      say "Fetching docker compose $1 from Debian $suite."
      rm -rf "$folder"
      fetch_compose "$folder" "$suite"
      mkdir -p "$folder/docker-config/cli-plugins"
      ln -s ../../usr/libexec/docker/cli-plugins/docker-compose \
        "$folder/docker-config/cli-plugins/docker-compose"
      compose_is_there "$folder" || fail "docker compose $1 does not run on this machine."
    fi
  ) 9>"$folder.lock" || exit 1
  echo "$folder/docker-config"
}
