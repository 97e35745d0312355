/* CREATE DATABASE and DROP DATABASE for Steward's own databases. */
#include "core/database/copy.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/database/alter.h"
#include "core/database/query.h"
#include "core/database/set-aside.h"

/* An explicit collation version lets the copy keep the source's even where the system's has moved
 * on since: CREATE DATABASE would refuse, though the bytes and the indexes in them are the same. */
static const char copy_sql[] =
    "SELECT format ('CREATE DATABASE %I TEMPLATE %I OWNER %I', $2::text, d.datname,"
    "   pg_get_userbyid (d.datdba))"
    " || CASE WHEN current_setting ('server_version_num')::int >= 150000"
    "         THEN ' STRATEGY FILE_COPY' ELSE '' END"
    " || coalesce (' COLLATION_VERSION ' || quote_literal (to_jsonb (d) ->> 'datcollversion'), '')"
    " FROM pg_database d WHERE d.oid = $1::oid AND d.datname = $3::text";

/* Columns that only newer versions have are read through JSON: datlocprovider and daticulocale from
 * 15 on, daticurules from 16, datlocale in place of daticulocale from 17. */
static const char empty_sql[] =
    "SELECT format ('CREATE DATABASE %I TEMPLATE template0 OWNER %I ENCODING %L LC_COLLATE %L"
    " LC_CTYPE %L', $2::text, pg_get_userbyid (d.datdba), pg_encoding_to_char (d.encoding),"
    "   d.datcollate, d.datctype)"
    " || CASE j ->> 'datlocprovider'"
    "    WHEN 'c' THEN ' LOCALE_PROVIDER libc'"
    "    WHEN 'i' THEN format (' LOCALE_PROVIDER icu ICU_LOCALE %L',"
    "                          coalesce (j ->> 'datlocale', j ->> 'daticulocale'))"
    "    WHEN 'b' THEN format (' LOCALE_PROVIDER builtin BUILTIN_LOCALE %L', j ->> 'datlocale')"
    "    ELSE '' END"
    " || coalesce (' ICU_RULES ' || quote_literal (j ->> 'daticurules'), '')"
    " || CASE WHEN t.spcname = 'pg_default' THEN '' ELSE format (' TABLESPACE %I', t.spcname) END"
    " FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace,"
    " to_jsonb (d) j WHERE d.oid = $1::oid AND d.datname = $3::text";

static gboolean
check_copy (const StewardCopy *copy, GError **error)
{
  if (*copy->name != '\0' && strlen (copy->name) <= 63
      && g_str_has_prefix (copy->comment, STEWARD_DATABASE_MARK))
    return TRUE;
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("“%s” cannot be the name of a copy, or its comment does not say whose it is. "
                  "Nothing was changed."),
               copy->name);
  return FALSE;
}

static void
set_changed_error (const char *name, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_CHANGED,
               _ ("The database “%s” is not the one that was meant any more: somebody renamed, "
                  "replaced or dropped it. Nothing was changed."),
               name);
}

/* Has the server write the statement out, with every name quoted by itself. */
static char *
dup_statement (StewardConnection *connection,
               const char *sql,
               const StewardCopy *copy,
               GCancellable *cancellable,
               GError **error)
{
  g_autofree char *oid = g_strdup_printf ("%u", copy->source->oid);
  g_autoptr (StewardRows) result =
      steward_query_run (connection,
                         &(StewardQuery){ .sql = sql,
                                          .values = { oid, copy->name, copy->source->name } },
                         cancellable, error);

  if (result == NULL)
    return NULL;
  if (PQntuples (result) == 1)
    return steward_query_dup (result, 0, 0);
  set_changed_error (copy->source->name, error);
  return NULL;
}

/* An unmarked database must not stay behind. */
static guint32
mark_created (StewardConnection *connection,
              const StewardCopy *copy,
              GCancellable *cancellable,
              GError **error)
{
  g_autoptr (StewardDatabase) created =
      steward_cluster_find_database (connection, copy->name, NULL, error);
  g_autofree char *quoted = NULL;
  g_autofree char *drop = NULL;

  if (created == NULL)
    return 0;
  if (steward_set_aside_set_comment (connection, created, copy->comment, cancellable, error))
    return created->oid;
  quoted = steward_query_quote (connection, copy->name);
  drop = g_strdup_printf ("DROP DATABASE %s", quoted);
  steward_query_execute (connection,
                         &(StewardQuery){ .sql = drop,
                                          .deadline_s = STEWARD_QUERY_LONG_DEADLINE_S },
                         NULL, NULL);
  return 0;
}

static guint32
create (StewardConnection *connection,
        const char *statement_sql,
        const StewardCopy *copy,
        GCancellable *cancellable,
        GError **error)
{
  g_autofree char *statement = NULL;
  g_autoptr (GError) reason = NULL;

  if (!check_copy (copy, error))
    return 0;
  statement = dup_statement (connection, statement_sql, copy, cancellable, error);
  if (statement == NULL)
    return 0;
  if (!steward_query_execute (connection,
                              &(StewardQuery){ .sql = statement,
                                               .deadline_s = STEWARD_QUERY_LONG_DEADLINE_S },
                              cancellable, &reason))
    {
      steward_alter_name_users (connection, copy->source->name, &reason);
      g_propagate_error (error, g_steal_pointer (&reason));
      return 0;
    }
  return mark_created (connection, copy, cancellable, error);
}

guint32
steward_copy_create (StewardConnection *connection,
                     const StewardCopy *copy,
                     GCancellable *cancellable,
                     GError **error)
{
  return create (connection, copy_sql, copy, cancellable, error);
}

guint32
steward_copy_create_empty (StewardConnection *connection,
                           const StewardCopy *copy,
                           GCancellable *cancellable,
                           GError **error)
{
  return create (connection, empty_sql, copy, cancellable, error);
}

static gboolean
check_droppable (const StewardDatabase *meant, const StewardDatabase *found, GError **error)
{
  if (!g_str_equal (meant->name, found->name))
    {
      set_changed_error (meant->name, error);
      return FALSE;
    }
  if (steward_database_is_marked (found))
    return TRUE;
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
      _ ("The database “%s” is not marked as one of Steward's, so Steward does not drop it. "
         "Nothing was changed."),
      found->name);
  return FALSE;
}

gboolean
steward_copy_drop (StewardConnection *connection,
                   const StewardDatabase *database,
                   GCancellable *cancellable,
                   GError **error)
{
  g_autoptr (StewardDatabase) found = NULL;
  g_autofree char *quoted = steward_query_quote (connection, database->name);
  g_autofree char *statement = g_strdup_printf ("DROP DATABASE %s", quoted);
  g_autoptr (GError) reason = NULL;

  found = steward_cluster_find_database_by_oid (connection, database->oid, cancellable, &reason);
  if (g_error_matches (reason, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND))
    return TRUE;
  if (found != NULL && check_droppable (database, found, &reason)
      && steward_query_execute (connection,
                                &(StewardQuery){ .sql = statement,
                                                 .deadline_s = STEWARD_QUERY_LONG_DEADLINE_S },
                                cancellable, &reason))
    return TRUE;
  steward_alter_name_users (connection, database->name, &reason);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}
