/* Follows each run from the moment its server has it. See the header. */
#include "app/run-watch.h"

#include <glib/gi18n-lib.h>

#include "app/server.h"

struct _StewardRunWatch
{
  GObject parent_instance;

  GtkWindow *window; /* borrowed */
  GPtrArray *runs;   /* owned, of StewardRun: those under way */
  guint inhibition;  /* a cookie; 0 for none */
};

G_DEFINE_FINAL_TYPE (StewardRunWatch, steward_run_watch, G_TYPE_OBJECT)

static void
update_inhibition (StewardRunWatch *self)
{
  GtkApplication *application = gtk_window_get_application (self->window);
  gboolean is_busy = steward_run_watch_is_busy (self);

  if (application == NULL || is_busy == (self->inhibition != 0))
    return;
  if (is_busy)
    self->inhibition =
        gtk_application_inhibit (application, self->window,
                                 GTK_APPLICATION_INHIBIT_SUSPEND | GTK_APPLICATION_INHIBIT_LOGOUT,
                                 _ ("An operation on a server is under way"));
  else
    {
      gtk_application_uninhibit (application, self->inhibition);
      self->inhibition = 0;
    }
}

static const char *
get_ending (StewardRun *run)
{
  switch (steward_run_get_result (run))
    {
    case STEWARD_RESULT_DONE:
      return C_ ("notification", "Done");
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
notify_over (StewardRunWatch *self, StewardServer *server, StewardRun *run)
{
  GtkApplication *application = gtk_window_get_application (self->window);
  const char *key = steward_server_get_key (server);
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *title = NULL;

  if (application == NULL || gtk_window_is_active (self->window))
    return;
  /* Translators: an operation and the server's name: “Upgrade of parsec”. */
  title = g_strdup_printf (_ ("%s of %s"),
                           steward_operation_kind_get_title (steward_run_get_kind (run)),
                           steward_server_get_name (server));
  notification = g_notification_new (title);
  g_notification_set_body (notification, get_ending (run));
  g_notification_set_default_action_and_target (notification, "app.show-run", "s", key);
  g_application_send_notification (G_APPLICATION (application), key, notification);
}

typedef struct
{
  StewardRunWatch *watch; /* owned */
  StewardServer *server;  /* owned */
} Followed;

static void
followed_free (gpointer data, GClosure *closure)
{
  Followed *followed = data;

  g_object_unref (followed->watch);
  g_object_unref (followed->server);
  g_free (followed);
}

static void
over_cb (StewardRun *run, gpointer data)
{
  Followed *followed = data;
  StewardRunWatch *self = followed->watch;

  g_ptr_array_remove (self->runs, run);
  if (self->window != NULL)
    {
      update_inhibition (self);
      notify_over (self, followed->server, run);
    }
  /* The server holds the run, which holds the server by this. */
  g_signal_handlers_disconnect_by_data (run, followed);
}

static void
changed_cb (StewardServer *server, gpointer data)
{
  StewardRunWatch *self = data;
  StewardRun *run = steward_server_get_run (server);
  Followed *followed;

  if (run == NULL || steward_run_is_over (run) || g_ptr_array_find (self->runs, run, NULL))
    return;
  followed = g_new0 (Followed, 1);
  *followed = (Followed){ g_object_ref (self), g_object_ref (server) };
  g_ptr_array_add (self->runs, g_object_ref (run));
  g_signal_connect_data (run, "over", G_CALLBACK (over_cb), followed, followed_free, 0);
  update_inhibition (self);
}

static void
items_changed_cb (GListModel *servers, guint position, guint removed, guint added, gpointer data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (StewardServer) server = g_list_model_get_item (servers, i);
      g_signal_handlers_disconnect_by_data (server, data);
      g_signal_connect_object (server, "changed", G_CALLBACK (changed_cb), data, 0);
      changed_cb (server, data);
    }
}

static void
window_destroyed_cb (StewardRunWatch *self)
{
  self->window = NULL;
}

StewardRunWatch *
steward_run_watch_new (GtkWindow *window, GListModel *servers)
{
  StewardRunWatch *self = g_object_new (STEWARD_TYPE_RUN_WATCH, NULL);

  self->window = window;
  g_signal_connect_object (window, "destroy", G_CALLBACK (window_destroyed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (servers, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  items_changed_cb (servers, 0, 0, g_list_model_get_n_items (servers), self);
  return self;
}

gboolean
steward_run_watch_is_busy (StewardRunWatch *self)
{
  return self->runs->len > 0;
}

static void
steward_run_watch_finalize (GObject *object)
{
  g_ptr_array_unref (STEWARD_RUN_WATCH (object)->runs);
  G_OBJECT_CLASS (steward_run_watch_parent_class)->finalize (object);
}

static void
steward_run_watch_class_init (StewardRunWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = steward_run_watch_finalize;
}

static void
steward_run_watch_init (StewardRunWatch *self)
{
  self->runs = g_ptr_array_new_with_free_func (g_object_unref);
}
