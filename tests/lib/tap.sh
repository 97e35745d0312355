# Checks by commands, as TAP. To be sourced; $work is a throw-away folder.

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0

# check NAME COMMAND...: what the command prints is what is wrong.
check () {
  name=$1
  number=$((number + 1))
  shift
  "$@" >"$work/findings" 2>&1 || echo "status $?" >>"$work/findings"
  if [ -s "$work/findings" ]; then
    echo "not ok $number $name"
    sed 's/^/# /' "$work/findings"
  else
    echo "ok $number $name"
  fi
}

check_end () {
  echo "1..$number"
}
