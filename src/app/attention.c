/* A table of questions, the most important first. See the header. */
#include "app/attention.h"

#include <glib/gi18n-lib.h>

#include "app/journal-title.h"
#include "app/words.h"
#include "core/operations/runner.h"

#define DAY_S (24 * 60 * 60)

static gboolean
is_running (StewardServer *server)
{
  StewardRun *run = steward_server_get_run (server);

  return run != NULL && !steward_run_is_over (run);
}

gboolean
steward_attention_is_at_work (const StewardStatus *status)
{
  return status->lock.is_held && !status->lock.is_lapsed;
}

static void
tell (StewardAttention *attention, StewardAttentionKind kind, const char *title, char *text)
{
  attention->kind = kind;
  attention->title = g_strdup (title);
  attention->text = text;
}

static void
tell_run (StewardServer *server, StewardAttention *attention)
{
  StewardOperationKind kind = steward_run_get_kind (steward_server_get_run (server));

  tell (attention, STEWARD_ATTENTION_RUN, _ ("An operation is under way"),
        g_strdup (steward_operation_kind_get_title (kind)));
}

/* The step's title where it is one of this Steward's. */
static const char *
get_step_title (StewardOperationKind kind, const char *id)
{
  const StewardStep *const *steps = steward_runner_get_steps (kind);

  for (gsize i = 0; steps[i] != NULL; i++)
    if (g_strcmp0 (steps[i]->id, id) == 0)
      return _ (steps[i]->title);
  return id;
}

static char *
dup_work (const StewardHolder *holder)
{
  StewardOperationKind kind;

  if (!steward_operation_kind_parse (holder->operation, &kind))
    return g_strdup (holder->operation);
  if (holder->step == NULL)
    return g_strdup (steward_operation_kind_get_title (kind));
  /* Translators: an operation and the step it is at: “Upgrade: Copy the database”. */
  return g_strdup_printf (C_ ("operation and step", "%s: %s"),
                          steward_operation_kind_get_title (kind),
                          get_step_title (kind, holder->step));
}

static char *
dup_holder (const StewardHolder *holder)
{
  if (holder->user == NULL || holder->machine == NULL)
    return NULL;
  g_autofree char *user = steward_words_dup_ltr (holder->user);
  g_autofree char *machine = steward_words_dup_ltr (holder->machine);
  g_autofree char *since = steward_words_dup_time (holder->since_s);
  g_autofree char *work = dup_work (holder);

  if (work == NULL)
    return g_strdup_printf (_ ("%s on %s, since %s."), user, machine, since);
  /* Translators: who, on which machine, since when, and what: “ann on desk, since 10:03. Upgrade:
   * Copy the database”. */
  return g_strdup_printf (_ ("%s on %s, since %s. %s"), user, machine, since, work);
}

static char *
dup_unfinished (const StewardJournal *journal)
{
  g_autofree char *title = steward_journal_title_dup (journal);
  g_autofree char *began = steward_words_dup_time (journal->began_s);

  if (journal->state != STEWARD_JOURNAL_HANDS || journal->text == NULL)
    /* Translators: an operation and a time. “Resume” and “Walk Back” are buttons beside it. */
    return g_strdup_printf (_ ("%s, begun %s. Resume it, or walk it back to where the server "
                               "was before."),
                            title, began);
  /* Translators: an operation, a time, and a sentence that says what to do by hand. */
  return g_strdup_printf (_ ("%s, begun %s. %s"), title, began, journal->text);
}

static void
tell_unfinished (const StewardJournal *journal, StewardAttention *attention)
{
  const char *title = journal->state == STEWARD_JOURNAL_HANDS
                          ? _ ("An operation needs your hands")
                          : _ ("An operation stands unfinished");

  tell (attention, STEWARD_ATTENTION_UNFINISHED, title, dup_unfinished (journal));
}

static gboolean
tell_silence (const StewardStatus *status, StewardAttention *attention)
{
  const StewardHealth *health = status->health;
  char *text = NULL;

  if (health != NULL && health->answers_as_parsec)
    return FALSE;
  if (status->container == NULL)
    text = g_strdup (_ ("It has no container."));
  else if (health != NULL)
    text = g_strdup_printf (_ ("Something answers, but not as Parsec does (status %u)."),
                            health->status);
  else
    text = g_strdup (status->health_problem);
  tell (attention, STEWARD_ATTENTION_SILENT, _ ("The server does not answer"), text);
  return TRUE;
}

static char *
dup_drift (const GPtrArray *drift)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < drift->len; i++)
    {
      g_autofree char *name = steward_words_dup_ltr (drift->pdata[i]);
      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", name);
    }
  return g_strdup_printf (_ ("Making the container anew would change: %s."), names->str);
}

static gboolean
tell_backup (const StewardStatus *status, StewardAttention *attention)
{
  const StewardBackup *backup = status->last_backup;
  const StewardPassport *passport = backup != NULL ? backup->passport : NULL;

  if (passport == NULL)
    {
      tell (attention, STEWARD_ATTENTION_BACKUP, _ ("There is no backup of this server"),
            g_strdup (_ ("A backup can be made at any time; the server goes on meanwhile.")));
      return TRUE;
    }
  if (status->now_s - passport->made_s <= (gint64)STEWARD_ATTENTION_BACKUP_DAYS * DAY_S)
    return FALSE;
  g_autofree char *age = steward_words_dup_age (passport->made_s, status->now_s);
  tell (attention, STEWARD_ATTENTION_BACKUP, _ ("The last backup is old"),
        /* Translators: an age: “31 days ago”. */
        g_strdup_printf (_ ("It was made %s."), age));
  return TRUE;
}

static gboolean
tell_certificate (const StewardHealth *health, StewardAttention *attention)
{
  if (health->tls != STEWARD_TLS_NOT_TRUSTED || health->server_name == NULL)
    return FALSE;
  g_autofree char *fingerprint = steward_words_dup_ltr (health->fingerprint);
  tell (attention, STEWARD_ATTENTION_CERTIFICATE, _ ("The server’s certificate is not trusted"),
        /* Translators: a sentence that says why, and a fingerprint. */
        g_strdup_printf (_ ("%s Its SHA-256 fingerprint is %s."), health->tls_problem,
                         fingerprint));
  return TRUE;
}

/* Of a server that answers and that nobody works on. */
static void
tell_state (const StewardStatus *status, StewardAttention *attention)
{
  if (tell_silence (status, attention))
    return;
  if (status->database_problem != NULL)
    tell (attention, STEWARD_ATTENTION_DATABASE, _ ("The database cannot be looked at"),
          g_strdup (status->database_problem));
  else if (status->store_problem != NULL)
    tell (attention, STEWARD_ATTENTION_STORE, _ ("Backups and journals cannot be read"),
          g_strdup (status->store_problem));
  else if (tell_certificate (status->health, attention))
    return;
  else if (status->drift != NULL && status->drift->len > 0)
    tell (attention, STEWARD_ATTENTION_DRIFT,
          _ ("The server runs with other settings than its compose file has"),
          dup_drift (status->drift));
  else if (status->shortage != NULL)
    tell (attention, STEWARD_ATTENTION_SPACE, _ ("The disk is getting full"),
          g_strdup (status->shortage));
  else
    tell_backup (status, attention);
}

StewardAttention *
steward_attention_new (StewardServer *server)
{
  StewardAttention *attention = g_new0 (StewardAttention, 1);
  const StewardFacts *facts = steward_server_get_facts (server);
  const StewardStatus *status = facts != NULL ? facts->status : NULL;

  /* What was found before an operation of this window began says little while it runs. */
  if (is_running (server))
    tell_run (server, attention);
  else if (facts != NULL && facts->problem != NULL)
    tell (attention, STEWARD_ATTENTION_UNREACHABLE, _ ("The server cannot be looked at"),
          g_strdup (facts->problem->message));
  else if (status != NULL && steward_attention_is_at_work (status))
    tell (attention, STEWARD_ATTENTION_AT_WORK, _ ("Somebody else is at work on this server"),
          dup_holder (&status->lock.holder));
  else if (status != NULL && status->unfinished != NULL)
    tell_unfinished (status->unfinished, attention);
  else if (status != NULL)
    tell_state (status, attention);
  return attention;
}

void
steward_attention_free (StewardAttention *attention)
{
  g_free (attention->title);
  g_free (attention->text);
  g_free (attention);
}

const char *
steward_attention_get_hindrance (StewardServer *server)
{
  const StewardFacts *facts = steward_server_get_facts (server);

  if (is_running (server))
    return _ ("An operation is under way.");
  if (facts == NULL)
    return _ ("The server is being looked at.");
  if (facts->status == NULL)
    return _ ("The server cannot be looked at.");
  if (steward_attention_is_at_work (facts->status))
    return _ ("Somebody else is at work on this server.");
  if (facts->status->unfinished != NULL)
    return _ ("An operation stands unfinished: resume it, or walk it back.");
  return NULL;
}
