/* Gets an image. Docker's plain output names each layer as its state changes; bytes it shows on
 * terminals only, so progress goes by layers. */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/engine/docker-error.h"
#include "core/engine/image.h"

#define PULL_DEADLINE_MS (60 * 60 * 1000)
#define LAYER_ID_LENGTH 12

typedef struct
{
  const StewardPullWatch *watch; /* borrowed, nullable */
  GHashTable *layers;            /* owned: id → how many of FINISHED_PERCENT are done */
  double fraction;
} Pull;

#define FINISHED_PERCENT 100
#define DOWNLOADED_PERCENT 70

static gboolean
is_layer_line (const char *line)
{
  return strspn (line, "0123456789abcdef") == LAYER_ID_LENGTH
         && g_str_has_prefix (line + LAYER_ID_LENGTH, ": ");
}

static guint
percent_of_state (const char *state)
{
  if (g_str_equal (state, "Pull complete") || g_str_equal (state, "Already exists"))
    return FINISHED_PERCENT;
  return g_str_equal (state, "Download complete") ? DOWNLOADED_PERCENT : 0;
}

static void
note_layer (Pull *pull, const char *line)
{
  char *id = g_strndup (line, LAYER_ID_LENGTH);
  guint percent = percent_of_state (line + LAYER_ID_LENGTH + strlen (": "));
  guint before = GPOINTER_TO_UINT (g_hash_table_lookup (pull->layers, id));
  guint sum = 0;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_insert (pull->layers, id, GUINT_TO_POINTER (MAX (before, percent)));
  g_hash_table_iter_init (&iter, pull->layers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    sum += GPOINTER_TO_UINT (value);
  pull->fraction =
      MAX (pull->fraction, (double)sum / FINISHED_PERCENT / g_hash_table_size (pull->layers));
}

static void
pull_line_cb (const char *line, gpointer data)
{
  Pull *pull = data;

  if (pull->watch == NULL)
    return;
  if (pull->watch->line != NULL)
    pull->watch->line (line, pull->watch->data);
  if (!is_layer_line (line))
    return;
  note_layer (pull, line);
  if (pull->watch->progress != NULL)
    pull->watch->progress (pull->fraction, pull->watch->data);
}

static void
set_pull_error (const char *reference, const StewardOutcome *outcome, GError **error)
{
  g_autofree char *line = steward_docker_error_dup_line (outcome->errors->str);
  StewardError code = steward_docker_error_classify (line);

  switch (code)
    {
    case STEWARD_ERROR_INVALID:
      g_set_error (error, STEWARD_ERROR, code, _ ("“%s” is not the name of an image."), reference);
      return;
    case STEWARD_ERROR_NOT_FOUND:
      g_set_error (error, STEWARD_ERROR, code, _ ("The registry does not have the image “%s”."),
                   reference);
      return;
    case STEWARD_ERROR_DENIED:
      g_set_error (error, STEWARD_ERROR, code,
                   _ ("The registry does not give “%s” to this host’s user. Either the image does "
                      "not exist or “docker login” is needed on the host."),
                   reference);
      return;
    case STEWARD_ERROR_UNREACHABLE:
      g_set_error (error, STEWARD_ERROR, code,
                   _ ("The registry could not give the image “%s” now: %s"), reference, line);
      return;
    case STEWARD_ERROR_NO_SPACE:
      g_set_error (error, STEWARD_ERROR, code,
                   _ ("The Docker engine’s disk is too full for the image “%s”."), reference);
      return;
    default:
      g_set_error (error, STEWARD_ERROR, code, _ ("The image “%s” could not be fetched: %s"),
                   reference, line);
    }
}

gboolean
steward_engine_pull_image (StewardEngine *self,
                           const char *reference,
                           const StewardPullWatch *watch,
                           GCancellable *cancellable,
                           GError **error)
{
  const char *argv[] = { "pull", "--", reference, NULL };
  g_autoptr (GHashTable) layers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Pull pull = { watch, layers, 0.0 };
  StewardCommand command = {
    .argv = argv, .line = pull_line_cb, .line_data = &pull, .deadline_ms = PULL_DEADLINE_MS
  };
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_engine_run (self, &command, &outcome, cancellable, error))
    return FALSE;
  if (outcome.status != 0)
    {
      set_pull_error (reference, &outcome, error);
      return FALSE;
    }
  g_autoptr (StewardImage) image =
      steward_engine_inspect_image (self, reference, cancellable, error);
  if (image != NULL && watch != NULL && watch->progress != NULL)
    watch->progress (1.0, watch->data);
  return image != NULL;
}
