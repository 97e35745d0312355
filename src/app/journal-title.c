/* Reads the versions from the plan, which may be rotten. See the header. */
#include "app/journal-title.h"

#include <glib/gi18n-lib.h>

#include "app/words.h"
#include "core/base/json.h"
#include "core/deployment/plan.h"

static char *
dup_change (StewardOperationKind kind, const char *from, const char *to)
{
  g_autofree char *from_ltr = steward_words_dup_ltr (from);
  g_autofree char *to_ltr = steward_words_dup_ltr (to);

  return kind == STEWARD_OPERATION_UPGRADE
             ? g_strdup_printf (_ ("Upgrade from %s to %s"), from_ltr, to_ltr)
             : g_strdup_printf (_ ("Rollback from %s to %s"), from_ltr, to_ltr);
}

static char *
dup_stay (StewardOperationKind kind, const char *tag)
{
  g_autofree char *ltr = steward_words_dup_ltr (tag);

  switch (kind)
    {
    case STEWARD_OPERATION_BACKUP:
      return g_strdup_printf (_ ("Backup of %s"), ltr);
    case STEWARD_OPERATION_RESTART:
      return g_strdup_printf (_ ("Restart of %s"), ltr);
    case STEWARD_OPERATION_ROLLBACK:
      return g_strdup_printf (_ ("Rollback of %s"), ltr);
    case STEWARD_OPERATION_UPGRADE:
    default:
      return g_strdup_printf (_ ("Upgrade of %s"), ltr);
    }
}

char *
steward_journal_title_dup (const StewardJournal *journal)
{
  const char *from = steward_json_get_string (journal->plan, "from_tag");
  const char *to = steward_json_get_string (journal->plan, "to_tag");
  StewardOperationKind kind;

  if (!steward_operation_kind_parse (journal->operation, &kind))
    return g_strdup (journal->operation != NULL ? journal->operation : journal->id);
  if (from == NULL)
    return g_strdup (steward_operation_kind_get_title (kind));
  return to != NULL && !g_str_equal (from, to) ? dup_change (kind, from, to)
                                               : dup_stay (kind, from);
}
