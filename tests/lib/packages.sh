# Debian packages that building and testing Steward need: what is missing is installed, and nothing
# that a package starts by itself is left running. Sourced by environment.sh; Debian 12 and 13.

STEWARD_BUILD_PACKAGES='build-essential meson ninja-build pkg-config gettext libglib2.0-dev
  libgtk-4-dev libadwaita-1-dev libpq-dev libyaml-dev libsoup-3.0-dev libjson-glib-dev libsecret-1-dev libssl-dev'
STEWARD_DEMO_PACKAGES='docker.io docker-registry postgresql curl ca-certificates
  debian-archive-keyring openssl util-linux'
# A host over SSH, on loopback.
STEWARD_SSH_PACKAGES='openssh-client openssh-server'
# A display without a screen, what a GNOME desktop draws with, and what checks its files.
STEWARD_WINDOW_PACKAGES='xvfb dbus at-spi2-core adwaita-icon-theme librsvg2-common fonts-cantarell
  fonts-noto-core desktop-file-utils appstream libxml2-utils locales'
# What uses the window in an administrator's place. Not for a machine with a desktop of its own: its
# window manager would become one more choice there.
STEWARD_CLICK_PACKAGES='python3-gi gir1.2-atspi-2.0 xdotool x11-utils xfwm4 imagemagick'
# What builds a Flatpak, makes a runtime for it, and runs it on a desktop with portals and notifications.
STEWARD_FLATPAK_PACKAGES='flatpak flatpak-builder flatpak-xdg-utils ostree bubblewrap xdg-dbus-proxy
  xdg-desktop-portal xdg-desktop-portal-gtk fuse3 dunst mmdebstrap elfutils binutils gnupg'

say () {
  printf '%s\n' "$*" >&2
}

fail () {
  say "$*"
  exit 1
}

as_root () {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "This needs root or sudo: $*"
  fi
}

package_is_installed () {
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# Prints those of the named packages that are not installed; any PostgreSQL will do.
missing_packages () {
  for package in "$@"; do
    case $package in postgresql) continue ;; esac
    package_is_installed "$package" || printf '%s ' "$package"
  done
}

# A desktop may be installing something by itself just then.
install_packages () {
  say "Installing: $*"
  as_root apt-get update -qq >&2 || fail "The package lists could not be fetched."
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=120 "$@" >&2 || fail "Could not be installed: $*"
}

# PostgreSQL without the cluster that the package would make and start: only its programs are used.
install_postgresql () {
  setting=/etc/postgresql-common/createcluster.d/steward-tests.conf
  install_packages postgresql-common
  as_root mkdir -p "${setting%/*}"
  printf 'create_main_cluster = false\n' | as_root tee "$setting" >/dev/null
  install_packages postgresql
  as_root rm -f "$setting"
}

# The registry's program alone is used, with settings of the tests' own.
install_registry () {
  install_packages docker-registry
  [ ! -d /run/systemd/system ] || as_root systemctl disable --now docker-registry >&2
}

# sshd's program alone is used, with settings of the tests' own; one that is there already stays.
install_sshd () {
  install_packages openssh-server
  [ ! -d /run/systemd/system ] || as_root systemctl disable --now ssh >&2
}

postgresql_is_there () {
  ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1
}

# Debian 13 has docker's client in a package of its own, Debian 12 in docker.io.
ensure_docker_client () {
  command -v docker >/dev/null || install_packages docker-cli
}

# Installs those of the named packages that are missing.
ensure_packages () {
  case " $* " in *' postgresql '*) postgresql_is_there || install_postgresql ;; esac
  case " $* " in *' docker-registry '*)
    package_is_installed docker-registry || install_registry ;;
  esac
  case " $* " in *' openssh-server '*) package_is_installed openssh-server || install_sshd ;; esac
  missing=$(missing_packages "$@")
  # Split on purpose: a list of package names.
  # shellcheck disable=SC2086
  [ -z "$missing" ] || install_packages $missing
  case " $* " in *' docker.io '*) ensure_docker_client ;; esac
}
