/* Puts pages side by side and carries out what they activate. See the header. */
#include "app/window.h"

#include <glib/gi18n-lib.h>

#include "app/compat.h"
#include "app/review-page.h"
#include "app/run-page.h"
#include "app/server-page.h"
#include "app/server-row.h"

struct _StewardWindow
{
  AdwApplicationWindow parent_instance;

  StewardApplication *application; /* borrowed: it owns its windows */
  StewardServer *server;           /* owned, nullable: the chosen one */
  guint inhibit_cookie;            /* 0 for none */
  gboolean is_closing;             /* the administrator agreed to it */

  AdwToastOverlay *toasts;
  GtkWidget *leaflet;
  GtkWidget *sidebar;
  GtkMenuButton *menu_button;
  GtkListBox *list;
  GtkStack *content;
  AdwStatusPage *nothing;
  GtkWidget *nothing_add;
  StewardServerPage *server_page;
  StewardReviewPage *review_page;
  StewardRunPage *run_page;
};

G_DEFINE_FINAL_TYPE (StewardWindow, steward_window, ADW_TYPE_APPLICATION_WINDOW)

static void
show_page (StewardWindow *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->content, name);
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

/* One running operation of any server. */
static StewardRun *
find_running (StewardWindow *self)
{
  GListModel *servers = G_LIST_MODEL (steward_application_get_servers (self->application));

  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (StewardServer) server = g_list_model_get_item (servers, i);
      StewardRun *run = steward_server_get_run (server);
      if (run != NULL && !steward_run_is_over (run))
        return run;
    }
  return NULL;
}

static void
update_inhibition (StewardWindow *self)
{
  GtkApplication *application = GTK_APPLICATION (self->application);
  gboolean is_busy = find_running (self) != NULL;

  if (is_busy && self->inhibit_cookie == 0)
    self->inhibit_cookie =
        gtk_application_inhibit (application, GTK_WINDOW (self),
                                 GTK_APPLICATION_INHIBIT_SUSPEND | GTK_APPLICATION_INHIBIT_LOGOUT,
                                 _ ("An operation on a server is under way"));
  else if (!is_busy && self->inhibit_cookie != 0)
    {
      gtk_application_uninhibit (application, self->inhibit_cookie);
      self->inhibit_cookie = 0;
    }
}

static const char *
get_ending (StewardRun *run)
{
  switch (steward_run_get_result (run))
    {
    case STEWARD_RESULT_DONE:
      return _ ("Done");
    case STEWARD_RESULT_REFUSED:
      return _ ("Refused; nothing was touched");
    case STEWARD_RESULT_BACK:
      return _ ("Failed; the server is back where it was");
    case STEWARD_RESULT_INTERRUPTED:
      return _ ("Interrupted; it can be resumed or walked back");
    case STEWARD_RESULT_HANDS:
    default:
      return _ ("Failed; your hands are needed");
    }
}

/* Only who does not look at the window needs to be called. */
static void
notify_over (StewardWindow *self, StewardServer *server, StewardRun *run)
{
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *title = NULL;

  if (gtk_window_is_active (GTK_WINDOW (self)))
    return;
  /* Translators: an operation and the server's name: “Upgrade of parsec”. */
  title = g_strdup_printf (_ ("%s of %s"),
                           steward_operation_kind_get_title (steward_run_get_kind (run)),
                           steward_server_get_name (server));
  notification = g_notification_new (title);
  g_notification_set_body (notification, get_ending (run));
  g_application_send_notification (G_APPLICATION (self->application),
                                   steward_server_get_name (server), notification);
}

typedef struct
{
  StewardWindow *window; /* owned */
  StewardServer *server; /* owned */
} Watched;

static void
watched_free (gpointer data, GClosure *closure)
{
  Watched *watched = data;

  g_object_unref (watched->window);
  g_object_unref (watched->server);
  g_free (watched);
}

static void
run_over_cb (StewardRun *run, gpointer data)
{
  Watched *watched = data;

  update_inhibition (watched->window);
  notify_over (watched->window, watched->server, run);
}

static void
show_run (StewardWindow *self)
{
  steward_run_page_set_run (self->run_page, self->server, steward_server_get_run (self->server));
  show_page (self, "run");
}

static void
follow (StewardWindow *self, StewardRun *run)
{
  Watched *watched = g_new0 (Watched, 1);

  *watched = (Watched){ g_object_ref (self), g_object_ref (self->server) };
  g_signal_connect_data (run, "over", G_CALLBACK (run_over_cb), watched, watched_free, 0);
  update_inhibition (self);
  show_run (self);
}

static gboolean
can_begin (StewardWindow *self)
{
  StewardRun *run = self->server != NULL ? steward_server_get_run (self->server) : NULL;

  return self->server != NULL && (run == NULL || steward_run_is_over (run));
}

static guint
get_watch_s (StewardWindow *self)
{
  return g_settings_get_uint (steward_application_get_settings (self->application),
                              "watch-seconds");
}

static void
review (StewardWindow *self, StewardOperationKind kind, const char *tag, const char *source)
{
  StewardRequest request = {
    .kind = kind,
    .tag = tag,
    .source = source,
    .watch_s = get_watch_s (self),
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
    follow (self, steward_server_run (self->server, &request));
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
  follow (self, steward_server_run (self->server, &request));
  steward_review_page_clear (page);
}

static gboolean
is_unfinished (StewardWindow *self)
{
  const StewardFacts *facts = self->server != NULL ? steward_server_get_facts (self->server) : NULL;

  return facts != NULL && facts->status != NULL && facts->status->unfinished != NULL;
}

static void
resume_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);

  if (can_begin (self) && is_unfinished (self))
    follow (self, steward_server_continue (self->server, STEWARD_CONTINUE_RESUME, NULL));
}

static void
walk_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);

  if (can_begin (self) && is_unfinished (self))
    follow (self, steward_server_continue (self->server, STEWARD_CONTINUE_WALK_BACK, NULL));
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
  gtk_menu_button_popup (STEWARD_WINDOW (widget)->menu_button);
}

static void
added_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardWindow) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (StewardServer) server =
      steward_server_list_add_finish (steward_application_get_servers (self->application), result,
                                      &error);

  if (server != NULL)
    steward_window_choose (self, server);
  else
    steward_compat_tell (GTK_WIDGET (self), _ ("This Server Was Not Added"), error->message);
}

static void
file_chosen_cb (GFile *file, gpointer data)
{
  g_autoptr (StewardWindow) self = data;
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (path != NULL)
    steward_server_list_add_async (steward_application_get_servers (self->application), path,
                                   added_cb, g_object_ref (self));
}

static void
add_server_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  steward_compat_choose_file (GTK_WINDOW (widget), _ ("Choose the Server’s Compose File"),
                              "*.yml *.yaml", file_chosen_cb, g_object_ref (widget));
}

static void
remove_agreed_cb (gboolean is_agreed, gpointer data)
{
  g_autoptr (StewardWindow) self = data;

  if (is_agreed && can_begin (self))
    steward_server_list_remove (steward_application_get_servers (self->application), self->server);
}

static void
remove_server_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardWindow *self = STEWARD_WINDOW (widget);
  g_autofree char *heading = NULL;

  if (!can_begin (self))
    return;
  heading =
      g_strdup_printf (_ ("Remove “%s” from the List?"), steward_server_get_name (self->server));
  StewardConfirm confirm = {
    .heading = heading,
    .body = _ ("Nothing on the server is touched: it runs on, and its backups stay. Add its "
               "compose file to see it here again."),
    .label = _ ("_Remove"),
  };
  steward_compat_confirm (widget, &confirm, remove_agreed_cb, g_object_ref (self));
}

/* What the sidebar's emptiness means. */
static void
show_nothing (StewardWindow *self)
{
  StewardServerList *servers = steward_application_get_servers (self->application);
  const char *problem = steward_server_list_get_problem (servers);
  StewardHostState state = steward_server_list_get_host_state (servers);
  gboolean is_first = state == STEWARD_HOST_UNKNOWN || state == STEWARD_HOST_READY;

  gtk_widget_set_visible (self->nothing_add, is_first);
  adw_status_page_set_icon_name (self->nothing,
                                 is_first ? STEWARD_APPLICATION_ID : "dialog-warning-symbolic");
  if (state == STEWARD_HOST_UNKNOWN)
    adw_status_page_set_title (self->nothing, _ ("Looking for Servers…"));
  else if (state == STEWARD_HOST_READY)
    adw_status_page_set_title (self->nothing, _ ("No Parsec Server Found"));
  else if (state == STEWARD_HOST_DENIED)
    adw_status_page_set_title (self->nothing, _ ("No Permission to Use Docker"));
  else
    adw_status_page_set_title (self->nothing, _ ("Docker Does Not Answer"));
  g_autofree char *text =
      problem != NULL
          ? g_markup_escape_text (problem, -1)
          : g_strdup (_ ("Servers whose containers run or ran on this machine appear by "
                         "themselves. Others can be added by their compose file."));
  adw_status_page_set_description (self->nothing, text);
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
                           steward_server_get_place (self->server));
}

void
steward_window_choose (StewardWindow *self, StewardServer *server)
{
  StewardRun *run = server != NULL ? steward_server_get_run (server) : NULL;

  if (g_set_object (&self->server, server))
    {
      steward_review_page_clear (self->review_page);
      steward_server_page_set_server (self->server_page, server);
      gtk_list_box_select_row (self->list, server != NULL ? find_row (self, server) : NULL);
      remember (self);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.remove-server", server != NULL);
  if (server == NULL)
    gtk_stack_set_visible_child_name (self->content, "nothing");
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
          || (self->server == NULL && g_str_equal (steward_server_get_place (server), last)))
        return g_steal_pointer (&server);
    }
  return g_list_model_get_item (servers, 0);
}

static void
items_changed_cb (GListModel *servers, guint position, guint removed, guint added, gpointer data)
{
  StewardWindow *self = data;
  g_autoptr (StewardServer) favourite = dup_favourite (self, servers);

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

static void
close_agreed_cb (gboolean is_agreed, gpointer data)
{
  g_autoptr (StewardWindow) self = data;

  if (!is_agreed)
    return;
  self->is_closing = TRUE;
  gtk_window_close (GTK_WINDOW (self));
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

  if (!self->is_closing && find_running (self) != NULL)
    {
      steward_compat_confirm (GTK_WIDGET (self), &confirm, close_agreed_cb, g_object_ref (self));
      return TRUE;
    }
  g_settings_set (settings, "window-size", "(ii)", gtk_widget_get_width (GTK_WIDGET (self)),
                  gtk_widget_get_height (GTK_WIDGET (self)));
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
  g_signal_connect_object (servers, "notify::host-state", G_CALLBACK (show_nothing), self,
                           G_CONNECT_SWAPPED);
  show_nothing (self);
  items_changed_cb (G_LIST_MODEL (servers), 0, 0, 0, self);
  return self;
}

static void
steward_window_dispose (GObject *object)
{
  StewardWindow *self = STEWARD_WINDOW (object);

  g_clear_object (&self->server);
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
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, content);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, nothing);
  gtk_widget_class_bind_template_child (widget_class, StewardWindow, nothing_add);
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
}
