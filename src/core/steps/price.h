/* The price of going back, in rows: said first, agreed to by typing the version, and asked again if
 * it grew. */
#pragma once

#include "core/steps/step.h"

G_BEGIN_DECLS

/**
 * StewardPrice: net rows by table that would be lost, and time.
 * @rows: (element-type utf8 gint64): what the live database has more than the source
 * @since_s: when the source was taken, host's clock; 0 where it is not known
 */
typedef struct
{
  GHashTable *rows;
  guint64 total;
  gint64 since_s;
} StewardPrice;

void steward_price_free (StewardPrice *price);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardPrice, steward_price_free)

/** steward_price_new: @now, @then: (element-type utf8 guint64): rows by table */
StewardPrice *steward_price_new (GHashTable *now, GHashTable *then, gint64 since_s);

/** steward_price_dup_sentence: Returns: (transfer full): what would be lost, for the
 * administrator */
char *steward_price_dup_sentence (const StewardPrice *price);

/** steward_price_quote: what a rollback by this plan would lose now; counts the live database.
 * Returns: (transfer full) (nullable) */
StewardPrice *steward_price_quote (StewardDeployment *deployment,
                                   StewardStore *store,
                                   const StewardPlan *plan,
                                   GCancellable *cancellable,
                                   GError **error);

/** steward_price_note: records the price that was agreed to, before anything is touched.
 * Errors: %STEWARD_ERROR_LOSS: nobody agreed */
gboolean steward_price_note (StewardStepContext *context, GError **error);

/** steward_price_confirm: after the set-aside: asks again if more would be lost than was agreed to.
 * Errors: %STEWARD_ERROR_LOSS */
gboolean steward_price_confirm (StewardStepContext *context, GError **error);

/** steward_price_accept_written: whether what was written since the publish may be left behind.
 * @written: (element-type StewardWrittenTable). Errors: %STEWARD_ERROR_LOSS */
gboolean steward_price_accept_written (StewardStepContext *context,
                                       const GPtrArray *written,
                                       GError **error);

G_END_DECLS
