/* Shows a server's properties. See the header. */
#include "app/server-row.h"

#include <glib/gi18n-lib.h>

#include "app/words.h"

struct _StewardServerRow
{
  GtkListBoxRow parent_instance;

  StewardServer *server; /* owned */
  GtkLabel *name;
  GtkLabel *version;
  GtkLabel *host;
  GtkLabel *state;
};

G_DEFINE_FINAL_TYPE (StewardServerRow, steward_server_row, GTK_TYPE_LIST_BOX_ROW)

static void
show_state (StewardServerRow *self)
{
  StewardServerState state = steward_server_get_state (self->server);
  const char *classes[] = { "badge", steward_words_get_server_state_class (state), NULL };
  const char *word = steward_words_get_server_state (state);
  /* Translators: a server's name and its state, for a screen reader. */
  g_autofree char *label =
      g_strdup_printf (_ ("%s: %s"), steward_server_get_name (self->server), word);

  gtk_label_set_text (self->state, word);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state), classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* Isolated: a host reads left to right in any language. */
static void
show_host (StewardServerRow *self)
{
  const char *host = steward_server_get_host_name (self->server);
  g_autofree char *ltr = host != NULL ? steward_words_dup_ltr (host) : NULL;

  gtk_label_set_text (self->host, ltr != NULL ? ltr : "");
  gtk_widget_set_visible (GTK_WIDGET (self->host), ltr != NULL);
}

GtkWidget *
steward_server_row_new (StewardServer *server)
{
  StewardServerRow *self = g_object_new (STEWARD_TYPE_SERVER_ROW, NULL);

  self->server = g_object_ref (server);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), steward_server_get_key (server));
  show_host (self);
  g_object_bind_property (server, "name", self->name, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (server, "version", self->version, "label", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (server, "changed", G_CALLBACK (show_state), self, G_CONNECT_SWAPPED);
  show_state (self);
  return GTK_WIDGET (self);
}

StewardServer *
steward_server_row_get_server (StewardServerRow *self)
{
  return self->server;
}

static void
steward_server_row_dispose (GObject *object)
{
  StewardServerRow *self = STEWARD_SERVER_ROW (object);

  g_clear_object (&self->server);
  G_OBJECT_CLASS (steward_server_row_parent_class)->dispose (object);
}

static void
steward_server_row_class_init (StewardServerRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_server_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/server-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardServerRow, name);
  gtk_widget_class_bind_template_child (widget_class, StewardServerRow, version);
  gtk_widget_class_bind_template_child (widget_class, StewardServerRow, host);
  gtk_widget_class_bind_template_child (widget_class, StewardServerRow, state);
}

static void
steward_server_row_init (StewardServerRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
