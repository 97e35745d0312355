/* The sentences of a review: what an operation of each kind does, in words. Translated; pure. */
#pragma once

#include "core/deployment/migrations.h"
#include "core/operations/operation.h"

G_BEGIN_DECLS

/** StewardReviewWords: of a kind of operation; all translated
 * @start: the button's label, with a mnemonic
 * @looking: what is being found out; @failed: the heading where that failed */
typedef struct
{
  const char *start;
  const char *looking;
  const char *failed;
} StewardReviewWords;

StewardReviewWords steward_review_words_get (StewardOperationKind kind);

/** Each of those that follow returns: (transfer full) */

/** steward_review_words_dup_title: @tag: (nullable): the version that will run, where it is
 * known */
char *steward_review_words_dup_title (StewardOperationKind kind, const char *tag);

/** steward_review_words_dup_question: of a rollback, to be answered before rows are lost */
char *steward_review_words_dup_question (const StewardPlan *plan);

/** steward_review_words_dup_story: what will happen, in paragraphs */
char *steward_review_words_dup_story (const StewardPlan *plan);

/** steward_review_words_dup_rehearsed: what a rehearsal measured, in milliseconds */
char *
steward_review_words_dup_rehearsed (guint64 restore_ms, guint64 migrate_ms, guint64 answer_ms);

/** steward_review_words_dup_downtime: @downtime_ms: as predicted, 0 where nothing is */
char *steward_review_words_dup_downtime (StewardOperationKind kind, guint64 downtime_ms);

/** steward_review_words_dup_loss: @price: (nullable): where it is not known. Without the tables. */
char *steward_review_words_dup_loss (const StewardPrice *price);

/** steward_review_words_dup_refusal: @n_refused: at least one */
char *steward_review_words_dup_refusal (guint n_refused);

/** steward_review_words_dup_risks: the statements that destroy, one a line; an empty text where
 * none was found */
char *steward_review_words_dup_risks (const StewardPendingMigration *pending);

/** steward_review_words_dup_pending: of all of them, in whole sentences */
char *steward_review_words_dup_pending (const GPtrArray *pending);

G_END_DECLS
