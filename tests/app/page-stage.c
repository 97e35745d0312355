/* See the header. */
#include "page-stage.h"

static void
activated_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GString *activated = data;

  g_string_append (activated, g_action_get_name (G_ACTION (action)));
  if (parameter != NULL)
    g_string_append_printf (activated, " %s", g_variant_get_string (parameter, NULL));
  g_string_append_c (activated, ';');
}

static void
add_actions (PageStage *self)
{
  static const GActionEntry entries[] = {
    { .name = "back", .activate = activated_cb },
    { .name = "refresh", .activate = activated_cb },
    { .name = "back-up", .activate = activated_cb },
    { .name = "upgrade", .activate = activated_cb, .parameter_type = "s" },
    { .name = "restart", .activate = activated_cb },
    { .name = "roll-back", .activate = activated_cb, .parameter_type = "s" },
    { .name = "resume", .activate = activated_cb },
    { .name = "walk-back", .activate = activated_cb },
    { .name = "show-run", .activate = activated_cb },
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries),
                                   self->activated);
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "win", G_ACTION_GROUP (group));
}

PageStage *
page_stage_new (StageState state)
{
  PageStage *self = g_new0 (PageStage, 1);

  self->activated = g_string_new (NULL);
  self->released = g_async_queue_new ();
  self->server = stage_server_new ("parsec", state);
  self->page = g_object_new (STEWARD_TYPE_SERVER_PAGE, NULL);
  steward_server_page_set_server (self->page, self->server);
  self->window = stage_show (GTK_WIDGET (self->page));
  add_actions (self);
  return self;
}

void
page_stage_free (PageStage *self)
{
  gtk_window_destroy (self->window);
  g_object_unref (self->server);
  g_string_free (self->activated, TRUE);
  g_async_queue_unref (self->released);
  g_free (self);
}

void
page_stage_take (PageStage *self, StageState state, PageStageFunc change)
{
  StewardFacts *facts = stage_facts_new ("parsec", state);

  if (change != NULL)
    change (facts);
  steward_server_take_facts (self->server, facts);
  stage_wait_painted (self->window);
}

typedef struct
{
  PageStage *stage;
  const char *expected;
} Expected;

static gboolean
is_activated (gpointer data)
{
  const Expected *expected = data;
  const GString *activated = expected->stage->activated;

  if (!g_str_has_prefix (expected->expected, activated->str))
    g_error ("“%s” was activated in place of “%s”.", activated->str, expected->expected);
  return g_str_equal (activated->str, expected->expected);
}

void
page_stage_wait_activated (PageStage *self, const char *expected)
{
  Expected data = { self, expected };

  stage_wait_named (is_activated, &data, expected);
  g_string_truncate (self->activated, 0);
}

static void
clicked_cb (GtkButton *button, gpointer data)
{
  *(gboolean *)data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *)data;
}

/* A button that is activated by a key stays down for a moment before it acts. */
void
page_stage_click (PageStage *self, gpointer root, const char *label)
{
  GtkWidget *button = stage_get (root, GTK_TYPE_BUTTON, label);
  gboolean is_clicked = FALSE;
  gulong handler = g_signal_connect_after (button, "clicked", G_CALLBACK (clicked_cb), &is_clicked);

  stage_click (root, label);
  stage_wait (is_true, &is_clicked);
  g_signal_handler_disconnect (button, handler);
  stage_wait_painted (self->window);
}

GtkWidget *
page_stage_open_menu (PageStage *self, GtkWidget *row)
{
  GtkWidget *button = stage_get (row, GTK_TYPE_MENU_BUTTON, NULL);

  gtk_widget_grab_focus (button);
  stage_wait_painted (self->window);
  gtk_menu_button_popup (GTK_MENU_BUTTON (button));
  stage_wait_shows (button, "Delete…");
  return button;
}

static gpointer
held_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  return g_async_queue_pop (data);
}

static void
free_queue (gpointer data)
{
  g_async_queue_unref (data);
}

void
page_stage_hold (PageStage *self)
{
  steward_worker_run_async (steward_server_get_worker (self->server), held_cb,
                            g_async_queue_ref (self->released), free_queue, NULL, NULL, NULL, NULL);
}

void
page_stage_release (PageStage *self)
{
  g_async_queue_push (self->released, self);
}

GtkWidget *
page_stage_get_row (PageStage *self, const char *text)
{
  return stage_get (self->page, GTK_TYPE_LIST_BOX_ROW, text);
}

GtkWidget *
page_stage_get_button (PageStage *self, const char *label)
{
  return stage_get (self->page, GTK_TYPE_BUTTON, label);
}

void
page_stage_choose (PageStage *self, const char *title, const char *item)
{
  AdwComboRow *row = stage_get (self->page, ADW_TYPE_COMBO_ROW, title);
  GtkStringList *items = GTK_STRING_LIST (adw_combo_row_get_model (row));

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (items)); i++)
    if (g_str_equal (gtk_string_list_get_string (items, i), item))
      {
        adw_combo_row_set_selected (row, i);
        stage_wait_painted (self->window);
        return;
      }
  g_error ("“%s” does not offer “%s”.", title, item);
}
