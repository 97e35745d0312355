/* Text for a person: cleaned of what could steer a terminal, times, spans and tables. Pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** steward_cli_text_clean: @text: any bytes. Returns: (transfer full): valid UTF-8 without control
 * characters but line feeds and tabs, and without characters that turn the direction of writing */
char *steward_cli_text_clean (const char *text);

/** steward_cli_text_clean_line: likewise, on one line */
char *steward_cli_text_clean_line (const char *text);

/** steward_cli_text_get_width: Returns: the columns that @text takes on a terminal */
guint steward_cli_text_get_width (const char *text);

/** steward_cli_text_format_time: Returns: (transfer full): @unix_s here, as this locale writes it;
 * a dash for 0 */
char *steward_cli_text_format_time (gint64 unix_s);

/** steward_cli_text_format_span: Returns: (transfer full): `0.3 s`, `12 s`, `4 min 07 s`, `2 h 05
 * min` */
char *steward_cli_text_format_span (gint64 span_ms);

/** steward_cli_text_format_postgres: @version: `server_version_num`. Returns: (transfer full):
 * `16.10` */
char *steward_cli_text_format_postgres (guint64 version);

/** StewardCliTable: rows of cells, printed in columns; a %NULL cell is a dash. */
typedef struct _StewardCliTable StewardCliTable;

StewardCliTable *steward_cli_table_new (void);
void steward_cli_table_free (StewardCliTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardCliTable, steward_cli_table_free)

/** steward_cli_table_add: @cells: (array length=count): copied, each made one line */
void steward_cli_table_add (StewardCliTable *table, const char *const *cells, guint count);

/** steward_cli_table_add_pair: a row of two. @value: (nullable) */
void steward_cli_table_add_pair (StewardCliTable *table, const char *name, const char *value);

/** steward_cli_table_print: appends the rows to @text, the first column @indent columns in. */
void steward_cli_table_print (const StewardCliTable *table, guint indent, GString *text);

G_END_DECLS
