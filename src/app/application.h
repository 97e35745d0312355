/* The application: one window, the actions that belong to no server, and what lives as long as the
 * process: settings and the list of servers. */
#pragma once

#include "app/server-list.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_APPLICATION_ID "io.github.stewardapp.Steward"

#define STEWARD_TYPE_APPLICATION (steward_application_get_type ())
G_DECLARE_FINAL_TYPE (StewardApplication, steward_application, STEWARD, APPLICATION, AdwApplication)

StewardApplication *steward_application_new (void);

/** Both: (transfer none) */
GSettings *steward_application_get_settings (StewardApplication *self);
StewardServerList *steward_application_get_servers (StewardApplication *self);

G_END_DECLS
