/* The databases of an operation by what they are, whatever they are called at the moment; shared by
 * the steps that set aside, copy and publish. Identities (oid) come from the plan and the journal's
 * facts. */
#pragma once

#include "core/database/cluster.h"
#include "core/database/set-aside.h"
#include "core/steps/step.h"

G_BEGIN_DECLS

/** steward_databases_find: the database with this identity; %NULL without an error where it is
 * gone. */
gboolean steward_databases_find (StewardStepContext *context,
                                 StewardConnection *connection,
                                 guint32 oid,
                                 StewardDatabase **database,
                                 GError **error);

/** steward_databases_find_named: the same by name. */
gboolean steward_databases_find_named (StewardStepContext *context,
                                       StewardConnection *connection,
                                       const char *name,
                                       StewardDatabase **database,
                                       GError **error);

/** steward_databases_find_original: what was live when this began. Errors: %STEWARD_ERROR_CHANGED
 * (it is gone) */
gboolean steward_databases_find_original (StewardStepContext *context,
                                          StewardConnection *connection,
                                          StewardDatabase **original,
                                          GError **error);

/** steward_databases_note_original: records, once, what the walk back gives back with the name, as
 * facts of the step that takes it; before the first change of @original. */
gboolean steward_databases_note_original (StewardStepContext *context,
                                          const StewardDatabase *original,
                                          GError **error);

/** steward_databases_get_copy_oid: Returns: the copy's identity, 0 where none was recorded */
guint32 steward_databases_get_copy_oid (const StewardStepContext *context);

/** steward_databases_dup_comment: Returns: (transfer full): the mark with this operation and @role:
 * `aside`, `copy`, `failed` */
char *steward_databases_dup_comment (const StewardStepContext *context, const char *role);

/**
 * steward_databases_move:
 *
 * Renames a database that others may still be in: ends this role's sessions in it and tries again,
 * 10 s at most. Errors: %STEWARD_ERROR_LOCKED (another role's session, named); else as
 * steward_set_aside_move()
 */
gboolean steward_databases_move (StewardStepContext *context,
                                 StewardConnection *connection,
                                 const StewardMove *move,
                                 GError **error);

/** steward_databases_close: no connections any more, and this role's sessions ended. */
gboolean steward_databases_close (StewardStepContext *context,
                                  StewardConnection *connection,
                                  const StewardDatabase *database,
                                  GError **error);

/** steward_databases_count: Returns: (transfer full) (nullable): rows by table, as JSON; see
 * row-counts.h */
JsonObject *steward_databases_count (StewardStepContext *context, const char *name, GError **error);

/** steward_databases_parse_counts: Returns: (transfer full) (element-type utf8 guint64) */
GHashTable *steward_databases_parse_counts (JsonObject *counts);

/** steward_databases_drop_copy: drops the database that has the copy's name, which only this
 * operation gives; one that is not there is fine. */
gboolean steward_databases_drop_copy (StewardStepContext *context, GError **error);

/** steward_databases_describe_move: Returns: (transfer full): the SQL by which one could do it by
 * hand */
char *steward_databases_describe_move (const StewardStepContext *context,
                                       const char *from,
                                       const char *to);

/** steward_databases_describe_withdraw: Returns: (transfer full): the same for taking the live name
 * from the copy; does nothing where the copy does not have it */
char *steward_databases_describe_withdraw (const StewardStepContext *context);

/** steward_databases_describe_return: Returns: (transfer full): the same for giving the original
 * back what it had when it was live: its name, its openness and its comment */
char *steward_databases_describe_return (const StewardStepContext *context);

G_END_DECLS
