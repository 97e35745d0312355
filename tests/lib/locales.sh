# Real locales, which a machine may not have: dates, numbers and translations need them. Sourced by
# environment.sh.

# Makes sure of French in the folder $1, which LOCPATH then has to name.
ensure_french () {
  [ ! -d "$1/fr_FR.UTF-8" ] || return 0
  mkdir -p "$1"
  made=$(mktemp -d "$1/.XXXXXX")
  localedef -i fr_FR -f UTF-8 "$made/fr_FR.UTF-8"
  # Another one may have been faster.
  mv -T "$made/fr_FR.UTF-8" "$1/fr_FR.UTF-8" 2>/dev/null || [ -d "$1/fr_FR.UTF-8" ]
  rm -rf "$made"
}
