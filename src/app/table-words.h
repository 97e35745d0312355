/* What an administrator calls the tables of a Parsec server's database. Translated; pure. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** steward_table_words_get: @table: as SQL writes it: `public.user_`.
 * Returns: (transfer none) (nullable): “Users”; %NULL for a table that is not known */
const char *steward_table_words_get (const char *table);

G_END_DECLS
