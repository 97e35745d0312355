/* Everything that newer GTK and libadwaita call deprecated stands in compat.c; the rest of the
 * window asks for it here. Main thread. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/** StewardConfirm: a question with one way on and Cancel, which has the focus.
 * @word: (nullable): what has to be typed before the way on can be taken
 * @label: of the button that goes on; a verb that names what it does */
typedef struct
{
  const char *heading;
  const char *body;
  const char *word;
  const char *label;
  AdwResponseAppearance appearance;
} StewardConfirm;

/** StewardConfirmFunc: @is_agreed: FALSE also where the dialog was just closed */
typedef void (*StewardConfirmFunc) (gboolean is_agreed, gpointer data);

/** steward_compat_confirm: @func: called once, also where the dialog is destroyed unanswered, which
 * it is with @parent's window at the latest: a window that @data holds would never go.
 * Returns: (transfer none): the dialog; it frees itself after @func */
GtkWidget *steward_compat_confirm (GtkWidget *parent,
                                   const StewardConfirm *confirm,
                                   StewardConfirmFunc func,
                                   gpointer data);

/** steward_compat_tell: says what cannot be said on a page */
void steward_compat_tell (GtkWidget *parent, const char *heading, const char *body);

/** StewardChooseFunc: @file: (nullable): none was chosen */
typedef void (*StewardChooseFunc) (GFile *file, gpointer data);

/** StewardChoice: @label: of the button that goes on; @kind: what the files that match @patterns
 * are; (nullable) @patterns: split at blanks; %NULL for a folder */
typedef struct
{
  const char *title;
  const char *label;
  const char *kind;
  const char *patterns;
} StewardChoice;

/** steward_compat_choose_file: asks for a file to open, or a folder */
void steward_compat_choose_file (GtkWindow *parent,
                                 const StewardChoice *choice,
                                 StewardChooseFunc func,
                                 gpointer data);

/** steward_compat_show_about: @troubleshooting: what to send with a report, without secrets */
void steward_compat_show_about (GtkWindow *parent, const char *troubleshooting);

/** steward_compat_show_preferences */
void steward_compat_show_preferences (GtkWindow *parent, GSettings *settings);

/** steward_compat_show_shortcuts: what shortcuts-window.ui lists */
void steward_compat_show_shortcuts (GtkApplicationWindow *parent);

/** steward_compat_find_leaflet: Returns: (transfer none) (nullable): the AdwLeaflet around @widget
 */
GtkWidget *steward_compat_find_leaflet (GtkWidget *widget);

/** steward_compat_leaflet_show: makes @child of the AdwLeaflet @leaflet the one to be seen when it
 * is folded. Moves the focus only where it is folded. */
void steward_compat_leaflet_show (GtkWidget *leaflet, GtkWidget *child);
gboolean steward_compat_leaflet_is_folded (GtkWidget *leaflet);

/** steward_compat_find_color: @name: of the style's named colours; @color: (out).
 * Returns: whether there is one */
gboolean steward_compat_find_color (GtkWidget *widget, const char *name, GdkRGBA *color);

G_END_DECLS
