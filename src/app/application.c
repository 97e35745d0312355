/* Starts the window and answers to the menu. See the header. */
#include "app/application.h"

#include <glib/gi18n-lib.h>

#include "app/compat.h"
#include "app/troubleshooting.h"
#include "app/window.h"

struct _StewardApplication
{
  AdwApplication parent_instance;

  GSettings *settings;        /* owned */
  StewardServerList *servers; /* owned */
};

G_DEFINE_FINAL_TYPE (StewardApplication, steward_application, ADW_TYPE_APPLICATION)

/* The window itself, whichever of its dialogs is in front. (transfer none) (nullable) */
static GtkWindow *
find_window (StewardApplication *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self));

  for (; windows != NULL; windows = windows->next)
    if (STEWARD_IS_WINDOW (windows->data))
      return windows->data;
  return NULL;
}

static void
about_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  StewardApplication *self = data;
  g_autofree char *text = steward_troubleshooting_dup_text (self->servers);

  steward_compat_show_about (find_window (self), text);
}

static void
preferences_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  StewardApplication *self = data;

  steward_compat_show_preferences (find_window (self), self->settings);
}

static void
shortcuts_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  steward_compat_show_shortcuts (GTK_APPLICATION_WINDOW (find_window (data)));
}

/* By way of the window, which asks first while an operation runs. */
static void
quit_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = find_window (data);

  if (window != NULL)
    gtk_window_close (window);
}

/* (transfer full) (nullable) */
static StewardServer *
dup_server (StewardApplication *self, const char *key)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->servers)); i++)
    {
      g_autoptr (StewardServer) server = g_list_model_get_item (G_LIST_MODEL (self->servers), i);
      if (g_str_equal (steward_server_get_key (server), key))
        return g_steal_pointer (&server);
    }
  return NULL;
}

/* What a notification at a run's end leads to; the parameter is the server's key. */
static void
show_run_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  StewardApplication *self = data;
  g_autoptr (StewardServer) server = dup_server (self, g_variant_get_string (parameter, NULL));

  g_application_activate (G_APPLICATION (self));
  if (server == NULL)
    return;
  steward_window_choose (STEWARD_WINDOW (find_window (self)), server);
  gtk_widget_activate_action (GTK_WIDGET (find_window (self)), "win.show-run", NULL);
}

static void
add_shortcuts (GtkApplication *application)
{
  static const struct
  {
    const char *action;
    const char *keys[3];
  } shortcuts[] = {
    { "app.quit", { "<primary>q" } },
    { "app.preferences", { "<primary>comma" } },
    { "window.close", { "<primary>w" } },
    { "app.shortcuts", { "<primary>question" } },
    { "win.add-server", { "<primary>n" } },
    { "win.refresh", { "<primary>r", "F5" } },
    { "win.menu", { "F10" } },
    { "win.back", { "<alt>Left", "Back" } },
  };

  static const char *const mirrored[] = { "<alt>Right", "Back", NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (shortcuts); i++)
    gtk_application_set_accels_for_action (application, shortcuts[i].action, shortcuts[i].keys);
  if (gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL)
    gtk_application_set_accels_for_action (application, "win.back", mirrored);
}

static void
steward_application_startup (GApplication *application)
{
  StewardApplication *self = STEWARD_APPLICATION (application);
  static const GActionEntry entries[] = {
    { .name = "about", .activate = about_cb },
    { .name = "preferences", .activate = preferences_cb },
    { .name = "quit", .activate = quit_cb },
    { .name = "shortcuts", .activate = shortcuts_cb },
    { .name = "show-run", .activate = show_run_cb, .parameter_type = "s" },
  };

  G_APPLICATION_CLASS (steward_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  add_shortcuts (GTK_APPLICATION (self));
  self->settings = g_settings_new (STEWARD_APPLICATION_ID);
  self->servers = steward_server_list_new (self->settings);
}

static void
steward_application_activate (GApplication *application)
{
  StewardApplication *self = STEWARD_APPLICATION (application);
  GtkWindow *window = find_window (self);

  if (window == NULL)
    {
      window = GTK_WINDOW (steward_window_new (self));
      steward_server_list_look (self->servers);
    }
  gtk_window_present (window);
}

StewardApplication *
steward_application_new (void)
{
  return g_object_new (STEWARD_TYPE_APPLICATION, "application-id", STEWARD_APPLICATION_ID,
                       "resource-base-path", "/io/github/stewardapp/Steward", NULL);
}

GSettings *
steward_application_get_settings (StewardApplication *self)
{
  return self->settings;
}

StewardServerList *
steward_application_get_servers (StewardApplication *self)
{
  return self->servers;
}

static void
steward_application_finalize (GObject *object)
{
  StewardApplication *self = STEWARD_APPLICATION (object);

  g_clear_object (&self->servers);
  g_clear_object (&self->settings);
  G_OBJECT_CLASS (steward_application_parent_class)->finalize (object);
}

static void
steward_application_class_init (StewardApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = steward_application_finalize;
  G_APPLICATION_CLASS (klass)->startup = steward_application_startup;
  G_APPLICATION_CLASS (klass)->activate = steward_application_activate;
}

static void
steward_application_init (StewardApplication *self)
{
}
