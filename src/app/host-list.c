/* Rows, a question before a host goes, and the windows for what hosts ask. See the header. */
#include "app/host-list.h"

#include <glib/gi18n-lib.h>

#include "app/add-server-window.h"
#include "app/compat.h"
#include "app/host-question-window.h"
#include "app/host-row.h"
#include "app/window.h"
#include "app/words.h"

struct _StewardHostList
{
  GtkBox parent_instance;

  StewardServerList *servers; /* owned, nullable */
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (StewardHostList, steward_host_list, GTK_TYPE_BOX)

/* (transfer none) (nullable): the list holds it */
static StewardKnownHost *
find_host (StewardHostList *self, const char *name)
{
  GListModel *hosts = steward_server_list_get_hosts (self->servers);

  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (StewardKnownHost) host = g_list_model_get_item (hosts, i);
      if (g_str_equal (steward_known_host_get_name (host), name))
        return host;
    }
  return NULL;
}

/* What a question about a host needs once it is answered. */
typedef struct
{
  StewardServerList *servers; /* owned */
  StewardKnownHost *host;     /* owned */
} Removal;

static void
agreed_cb (gboolean is_agreed, gpointer data)
{
  Removal *removal = data;

  if (is_agreed && !steward_known_host_is_busy (removal->host))
    steward_server_list_remove_host (removal->servers, removal->host);
  g_object_unref (removal->servers);
  g_object_unref (removal->host);
  g_free (removal);
}

static void
ask_to_remove (StewardHostList *self, StewardKnownHost *host)
{
  g_autofree char *name = steward_words_dup_ltr (steward_known_host_get_name (host));
  g_autofree char *heading = g_strdup_printf (_ ("Remove “%s” from the List?"), name);
  StewardConfirm confirm = {
    .heading = heading,
    .body = _ ("Its servers leave the list, too, and the connection is closed. Nothing there is "
               "touched. Add the host to see them here again."),
    .label = _ ("_Remove"),
  };
  Removal *removal = g_new0 (Removal, 1);

  *removal = (Removal){ g_object_ref (self->servers), g_object_ref (host) };
  steward_compat_confirm (GTK_WIDGET (self), &confirm, agreed_cb, removal);
}

static void
remove_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardHostList *self = STEWARD_HOST_LIST (widget);
  StewardKnownHost *host = find_host (self, g_variant_get_string (parameter, NULL));

  if (host == NULL)
    return;
  if (steward_known_host_is_busy (host))
    steward_window_toast (widget, _ ("An operation is under way there"));
  else
    ask_to_remove (self, host);
}

static void
activated_cb (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  steward_known_host_look (steward_host_row_get_host (STEWARD_HOST_ROW (row)));
}

/* A host that is being added asks in front of the window that adds it. */
static GtkWindow *
find_front (StewardHostList *self)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);
      if (STEWARD_IS_ADD_SERVER_WINDOW (window) && gtk_widget_get_mapped (GTK_WIDGET (window)))
        return window;
    }
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
asked_cb (StewardHostList *self, StewardHostAsker *asker)
{
  StewardHostQuestionWindow *window = steward_host_question_window_new (find_front (self), asker);

  if (window != NULL)
    gtk_window_present (GTK_WINDOW (window));
}

/* A row is made once for each host: that is when its questions begin to be heard. */
static GtkWidget *
create_row_cb (gpointer item, gpointer data)
{
  g_signal_connect_object (steward_known_host_get_asker (item), "asked", G_CALLBACK (asked_cb),
                           data, G_CONNECT_SWAPPED);
  return steward_host_row_new (item);
}

static void
changed_cb (StewardHostList *self)
{
  GListModel *hosts = steward_server_list_get_hosts (self->servers);

  gtk_widget_set_visible (GTK_WIDGET (self), g_list_model_get_n_items (hosts) > 0);
}

void
steward_host_list_set_servers (StewardHostList *self, StewardServerList *servers)
{
  GListModel *hosts = steward_server_list_get_hosts (servers);

  self->servers = g_object_ref (servers);
  gtk_list_box_bind_model (self->list, hosts, create_row_cb, self, NULL);
  g_signal_connect_object (hosts, "items-changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  changed_cb (self);
}

static void
steward_host_list_dispose (GObject *object)
{
  g_clear_object (&STEWARD_HOST_LIST (object)->servers);
  G_OBJECT_CLASS (steward_host_list_parent_class)->dispose (object);
}

static void
steward_host_list_class_init (StewardHostListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_host_list_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/host-list.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardHostList, list);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_install_action (widget_class, "host.remove", "s", remove_cb);
}

static void
steward_host_list_init (StewardHostList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
