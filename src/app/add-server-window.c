/* Adds the host first and takes it back where it cannot be used. See the header. */
#include "app/add-server-window.h"

#include <glib/gi18n-lib.h>

#include "app/accessible-names.h"
#include "app/words.h"
#include "core/host/ssh-host.h"

#define MAX_SUGGESTIONS 5

struct _StewardAddServerWindow
{
  AdwWindow parent_instance;

  StewardServerList *servers; /* owned */
  StewardKnownHost *host;     /* owned, nullable: the one that is connected to */
  gboolean is_new;            /* that host was not known before */
  GStrv configured;           /* owned: hosts of the SSH configuration */

  GtkEditable *entry;
  GtkListBox *suggestions;
  GtkLabel *problem;
  GtkSpinner *spinner;
  GtkWidget *connect;
};

static guint found_signal;

G_DEFINE_FINAL_TYPE (StewardAddServerWindow, steward_add_server_window, ADW_TYPE_WINDOW)

static void
show_problem (StewardAddServerWindow *self, const char *problem)
{
  gtk_label_set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
}

static void
suggestion_cb (AdwActionRow *row, gpointer data)
{
  StewardAddServerWindow *self = data;

  gtk_editable_set_text (self->entry, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  gtk_editable_set_position (self->entry, -1);
  gtk_widget_grab_focus (self->connect);
}

static void
add_suggestion (StewardAddServerWindow *self, const char *host)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), host);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_signal_connect (row, "activated", G_CALLBACK (suggestion_cb), self);
  gtk_list_box_append (self->suggestions, row);
}

/* Those that hold what was typed; not one that was typed whole. */
static void
suggest (StewardAddServerWindow *self)
{
  const char *typed = gtk_editable_get_text (self->entry);
  GtkListBoxRow *row;
  guint shown = 0;

  while ((row = gtk_list_box_get_row_at_index (self->suggestions, 0)) != NULL)
    gtk_list_box_remove (self->suggestions, GTK_WIDGET (row));
  for (gsize i = 0; self->configured[i] != NULL && shown < MAX_SUGGESTIONS; i++)
    if (strstr (self->configured[i], typed) != NULL && !g_str_equal (self->configured[i], typed))
      {
        add_suggestion (self, self->configured[i]);
        shown++;
      }
  gtk_widget_set_visible (GTK_WIDGET (self->suggestions), shown > 0);
}

static void
typed_cb (StewardAddServerWindow *self)
{
  show_problem (self, NULL);
  suggest (self);
  gtk_widget_set_sensitive (self->connect,
                            self->host == NULL && *gtk_editable_get_text (self->entry) != '\0');
}

static void
set_connecting (StewardAddServerWindow *self, StewardKnownHost *host)
{
  if (self->host != NULL)
    g_signal_handlers_disconnect_by_data (self->host, self);
  g_set_object (&self->host, host);
  gtk_spinner_set_spinning (self->spinner, host != NULL);
  gtk_editable_set_editable (self->entry, host == NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->suggestions), host == NULL);
  gtk_widget_set_sensitive (self->connect, host == NULL);
}

static void
tell_found (StewardAddServerWindow *self, StewardKnownHost *host)
{
  g_autoptr (StewardServer) server = g_list_model_get_item (G_LIST_MODEL (host), 0);

  g_signal_emit (self, found_signal, 0, server);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* A host without servers stays out of the list: there is nothing to be shown of it. */
static void
give_up (StewardAddServerWindow *self, StewardKnownHost *host)
{
  g_autofree char *name = steward_words_dup_ltr (steward_known_host_get_name (host));
  g_autofree char *empty =
      g_strdup_printf (_ ("%s can be reached, but no container there runs or ran a Parsec server."),
                       name);
  const char *problem = steward_known_host_get_problem (host);

  show_problem (self, problem != NULL ? problem : empty);
  if (self->is_new && !steward_known_host_is_busy (host))
    steward_server_list_remove_host (self->servers, host);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}

static void
looked_cb (StewardAddServerWindow *self)
{
  g_autoptr (StewardKnownHost) host = g_object_ref (self->host);
  gboolean is_looking;

  g_object_get (host, "is-looking", &is_looking, NULL);
  if (is_looking)
    return;
  set_connecting (self, NULL);
  if (steward_known_host_get_problem (host) == NULL
      && g_list_model_get_n_items (G_LIST_MODEL (host)) > 0)
    tell_found (self, host);
  else
    give_up (self, host);
}

static void
connect_cb (StewardAddServerWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *typed = g_strstrip (g_strdup (gtk_editable_get_text (self->entry)));
  guint n_hosts = g_list_model_get_n_items (steward_server_list_get_hosts (self->servers));

  if (self->host != NULL || *typed == '\0')
    return;
  StewardKnownHost *host = steward_server_list_ensure_host (self->servers, typed, &error);
  if (host == NULL)
    {
      show_problem (self, error->message);
      return;
    }
  self->is_new = g_list_model_get_n_items (steward_server_list_get_hosts (self->servers)) > n_hosts;
  show_problem (self, NULL);
  set_connecting (self, host);
  steward_known_host_look (host);
  g_signal_connect_swapped (host, "notify::is-looking", G_CALLBACK (looked_cb), self);
}

static void
choose_file_cb (StewardAddServerWindow *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  gtk_widget_activate_action (GTK_WIDGET (parent), "win.add-compose-file", NULL);
  gtk_window_destroy (GTK_WINDOW (self));
}

StewardAddServerWindow *
steward_add_server_window_new (GtkWindow *parent, StewardServerList *servers)
{
  StewardAddServerWindow *self =
      g_object_new (STEWARD_TYPE_ADD_SERVER_WINDOW, "transient-for", parent, NULL);

  self->servers = g_object_ref (servers);
  suggest (self);
  return self;
}

/* Closed while it connects: a host that was not known before is not kept. */
static void
steward_add_server_window_dispose (GObject *object)
{
  StewardAddServerWindow *self = STEWARD_ADD_SERVER_WINDOW (object);

  if (self->host != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->host, self);
      if (self->is_new && !steward_known_host_is_busy (self->host))
        steward_server_list_remove_host (self->servers, self->host);
    }
  g_clear_object (&self->host);
  g_clear_object (&self->servers);
  g_clear_pointer (&self->configured, g_strfreev);
  G_OBJECT_CLASS (steward_add_server_window_parent_class)->dispose (object);
}

static void
steward_add_server_window_class_init (StewardAddServerWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_add_server_window_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/stewardapp/Steward/add-server-window.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardAddServerWindow, entry);
  gtk_widget_class_bind_template_child (widget_class, StewardAddServerWindow, suggestions);
  gtk_widget_class_bind_template_child (widget_class, StewardAddServerWindow, problem);
  gtk_widget_class_bind_template_child (widget_class, StewardAddServerWindow, spinner);
  gtk_widget_class_bind_template_child (widget_class, StewardAddServerWindow, connect);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, connect_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_file_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  found_signal = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, STEWARD_TYPE_SERVER);
}

static void
steward_add_server_window_init (StewardAddServerWindow *self)
{
  self->configured = steward_ssh_list_configured_hosts ();
  gtk_widget_init_template (GTK_WIDGET (self));
  steward_accessible_names_set_all (GTK_WIDGET (self->entry), GTK_TYPE_TEXT, _ ("Host"));
}
