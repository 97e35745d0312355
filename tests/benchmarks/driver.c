/* Runs one operation on a deployment and prints when what happened, one fact a line, for the
 * benchmarks' scripts. Figures and verdicts are theirs.
 *
 *   driver COMPOSE-FILE backup | upgrade TAG | rehearsed-upgrade TAG | rollback BACKUP LOSS |
 * resume
 *
 *   started STEP                   that it runs now
 *   done STEP MS, undone STEP MS   how long a step took
 *   stops MS, failed MS, answers MS   when, since this program began
 *   backup ID, downtime MS, resident KB, result WORD   at the end */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "core/host/local-host.h"
#include "core/operations/operation.h"

/* The time watched after the first answer is no downtime; the shortest there is. */
#define WATCH_S 1

static const char *const result_words[] = {
  [STEWARD_RESULT_DONE] = "done",   [STEWARD_RESULT_REFUSED] = "refused",
  [STEWARD_RESULT_BACK] = "back",   [STEWARD_RESULT_INTERRUPTED] = "interrupted",
  [STEWARD_RESULT_HANDS] = "hands",
};

static gint64 begun_us;

static long
get_passed_ms (void)
{
  return (g_get_monotonic_time () - begun_us) / 1000;
}

static void
event_cb (const StewardEvent *event, gpointer data)
{
  switch (event->kind)
    {
    case STEWARD_EVENT_STEP_STARTED:
      printf ("started %s\n", event->step);
      break;
    case STEWARD_EVENT_STEP_DONE:
      printf ("done %s %ld\n", event->step, (long)event->elapsed_ms);
      break;
    case STEWARD_EVENT_UNDO_DONE:
      printf ("undone %s %ld\n", event->step, (long)event->elapsed_ms);
      break;
    case STEWARD_EVENT_SERVER_STOPS:
      printf ("stops %ld\n", get_passed_ms ());
      break;
    case STEWARD_EVENT_STEP_FAILED:
      printf ("failed %ld\n", get_passed_ms ());
      break;
    case STEWARD_EVENT_SERVER_ANSWERS:
      printf ("answers %ld\n", get_passed_ms ());
      break;
    default:
      break;
    }
}

/* The peak of this process. Source: proc(5), VmHWM */
static void
print_resident (void)
{
  g_autofree char *status = NULL;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return;
  const char *line = strstr (status, "VmHWM:");
  if (line != NULL)
    printf ("resident %" G_GUINT64_FORMAT "\n",
            g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10));
}

/* @word: nothing to request where it is to resume. */
static gboolean
parse_request (int argc, char **argv, const char *word, StewardRequest *request)
{

  request->watch_s = WATCH_S;
  if (argc == 3 && g_str_equal (word, "backup"))
    request->kind = STEWARD_OPERATION_BACKUP;
  else if (argc == 4 && g_str_has_suffix (word, "upgrade"))
    {
      request->kind = STEWARD_OPERATION_UPGRADE;
      request->tag = argv[3];
      request->leaves_out_rehearsal = !g_str_equal (word, "rehearsed-upgrade");
    }
  else if (argc == 5 && g_str_equal (word, "rollback"))
    {
      request->kind = STEWARD_OPERATION_ROLLBACK;
      request->source = argv[3];
      request->accepted_loss = argv[4];
    }
  else
    return argc == 3 && g_str_equal (word, "resume");
  return TRUE;
}

static StewardDeployment *
open_deployment (const char *compose_file, GError **error)
{
  g_autoptr (StewardHost) host = steward_local_host_new ();
  g_autoptr (StewardEngine) engine = steward_engine_new (host);
  StewardComposeProject *project =
      steward_compose_project_new_from_file (engine, compose_file, NULL, error);

  return project != NULL ? steward_deployment_open (engine, project, NULL, NULL, error) : NULL;
}

static int
run (const char *compose_file, const char *word, const StewardRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_auto (StewardReport) report = { 0 };
  StewardClient client = { .name = "benchmark", .event = event_cb };
  g_autoptr (StewardDeployment) deployment = open_deployment (compose_file, &error);

  if (deployment == NULL)
    {
      fprintf (stderr, "%s\n", error->message);
      return STEWARD_RESULT_HANDS;
    }
  g_autoptr (StewardStore) store = steward_operation_new_store (deployment);
  StewardResult result =
      g_str_equal (word, "resume")
          ? steward_operation_continue (deployment, store, STEWARD_CONTINUE_RESUME, NULL, &client,
                                        &report, NULL, &error)
          : steward_operation_run (deployment, store, request, &client, &report, NULL, &error);
  if (error != NULL)
    fprintf (stderr, "%s\n", error->message);
  printf ("backup %s\ndowntime %ld\n", report.backup_id != NULL ? report.backup_id : "-",
          (long)report.downtime_ms);
  print_resident ();
  printf ("result %s\n", result_words[result]);
  return 0;
}

int
main (int argc, char **argv)
{
  StewardRequest request = { 0 };
  const char *word = argc > 2 ? argv[2] : "";

  begun_us = g_get_monotonic_time ();
  setlocale (LC_ALL, "");
  setlinebuf (stdout);
  if (!parse_request (argc, argv, word, &request))
    {
      fprintf (stderr, "Usage: driver COMPOSE-FILE backup | upgrade TAG | rehearsed-upgrade TAG |"
                       " rollback BACKUP LOSS | resume\n");
      return 2;
    }
  return run (argv[1], word, &request);
}
