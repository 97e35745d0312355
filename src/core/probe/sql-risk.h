/* Which statements of a migration destroy. A warning for a person, never a proof of harmlessness:
 * SQL that a statement builds at run time is not seen. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *kind;    /* owned: the statement's words, `DROP TABLE`; SQL, not translated */
  char *excerpt; /* owned: the statement on one line, cut where it is long */
} StewardSqlRisk;

/**
 * steward_sql_find_risks:
 * @sql: the text of a migration, valid UTF-8
 *
 * Finds what removes data or the place where it lives (`DROP` of a table, column, type, schema and
 * the like, any `DROP … CASCADE`, `TRUNCATE`, `DELETE`) and changes of a column's type, unless
 * every value fits the new one unchanged (`text`). Comments and literals are ignored, and so are
 * bodies between dollar quotes but for those of `DO`, which run. Syntax: PostgreSQL's
 * documentation, chapter 4.1.
 *
 * Returns: (transfer full) (element-type StewardSqlRisk): the risks in the order of the text, maybe
 * none
 */
GPtrArray *steward_sql_find_risks (const char *sql);

G_END_DECLS
