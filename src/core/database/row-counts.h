/* Exact rows per table, and which tables were written since a noted moment. How this is kept and
 * said is the caller's. Every function wants a session in the database that is asked about and
 * changes nothing. */
#pragma once

#include "core/database/connection.h"

G_BEGIN_DECLS

/**
 * steward_row_counts_read:
 *
 * Counts the rows of every ordinary table (partitions each for itself; no temporary and no system
 * tables) in one repeatable-read snapshot. Reads every table whole; deadline 12 hours a table.
 *
 * Errors: %STEWARD_ERROR_DENIED (a table that the role may not read), %STEWARD_ERROR_LOCKED (one
 * locked for over 10 s), %STEWARD_ERROR_CHANGED (one was dropped meanwhile),
 * %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED.
 *
 * Returns: (transfer full) (element-type utf8 guint64): rows by table, both owned; tables are
 * written as SQL writes them, with their schema and quoted where they must be: `public.vault`,
 * `public."odd name"`
 */
GHashTable *
steward_row_counts_read (StewardConnection *connection, GCancellable *cancellable, GError **error);

/**
 * steward_row_counts_note_transaction:
 * @transaction_id: (out): the 64-bit id that PostgreSQL gave to this question
 *
 * Notes the moment before a publish, to be journalled, in any database of the cluster and while
 * nobody is connected to the copy: everything in it then has a lower id, everything written after
 * the publish a higher one. Errors: %STEWARD_ERROR_UNREACHABLE, %STEWARD_ERROR_FAILED (a replica,
 * for instance).
 */
gboolean steward_row_counts_note_transaction (StewardConnection *connection,
                                              guint64 *transaction_id,
                                              GCancellable *cancellable,
                                              GError **error);

/**
 * StewardWrittenTable:
 * @table: spelled as in steward_row_counts_read()
 * @rows_before: at the publish; 0 where it did not exist
 * @rows_now: 0 where it does not exist any more
 * @rows_written: of those now there, how many were inserted or updated since
 */
typedef struct
{
  char *table;
  guint64 rows_before;
  guint64 rows_now;
  guint64 rows_written;
} StewardWrittenTable;

void steward_written_table_free (StewardWrittenTable *written);

/**
 * steward_row_counts_list_written:
 * @counts: (element-type utf8 guint64): steward_row_counts_read() of the copy, before it was
 * published
 * @transaction_id: what steward_row_counts_note_transaction() noted then
 *
 * Lists the tables that were written since, also those that appeared or went away. To be asked
 * after the server was stopped and the database renamed; before that the answer is out of date when
 * it arrives. It errs on the safe side only: where more than 2^32 transactions went by since, every
 * table with rows counts as written; where they had gone by before, a very old row can be taken for
 * a new one. What it sees: inserts, updates, deletes and TRUNCATE that left another number of rows;
 * VACUUM, also with FREEZE or FULL, hides none of them and is no write. What it does not see: rows
 * inserted and deleted again, sequences, large objects, tables added and removed again.
 *
 * Errors: as steward_row_counts_read(), and %STEWARD_ERROR_INVALID (the id is not of this cluster:
 * it lies in its future).
 *
 * Returns: (transfer full) (element-type StewardWrittenTable): by name; empty where nothing was
 * written
 */
GPtrArray *steward_row_counts_list_written (StewardConnection *connection,
                                            GHashTable *counts,
                                            guint64 transaction_id,
                                            GCancellable *cancellable,
                                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardWrittenTable, steward_written_table_free)

G_END_DECLS
