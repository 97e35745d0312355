/* The predictions' constants, and what they are made of. */
#include "core/steps/downtime.h"

#include "core/steps/trial.h"

/* Seen: a copy by template takes 3 to 7 s for 905 MB on two cores. */
#define COPY_BYTES_PER_MS (200 * 1000)
/* Assumed for what is not measured: stopping, renaming, switching and making containers; and for
 * the target's first answer. */
#define CONTAINERS_MS 6000
#define ANSWER_MS 3000

guint64
steward_downtime_predict_upgrade (guint64 database_bytes, const StewardPassport *rehearsed)
{
  guint64 migrate_ms = rehearsed != NULL ? rehearsed->migrate_ms : ANSWER_MS;
  guint64 answer_ms = rehearsed != NULL ? rehearsed->answer_ms : ANSWER_MS;

  /* It answers twice: on trial and in earnest. */
  return CONTAINERS_MS + database_bytes / COPY_BYTES_PER_MS + migrate_ms + 2 * answer_ms
         + steward_trial_get_settle_ms (answer_ms);
}

guint64
steward_downtime_predict_exchange (void)
{
  return CONTAINERS_MS + ANSWER_MS;
}
