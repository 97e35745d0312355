#!/bin/sh
# Whether the manual page tells of every command, option and member of JSON that the sources have.
#
#   manual-check.sh FOLDER STEWARDCTL    the source folder, the program, both absolute
set -eu

manual=$1/data/stewardctl.1
cd "$1/src/cli"
number=0

# check NAME WORDS: each has to stand in the manual page.
check () {
  number=$((number + 1))
  missing=
  for word in $2; do
    sed 's/\\-/-/g' "$manual" | grep -qw -e "$word" || missing="$missing $word"
  done
  if [ -n "$2" ] && [ -z "$missing" ]; then
    echo "ok $number /manual/$1"
  else
    echo "not ok $number /manual/$1"
    echo "# missing:$missing"
  fi
}

list_members () {
  sed -n 's/.*steward_cli_[a-z_]*json[a-z_]* ([^"]*"\([a-z_0-9]*\)".*/\1/p
    s/.*json_object_set_[a-z_]* ([^"]*"\([a-z_0-9]*\)".*/\1/p' ./*.c | sort -u
}

check commands "$("$2" --help | sed -n 's/^  \([a-z][a-z-]*\)  *.*/\1/p')"
check options "$("$2" --help | grep -o -e '--[a-z-]*')"
check json-members "$(list_members)"
echo "1..$number"
