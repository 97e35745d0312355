/* The only file with calls that are deprecated after GTK 4.8 and libadwaita 1.2. */
#include "app/compat.h"

#include <glib/gi18n-lib.h>

#include "app/accessible-names.h"
#include "app/words.h"

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

#define RESPONSE_CANCEL "cancel"
#define RESPONSE_GO_ON "go-on"

/* Lives as long as its dialog. */
typedef struct
{
  StewardConfirmFunc func; /* nullable: it was called */
  gpointer data;
  char *word;       /* owned, nullable */
  GtkWidget *entry; /* borrowed, nullable: of the dialog */
} Confirming;

static void
confirming_free (gpointer data)
{
  Confirming *confirming = data;

  g_free (confirming->word);
  g_free (confirming);
}

/* Whatever comes first is the answer. */
static void
answer (Confirming *confirming, gboolean is_agreed)
{
  StewardConfirmFunc func = confirming->func;

  confirming->func = NULL;
  if (func != NULL)
    func (is_agreed, confirming->data);
}

static gboolean
is_word_typed (const Confirming *confirming)
{
  return confirming->word == NULL
         || g_str_equal (gtk_editable_get_text (GTK_EDITABLE (confirming->entry)),
                         confirming->word);
}

static void
responded_cb (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Confirming *confirming = data;

  answer (confirming, g_str_equal (response, RESPONSE_GO_ON) && is_word_typed (confirming));
}

/* A dialog can go without a response, with the window it belongs to. */
static void
confirm_destroyed_cb (AdwMessageDialog *dialog, gpointer data)
{
  answer (data, FALSE);
}

static void
typed_cb (GtkEditable *entry, gpointer data)
{
  AdwMessageDialog *dialog = data;
  const Confirming *confirming = g_object_get_data (G_OBJECT (dialog), "steward-confirming");

  adw_message_dialog_set_response_enabled (dialog, RESPONSE_GO_ON, is_word_typed (confirming));
}

static void
add_entry (AdwMessageDialog *dialog, Confirming *confirming)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  g_autofree char *word = steward_words_dup_ltr (confirming->word);
  g_autofree char *hint = g_strdup_printf (_ ("Type %s to agree"), word);
  GtkWidget *label = gtk_label_new (hint);

  confirming->entry = gtk_entry_new ();
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_entry_set_activates_default (GTK_ENTRY (confirming->entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (confirming->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  hint, -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), confirming->entry);
  adw_message_dialog_set_extra_child (dialog, box);
  adw_message_dialog_set_response_enabled (dialog, RESPONSE_GO_ON, FALSE);
  g_signal_connect (confirming->entry, "changed", G_CALLBACK (typed_cb), dialog);
}

GtkWidget *
steward_compat_confirm (GtkWidget *parent,
                        const StewardConfirm *confirm,
                        StewardConfirmFunc func,
                        gpointer data)
{
  GtkRoot *root = parent != NULL ? gtk_widget_get_root (parent) : NULL;
  GtkWidget *widget = adw_message_dialog_new (root != NULL ? GTK_WINDOW (root) : NULL,
                                              confirm->heading, confirm->body);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (widget);
  Confirming *confirming = g_new0 (Confirming, 1);

  *confirming = (Confirming){ func, data, g_strdup (confirm->word), NULL };
  g_object_set_data_full (G_OBJECT (dialog), "steward-confirming", confirming, confirming_free);
  adw_message_dialog_add_responses (dialog, RESPONSE_CANCEL, _ ("_Cancel"), RESPONSE_GO_ON,
                                    confirm->label, NULL);
  adw_message_dialog_set_response_appearance (dialog, RESPONSE_GO_ON, confirm->appearance);
  adw_message_dialog_set_close_response (dialog, RESPONSE_CANCEL);
  adw_message_dialog_set_default_response (dialog, confirm->word != NULL ? RESPONSE_GO_ON
                                                                         : RESPONSE_CANCEL);
  if (confirm->word != NULL)
    add_entry (dialog, confirming);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (responded_cb), confirming);
  g_signal_connect (dialog, "destroy", G_CALLBACK (confirm_destroyed_cb), confirming);
  gtk_window_present (GTK_WINDOW (dialog));
  return widget;
}

void
steward_compat_tell (GtkWidget *parent, const char *heading, const char *body)
{
  GtkWidget *dialog =
      adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (parent)), heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), RESPONSE_CANCEL, _ ("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

typedef struct
{
  StewardChooseFunc func;
  gpointer data;
} Choosing;

static void
chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autofree Choosing *choosing = data;
  g_autoptr (GFile) file = response == GTK_RESPONSE_ACCEPT
                               ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog))
                               : NULL;

  choosing->func (file, choosing->data);
  g_object_unref (dialog);
}

static void
add_filter (GtkFileChooser *chooser, const StewardChoice *choice)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();
  g_auto (GStrv) patterns = g_strsplit (choice->patterns, " ", -1);

  for (gsize i = 0; patterns[i] != NULL; i++)
    gtk_file_filter_add_pattern (filter, patterns[i]);
  gtk_file_filter_set_name (filter, choice->kind);
  gtk_file_chooser_add_filter (chooser, filter);
}

void
steward_compat_choose_file (GtkWindow *parent,
                            const StewardChoice *choice,
                            StewardChooseFunc func,
                            gpointer data)
{
  GtkFileChooserAction action = choice->patterns != NULL ? GTK_FILE_CHOOSER_ACTION_OPEN
                                                         : GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER;
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (choice->title, parent, action, choice->label, _ ("_Cancel"));
  Choosing *choosing = g_new0 (Choosing, 1);

  *choosing = (Choosing){ func, data };
  if (choice->patterns != NULL)
    add_filter (GTK_FILE_CHOOSER (dialog), choice);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (chosen_cb), choosing);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

/* The same sentence as in the store's notes: it is translated once. */
static char *
dup_release_notes (void)
{
  return g_markup_printf_escaped ("<p>%s</p>",
                                  _ ("The first release: backup, upgrade, restart and rollback of "
                                     "Parsec servers, on this machine and over SSH, in a window "
                                     "and on a terminal."));
}

void
steward_compat_show_about (GtkWindow *parent, const char *troubleshooting)
{
  g_autofree char *notes = dup_release_notes ();

  adw_show_about_window (parent, "application-name", _ ("Steward"), "application-icon",
                         "io.github.stewardapp.Steward", "version", STEWARD_VERSION,
                         "developer-name", _ ("The Steward contributors"), "license-type",
                         GTK_LICENSE_GPL_3_0, "website", "https://github.com/stewardapp/steward",
                         "issue-url", "https://github.com/stewardapp/steward/issues", "comments",
                         _ ("Steward takes a Parsec server from one version to the next and back, "
                            "without losing a row."),
                         "release-notes", notes, "release-notes-version", STEWARD_VERSION,
                         /* Translators: your names, one a line. */
                         "translator-credits", _ ("translator-credits"), "debug-info",
                         troubleshooting, "debug-info-filename", "steward.txt",
                         "destroy-with-parent", TRUE, NULL);
}

/* Made when it is asked for, and gone when it is closed: a late question of a screen reader about a
 * window that has just gone makes GTK 4.8 answer with the last one there is, and crash where that
 * was never shown. */
void
steward_compat_show_shortcuts (GtkApplicationWindow *parent)
{
  g_autoptr (GtkBuilder) builder =
      gtk_builder_new_from_resource ("/io/github/stewardapp/Steward/shortcuts-window.ui");
  GtkWindow *window = GTK_WINDOW (gtk_builder_get_object (builder, "window"));

  /* It alone lets the window know the keys of the actions. */
  gtk_application_window_set_help_overlay (parent, GTK_SHORTCUTS_WINDOW (window));
  gtk_window_set_hide_on_close (window, FALSE);
  gtk_window_set_destroy_with_parent (window, TRUE);
  /* GTK's button for the search has an icon alone. */
  steward_accessible_names_set_all (GTK_WIDGET (window), GTK_TYPE_TOGGLE_BUTTON,
                                    _ ("Search Shortcuts"));
  gtk_window_present (window);
}

GtkWidget *
steward_compat_find_leaflet (GtkWidget *widget)
{
  return gtk_widget_get_ancestor (widget, ADW_TYPE_LEAFLET);
}

void
steward_compat_leaflet_show (GtkWidget *leaflet, GtkWidget *child)
{
  adw_leaflet_set_visible_child (ADW_LEAFLET (leaflet), child);
}

gboolean
steward_compat_find_color (GtkWidget *widget, const char *name, GdkRGBA *color)
{
  return gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, color);
}

gboolean
steward_compat_leaflet_is_folded (GtkWidget *leaflet)
{
  return adw_leaflet_get_folded (ADW_LEAFLET (leaflet));
}

/* A row of the preferences; the title has a mnemonic. @least, @most: of a number. */
typedef struct
{
  const char *key;
  const char *title;
  const char *subtitle;
  guint least;
  guint most;
} Setting;

/* AdwSwitchRow and AdwSpinRow are newer. */
static GtkWidget *
setting_row_new (const Setting *setting, GtkWidget *control)
{
  GtkWidget *row = adw_action_row_new ();
  g_auto (GStrv) parts = g_strsplit (setting->title, "_", -1);
  g_autofree char *name = g_strjoinv ("", parts);

  adw_preferences_row_set_use_underline (ADW_PREFERENCES_ROW (row), TRUE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), setting->title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), setting->subtitle);
  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  gtk_accessible_update_property (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  return row;
}

static GtkWidget *
switch_row_new (GSettings *settings, const Setting *setting)
{
  GtkWidget *control = gtk_switch_new ();

  g_settings_bind (settings, setting->key, control, "active", G_SETTINGS_BIND_DEFAULT);
  return setting_row_new (setting, control);
}

/* From the least to the most that the key takes. */
static GtkWidget *
spin_row_new (GSettings *settings, const Setting *setting)
{
  GtkWidget *control = gtk_spin_button_new_with_range (setting->least, setting->most, 5);

  g_settings_bind (settings, setting->key, control, "value", G_SETTINGS_BIND_DEFAULT);
  return setting_row_new (setting, control);
}

void
steward_compat_show_preferences (GtkWindow *parent, GSettings *settings)
{
  GtkWidget *window = adw_preferences_window_new ();
  GtkWidget *page = adw_preferences_page_new ();
  GtkWidget *group = adw_preferences_group_new ();

  const Setting prereleases = {
    .key = "show-prereleases",
    .title = _ ("Offer _pre-releases"),
    .subtitle = _ ("Release candidates and other versions that are not finished"),
  };
  const Setting watch = {
    .key = "watch-seconds",
    .title = _ ("_Watch a started server"),
    .subtitle = _ ("Seconds for which a server has to answer before the operation is done"),
    .least = 5,
    .most = 600,
  };
  const Setting guard = {
    .key = "guard-seconds",
    .title = _ ("_Guard a stopped server"),
    .subtitle =
        _ ("Seconds of silence from here, after which the host brings the old version back"),
    .least = 30,
    .most = 3600,
  };

  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group),
                             switch_row_new (settings, &prereleases));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), spin_row_new (settings, &watch));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), spin_row_new (settings, &guard));
  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), _ ("Upgrades"));
  adw_preferences_page_add (ADW_PREFERENCES_PAGE (page), ADW_PREFERENCES_GROUP (group));
  adw_preferences_window_add (ADW_PREFERENCES_WINDOW (window), ADW_PREFERENCES_PAGE (page));
  adw_preferences_window_set_search_enabled (ADW_PREFERENCES_WINDOW (window), FALSE);
  gtk_window_set_transient_for (GTK_WINDOW (window), parent);
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (window), 480, 320);
  gtk_window_present (GTK_WINDOW (window));
}

G_GNUC_END_IGNORE_DEPRECATIONS
