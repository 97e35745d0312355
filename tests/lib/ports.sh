# Loopback ports for the tests' own servers: free when chosen, and not chosen twice until released,
# although nobody may listen on them at times. Sourced by environment.sh.

port_is_used () {
  grep -qi ":$(printf '%04X' "$1") " /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# Prints a port between 21000 and 29999, below those the kernel hands out.
reserve_port () {
  mkdir -p "$STEWARD_DEMO_STATE/ports"
  for number in $(od -An -N200 -tu2 -v /dev/urandom); do
    port=$((21000 + number % 9000))
    port_is_used $port && continue
    mkdir "$STEWARD_DEMO_STATE/ports/$port" 2>/dev/null || continue
    echo $port
    return
  done
  fail 'No free port was found on 127.0.0.1.'
}

release_port () {
  [ -z "$1" ] || rmdir "$STEWARD_DEMO_STATE/ports/$1" 2>/dev/null || :
}
