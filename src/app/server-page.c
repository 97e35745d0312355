/* Hands the server to the parts of the page whenever it changes. See the header. */
#include "app/server-page.h"

#include "app/attention-bar.h"
#include "app/compat.h"
#include "app/database-group.h"
#include "app/history-group.h"
#include "app/kept-list.h"
#include "app/operation-buttons.h"
#include "app/pending-group.h"
#include "app/status-card.h"
#include "app/version-group.h"
#include "app/words.h"

struct _StewardServerPage
{
  AdwBin parent_instance;

  StewardServer *server; /* owned, nullable */
  GBinding *folded;      /* borrowed, nullable: while the page is in a leaflet */

  AdwWindowTitle *title;
  GtkWidget *back;
  GtkStack *refresh;
  GtkWidget *refresh_icon;
  GtkSpinner *refresh_spinner;
  GtkScrolledWindow *scroller;
  StewardAttentionBar *attention;
  StewardStatusCard *status;
  StewardOperationButtons *buttons;
  GtkWidget *details;
  StewardVersionGroup *version;
  StewardPendingGroup *pending;
  StewardDatabaseGroup *database;
  StewardKeptList *kept;
  StewardHistoryGroup *history;
};

G_DEFINE_FINAL_TYPE (StewardServerPage, steward_server_page, ADW_TYPE_BIN)

static void
show_looking (StewardServerPage *self)
{
  gboolean is_looking = self->server != NULL && steward_server_is_looking (self->server);

  gtk_stack_set_visible_child (self->refresh, is_looking ? GTK_WIDGET (self->refresh_spinner)
                                                         : self->refresh_icon);
  gtk_spinner_set_spinning (self->refresh_spinner, is_looking);
}

/* What hangs on the chosen version besides the facts. */
static void
target_changed_cb (StewardServerPage *self)
{
  const char *target = steward_version_group_get_target (self->version);

  if (self->server == NULL)
    return;
  steward_operation_buttons_show (self->buttons, self->server, target);
  steward_pending_group_show (self->pending, self->server, target);
}

static void
show_details (StewardServerPage *self, const StewardFacts *facts)
{
  steward_version_group_show (self->version);
  steward_database_group_show (self->database, facts->status);
  steward_kept_list_show (self->kept);
  steward_history_group_show (self->history, facts);
}

static void
changed_cb (StewardServerPage *self)
{
  const StewardFacts *facts = steward_server_get_facts (self->server);
  gboolean is_known = facts != NULL && facts->status != NULL;

  show_looking (self);
  steward_attention_bar_show (self->attention, self->server);
  steward_status_card_show (self->status, self->server);
  gtk_widget_set_visible (self->details, is_known);
  if (is_known)
    show_details (self, facts);
  target_changed_cb (self);
}

static void
show_title (StewardServerPage *self)
{
  const char *place = self->server != NULL ? steward_server_get_key (self->server) : "";
  g_autofree char *shown = g_filename_display_name (place);
  g_autofree char *ltr = steward_words_dup_ltr (shown);

  adw_window_title_set_title (self->title,
                              self->server != NULL ? steward_server_get_name (self->server) : "");
  adw_window_title_set_subtitle (self->title, ltr);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), shown);
}

void
steward_server_page_set_server (StewardServerPage *self, StewardServer *server)
{
  if (self->server == server)
    return;
  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);
  g_set_object (&self->server, server);
  steward_version_group_set_server (self->version, server);
  steward_kept_list_set_server (self->kept, server);
  show_title (self);
  gtk_widget_set_visible (GTK_WIDGET (self->scroller), server != NULL);
  if (server == NULL)
    {
      steward_pending_group_show (self->pending, NULL, NULL);
      return;
    }
  g_signal_connect_swapped (server, "changed", G_CALLBACK (changed_cb), self);
  g_signal_connect_swapped (server, "notify::is-looking", G_CALLBACK (show_looking), self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  changed_cb (self);
}

static void
steward_server_page_root (GtkWidget *widget)
{
  StewardServerPage *self = STEWARD_SERVER_PAGE (widget);
  GtkWidget *leaflet = steward_compat_find_leaflet (widget);

  GTK_WIDGET_CLASS (steward_server_page_parent_class)->root (widget);
  if (leaflet != NULL)
    self->folded =
        g_object_bind_property (leaflet, "folded", self->back, "visible", G_BINDING_SYNC_CREATE);
}

static void
steward_server_page_unroot (GtkWidget *widget)
{
  g_clear_pointer (&STEWARD_SERVER_PAGE (widget)->folded, g_binding_unbind);
  GTK_WIDGET_CLASS (steward_server_page_parent_class)->unroot (widget);
}

static void
steward_server_page_dispose (GObject *object)
{
  StewardServerPage *self = STEWARD_SERVER_PAGE (object);

  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (steward_server_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_child (klass, StewardServerPage, title);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, back);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, refresh);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, refresh_icon);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, refresh_spinner);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, scroller);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, attention);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, status);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, buttons);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, details);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, version);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, pending);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, database);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, kept);
  gtk_widget_class_bind_template_child (klass, StewardServerPage, history);
}

static void
steward_server_page_class_init (StewardServerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_server_page_dispose;
  widget_class->root = steward_server_page_root;
  widget_class->unroot = steward_server_page_unroot;
  g_type_ensure (STEWARD_TYPE_ATTENTION_BAR);
  g_type_ensure (STEWARD_TYPE_STATUS_CARD);
  g_type_ensure (STEWARD_TYPE_OPERATION_BUTTONS);
  g_type_ensure (STEWARD_TYPE_VERSION_GROUP);
  g_type_ensure (STEWARD_TYPE_PENDING_GROUP);
  g_type_ensure (STEWARD_TYPE_DATABASE_GROUP);
  g_type_ensure (STEWARD_TYPE_KEPT_LIST);
  g_type_ensure (STEWARD_TYPE_HISTORY_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/server-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, target_changed_cb);
}

static void
steward_server_page_init (StewardServerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
