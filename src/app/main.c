/* The desktop application. */
#include <glib/gi18n-lib.h>

#include "app/application.h"
#include "core/base/language.h"
#include "core/host/sandbox.h"

/* GTK itself only says that there is no display. */
static void
explain_display (void)
{
  g_autofree char *lack =
      steward_sandbox_find_lack (STEWARD_SANDBOX_INFO, STEWARD_PERMISSION_DISPLAY);

  if (lack != NULL)
    g_printerr ("%s\n", lack);
}

int
main (int argc, char **argv)
{
  steward_language_set_up ();
  g_set_prgname ("steward");
  g_set_application_name (_ ("Steward"));

  explain_display ();

  g_autoptr (StewardApplication) application = steward_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
