/* The error domain's quark; nothing else. */
#include "core/base/error.h"

/* clang-format off */
G_DEFINE_QUARK (steward-error-quark, steward_error)
/* clang-format on */
