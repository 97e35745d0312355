/* The desktop application. */
#include <glib/gi18n-lib.h>

#include "app/application.h"
#include "core/base/language.h"

int
main (int argc, char **argv)
{
  steward_language_set_up ();
  g_set_prgname ("steward");
  g_set_application_name (_ ("Steward"));

  g_autoptr (StewardApplication) application = steward_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
