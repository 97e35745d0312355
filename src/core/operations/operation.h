/* What both clients ask for: a look before (review), an operation, its resumption, its walking
 * back. Blocks; for the deployment's worker thread (worker.h); events and questions go through
 * channel.h. */
#pragma once

#include "core/operations/runner.h"
#include "core/steps/checks.h"
#include "core/steps/price.h"

G_BEGIN_DECLS

/** How long a started server is watched where nothing else is asked for, in seconds. */
#define STEWARD_WATCH_S 30

/**
 * StewardRequest: what the administrator wants.
 * @tag: (nullable): the target of an upgrade, as the registry spells it
 * @source: (nullable): for a rollback: a backup's id or a set-aside database's name; %NULL for the
 * newest complete backup of another version than the one that runs
 * @accepted_loss: (nullable): the version that was typed to agree to lose rows
 * @leaves_out_rehearsal: an upgrade is not rehearsed first: less is known, and less space needed
 * @watch_s: 0 for %STEWARD_WATCH_S
 * @guard_s: 0 for %STEWARD_PLAN_GUARD_S; less than the few seconds between two heartbeats would set
 * the guard on a Steward that is well
 */
typedef struct
{
  StewardOperationKind kind;
  const char *tag;
  const char *source;
  const char *accepted_loss;
  gboolean leaves_out_rehearsal;
  guint watch_s;
  guint guard_s;
} StewardRequest;

/** StewardReviewStep: @title: translated; @command: (nullable): fit to be pasted, no secrets */
typedef struct
{
  const char *id;
  char *title;
  char *command;
} StewardReviewStep;

/**
 * StewardReview: what an operation would do; nothing of it was done.
 * @plan: names and digests; its id is a preview
 * @checks: (element-type StewardCheck)
 * @steps: (element-type StewardReviewStep)
 * @diff: (nullable): of the compose and env files, for reading; %NULL where nothing is to be
 * edited, or a check says why it cannot be
 * @pending: (nullable) (element-type StewardPendingMigration): %NULL where they could not be asked
 * for;
 *   @pending_problem then says why
 * @price: (nullable): of a rollback; %NULL where a check refuses
 * @rehearsed: (nullable): of the backup with which this very upgrade was rehearsed last; what that
 * measured stands in it
 * @downtime_ms: predicted: of an upgrade by @rehearsed; else by the newest operation of the kind
 * that was done; else by the database's size; 0 where the server is not stopped
 */
typedef struct
{
  StewardPlan *plan;
  GPtrArray *checks;
  GPtrArray *steps;
  char *diff;
  GPtrArray *pending;
  char *pending_problem;
  StewardPrice *price;
  StewardPassport *rehearsed;
  guint64 downtime_ms;
} StewardReview;

void steward_review_free (StewardReview *review);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardReview, steward_review_free)

/** StewardClient: who follows an operation; all of it is called on the worker's thread.
 * @name: for the lock and passports: `stewardctl 0.1.0`
 * @event, @ask: (nullable) */
typedef struct
{
  const char *name;
  StewardEventFunc event;
  StewardAskFunc ask;
  gpointer data;
} StewardClient;

/** StewardRehearsed: what a rehearsal measured, in milliseconds; all 0 where there was none.
 * @downtime_ms: what it predicts for the upgrade itself */
typedef struct
{
  guint64 restore_ms;
  guint64 migrate_ms;
  guint64 answer_ms;
  guint64 downtime_ms;
} StewardRehearsed;

/** StewardReport: how it went. @id: of the operation, %NULL where none was begun;
 * @downtime_ms: measured from the stop to the first answer, 0 where the server was not stopped */
typedef struct
{
  char *id;
  StewardOperationKind kind;
  char *backup_id;
  char *from_tag;
  char *to_tag;
  gint64 downtime_ms;
  StewardRehearsed rehearsed;
} StewardReport;

void steward_report_clear (StewardReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (StewardReport, steward_report_clear)

/** steward_operation_new_store: Returns: (transfer full): the store of this deployment */
StewardStore *steward_operation_new_store (const StewardDeployment *deployment);

/**
 * steward_operation_review:
 *
 * The target's image is fetched where it is not on the host yet, to ask it for its migrations; a
 * note says so.
 *
 * Errors: %STEWARD_ERROR_REFUSED (an operation stands unfinished); those of
 * steward_planning_make(): %STEWARD_ERROR_NOT_FOUND (no such backup), %STEWARD_ERROR_UNREACHABLE
 * and others of the database; those of steward_price_quote(). A check that refuses is no error
 * here: see @checks.
 */
StewardReview *steward_operation_review (StewardDeployment *deployment,
                                         StewardStore *store,
                                         const StewardRequest *request,
                                         const StewardClient *client,
                                         GCancellable *cancellable,
                                         GError **error);

/**
 * steward_operation_run:
 * @report: (out caller-allocates): clear it
 * @error: set unless the result is done
 *
 * Checks, takes the lock, journals, runs. See steward_runner_run().
 *
 * Errors: %STEWARD_ERROR_LOCKED (result refused: somebody else is at work); %STEWARD_ERROR_REFUSED
 * also where an operation stands unfinished; those of steward_runner_run()
 */
StewardResult steward_operation_run (StewardDeployment *deployment,
                                     StewardStore *store,
                                     const StewardRequest *request,
                                     const StewardClient *client,
                                     StewardReport *report,
                                     GCancellable *cancellable,
                                     GError **error);

/** steward_operation_take_lock: makes the store's folders.
 * @id: (nullable); @name: the word for what is done. Errors: %STEWARD_ERROR_LOCKED, those of the
 * store */
StewardLock *steward_operation_take_lock (StewardStore *store,
                                          const StewardClient *client,
                                          const char *id,
                                          const char *name,
                                          GCancellable *cancellable,
                                          GError **error);

/** steward_operation_take_lock_between: for what is done between operations: as
 * steward_operation_take_lock(), and refused while one stands unfinished. Errors: further
 * %STEWARD_ERROR_REFUSED */
StewardLock *steward_operation_take_lock_between (StewardStore *store,
                                                  const StewardClient *client,
                                                  const char *name,
                                                  GCancellable *cancellable,
                                                  GError **error);

/** steward_operation_check_finished: Errors: %STEWARD_ERROR_REFUSED: an operation stands
 * unfinished */
gboolean
steward_operation_check_finished (StewardStore *store, GCancellable *cancellable, GError **error);

/** StewardContinuation: what to do with the unfinished operation. */
typedef enum
{
  STEWARD_CONTINUE_RESUME,
  STEWARD_CONTINUE_WALK_BACK,
} StewardContinuation;

/**
 * steward_operation_continue:
 * @accepted_loss: (nullable): the version that was typed to agree to lose rows
 *
 * Takes the lock over from a holder that is silent, asks the real server what is done, and goes on
 * or back.
 *
 * Errors: %STEWARD_ERROR_NOT_FOUND (nothing is unfinished; result refused), %STEWARD_ERROR_LOCKED;
 * else as steward_operation_run()
 */
StewardResult steward_operation_continue (StewardDeployment *deployment,
                                          StewardStore *store,
                                          StewardContinuation continuation,
                                          const char *accepted_loss,
                                          const StewardClient *client,
                                          StewardReport *report,
                                          GCancellable *cancellable,
                                          GError **error);

G_END_DECLS
