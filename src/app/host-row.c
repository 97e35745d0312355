/* Shows a known host's properties. See the header. */
#include "app/host-row.h"

#include <glib/gi18n-lib.h>

#include "app/words.h"

struct _StewardHostRow
{
  GtkListBoxRow parent_instance;

  StewardKnownHost *host; /* owned */
  GtkLabel *name;
  GtkLabel *state;
  GtkSpinner *spinner;
};

G_DEFINE_FINAL_TYPE (StewardHostRow, steward_host_row, GTK_TYPE_LIST_BOX_ROW)

static void
show_state (StewardHostRow *self)
{
  StewardHostState state = steward_known_host_get_state (self->host);
  const char *problem = steward_known_host_get_problem (self->host);
  const char *classes[] = { "caption", steward_words_get_host_state_class (state), NULL };
  const char *word = steward_words_get_host_state (state);
  /* Translators: a host's address and its state, for a screen reader. */
  g_autofree char *label =
      g_strdup_printf (_ ("%s: %s"), steward_known_host_get_name (self->host), word);

  gtk_label_set_text (self->state, word);
  gtk_widget_set_css_classes (GTK_WIDGET (self->state), classes);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), problem != NULL
                                                      ? problem
                                                      : steward_known_host_get_name (self->host));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
remove_cb (StewardHostRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "host.remove", "s",
                              steward_known_host_get_name (self->host));
}

GtkWidget *
steward_host_row_new (StewardKnownHost *host)
{
  StewardHostRow *self = g_object_new (STEWARD_TYPE_HOST_ROW, NULL);
  g_autofree char *name = steward_words_dup_ltr (steward_known_host_get_name (host));

  self->host = g_object_ref (host);
  gtk_label_set_text (self->name, name);
  g_object_bind_property (host, "is-looking", self->spinner, "spinning", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (host, "notify::host-state", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
  show_state (self);
  return GTK_WIDGET (self);
}

StewardKnownHost *
steward_host_row_get_host (StewardHostRow *self)
{
  return self->host;
}

static void
steward_host_row_dispose (GObject *object)
{
  g_clear_object (&STEWARD_HOST_ROW (object)->host);
  G_OBJECT_CLASS (steward_host_row_parent_class)->dispose (object);
}

static void
steward_host_row_class_init (StewardHostRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_host_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/host-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardHostRow, name);
  gtk_widget_class_bind_template_child (widget_class, StewardHostRow, state);
  gtk_widget_class_bind_template_child (widget_class, StewardHostRow, spinner);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
steward_host_row_init (StewardHostRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
