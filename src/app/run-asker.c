/* One record a run, which it keeps. See the header. */
#include "app/run-asker.h"

#include <glib/gi18n-lib.h>

#include "app/compat.h"

#define KEY "steward-run-asker"

typedef struct
{
  GtkWidget *widget; /* weak */
  GtkWidget *dialog; /* weak */
  char *name;        /* owned */
} Asker;

static void
asker_free (gpointer data)
{
  Asker *asker = data;

  if (asker->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (asker->dialog));
  g_clear_weak_pointer (&asker->widget);
  g_clear_weak_pointer (&asker->dialog);
  g_free (asker->name);
  g_free (asker);
}

static void
answered_cb (gboolean is_agreed, gpointer data)
{
  StewardRun *run = data;
  Asker *asker = g_object_get_data (G_OBJECT (run), KEY);
  const char *version = NULL;

  g_clear_weak_pointer (&asker->dialog);
  steward_run_get_question (run, &version);
  steward_run_answer (run, is_agreed ? version : NULL);
}

static void
ask (StewardRun *run, Asker *asker, const char *text, const char *version)
{
  /* Translators: the name of a server. */
  g_autofree char *heading = g_strdup_printf (_ ("Agree to a Loss on %s?"), asker->name);
  g_autofree char *body =
      g_strdup_printf ("%s\n\n%s", text, _ ("No answer within five minutes counts as no."));
  StewardConfirm confirm = {
    .heading = heading,
    .body = body,
    .word = version,
    .label = _ ("_Agree to the Loss"),
    .appearance = ADW_RESPONSE_DESTRUCTIVE,
  };

  if (asker->widget == NULL)
    {
      steward_run_answer (run, NULL);
      return;
    }
  g_set_weak_pointer (&asker->dialog,
                      steward_compat_confirm (asker->widget, &confirm, answered_cb, run));
}

static void
question_cb (StewardRun *run, const char *text, const char *version, gpointer data)
{
  ask (run, data, text, version);
}

/* The dialog of a question that waits no longer must not answer the next one. */
static void
question_over_cb (StewardRun *run, gpointer data)
{
  Asker *asker = data;
  GtkWidget *dialog = asker->dialog;

  if (dialog == NULL)
    return;
  g_clear_weak_pointer (&asker->dialog);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

void
steward_run_asker_watch (StewardRun *run, GtkWidget *widget, const char *name)
{
  Asker *asker = g_object_get_data (G_OBJECT (run), KEY);
  const char *version = NULL;
  const char *text = steward_run_get_question (run, &version);

  if (asker != NULL)
    {
      g_set_weak_pointer (&asker->widget, widget);
      return;
    }
  asker = g_new0 (Asker, 1);
  asker->name = g_strdup (name);
  g_set_weak_pointer (&asker->widget, widget);
  g_object_set_data_full (G_OBJECT (run), KEY, asker, asker_free);
  g_signal_connect (run, "question", G_CALLBACK (question_cb), asker);
  g_signal_connect (run, "question-over", G_CALLBACK (question_over_cb), asker);
  if (text != NULL)
    ask (run, asker, text, version);
}
