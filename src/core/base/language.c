/* Binds gettext's catalogue. See the header. */
#include "core/base/language.h"

#include <libintl.h>
#include <locale.h>

void
steward_language_set_up (void)
{
  const char *folder = g_getenv ("STEWARD_LOCALE_DIR");

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, folder != NULL ? folder : STEWARD_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}
