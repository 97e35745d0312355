/* The language of the administrator, for a program as a whole. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * steward_language_set_up:
 *
 * Takes over the locale of the environment and finds Steward's translations: below the folder named
 * by STEWARD_LOCALE_DIR where that is set (a program that is not installed), else where they are
 * installed. To be called once, at the start of main(), before there are threads. Without a
 * translation everything is in English.
 */
void steward_language_set_up (void);

G_END_DECLS
