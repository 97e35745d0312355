# What building, testing and demonstrating Steward need from the machine. To be sourced by a POSIX
# shell that has set STEWARD_TESTS to the folder tests/.

STEWARD_DEMO_STATE=${STEWARD_DEMO_STATE:-${XDG_STATE_HOME:-$HOME/.local/state}/steward-demo}
PATH=$PATH:/usr/sbin:/sbin

. "$STEWARD_TESTS/lib/packages.sh"
. "$STEWARD_TESTS/lib/engine.sh"
. "$STEWARD_TESTS/lib/compose.sh"
. "$STEWARD_TESTS/lib/ports.sh"
. "$STEWARD_TESTS/lib/locales.sh"
