#!/bin/sh
# Makes a stand-in for org.gnome.Platform and org.gnome.Sdk out of Debian's packages, in a local ostree
# repository under the real names, for machines that cannot reach Flathub. Debian 13 has the libraries
# of GNOME 48. What is built on it is for tests alone and is never published: nobody mends its holes.
#
#   stand-in-runtime.sh [--suite SUITE] FOLDER
#
#   --suite  another release of Debian, such as sid, for newer libraries under the same name. To spare the
#            time, its Sdk stands in for the Platform, too: what is built there runs on the same libraries
#
# Afterwards FOLDER/repo is the repository, and FOLDER/sources, for flatpak-builder's --extra-sources,
# holds what the manifest downloads, as far as Debian has the same bytes. Debian's mirror is the one that
# apt uses. Needs mmdebstrap, ostree, flatpak, flatpak-builder and binutils.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
manifest=$here/io.github.stewardapp.Steward.yaml
branch=$(sed -n "s/^runtime-version: '\(.*\)'$/\1/p" "$manifest")
suite=trixie
platform=platform # the system that stands in for it

# What a program finds in the runtime: the libraries that GNOME's has, and what a shell needs.
platform_packages='bash coreutils sed grep gawk findutils diffutils tar gzip xz-utils procps
  libgtk-4-1 libgtk-4-bin libadwaita-1-0 libsoup-3.0-0 glib-networking libsecret-1-0 libjson-glib-1.0-0
  gsettings-desktop-schemas dconf-gsettings-backend adwaita-icon-theme hicolor-icon-theme shared-mime-info
  fontconfig fonts-cantarell fonts-dejavu-core libgdk-pixbuf2.0-bin librsvg2-common openssh-client
  netbase ca-certificates openssl dbus-bin flatpak-xdg-utils at-spi2-core tzdata'
# What builds one.
sdk_packages='build-essential meson ninja-build pkgconf gettext desktop-file-utils appstream appstream-compose
  libgtk-4-dev libadwaita-1-dev libsoup-3.0-dev libsecret-1-dev libjson-glib-dev libssl-dev zlib1g-dev
  autoconf automake libtool bison flex m4 perl file elfutils patch locales python3'
# Languages of the tests; the real runtime has each as an extension.
locales='en_US fr_FR'

fail () {
  echo "stand-in-runtime.sh: $*" >&2
  exit 1
}

find_mirror () {
  # apt puts the address in.
  # shellcheck disable=SC2016
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' \
    'Label: Debian' | head -n 1)
  mirror=${mirror%/}
  [ -n "$mirror" ] || fail 'No mirror of Debian is among the sources of apt.'
}

# unpack NAME PACKAGES HOOK: a system of these packages in $work/NAME, without what nobody reads there;
# HOOK is run on it.
# A mirror's sid may be an older one: it is for tests.
unpack () {
  mkdir "$work/$1"
  mmdebstrap --quiet --variant=minbase --components=main --format=tar \
    --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Languages "none"' \
    --aptopt='Acquire::Check-Valid-Until "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/info/*' --dpkgopt='path-exclude=/usr/share/help/*' \
    --dpkgopt='path-exclude=/usr/share/gtk-doc/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-include=/usr/share/locale/locale.alias' \
    --dpkgopt='path-include=/usr/share/locale/fr/*' --dpkgopt=force-unsafe-io \
    --include="$(echo "$2" | tr -s ' \n' ,)" --customize-hook="$3" \
    "$suite" - "$mirror" 2>"$work/$1.log" |
    tar -x --no-same-owner --exclude='./dev/*' -C "$work/$1" || {
    cat "$work/$1.log" >&2
    fail "Debian's packages could not be unpacked for $1."
  }
  [ -d "$work/$1/usr/bin" ] || { cat "$work/$1.log" >&2; fail "Nothing was unpacked for $1."; }
}

# lay_out NAME: a system as a runtime has it: what is below /usr, and /etc there, too.
lay_out () {
  system=$work/$1
  mv "$system/etc" "$system/usr/etc"
  (cd "$system/usr/etc" && rm -rf apt passwd* group* shadow* gshadow* machine-id resolv.conf hosts hostname \
    fstab localtime timezone systemd init.d rc?.d cron* .pwd.lock dpkg mtab ld.so.cache ssh/ssh_config.d)
  sed -i '/^Include/d' "$system/usr/etc/ssh/ssh_config"
  rm -rf "$system/usr/lib/apt" "$system/usr/lib/dpkg" "$system/usr/lib/systemd/system"
  # A theme's thousand empty folders would be read at each start; the real runtime has a cache of them.
  find "$system/usr/share/icons" -type d -empty -delete
  # As GNOME's: what the application brings comes first.
  printf '%s\n' 'include /run/flatpak/ld.so.conf.d/app-*.conf' /app/lib "/usr/lib/$triplet" /usr/lib \
    'include /run/flatpak/ld.so.conf.d/runtime-*.conf' >"$system/usr/etc/ld.so.conf"
  for tool in flatpak-spawn xdg-open xdg-email; do
    ln -sf "../libexec/flatpak-xdg-utils/$tool" "$system/usr/bin/$tool"
  done
  [ "$1" = sdk ] || cp -r "$work/sdk-runtime/usr/lib/locale/." "$system/usr/lib/locale/"
  rm -rf "$work/$1-runtime"
  mkdir -p "$work/$1-runtime/files" "$work/$1-runtime/var"
  mv "$system/usr" "$work/$1-runtime/usr"
}

# commit NAME ID
commit () {
  cat >"$work/$1-runtime/metadata" <<METADATA
[Runtime]
name=$2
runtime=org.gnome.Platform/$arch/$branch
sdk=org.gnome.Sdk/$arch/$branch
METADATA
  flatpak build-export --disable-sandbox --runtime --no-update-summary --disable-fsync \
    --subject='Stand-in of Debian packages, never to be published' "$folder/repo" "$work/$1-runtime" "$branch" >/dev/null
}

# What Debian's packages bring along beyond the libraries that the real runtime is known to have can be
# run, but not linked.
forbid_unknown_libraries () {
  for link in "$work/sdk-runtime/usr/lib/$triplet"/lib*.so; do
    [ ! -L "$link" ] || grep -qxF "$(read_soname "$link")" "$here/runtime-libraries.txt" || rm "$link"
  done
}

read_soname () {
  objdump -p "$1" 2>/dev/null | sed -n 's/^ *SONAME *//p' || :
}

# flatpak-builder before 1.4 calls a program that no longer exists, and renames the metainfo to what
# appstreamcli no longer reads; the newer ones call appstreamcli.
add_compose_program () {
  cat >"$work/sdk-runtime/usr/bin/appstream-compose" <<'SCRIPT'
#!/bin/sh
for argument; do id=$argument; done
mkdir -p /app/share/metainfo /app/share/app-info/xmls /app/share/app-info/icons/flatpak
mv "/app/share/appdata/$id.appdata.xml" "/app/share/metainfo/$id.metainfo.xml" 2>/dev/null
exec appstreamcli compose --no-net --prefix=/ --origin="$id" --result-root=/app \
  --data-dir=/app/share/app-info/xmls --icons-dir=/app/share/app-info/icons/flatpak --components="$id" /app
SCRIPT
  chmod 755 "$work/sdk-runtime/usr/bin/appstream-compose"
}

[ "${1:-}" != --suite ] || { suite=$2 platform=sdk; shift 2; }
[ $# = 1 ] || { sed -n '/^#   stand/s/^#   //p' "$0" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
work=$folder/work
arch=$(flatpak --default-arch)
triplet=$arch-linux-gnu
find_mirror
rm -rf "$work" "$folder/repo"
mkdir "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

localedefs=''
for locale in $locales; do
  localedefs="$localedefs chroot \"\$1\" localedef --no-archive -i $locale -f UTF-8 $locale.UTF-8 &&"
done
python3 "$here/fetch-sources.py" "$manifest" "$mirror" "$folder/sources" >&2 &
fetching=$!
[ $platform = sdk ] || unpack platform "$platform_packages" true &
unpacking=$!
unpack sdk "$platform_packages $sdk_packages" "$localedefs true"
wait $unpacking
wait $fetching
lay_out sdk
[ $platform = sdk ] || lay_out platform
forbid_unknown_libraries
add_compose_program
ostree init --repo="$folder/repo" --mode=bare-user-only
commit $platform org.gnome.Platform
commit sdk org.gnome.Sdk
flatpak build-update-repo "$folder/repo" >/dev/null
