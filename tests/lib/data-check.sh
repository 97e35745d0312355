#!/bin/sh
# Checks of what a desktop and a store read, as TAP: the built files and the icons.
#
#   data-check.sh SOURCE BUILD
set -eu

cd "$1"
build=$2/data
id=io.github.stewardapp.Steward
. tests/lib/tap.sh

check_metainfo () {
  LC_ALL=C.UTF-8 appstreamcli validate --no-net "$build/$id.metainfo.xml" >"$work/metainfo" ||
    cat "$work/metainfo"
}

# Stores cut longer ones.
check_lengths () {
  awk -F= -v name=15 -v comment=35 '
    /^Name/ && length($2) > name { print "too long: " $0 }
    /^Comment/ && length($2) > comment { print "too long: " $0 }' "$build/$id.desktop"
  grep -q "<summary>$(sed -n 's/^Comment=//p' "$build/$id.desktop")</summary>" \
    "$build/$id.metainfo.xml" || echo 'The summary is not the comment of the desktop file.'
}

check_versions () {
  version=$(sed -n "s/^ *version: '\\(.*\\)',$/\\1/p" meson.build)
  grep -q "<release version=\"$version\"" "$build/$id.metainfo.xml" ||
    echo "No release $version stands in the metainfo."
}

check_schema () {
  glib-compile-schemas --strict --dry-run data
}

# An icon that one program draws and another does not is none.
check_icons () {
  for icon in data/icons/hicolor/*/apps/*.svg; do
    xmllint --noout "$icon"
    case $icon in
      *-symbolic.svg) side=16 ;;
      *) side=128 ;;
    esac
    grep -q "width=\"$side\" height=\"$side\" viewBox=\"0 0 $side $side\"" "$icon" ||
      echo "$icon is not drawn on $side by $side."
    ! grep -nE '<(image|text|style|script|foreignObject)|xlink:|href=' "$icon"
  done
  colours=$(grep -ohE '#[0-9a-f]{6}' data/icons/hicolor/symbolic/apps/*.svg | sort -u | wc -l)
  [ "$colours" = 1 ] || echo "The symbolic icon has $colours colours."
}

check /data/desktop-file-is-valid desktop-file-validate "$build/$id.desktop"
check /data/metainfo-is-valid check_metainfo
check /data/names-are-short check_lengths
check /data/this-version-has-notes check_versions
check /data/settings-schema-is-strict check_schema
check /data/icons-are-plain check_icons
check_end
