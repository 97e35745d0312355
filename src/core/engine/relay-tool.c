/* The scripts, one a tool, and which of them an image can run. Each ends at once when its standard
 * input does: nobody waits for an answer then, and a killed `docker exec` leaves nothing behind.
 *
 * None may leave an orphan. It would become a child of the container's first process, and a
 * PostgreSQL that sees a child end by a signal, or with a status but 0 and 1, takes that for a
 * crash of its own and ends every session. So those that are one process come first. */
#include "core/engine/relay-tool.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/engine/docker-error.h"

#define EXIT_NO_TOOL 90
#define EXIT_CANNOT_RUN 126
#define EXIT_NO_PROGRAM 127

#define MAX_ARGUMENTS 4

struct _StewardRelayTool
{
  const char *argv[MAX_ARGUMENTS + 1];
  const char *before_port; /* the port ends the last argument, which begins like this */
};

/* Two copies; when the first has come to its end, the other one is ended and waited for. One that
 * ends before the other is begun is none that `wait -n` still knows of: the trap tells of it.
 * Should the shell be killed itself, a broken pipe still ends them with a status that does no harm.
 */
static const char bash_script[] = "exec 3<>\"/dev/tcp/127.0.0.1/$1\" 4<&0 || exit 1\n"
                                  "trap '' PIPE\n"
                                  "trap ended=yes CHLD\n"
                                  "cat <&3 4<&- & far=$!\n"
                                  "cat <&4 >&3 & near=$!\n"
                                  "[ \"$ended\" ] || wait -n\n"
                                  "trap - CHLD\n"
                                  "kill $far $near 2>/dev/null\n"
                                  "wait\n";

static const char python_script[] =
    "import os, select, socket, sys\n"
    "far = socket.create_connection((\"127.0.0.1\", int(sys.argv[1])))\n"
    "to = {0: far.fileno(), far.fileno(): 1}\n"
    "while True:\n"
    "    for near in select.select(list(to), [], [])[0]:\n"
    "        data = os.read(near, 65536)\n"
    "        if not data:\n"
    "            sys.exit()\n"
    "        while data:\n"
    "            data = data[os.write(to[near], data):]\n";

static const char perl_script[] =
    "use IO::Socket::INET; use IO::Select;\n"
    "my $far = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $ARGV[0]) or die "
    "\"$@\\n\";"
    "\n"
    "my $set = IO::Select->new($far, \\*STDIN);\n"
    "for (;;) {\n"
    "  for my $from ($set->can_read) {\n"
    "    my $to = $from == $far ? \\*STDOUT : $far;\n"
    "    my $size = sysread($from, my $data, 65536) or exit;\n"
    "    for (my $done = 0; $done < $size;) {\n"
    "      $done += syswrite($to, $data, $size - $done, $done) || exit 1;\n"
    "    }\n"
    "  }\n"
    "}\n";

/* The nc of BusyBox passes the end of its input on and waits for the other side's: a PostgreSQL
 * that is busy with a statement takes note of it afterwards. */
static const StewardRelayTool tools[] = {
  { { "python3", "-c", python_script, NULL }, "" },
  { { "perl", "-e", perl_script, NULL }, "" },
  { { "socat", "-t0", "-", NULL }, "TCP4:127.0.0.1:" },
  { { "busybox", "nc", "127.0.0.1", NULL }, "" },
  { { "bash", "-c", bash_script, "steward-relay", NULL }, "" },
};

static const char find_script[] = "for tool; do\n"
                                  "  command -v \"$tool\" >/dev/null && echo \"$tool\" && exit\n"
                                  "done\n"
                                  "exit 90\n";

const StewardRelayTool *
steward_relay_tool_get (const char *program)
{
  for (gsize i = 0; i < G_N_ELEMENTS (tools); i++)
    if (g_str_equal (tools[i].argv[0], program))
      return &tools[i];
  return NULL;
}

char **
steward_relay_tool_dup_argv (const StewardRelayTool *tool, guint16 port)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *last = g_strdup_printf ("%s%u", tool->before_port, port);

  g_strv_builder_addv (builder, (const char **)tool->argv);
  g_strv_builder_add (builder, last);
  return g_strv_builder_end (builder);
}

/* What docker says of an image without a shell, it says with the same codes. */
static void
set_find_error (const char *container, const StewardOutcome *outcome, GError **error)
{
  g_autofree char *line = steward_docker_error_dup_line (outcome->errors->str);
  gboolean has_none = outcome->status == EXIT_NO_TOOL || outcome->status == EXIT_CANNOT_RUN
                      || outcome->status == EXIT_NO_PROGRAM;
  StewardError code = steward_docker_error_classify (line);

  if (has_none)
    g_set_error (
        error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
        _ ("The container “%s” cannot be reached from the host’s network, and its image "
           "has none of the programs by which it could be reached from inside (python3, perl, "
           "socat, busybox or bash). Nothing was touched. Publish the port on "
           "127.0.0.1 of the host and allow TCP forwarding, or use an image with one of "
           "these programs."),
        container);
  else
    g_set_error (error, STEWARD_ERROR,
                 code == STEWARD_ERROR_FAILED ? STEWARD_ERROR_UNREACHABLE : code,
                 _ ("The container “%s” cannot be entered: %s"), container, line);
}

const StewardRelayTool *
steward_relay_tool_find (StewardEngine *engine,
                         const StewardRelayTarget *target,
                         GCancellable *cancellable,
                         GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (StewardOutcome) outcome = { 0 };

  g_strv_builder_add_many (builder, "exec", "--", target->container, "sh", "-c", find_script,
                           "steward-relay", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tools); i++)
    g_strv_builder_add (builder, tools[i].argv[0]);
  g_auto (GStrv) argv = g_strv_builder_end (builder);
  StewardCommand command = { .argv = (const char *const *)argv };
  if (!steward_engine_run (engine, &command, &outcome, cancellable, error))
    return NULL;
  const StewardRelayTool *tool =
      outcome.status == 0 ? steward_relay_tool_get (g_strchomp (outcome.output->str)) : NULL;
  if (tool == NULL)
    set_find_error (target->label, &outcome, error);
  return tool;
}
