/* The invariants of fault-scene.h, each looked at by docker, by SQL and in the file system. */
#pragma once

#include "deployment-fixture.h"

G_BEGIN_DECLS

/**
 * Invariants:
 * @rows: (nullable) (element-type gint64): what was acknowledged
 * @broken: the letters of those that do not hold
 */
typedef struct
{
  DeploymentFixture *fixture;
  const GArray *rows;
  char broken[8];
} Invariants;

/** invariants_break: notes that @letter does not hold, once, and says why. */
void invariants_break (Invariants *self, char letter, const char *format, ...) G_GNUC_PRINTF (3, 4);

/** invariants_check: all five. The operation has ended, and nobody writes any more. */
void invariants_check (Invariants *self);

G_END_DECLS
