/* Tables of words. See the header. */
#include "app/words.h"

#include <glib/gi18n-lib.h>

static const struct
{
  const char *word;
  const char *css_class;
} server_states[] = {
  [STEWARD_SERVER_UNKNOWN] = { NC_ ("server state", "Looking…"), "dim-label" },
  [STEWARD_SERVER_ANSWERING] = { NC_ ("server state", "Answers"), "success" },
  [STEWARD_SERVER_CURRENT] = { NC_ ("server state", "Up to date"), "success" },
  [STEWARD_SERVER_UPDATE] = { NC_ ("server state", "Update"), "accent" },
  [STEWARD_SERVER_SILENT] = { NC_ ("server state", "No answer"), "error" },
  [STEWARD_SERVER_BUSY] = { NC_ ("server state", "Working"), "accent" },
  [STEWARD_SERVER_INTERRUPTED] = { NC_ ("server state", "Interrupted"), "warning" },
  [STEWARD_SERVER_UNREACHABLE] = { NC_ ("server state", "Unreachable"), "error" },
};

static const struct
{
  const char *word;
  const char *css_class;
} host_states[] = {
  [STEWARD_HOST_UNKNOWN] = { NC_ ("host state", "Connecting…"), "dim-label" },
  [STEWARD_HOST_READY] = { NC_ ("host state", "Connected"), "dim-label" },
  [STEWARD_HOST_NO_ENGINE] = { NC_ ("host state", "Docker cannot be used"), "error" },
  [STEWARD_HOST_DENIED] = { NC_ ("host state", "No permission"), "error" },
  [STEWARD_HOST_UNREACHABLE] = { NC_ ("host state", "Unreachable, trying again"), "error" },
};

static const char *const backup_states[] = {
  [STEWARD_BACKUP_COMPLETE] = NC_ ("backup state", "Complete"),
  [STEWARD_BACKUP_DAMAGED] = NC_ ("backup state", "Damaged"),
  [STEWARD_BACKUP_PARTIAL] = NC_ ("backup state", "Partial"),
};

static const char *const journal_states[] = {
  [STEWARD_JOURNAL_UNFINISHED] = NC_ ("operation state", "Unfinished"),
  [STEWARD_JOURNAL_DONE] = NC_ ("operation state", "Done"),
  [STEWARD_JOURNAL_BACK] = NC_ ("operation state", "Walked back"),
  [STEWARD_JOURNAL_HANDS] = NC_ ("operation state", "Hands needed"),
  [STEWARD_JOURNAL_REFUSED] = NC_ ("operation state", "Refused"),
};

const char *
steward_words_get_server_state (StewardServerState state)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "server state", server_states[state].word);
}

const char *
steward_words_get_server_state_class (StewardServerState state)
{
  return server_states[state].css_class;
}

const char *
steward_words_get_host_state (StewardHostState state)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "host state", host_states[state].word);
}

const char *
steward_words_get_host_state_class (StewardHostState state)
{
  return host_states[state].css_class;
}

const char *
steward_words_get_backup_state (StewardBackupState state)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "backup state", backup_states[state]);
}

const char *
steward_words_get_journal_state (StewardJournalState state)
{
  return g_dpgettext2 (GETTEXT_PACKAGE, "operation state", journal_states[state]);
}

char *
steward_words_dup_duration (gint64 duration_ms)
{
  gint64 duration_s = (duration_ms + 500) / 1000;

  if (duration_ms < 10000)
    return g_strdup_printf (C_ ("duration", "%.1f s"), (double)duration_ms / 1000);
  if (duration_s < 60)
    return g_strdup_printf (C_ ("duration", "%d s"), (int)duration_s);
  if (duration_s < 3600)
    return g_strdup_printf (C_ ("duration", "%d min %d s"), (int)(duration_s / 60),
                            (int)(duration_s % 60));
  return g_strdup_printf (C_ ("duration", "%d h %d min"), (int)(duration_s / 3600),
                          (int)(duration_s / 60 % 60));
}

char *
steward_words_dup_time (gint64 unix_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (unix_s);

  return time != NULL ? g_date_time_format (time, "%x %X") : g_strdup ("");
}

char *
steward_words_dup_age (gint64 unix_s, gint64 now_s)
{
  gint64 age_s = MAX (now_s - unix_s, 0);

  if (age_s < 60)
    return g_strdup (_ ("just now"));
  if (age_s < 3600)
    return g_strdup_printf (ngettext ("%d minute ago", "%d minutes ago", (gulong)(age_s / 60)),
                            (int)(age_s / 60));
  if (age_s < 48 * 3600)
    return g_strdup_printf (ngettext ("%d hour ago", "%d hours ago", (gulong)(age_s / 3600)),
                            (int)(age_s / 3600));
  return g_strdup_printf (ngettext ("%d day ago", "%d days ago", (gulong)(age_s / 86400)),
                          (int)(age_s / 86400));
}

char *
steward_words_dup_percent (double fraction)
{
  /* Translators: how much of something is done. */
  return g_strdup_printf (C_ ("progress", "%d %%"), (int)(fraction * 100));
}

char *
steward_words_dup_ltr (const char *text)
{
  return g_strconcat ("\342\201\246", text, "\342\201\251", NULL);
}
