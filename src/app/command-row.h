/* A step of a plan: its number, its title, and the command behind it, ready to be copied. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define STEWARD_TYPE_COMMAND_ROW (steward_command_row_get_type ())
G_DECLARE_FINAL_TYPE (StewardCommandRow, steward_command_row, STEWARD, COMMAND_ROW, AdwExpanderRow)

/** steward_command_row_new: @title, @command: no markup; @command: copied to the byte */
GtkWidget *steward_command_row_new (guint number, const char *title, const char *command);

/** steward_command_row_number_new: a label as these rows begin with, for rows without a command */
GtkWidget *steward_command_row_number_new (guint number);

G_END_DECLS
