#!/bin/sh
# What SSH costs on loopback: a command, a whole look at a deployment, the same from far away (100 ms a round trip),
# and a file of the size of a backup brought to the desktop. $3 is ssh-driver.
set -eu
STEWARD_TESTS=$(cd "$(dirname "$0")/.." && pwd)
. "$STEWARD_TESTS/benchmarks/measure.sh"

ssh_driver=$3
put_up 3.6.1 10000000
mkdir -p "${compose_file%/*}/steward/backups" "${compose_file%/*}/steward/journal"
head -c "${STEWARD_BENCHMARK_STREAM_BYTES:-200000000}" /dev/urandom >"$work/dump"
"$ssh_driver" "$compose_file" "$work/dump" "$runs" command refresh distance stream >"$work/told"
while read -r what first second; do
  note "$what-first" "$first" 1000
  note "$what-second" "$second" 1000
  note "$what" "$first" "$second"
  note "$what-more" $((first - second)) 1000000
done <"$work/told"

tell 'a command over SSH' command-first ms
tell 'the same through a ControlMaster made by hand' command-second ms
judge 'a command / by hand' command 1.3
tell 'a look over SSH' refresh-first ms
tell 'a look on this machine' refresh-second ms
judge 'a look over SSH / on this machine' refresh 2
tell 'a look with 100 ms a round trip' distance-first ms
judge 'what 100 ms a round trip add to a look' distance-more 1.2 s
tell 'a file through Steward' stream-first ms
tell 'the same by ssh host cat' stream-second ms
judge 'a file / ssh host cat' stream 1.1
exit $failed
