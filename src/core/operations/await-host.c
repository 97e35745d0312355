/* Asks the host for nothing until it answers. See the header. */
#include "core/operations/await-host.h"

#include <glib/gi18n-lib.h>

#define FIRST_PAUSE_MS 500
#define LAST_PAUSE_MS 15000
#define LAST_SERVICES_PAUSE_MS 5000

static StewardHost *
get_host (const StewardStepContext *context)
{
  return steward_deployment_get_host (context->deployment);
}

static gboolean
answers (const StewardStepContext *context, GCancellable *cancellable, GError **error)
{
  const char *argv[] = { "true", NULL };
  StewardCommand command = { .argv = argv };
  g_autofree char *output = steward_host_call (get_host (context), &command, cancellable, error);

  return output != NULL;
}

/* What waiting may mend. */
static gboolean
is_away (const GError *error)
{
  return g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE)
         || g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED);
}

/* Neither has to do with the connection. */
static gboolean
is_meant (const GError *failure)
{
  return g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED)
         || g_error_matches (failure, STEWARD_ERROR, STEWARD_ERROR_LOST_LOCK);
}

/* Ends early when cancelled. */
static void
pause_for (guint pause_ms, GCancellable *cancellable)
{
  GPollFD fd;
  gboolean has_fd = g_cancellable_make_pollfd (cancellable, &fd);

  g_poll (&fd, has_fd ? 1 : 0, (int)pause_ms);
  if (has_fd)
    g_cancellable_release_fd (cancellable);
}

static void
tell (const StewardStepContext *context, const char *format)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_autofree char *sentence = g_strdup_printf (format, steward_host_get_name (get_host (context)));
#pragma GCC diagnostic pop

  steward_progress_note (context->progress, sentence);
}

/* @cause: (transfer full) */
static void
replace_failure (const StewardStepContext *context, GError *cause, GError **failure)
{
  g_clear_error (failure);
  g_set_error (failure, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED,
               _ ("The connection to %s is lost: %s What was begun there goes on or has stopped "
                  "where it was, and nothing is lost. Resume this operation or walk it back once "
                  "the host can be reached."),
               steward_host_get_name (get_host (context)), cause->message);
  g_error_free (cause);
}

gboolean
steward_await_host (StewardStepContext *context,
                    guint session,
                    GCancellable *cancellable,
                    GError **failure)
{
  gint64 end_us = g_get_monotonic_time () + STEWARD_AWAIT_HOST_S * G_USEC_PER_SEC;
  gboolean was_cut = g_error_matches (*failure, STEWARD_ERROR, STEWARD_ERROR_DISCONNECTED);
  gboolean is_told = FALSE;

  if (is_meant (*failure))
    return FALSE;
  for (guint pause_ms = FIRST_PAUSE_MS;; pause_ms = MIN (2 * pause_ms, LAST_PAUSE_MS))
    {
      GError *cause = NULL;

      if (answers (context, cancellable, &cause))
        break;
      if (!is_away (cause) || g_get_monotonic_time () > end_us)
        {
          replace_failure (context, cause, failure);
          return FALSE;
        }
      if (!is_told)
        tell (context, _ ("The connection to %s is lost. What was begun there goes on; Steward "
                          "tries to reach it again."));
      is_told = TRUE;
      g_error_free (cause);
      pause_for (pause_ms, cancellable);
    }

  if (is_told)
    tell (context, _ ("%s can be reached again."));
  return is_told || was_cut || steward_host_get_session (get_host (context)) != session;
}

gboolean
steward_await_services (StewardStepContext *context,
                        gint64 *begun_us,
                        GCancellable *cancellable,
                        const GError *failure)
{
  gint64 now_us = g_get_monotonic_time ();

  if (!g_error_matches (failure, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE))
    return FALSE;
  if (*begun_us == 0)
    {
      g_autofree char *sentence =
          g_strdup_printf (_ ("Going back has to wait, for a minute at most: %s"),
                           failure->message);
      steward_progress_note (context->progress, sentence);
      *begun_us = now_us;
    }
  gint64 passed_ms = (now_us - *begun_us) / 1000;
  if (passed_ms >= STEWARD_AWAIT_SERVICES_S * 1000)
    return FALSE;
  pause_for ((guint)CLAMP (passed_ms, FIRST_PAUSE_MS, LAST_SERVICES_PAUSE_MS), cancellable);
  return TRUE;
}
