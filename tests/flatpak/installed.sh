#!/bin/sh
# Looks at the installed Flatpak and at what a desktop and a store see of it, as TAP.
#
#   installed.sh SOURCE
#
# FLATPAK_USER_DIR is where it is installed.
set -eu

cd "$1"
id=io.github.stewardapp.Steward
manifest=flatpak/$id.yaml
exports=$FLATPAK_USER_DIR/exports/share
files=$(flatpak info --user --show-location $id)/files
. tests/lib/tap.sh

check_desktop_file () {
  file=$exports/applications/$id.desktop
  desktop-file-validate "$file"
  for line in "Icon=$id" "X-Flatpak=$id" 'X-GNOME-UsesNotifications=true' 'Name[fr]=Steward'; do
    grep -qxF "$line" "$file" || echo "missing: $line"
  done
  grep -q "^Exec=.*flatpak run .*--command=steward $id$" "$file" || grep ^Exec "$file"
}

check_metainfo () {
  LC_ALL=C.UTF-8 appstreamcli validate --no-net "$exports/metainfo/$id.metainfo.xml" >"$work/metainfo" ||
    cat "$work/metainfo"
}

# What the software centre shows.
check_catalogue () {
  gzip -dc "$files/share/app-info/xmls/$id.xml.gz" >"$work/catalogue.xml"
  for part in "//id[text()='$id']" '//release' '//screenshot[3]' "//description[@xml:lang='fr']" \
    '//content_rating' '//icon' "//launchable[text()='$id.desktop']"; do
    xmllint --xpath "$part" "$work/catalogue.xml" >/dev/null 2>&1 || echo "missing: $part"
  done
}

check_icons () {
  for icon in "scalable/apps/$id.svg" "symbolic/apps/$id-symbolic.svg"; do
    [ -s "$exports/icons/hicolor/$icon" ] || echo "missing: $icon"
  done
}

# Each has its reason, and none is the whole home, the host, or to run its commands.
check_permissions () {
  sed -n '/^finish-args:/,/^$/s/^  - //p' "$manifest" | grep -v '^--env=' >"$work/given"
  while read -r permission; do
    grep -qF "\`$permission\`" flatpak/README.md || echo "without a reason in README.md: $permission"
  done <"$work/given"
  flatpak info --user --show-permissions $id >"$work/permissions"
  grep -qx 'filesystems=~/.ssh:ro;' "$work/permissions" || grep '^filesystems=' "$work/permissions"
  grep -E '=(talk|own)$' "$work/permissions" || :
}

list_libraries () {
  find "$files" -type f \( -perm -100 -o -name '*.so*' \) | while read -r file; do
    objdump -p "$file" 2>/dev/null | sed -n 's/^ *NEEDED *//p'
  done | sort -u
}

# Each is bundled, or one that GNOME's runtime is known to have.
check_libraries () {
  list_libraries >"$work/needed"
  [ -s "$work/needed" ] || echo 'No program was found.'
  while read -r library; do
    [ -e "$files/lib/$library" ] || grep -qxF "$library" flatpak/runtime-libraries.txt ||
      echo "neither bundled nor of the runtime: $library"
  done <"$work/needed"
  for library in "$files"/lib/*.so*; do
    grep -qxF "$(objdump -p "$library" | sed -n 's/^ *SONAME *//p')" "$work/needed" ||
      echo "bundled for nobody: $library"
  done
}

check_clean_up () {
  find "$files" -name '*.h' -o -name '*.a' -o -name '*.la' -o -name '*.pc' -o -name 'lib*.so' -o -name pg_config
}

check_size () {
  [ "$size_kb" -le 8192 ] || echo "$size_kb KB are more than 8 MB."
}

check_translations () {
  grep -v '^#' po/LINGUAS | while read -r language; do
    [ -s "$files/share/locale/$language/LC_MESSAGES/steward.mo" ] || echo "missing: $language"
  done
  flatpak info --user --show-metadata $id | grep -F '.Locale' || :
}

# One line moves it.
check_branch () {
  branch=$(sed -n "s/^runtime-version: '\(.*\)'$/\1/p" "$manifest")
  [ "$(grep -c "'$branch'" "$manifest")" = 1 ] || grep -n "'$branch'" "$manifest"
  grep -nE "(Platform|Sdk)[^ ]*[/ ]$branch|branch=['\"]?$branch" flatpak/*.sh flatpak/*.py || :
}

# What was built on the stand-in says so, and cannot be published.
check_stand_in () {
  flatpak info --user $id | grep -q 'Branch: stand-in' || echo 'The branch is another one.'
  flatpak info --user $id | grep -q 'never to be published' || echo 'The subject does not say it.'
  ! flatpak/bundle.sh >"$work/bundle" 2>&1 || echo 'It was bundled.'
  grep -q 'never published' "$work/bundle" || cat "$work/bundle"
}

size_kb=$(du -s --apparent-size -L "$files" | cut -f 1)
echo "# $size_kb KB installed"
check /flatpak/desktop-file-is-valid check_desktop_file
check /flatpak/metainfo-is-valid check_metainfo
check /flatpak/store-has-all-it-shows check_catalogue
check /flatpak/icons-are-exported check_icons
check /flatpak/permissions-are-the-few-explained-ones check_permissions
check /flatpak/libraries-are-bundled-or-the-runtimes check_libraries
check /flatpak/nothing-is-left-of-building check_clean_up
check /flatpak/is-small check_size
check /flatpak/translations-are-inside check_translations
check /flatpak/branch-is-named-once check_branch
check /flatpak/stand-in-is-never-published check_stand_in
check_end
