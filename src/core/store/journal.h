/* The journal of an operation: what it set out to do, and each effect announced before it is tried.
 * JSON lines, one file an operation, appended and synced record by record:
 *
 *   {"n":1,"at":"2026-11-23T22:03:00Z","kind":"plan","version":1,"operation":"upgrade",
 *    "data":{…},"sum":"…"}
 *   {"n":2,"at":"…","kind":"intent","step":"dump","direction":"forward","data":{…},"sum":"…"}
 *
 * `sum` is the last member: the first 16 hex digits of the SHA-256 of the line as it would read
 * without it. No secrets: names, digests, hashes. What a step's data mean, and what follows from a
 * journal, is for operations; a journal alone never proves what the server is like. */
#pragma once

#include <json-glib/json-glib.h>

#include "core/store/store.h"

G_BEGIN_DECLS

/** The version of plans that this Steward writes and understands. */
#define STEWARD_PLAN_VERSION 1
/** Disk set aside for a journal before it begins, so that a full disk cannot silence it. */
#define STEWARD_JOURNAL_RESERVED_BYTES (1024 * 1024)

typedef enum
{
  STEWARD_DIRECTION_FORWARD,
  STEWARD_DIRECTION_BACK,
} StewardDirection;

/**
 * StewardJournalState:
 * @STEWARD_JOURNAL_UNFINISHED: to be resumed or walked back
 * @STEWARD_JOURNAL_DONE: it did what it was to do
 * @STEWARD_JOURNAL_BACK: it failed or was cancelled, and the server is back where it was
 * @STEWARD_JOURNAL_REFUSED: a check said no; nothing was touched
 * @STEWARD_JOURNAL_HANDS: it ended, but somebody must do something by hand; may be resumed or
 * walked back afterwards, and counts as unfinished until then
 */
typedef enum
{
  STEWARD_JOURNAL_UNFINISHED,
  STEWARD_JOURNAL_DONE,
  STEWARD_JOURNAL_BACK,
  STEWARD_JOURNAL_HANDS,
  STEWARD_JOURNAL_REFUSED,
} StewardJournalState;

/**
 * StewardRecordKind: (the plan is written by steward_journal_create() alone)
 * @STEWARD_RECORD_INTENT: a step is about to change something
 * @STEWARD_RECORD_DONE: it did; data are facts about the result
 * @STEWARD_RECORD_FAILED: it did not; text says why
 * @STEWARD_RECORD_DIRECTION: from here on the operation goes this way
 * @STEWARD_RECORD_NOTE: something worth keeping; with a step, its data are facts too
 * @STEWARD_RECORD_END: the operation ended in this state; text is its result
 */
typedef enum
{
  STEWARD_RECORD_INTENT,
  STEWARD_RECORD_DONE,
  STEWARD_RECORD_FAILED,
  STEWARD_RECORD_DIRECTION,
  STEWARD_RECORD_NOTE,
  STEWARD_RECORD_END,
} StewardRecordKind;

/**
 * StewardRecord: what is to be written; the number, the time and the sum are added.
 * @step: (nullable): identifier
 * @direction: for %STEWARD_RECORD_DIRECTION only; every other record gets the journal's own
 * @state: for %STEWARD_RECORD_END only
 * @data: (nullable): borrowed
 * @text: (nullable): a sentence, without secrets
 */
typedef struct
{
  StewardRecordKind kind;
  const char *step;
  StewardDirection direction;
  StewardJournalState state;
  JsonObject *data;
  const char *text;
} StewardRecord;

/**
 * StewardJournalStep: one step in one direction.
 * @started_s: when its latest attempt was announced, host's time; 0 for none
 * @ended_s: 0 while it runs, or was interrupted
 * @failed: whether its latest attempt failed; @text: (nullable) says why
 */
typedef struct
{
  char *step;
  StewardDirection direction;
  gint64 started_s;
  gint64 ended_s;
  gboolean failed;
  char *text;
} StewardJournalStep;

/**
 * StewardJournal: an operation as its journal tells it; to be read, not written.
 * @operation: for example `upgrade`; %NULL where the plan is rotten
 * @plan: (nullable): %NULL where it is rotten or @is_newer
 * @is_newer: the plan was made by a newer Steward
 * @is_damaged: records are missing or rotten, beyond one that was torn while being written
 * @bad_lines: lines that are not whole records
 * @last_step: (nullable): the step of the newest intent
 * @last_is_open: whether that intent has neither a done nor a failed record
 * @steps: (element-type StewardJournalStep): in the order of their first intents
 * @text: (nullable): the result, from the end record
 * @began_s, @ended_s: host's time; @ended_s is 0 for %STEWARD_JOURNAL_UNFINISHED
 */
typedef struct
{
  char *id;
  char *operation;
  JsonObject *plan;
  gboolean is_newer;
  gboolean is_damaged;
  guint bad_lines;
  StewardDirection direction;
  StewardJournalState state;
  char *last_step;
  gboolean last_is_open;
  GPtrArray *steps;
  char *text;
  gint64 began_s;
  gint64 ended_s;

  /*< private >*/
  StewardStore *store;
  char *held; /* lines that are written with the next one; owned, nullable */
  GHashTable *facts;
  gint64 next_number;
} StewardJournal;

void steward_journal_free (StewardJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardJournal, steward_journal_free)

/** steward_journal_is_over: pure. Whether nothing is left to resume or to walk back. */
gboolean steward_journal_is_over (const StewardJournal *journal);

/**
 * steward_journal_create:
 * @id: from steward_store_make_id()
 * @operation: the kind of operation
 * @plan: borrowed; by whom, names, digests, hashes. No secrets.
 *
 * The operation exists once this has returned; an attempt that fails before leaves at most an empty
 * file, which reads as no operation.
 *
 * Returns: (transfer full) (nullable): the journal; @store must outlive it
 * Errors: %STEWARD_ERROR_NO_SPACE, %STEWARD_ERROR_DENIED, %STEWARD_ERROR_LOST_LOCK
 */
StewardJournal *steward_journal_create (StewardStore *store,
                                        const char *id,
                                        const char *operation,
                                        JsonObject *plan,
                                        const StewardFence *fence,
                                        GCancellable *cancellable,
                                        GError **error);

/** steward_journal_append: writes a record, synced, and takes it into @journal. After an error
 * @journal is as before; the file may hold the record, a torn piece of it, or nothing: appending
 * again is right. */
gboolean steward_journal_append (StewardJournal *journal,
                                 const StewardRecord *record,
                                 const StewardFence *fence,
                                 GCancellable *cancellable,
                                 GError **error);

/** steward_journal_append_later: takes a record into @journal at once, and writes it together with
 * the next one that is appended. For what the server can be asked again: after a crash in between
 * it reads as if it had not been recorded. Errors: of the host's clock */
gboolean steward_journal_append_later (StewardJournal *journal,
                                       const StewardRecord *record,
                                       GCancellable *cancellable,
                                       GError **error);

/** steward_journal_load: Returns: (transfer full) (nullable): may be damaged: see there. Errors:
 * %STEWARD_ERROR_NOT_FOUND (none, or it never began), %STEWARD_ERROR_REFUSED (made by a newer
 * Steward), %STEWARD_ERROR_DENIED */
StewardJournal *steward_journal_load (StewardStore *store,
                                      const char *id,
                                      GCancellable *cancellable,
                                      GError **error);

/** steward_journal_list: one host call. @limit: at most so many. Returns: (transfer full)
 * (element-type StewardJournal) (nullable): newest first; newer and damaged ones too. Errors:
 * %STEWARD_ERROR_DENIED */
GPtrArray *
steward_journal_list (StewardStore *store, guint limit, GCancellable *cancellable, GError **error);

/** steward_journal_find_unfinished: one host call. @journal: (out) (transfer full): the newest
 * operation that did not end or that needs hands, %NULL where there is none; a damaged one has to
 * be expected. Errors: %STEWARD_ERROR_REFUSED (made by a newer Steward), %STEWARD_ERROR_DENIED */
gboolean steward_journal_find_unfinished (StewardStore *store,
                                          StewardJournal **journal,
                                          GCancellable *cancellable,
                                          GError **error);

/** steward_journal_get_facts: the data of a step's intent, note and done records in either
 * direction, merged, later ones over earlier ones. Returns: (transfer none) (nullable) */
JsonObject *steward_journal_get_facts (StewardJournal *journal, const char *step);

G_END_DECLS
