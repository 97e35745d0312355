#!/bin/sh
# Makes a `docker` that finds the containers of one project only: to be found, a container has to be of
# a project, and whose it is not is not looked into. All else it does is the real one's.
#
#   docker-of.sh PROJECT FOLDER    writes FOLDER/docker, to be put in front of PATH
set -eu

[ $# = 2 ] || { echo 'Usage: docker-of.sh PROJECT FOLDER' >&2; exit 2; }
mkdir -p "$2"
cat >"$2/docker" <<SCRIPT
#!/bin/sh
for argument do
  shift
  [ "\$argument" != label=com.docker.compose.project ] || argument=\$argument=$1
  set -- "\$@" "\$argument"
done
exec $(command -v docker) "\$@"
SCRIPT
chmod 755 "$2/docker"
