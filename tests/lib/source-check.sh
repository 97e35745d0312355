#!/bin/sh
# Checks of the source tree as a whole, as TAP: the direction of includes, the catalogue of
# translations, the manual pages.
#
#   source-check.sh FOLDER    the source folder
set -eu

cd "$1"
. tests/lib/tap.sh

# The folders of src/core from the bottom up, as its meson.build has them.
list_folders () {
  sed -n "s/^subdir ('\(.*\)')$/\1/p" src/core/meson.build
}

# Prints includes that point up or from one sibling to another.
find_wrong_includes () {
  list_folders >"$work/order"
  for folder in $(cat "$work/order"); do
    grep -Hn '^ *# *include "' src/core/"$folder"/*.[ch] |
      sed 's/^\([^:]*:[0-9]*\):.*"\([^"]*\)".*/\1 \2/' |
      awk -v folder="$folder" -v siblings=' compose database registry probe store ' '
        FNR == NR { rank[$1] = FNR; next }
        {
          count = split($2, part, "/")
          if (count == 1) next
          to = part[2]
          if (part[1] != "core" || !(to in rank) || rank[to] > rank[folder] ||
              (to != folder && index(siblings, " " to " ") && index(siblings, " " folder " ")))
            print $1 " includes " $2
        }' "$work/order" -
  done
}

# GTK and libadwaita are the window's alone.
find_gtk_below () {
  for folder in src/core src/cli; do
    [ ! -d $folder ] || grep -rniE '^ *# *include *[<"](gtk|gdk|adwaita)' $folder || :
  done
}

# Every file with a sentence for people stands in po/POTFILES.in, and every file there exists.
find_untranslatable () {
  grep -rlE '(^|[^A-Za-z0-9_])(_|N_|C_|NC_|ngettext) ?\(' src --include='*.[ch]' |
    sort >"$work/with"
  find src data -name '*.ui' -o -name '*.desktop*.in' -o -name '*.metainfo.xml*' 2>/dev/null |
    sort >>"$work/with"
  grep -v '^ *#' po/POTFILES.in | sort >"$work/listed"
  sort -o "$work/with" "$work/with"
  comm -23 "$work/with" "$work/listed" | sed 's/^/not in po\/POTFILES.in: /'
  while read -r file; do
    [ -z "$file" ] || [ -f "$file" ] || echo "in po/POTFILES.in, but not there: $file"
  done <"$work/listed"
}

# The catalogue that the sources have now, against the translation.
check_translation () {
  xgettext --files-from=po/POTFILES.in --directory=. --from-code=UTF-8 --output="$work/now.pot" \
    --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=NC_:1c,2 --keyword=g_dngettext:2,3 \
    --add-comments 2>&1
  [ -s "$work/now.pot" ] || echo 'No sentence was found in the sources.'
  LC_ALL=C msgfmt --check --statistics --output-file=/dev/null "po/$1.po" 2>"$work/statistics" || :
  grep -qxE '[1-9][0-9]* translated messages\.' "$work/statistics" || cat "$work/statistics"
  LC_ALL=C msgcmp "po/$1.po" "$work/now.pot"
}

check_manual_pages () {
  pages=$(find data -name '*.[1-8]' 2>/dev/null)
  [ -n "$pages" ] || echo 'There is no manual page in data/.'
  for page in $pages; do
    groff -man -ww -z -Kutf8 -Tutf8 "$page"
  done
}

check /source/includes-point-down find_wrong_includes
check /source/core-and-cli-know-no-gtk find_gtk_below
check /source/every-sentence-is-in-the-catalogue find_untranslatable
check /source/french-is-complete check_translation fr
check /source/manual-pages-are-well-formed check_manual_pages
check_end
