/* Puts pages side by side and carries out what they activate. See the header. */
#include "app/window.h"

#include <glib/gi18n-lib.h>

#include "app/accessible-names.h"
#include "app/add-server-window.h"
#include "app/compat.h"
#include "app/empty-page.h"
#include "app/host-list.h"
#include "app/page-stack.h"
#include "app/portal-file.h"
#include "app/review-page.h"
#include "app/run-page.h"
#include "app/run-watch.h"
#include "app/server-page.h"
#include "app/server-row.h"
#include "app/words.h"

struct _StewardWindow
{
  AdwApplicationWindow parent_instance;

  StewardApplication *application; /* borrowed: it owns its windows */
  StewardServer *server;           /* owned, nullable: the chosen one */
  GSignalGroup *server_signals;    /* owned; of the chosen one */
  StewardRunWatch *watch;          /* owned */
  gboolean is_closing;             /* the administrator agreed to it */
  gboolean is_removing;            /* what leaves the list just now was taken off it */

  AdwToastOverlay *toasts;
  GtkWidget *leaflet;
  GtkWidget *sidebar;
  GtkMenuButton *menu_button;
  GtkListBox *list;
  StewardHostList *hosts;
  GtkStack *content;
  StewardEmptyPage *empty_page;
  StewardServerPage *server_page;
  StewardReviewPage *review_page;
  StewardRunPage *run_page;
};

G_DEFINE_FINAL_TYPE (StewardWindow, steward_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_page (StewardWindow *self, const char *name)
{
  steward_page_stack_show (self->content, name);
  steward_compat_leaflet_show (self->leaflet, GTK_WIDGET (self->content));
}

void
steward_window_toast (GtkWidget *widget, const char *sentence)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  g_autofree char *markup = g_markup_escape_text (sentence, -1);
  AdwToast *toast = adw_toast_new (markup);

  if (STEWARD_IS_WINDOW (root))
    adw_toast_overlay_add_toast (STEWARD_WINDOW (root)->toasts, toast);
  else
    g_object_unref (toast);
}

static void
show_run (StewardWindow *self)
{
  steward_run_page_set_run (self->run_page, self->server, steward_server_get_run (self->server));
  show_page (self, "run");
}

static gboolean
can_begin (StewardWindow *self)
{
  StewardRun *run = self->server != NULL ? steward_server_get_run (self->server) : NULL;

  return self->server != NULL && (run == NULL || steward_run_is_over (run));
}

/* Of what the last look found: NULL where it found nothing out. */
static const StewardStatus *
get_status (StewardWindow *self)
{
  const StewardFacts *facts = self->server != NULL ? steward_server_get_facts (self->server) : NULL;

  return facts != NULL ? facts->status : NULL;
}

static gboolean
is_unfinished (StewardWindow *self)
{
  const StewardStatus *status = get_status (self);

  return status != NULL && status->unfinished != NULL;
}

/* From another window, another machine or a terminal. */
static gboolean
is_held_elsewhere (StewardWindow *self)
{
  const StewardStatus *status = get_status (self);

  return status != NULL && status->lock.is_held && !status->lock.is_lapsed;
}

/* What cannot be done is not offered; a look may be out of date, so the core checks again. */
static void
update_actions (StewardWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_free = can_begin (self) && get_status (self) != NULL && !is_held_elsewhere (self);
  gboolean can_operate = is_free && !is_unfinished (self);
  gboolean can_continue = is_free && is_unfinished (self);

  gtk_widget_action_set_enabled (widget, "win.remove-server", can_begin (self));
  gtk_widget_action_set_enabled (widget, "win.back-up", can_operate);
  gtk_widget_action_set_enabled (widget, "win.upgrade", can_operate);
  gtk_widget_action_set_enabled (widget, "win.restart", can_operate);
  gtk_widget_action_set_enabled (widget, "win.roll-back", can_operate);
  gtk_widget_action_set_enabled (widget, "win.resume", can_continue);
  gtk_widget_action_set_enabled (widget, "win.walk-back", can_continue);
  gtk_widget_action_set_enabled (widget, "win.show-run",
                                 self->server != NULL
                                     && steward_server_get_run (self->server) != NULL);
}

static guint
get_seconds (StewardWindow *self, const char *key)
{
  return g_settings_get_uint (steward_application_get_settings (self->application), key);
}

static void
review (StewardWindow *self, StewardOperationKind kind, const char *tag, const char *source)
{
  StewardRequest request = {
    .kind = kind,
    .tag = tag,
    .source = source,
    .watch_s = get_seconds (self, "watch-seconds"),
    .guard_s = get_seconds (self, "guard-seconds"),
  };

  if (!can_begin (self))
    return;
  steward_review_page_review (self->review_page, self->server, &request);
  show_page (self, "review");
}

static void
back_up_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);
  StewardRequest request = { .kind = STEWARD_OPERATION_BACKUP };

  if (can_begin (self))
    {
      steward_server_run (self->server, &request);
      show_run (self);
    }
}

static void
upgrade_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  review (STEWARD_WINDOW (widget), STEWARD_OPERATION_UPGRADE,
          g_variant_get_string (parameter, NULL), NULL);
}

static void
restart_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  review (STEWARD_WINDOW (widget), STEWARD_OPERATION_RESTART, NULL, NULL);
}

static void
roll_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const char *source = g_variant_get_string (parameter, NULL);

  review (STEWARD_WINDOW (widget), STEWARD_OPERATION_ROLLBACK, NULL,
          *source != '\0' ? source : NULL);
}

/* The review page's request, with the word that was typed. */
static void
start_cb (StewardReviewPage *page, const char *accepted_loss, gpointer data)
{
  StewardWindow *self = STEWARD_WINDOW (gtk_widget_get_root (GTK_WIDGET (page)));
  const StewardRequest *reviewed = steward_review_page_get_request (page);

  if (reviewed == NULL || !can_begin (self))
    return;
  StewardRequest request = *reviewed;
  request.accepted_loss = accepted_loss;
  steward_server_run (self->server, &request);
  show_run (self);
  steward_review_page_clear (page);
}

static void
resume_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);

  if (can_begin (self) && is_unfinished (self))
    {
      steward_server_continue (self->server, STEWARD_CONTINUE_RESUME, NULL);
      show_run (self);
    }
}

static void
walk_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);

  if (can_begin (self) && is_unfinished (self))
    {
      steward_server_continue (self->server, STEWARD_CONTINUE_WALK_BACK, NULL);
      show_run (self);
    }
}

static void
show_run_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);

  if (self->server != NULL && steward_server_get_run (self->server) != NULL)
    show_run (self);
}

/* From a review or an operation to the server, from the server to the list. */
static void
back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);
  const char *page = gtk_stack_get_visible_child_name (self->content);

  if (g_strcmp0 (page, "review") == 0)
    steward_review_page_clear (self->review_page);
  if (g_strcmp0 (page, "review") == 0 || g_strcmp0 (page, "run") == 0)
    show_page (self, "server");
  else
    steward_compat_leaflet_show (self->leaflet, self->sidebar);
}

static void
refresh_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  steward_server_list_look (steward_application_get_servers (STEWARD_WINDOW (widget)->application));
}

static void
menu_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);

  steward_compat_leaflet_show (self->leaflet, self->sidebar);
  gtk_menu_button_popup (self->menu_button);
}

static StewardKnownHost *
get_this_machine (StewardWindow *self)
{
  return steward_server_list_get_this_machine (steward_application_get_servers (self->application));
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardServer) server =
      steward_known_host_add_finish (get_this_machine (self), result, &error);

  if (server != NULL)
    steward_window_choose (self, server);
  else
    steward_compat_tell (GTK_WIDGET (self), _ ("This Server Was Not Added"), error->message);
}

static void
file_chosen_cb (GFile *file, gpointer data)
{
  g_autoptr (StewardWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = file != NULL ? steward_portal_file_dup_path (file, &error) : NULL;

  if (path != NULL)
    steward_known_host_add_async (get_this_machine (self), path, added_cb, g_object_ref (self));
  else if (error != NULL)
    steward_compat_tell (GTK_WIDGET (self), _ ("This Server Was Not Added"), error->message);
}

static void
add_server_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);
  StewardAddServerWindow *window =
      steward_add_server_window_new (GTK_WINDOW (self),
                                     steward_application_get_servers (self->application));

  g_signal_connect_object (window, "found", G_CALLBACK (steward_window_choose), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (window));
}

static void
add_compose_file_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const StewardChoice choice = { _ ("Choose the Server’s Compose File"), _ ("_Add"),
                                 _ ("Compose files"), "*.yml *.yaml" };

  steward_compat_choose_file (GTK_WINDOW (widget), &choice, file_chosen_cb, g_object_ref (widget));
}

static void
remove_agreed_cb (gboolean is_agreed, gpointer data)
{
  StewardWindow *self = data;

  if (!is_agreed || !can_begin (self))
    return;
  self->is_removing = TRUE;
  steward_server_list_remove (steward_application_get_servers (self->application), self->server);
  self->is_removing = FALSE;
}

static void
remove_server_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);
  g_autofree char *server = NULL;
  g_autofree char *heading = NULL;

  if (!can_begin (self))
    return;
  server = steward_words_dup_ltr (steward_server_get_name (self->server));
  heading = g_strdup_printf (_ ("Remove “%s” from the List?"), server);
  StewardConfirm confirm = {
    .heading = heading,
    .body = _ ("Nothing on the server is touched: it runs on, and its backups stay. Add its "
               "compose file to see it here again."),
    .label = _ ("_Remove"),
  };
  steward_compat_confirm (widget, &confirm, remove_agreed_cb, self);
}

static GtkListBoxRow *
find_row (StewardWindow *self, StewardServer *server)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (steward_server_row_get_server (STEWARD_SERVER_ROW (row)) == server)
      return row;
  return NULL;
}

static void
remember (StewardWindow *self)
{
  if (self->server != NULL)
    g_settings_set_string (steward_application_get_settings (self->application), "last-server",
                           steward_server_get_key (self->server));
}

void
steward_window_choose (StewardWindow *self, StewardServer *server)
{
  StewardRun *run = server != NULL ? steward_server_get_run (server) : NULL;

  steward_review_page_clear (self->review_page);
  if (g_set_object (&self->server, server))
    {
      g_signal_group_set_target (self->server_signals, server);
      steward_server_page_set_server (self->server_page, server);
      gtk_list_box_select_row (self->list, server != NULL ? find_row (self, server) : NULL);
      remember (self);
    }
  update_actions (self);
  if (server == NULL)
    show_page (self, "empty");
  else if (run != NULL && !steward_run_is_over (run))
    show_run (self);
  else
    show_page (self, "server");
}

static void
row_activated_cb (GtkListBox *list, GtkListBoxRow *row, gpointer data)
{
  StewardWindow *self = STEWARD_WINDOW (gtk_widget_get_root (GTK_WIDGET (list)));

  steward_window_choose (self, steward_server_row_get_server (STEWARD_SERVER_ROW (row)));
}

/* The one that was chosen last time, else the first. */
static StewardServer *
dup_favourite (StewardWindow *self, GListModel *servers)
{
  g_autofree char *last =
      g_settings_get_string (steward_application_get_settings (self->application), "last-server");

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (StewardServer) server = g_list_model_get_item (servers, i);
      if (server == self->server
          || (self->server == NULL && g_str_equal (steward_server_get_key (server), last)))
        return g_steal_pointer (&server);
    }
  return g_list_model_get_item (servers, 0);
}

/* Neither the server nor its machine was taken off the list. */
static gboolean
has_vanished (StewardWindow *self)
{
  const char *host = steward_server_get_host_name (self->server);
  StewardServerList *servers = steward_application_get_servers (self->application);

  return !self->is_removing && (host == NULL || steward_server_list_knows_host (servers, host));
}

static void
tell_vanished (StewardWindow *self)
{
  g_autofree char *name = steward_words_dup_ltr (steward_server_get_name (self->server));
  g_autofree char *sentence = g_strdup_printf (_ ("“%s” is not found any more"), name);

  steward_window_toast (GTK_WIDGET (self), sentence);
}

static void
items_changed_cb (GListModel *servers, guint position, guint removed, guint added, gpointer data)
{
  StewardWindow *self = data;
  g_autoptr (StewardServer) favourite = dup_favourite (self, servers);

  if (self->server != NULL && favourite != self->server && has_vanished (self))
    tell_vanished (self);
  if (favourite != self->server || favourite == NULL)
    steward_window_choose (self, favourite);
  else
    gtk_list_box_select_row (self->list, find_row (self, favourite));
}

static GtkWidget *
create_row_cb (gpointer item, gpointer data)
{
  return steward_server_row_new (item);
}

static gboolean
close_cb (gpointer data)
{
  STEWARD_WINDOW (data)->is_closing = TRUE;
  gtk_window_close (data);
  return G_SOURCE_REMOVE;
}

/* Later: the dialog that asked must not outlive the window it belongs to. */
static void
close_agreed_cb (gboolean is_agreed, gpointer data)
{
  if (is_agreed)
    g_idle_add_full (G_PRIORITY_DEFAULT, close_cb, g_object_ref (data), g_object_unref);
}

static gboolean
steward_window_close_request (GtkWindow *window)
{
  StewardWindow *self = STEWARD_WINDOW (window);
  GSettings *settings = steward_application_get_settings (self->application);
  StewardConfirm confirm = {
    .heading = _ ("Leave the Operation Unfinished?"),
    .body = _ ("An operation is under way. If Steward is closed now it stops where it is; clients "
               "may not be served until somebody resumes it or walks it back. Nothing is lost."),
    .label = _ ("_Close"),
    .appearance = ADW_RESPONSE_DESTRUCTIVE,
  };
  int width, height;

  if (!self->is_closing && steward_run_watch_is_busy (self->watch))
    {
      steward_compat_confirm (GTK_WIDGET (self), &confirm, close_agreed_cb, self);
      return TRUE;
    }
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set (settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  return GTK_WINDOW_CLASS (steward_window_parent_class)->close_request (window);
}

StewardWindow *
steward_window_new (StewardApplication *application)
{
  StewardWindow *self = g_object_new (STEWARD_TYPE_WINDOW, "application", application, NULL);
  StewardServerList *servers = steward_application_get_servers (application);
  GSettings *settings = steward_application_get_settings (application);
  int width, height;

  self->application = application;
  g_settings_get (settings, "window-size", "(ii)", &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self), width, height);
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  gtk_list_box_bind_model (self->list, G_LIST_MODEL (servers), create_row_cb, NULL, NULL);
  g_signal_connect_object (servers, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  steward_host_list_set_servers (self->hosts, servers);
  self->watch = steward_run_watch_new (GTK_WINDOW (self), G_LIST_MODEL (servers));
  steward_empty_page_set_servers (self->empty_page, servers);
  items_changed_cb (G_LIST_MODEL (servers), 0, 0, 0, self);
  return self;
}

static void
steward_window_dispose (GObject *object)
{
  StewardWindow *self = STEWARD_WINDOW (object);

  g_clear_object (&self->server_signals);
  g_clear_object (&self->server);
  g_clear_object (&self->watch);
  G_OBJECT_CLASS (steward_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *klass)
{
  static const struct
  {
    const char *name;
    const char *type;
    GtkWidgetActionActivateFunc func;
  } actions[] = {
    { "win.add-server", NULL, add_server_cb },
    { "win.add-compose-file", NULL, add_compose_file_cb },
    { "win.remove-server", NULL, remove_server_cb },
    { "win.refresh", NULL, refresh_cb },
    { "win.back", NULL, back_cb },
    { "win.menu", NULL, menu_cb },
    { "win.back-up", NULL, back_up_cb },
    { "win.upgrade", "s", upgrade_cb },
    { "win.restart", NULL, restart_cb },
    { "win.roll-back", "s", roll_back_cb },
    { "win.resume", NULL, resume_cb },
    { "win.walk-back", NULL, walk_back_cb },
    { "win.show-run", NULL, show_run_cb },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (klass, actions[i].name, actions[i].type, actions[i].func);
}

static void
steward_window_class_init (StewardWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = steward_window_close_request;
  g_type_ensure (STEWARD_TYPE_EMPTY_PAGE);
  g_type_ensure (STEWARD_TYPE_HOST_LIST);
  g_type_ensure (STEWARD_TYPE_SERVER_PAGE);
  g_type_ensure (STEWARD_TYPE_REVIEW_PAGE);
  g_type_ensure (STEWARD_TYPE_RUN_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/window.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, menu_button);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, list);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, hosts);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, content);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, empty_page);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, server_page);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, review_page);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, run_page);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  install_actions (widget_class);
}

static void
steward_window_init (StewardWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  steward_page_stack_watch (self->content);
  self->server_signals = g_signal_group_new (STEWARD_TYPE_SERVER);
  g_signal_group_connect_swapped (self->server_signals, "changed", G_CALLBACK (update_actions),
                                  self);
}
