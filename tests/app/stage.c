/* The toolkit, windows, waiting, finding, activating. See the header. */
#include "stage.h"

#include <string.h>

#define WAIT_LIMIT_US (10 * G_TIME_SPAN_SECOND)

/* Pages are shown without an application, too, which would do this. */
static void
load_style (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/stewardapp/Steward/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
}

/* AdwMessageDialog measures its big heading, which does not wrap, for whatever width, and GTK after
 * 4.8 warns of that. Any other warning ends a test. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE")
        && g_str_has_prefix (fields[i].value, "Trying to measure GtkLabel "))
      return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

void
stage_init (int *argc, char ***argv)
{
  g_test_init (argc, argv, NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  stage_watch_init ();
  g_setenv ("DOCKER_HOST", STAGE_NO_ENGINE, TRUE);
  adw_init ();
  load_style ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
}

static gboolean
wake_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* A predicate may come true without an event: the loop is woken now and then. */
void
stage_wait_named (StagePredicate predicate, gpointer data, const char *name)
{
  gint64 end_us = g_get_monotonic_time () + WAIT_LIMIT_US;
  guint source = g_timeout_add (20, wake_cb, NULL);

  while (!predicate (data))
    {
      if (g_get_monotonic_time () > end_us)
        g_error ("%s did not come true within 10 s.", name);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (source);
}

/* Before the application reads them. */
static void
reset_settings (void)
{
  g_autoptr (GSettings) settings = g_settings_new (STEWARD_APPLICATION_ID);
  g_autoptr (GSettingsSchema) schema = NULL;

  g_object_get (settings, "settings-schema", &schema, NULL);
  g_auto (GStrv) keys = g_settings_schema_list_keys (schema);
  for (gsize i = 0; keys[i] != NULL; i++)
    g_settings_reset (settings, keys[i]);
}

StewardApplication *
stage_application_new (void)
{
  StewardApplication *application = steward_application_new ();
  g_autoptr (GError) error = NULL;

  reset_settings ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, &error);
  g_assert_no_error (error);
  return application;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *)data == NULL;
}

void
stage_release (gpointer object)
{
  g_object_add_weak_pointer (object, &object);
  g_object_unref (object);
  stage_wait (is_gone, &object);
}

static void
activate_cb (GApplication *application, gpointer data)
{
  g_signal_stop_emission_by_name (application, "activate");
}

static void
watch_all (StewardApplication *application)
{
  GListModel *servers = G_LIST_MODEL (steward_application_get_servers (application));
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (application));

  for (; windows != NULL; windows = windows->next)
    stage_watch_widgets (windows->data);
  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (StewardServer) server = g_list_model_get_item (servers, i);
      stage_watch (server);
    }
}

/* Only g_application_run() shuts an application down; without a window it returns at once. Whoever
 * still holds the application then, holds it for ever. */
void
stage_application_free (StewardApplication *application)
{
  GList *windows;

  watch_all (application);
  while ((windows = gtk_application_get_windows (GTK_APPLICATION (application))) != NULL)
    gtk_window_destroy (windows->data);
  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), NULL);
  g_application_run (G_APPLICATION (application), 0, NULL);
  stage_release (application);
}

StewardWindow *
stage_window_new (StewardApplication *application)
{
  StewardWindow *window = steward_window_new (application);

  gtk_window_present (GTK_WINDOW (window));
  stage_wait_painted (GTK_WINDOW (window));
  return window;
}

GtkWindow *
stage_show (GtkWidget *widget)
{
  GtkWindow *window = GTK_WINDOW (adw_window_new ());

  adw_window_set_content (ADW_WINDOW (window), widget);
  gtk_window_set_default_size (window, 800, 700);
  gtk_window_present (window);
  stage_wait_painted (window);
  stage_watch_widgets (window);
  return window;
}

/* What a widget reads by itself, without those inside of it. */
static const char *
get_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  if (GTK_IS_TEXT (widget))
    return gtk_editable_get_text (GTK_EDITABLE (widget));
  return NULL;
}

static gboolean
is_called (GtkWidget *widget, const char *name)
{
  return g_strcmp0 (gtk_widget_get_name (widget), name) == 0
         || g_strcmp0 (gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget)), name) == 0
         || g_strcmp0 (gtk_widget_get_tooltip_text (widget), name) == 0
         || g_strcmp0 (get_text (widget), name) == 0;
}

/* The widget itself or the nearest one around it, up to @root. */
static GtkWidget *
find_around (GtkWidget *widget, GtkWidget *root, GType type)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      if (g_type_is_a (G_OBJECT_TYPE (widget), type))
        return widget;
      if (widget == root)
        break;
    }
  return NULL;
}

typedef struct
{
  GtkWidget *root;
  GType type;
  const char *name; /* nullable */
} Search;

static GtkWidget *
search (const Search *what, GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (!gtk_widget_get_mapped (widget))
    return NULL;
  if (what->name == NULL)
    found = g_type_is_a (G_OBJECT_TYPE (widget), what->type) ? widget : NULL;
  else if (is_called (widget, what->name))
    found = find_around (widget, what->root, what->type);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = search (what, child);
  return found;
}

gpointer
stage_find (gpointer root, GType type, const char *name)
{
  Search what = { root, type, name };

  return search (&what, root);
}

gpointer
stage_get_named (gpointer root, GType type, const char *name, const char *where)
{
  gpointer found = stage_find (root, type, name);

  if (found == NULL)
    g_error ("%s: there is no %s “%s” on the screen.", where, g_type_name (type),
             name != NULL ? name : "");
  return found;
}

static gboolean
text_view_reads (GtkTextView *view, const char *text)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (view), &start, &end);
  g_autofree char *all = gtk_text_iter_get_text (&start, &end);
  return strstr (all, text) != NULL;
}

gboolean
stage_shows (gpointer root, const char *text)
{
  const char *own = get_text (root);

  if (!gtk_widget_get_mapped (root))
    return FALSE;
  if ((own != NULL && strstr (own, text) != NULL)
      || (GTK_IS_TEXT_VIEW (root) && text_view_reads (root, text)))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (stage_shows (child, text))
      return TRUE;
  return FALSE;
}

typedef struct
{
  gpointer root;
  const char *text;
} Shown;

static gboolean
is_shown (gpointer data)
{
  const Shown *shown = data;

  return stage_shows (shown->root, shown->text);
}

void
stage_wait_shows (gpointer root, const char *text)
{
  Shown shown = { root, text };

  stage_wait_named (is_shown, &shown, text);
}

/* A name stands inside of what is activated: a label in a button, a title in a row. A button that
 * is activated clicks only after having looked pressed for a quarter of a second. */
void
stage_click_named (gpointer root, const char *name, const char *where)
{
  GtkWidget *widget = stage_get_named (root, GTK_TYPE_WIDGET, name, where);

  while (widget != NULL
         && gtk_widget_class_get_activate_signal (GTK_WIDGET_GET_CLASS (widget)) == 0)
    widget = gtk_widget_get_parent (widget);
  if (widget == NULL || !gtk_widget_is_sensitive (widget))
    g_error ("%s: “%s” cannot be activated.", where, name);
  if (GTK_IS_BUTTON (widget))
    g_signal_emit_by_name (widget, "clicked");
  else
    g_assert_true (gtk_widget_activate (widget));
}

void
stage_activate (gpointer window, const char *action, const char *target)
{
  g_autoptr (GVariant) value =
      target != NULL ? g_variant_ref_sink (g_variant_new_string (target)) : NULL;

  g_assert_true (gtk_widget_activate_action_variant (window, action, value));
}

gboolean
stage_can (gpointer window, const char *action, const char *target)
{
  GtkWidget *button = gtk_button_new ();

  if (target != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_widget_set_parent (button, window);
  gboolean is_offered = gtk_widget_is_sensitive (button);
  gtk_widget_unparent (button);
  return is_offered;
}

static GtkWindow *
find_dialog (gpointer window)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWindow *found = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) one = g_list_model_get_item (windows, i);
      if (one != window && gtk_widget_get_mapped (GTK_WIDGET (one)))
        found = one;
    }
  return found;
}

static gboolean
has_dialog (gpointer window)
{
  return find_dialog (window) != NULL;
}

GtkWindow *
stage_get_dialog (gpointer window)
{
  stage_wait (has_dialog, window);
  return find_dialog (window);
}

static gboolean
has_no_dialog (gpointer window)
{
  return find_dialog (window) == NULL;
}

void
stage_wait_closed (gpointer window)
{
  stage_wait (has_no_dialog, window);
}
