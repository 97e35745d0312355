/* The desktop application. */
#include <glib/gi18n-lib.h>
#include <locale.h>

#include "app/application.h"

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, STEWARD_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("steward");
  g_set_application_name (_ ("Steward"));

  g_autoptr (StewardApplication) application = steward_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
