/* The guard's way back, in the order of every walk back: files, containers of any other image, the
 * original's name, the old container; then what was made for nothing. Each part looks first and can
 * be done again. */
#include "core/steps/guard-script.h"

/* PREFIX…: what the container said last. What has been published and withdrawn may have been
 * written to: only a Steward goes on from there. */
#define ASK                                                                                        \
  "ask () {\n"                                                                                     \
  "  said=$(\"$@\" timeout 600 $docker start --attach -- \"$container\" 2>&1)\n"                   \
  "  state=$(printf '%s\\n' \"$said\" | sed -n 's/^state //p' | tail -n 1)\n"                      \
  "  printf '%s\\n' \"$said\"\n"                                                                   \
  "  ! grep -q '\"step\":\"publish\",\"direction\":\"back\"' \"$journal\" || state=withdrawn\n"    \
  "}\n"                                                                                            \
  "look () {\n"                                                                                    \
  "  docker=$1 container=$2\n"                                                                     \
  "  ask\n"                                                                                        \
  "  case $state in\n"                                                                             \
  "  live | aside | gone) return 0 ;;\n"                                                           \
  "  published | withdrawn) return 2 ;;\n"                                                         \
  "  esac\n"                                                                                       \
  "  return 1\n"                                                                                   \
  "}\n"

/* Without a saved original nothing in a file is Steward's; what is neither as it was nor as the
 * switch made it was edited by somebody else. */
#define FILES                                                                                      \
  "restore_files () {\n"                                                                           \
  "  while [ \"$1\" = file ]; do\n"                                                                \
  "    hash=$(sha256sum <\"$2\") || return 1\n"                                                    \
  "    hash=${hash%% *}\n"                                                                         \
  "    if [ \"$hash\" != \"$4\" ] && { [ \"$hash\" = \"$5\" ] || [ -e \"$3\" ]; }; then\n"         \
  "      text=$6\n"                                                                                \
  "      original=$(sha256sum <\"$3\") || return 10\n"                                             \
  "      [ \"$hash\" = \"$5\" ] && [ \"${original%% *}\" = \"$4\" ] || return 10\n"                \
  "      fenced sh -c \"$replace\" steward \"$2\" \"$hash\" 600 \"$(wc -c <\"$3\")\" <\"$3\" ||\n" \
  "        return 1\n"                                                                             \
  "    fi\n"                                                                                       \
  "    shift 6\n"                                                                                  \
  "  done\n"                                                                                       \
  "}\n"

#define CONTAINERS                                                                                 \
  "remove_server () {\n"                                                                           \
  "  fenced $docker update --restart no -- \"$1\" >/dev/null || return 1\n"                        \
  "  fenced $docker stop -t 30 -- \"$1\" >/dev/null || return 1\n"                                 \
  "  $docker logs --timestamps -- \"$1\" >\"$folder/logs/$id-$(printf %.12s \"$1\").log\" 2>&1\n"  \
  "  fenced $docker rm --force -- \"$1\" >/dev/null\n"                                             \
  "}\n"                                                                                            \
  "remove_others () {\n"                                                                           \
  "  found=$($docker ps -aq --no-trunc --filter \"label=com.docker.compose.project=$project\" "    \
  "--filter \"label=com.docker.compose.service=$1\") || return 1\n"                                \
  "  for each in $found; do\n"                                                                     \
  "    its=$($docker inspect --format '{{.Image}}' -- \"$each\") || return 1\n"                    \
  "    [ \"$its\" = \"$image\" ] || remove_server \"$each\" || return 1\n"                         \
  "  done\n"                                                                                       \
  "}\n"                                                                                            \
  "remove_servers () {\n"                                                                          \
  "  while :; do\n"                                                                                \
  "    case $1 in\n"                                                                               \
  "    file) shift 6 ;;\n"                                                                         \
  "    service)\n"                                                                                 \
  "      remove_others \"$2\" || return 1\n"                                                       \
  "      shift 2\n"                                                                                \
  "      ;;\n"                                                                                     \
  "    *) return 0 ;;\n"                                                                           \
  "    esac\n"                                                                                     \
  "  done\n"                                                                                       \
  "}\n"                                                                                            \
  "remove_jobs () {\n"                                                                             \
  "  own=$($docker inspect --format '{{.Id}}' -- \"$container\") || return 1\n"                    \
  "  found=$($docker ps -aq --no-trunc --filter "                                                  \
  "\"label=io.github.stewardapp.operation=$id\") || return 1\n"                                    \
  "  for each in $found; do\n"                                                                     \
  "    [ \"$each\" = \"$own\" ] ||\n"                                                              \
  "      fenced $docker rm --force --volumes -- \"$each\" >/dev/null || return 1\n"                \
  "  done\n"                                                                                       \
  "}\n"

/* What compose prints may show values of env files. */
#define START                                                                                      \
  "bring_back () {\n"                                                                              \
  "  missing=\n"                                                                                   \
  "  while :; do\n"                                                                                \
  "    case $1 in\n"                                                                               \
  "    file) shift 6 ;;\n"                                                                         \
  "    service) shift 2 ;;\n"                                                                      \
  "    container)\n"                                                                               \
  "      if $docker inspect -- \"$2\" >/dev/null 2>&1; then\n"                                     \
  "        fenced $docker update --restart \"$3\" -- \"$2\" >/dev/null || return 1\n"              \
  "        [ \"$4\" = stood ] || fenced $docker start -- \"$2\" >/dev/null || return 1\n"          \
  "      elif [ \"$4\" = ran ]; then\n"                                                            \
  "        missing=1\n"                                                                            \
  "      fi\n"                                                                                     \
  "      shift 4\n"                                                                                \
  "      ;;\n"                                                                                     \
  "    *) break ;;\n"                                                                              \
  "    esac\n"                                                                                     \
  "  done\n"                                                                                       \
  "  shift\n"                                                                                      \
  "  [ -z \"$missing\" ] || fenced \"$@\" >/dev/null 2>&1\n"                                       \
  "}\n"

/* The copy takes disk, no more: where it cannot be dropped it stays to be deleted by hand. */
#define WALK_BACK                                                                                  \
  "walk_back () {\n"                                                                               \
  "  docker=$1 container=$2 project=$3 image=$4 made=$5 done=$6 gone=$7\n"                         \
  "  shift 7\n"                                                                                    \
  "  ask fenced\n"                                                                                 \
  "  case $state in\n"                                                                             \
  "  live | aside) ;;\n"                                                                           \
  "  published | withdrawn) return 11 ;;\n"                                                        \
  "  gone)\n"                                                                                      \
  "    text=$gone\n"                                                                               \
  "    return 10\n"                                                                                \
  "    ;;\n"                                                                                       \
  "  *) return 1 ;;\n"                                                                             \
  "  esac\n"                                                                                       \
  "  at_step switch-tag && restore_files \"$@\" && step_is_undone || return\n"                     \
  "  at_step set-aside && remove_servers \"$@\" && remove_jobs && ask fenced || return\n"          \
  "  [ \"$state\" = live ] && step_is_undone || return\n"                                          \
  "  at_step stop-server && bring_back \"$@\" && step_is_undone || return\n"                       \
  "  at_step \"$made\" && ask fenced && step_is_undone || return\n"                                \
  "  fenced $docker rm --force --volumes -- \"$container\" >/dev/null || return\n"                 \
  "  text=$done\n"                                                                                 \
  "}\n"

const char steward_guard_script[] = ASK FILES CONTAINERS START WALK_BACK;
