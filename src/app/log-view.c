/* A list view that makes widgets only for the lines that are looked at. See the header. */
#include "app/log-view.h"

#include <glib/gi18n-lib.h>

#include "app/window.h"

/* So near to the end one is at the end: rounding. */
#define END_TOLERANCE 2.0
/* Source: Pango's documentation of pango_layout_set_tabs() */
#define TAB_COLUMNS 8

struct _StewardLogView
{
  AdwBin parent_instance;

  StewardLog *log;              /* owned, nullable */
  GtkSelectionModel *selection; /* owned, nullable */
  gboolean is_following;
  guint scrolling;     /* tick callback, 0 for none */
  guint n_frames_left; /* of it */
  double last_value;
  double last_upper;

  GtkRevealer *revealer;
  GtkImage *arrow;
  GtkButton *toggle;
  GtkWidget *follow;
  GtkScrolledWindow *scroller;
  GtkListView *list;
};

G_DEFINE_FINAL_TYPE (StewardLogView, steward_log_view, ADW_TYPE_BIN)

/* A line as it is shown: what it is stands before it in words, never in colour alone. */
static char *
dup_shown (StewardLogLine *line)
{
  const char *text = steward_log_line_get_text (line);

  switch (steward_log_line_get_kind (line))
    {
    case STEWARD_LOG_COMMAND:
      return g_strconcat ("$ ", text, NULL);
    case STEWARD_LOG_NOTE:
      return g_strdup_printf (_ ("Note: %s"), text);
    case STEWARD_LOG_FAILURE:
      return g_strdup_printf (_ ("Failed: %s"), text);
    case STEWARD_LOG_OUTPUT:
    case STEWARD_LOG_STEP:
    default:
      return g_strdup (text);
    }
}

/* In place of attributes, which a GtkInscription of GTK 4.8 never frees. */
static const char *const line_classes[][2] = {
  [STEWARD_LOG_OUTPUT] = { NULL },      [STEWARD_LOG_STEP] = { "log-step" },
  [STEWARD_LOG_COMMAND] = { "accent" }, [STEWARD_LOG_NOTE] = { "warning" },
  [STEWARD_LOG_FAILURE] = { "error" },
};

/* Of letters that are all as wide as each other. */
static guint
count_columns (const char *text)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c == '\t')
        n += TAB_COLUMNS;
      else if (!g_unichar_iszerowidth (c))
        n += g_unichar_iswide (c) ? 2 : 1;
    }
  return n;
}

/* The list keeps some two hundred of them. A label would lay its text out to tell its width; this
 * is told how wide it is. */
static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *row = gtk_inscription_new (NULL);

  gtk_inscription_set_min_lines (GTK_INSCRIPTION (row), 1);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (row), 0.0f);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (row), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_widget_set_direction (row, GTK_TEXT_DIR_LTR);
  gtk_widget_set_margin_start (row, 9);
  gtk_widget_set_margin_end (row, 9);
  gtk_list_item_set_child (item, row);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  StewardLogLine *line = gtk_list_item_get_item (item);
  StewardLogKind kind = steward_log_line_get_kind (line);
  GtkWidget *row = gtk_list_item_get_child (item);
  g_autofree char *text = dup_shown (line);

  gtk_inscription_set_text (GTK_INSCRIPTION (row), text);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (row), count_columns (text));
  gtk_widget_set_css_classes (row, (const char **)line_classes[kind]);
}

static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  StewardLogView *self = STEWARD_LOG_VIEW (widget);
  guint n = self->log != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->log)) : 0;

  if (n > 0 && self->is_following)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", n - 1);
  self->n_frames_left--;
  if (self->n_frames_left > 0)
    return G_SOURCE_CONTINUE;
  self->scrolling = 0;
  return G_SOURCE_REMOVE;
}

/* The list goes only to lines that it has laid out, which it does in the first of these frames. */
static void
scroll_to_end (StewardLogView *self)
{
  self->n_frames_left = 2;
  if (self->scrolling == 0)
    self->scrolling = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, NULL, NULL);
}

static void
set_following (StewardLogView *self, gboolean is_following)
{
  self->is_following = is_following;
  gtk_widget_set_visible (self->follow, !is_following);
}

/* After the list itself took the lines in. */
static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  StewardLogView *self = STEWARD_LOG_VIEW (data);

  if (self->is_following && added > 0)
    scroll_to_end (self);
}

/* Whoever goes up wants to read there; whoever comes to the end wants to see what follows. The
 * value also goes down when old lines were dropped, and with them the end. */
static void
value_changed_cb (GtkAdjustment *adjustment, gpointer data)
{
  StewardLogView *self = STEWARD_LOG_VIEW (data);
  double value = gtk_adjustment_get_value (adjustment);
  double upper = gtk_adjustment_get_upper (adjustment);
  double end = upper - gtk_adjustment_get_page_size (adjustment);

  if (value >= end - END_TOLERANCE)
    set_following (self, TRUE);
  else if (value < self->last_value && upper >= self->last_upper)
    set_following (self, FALSE);
  self->last_value = value;
  self->last_upper = upper;
}

static void
follow_cb (GtkButton *button, gpointer data)
{
  StewardLogView *self = STEWARD_LOG_VIEW (data);

  set_following (self, TRUE);
  scroll_to_end (self);
}

/* While it could not be seen it did not move. */
static void
map_cb (GtkWidget *list, gpointer data)
{
  StewardLogView *self = STEWARD_LOG_VIEW (data);

  if (self->is_following)
    scroll_to_end (self);
}

static void
show_open (StewardLogView *self, gboolean is_open)
{
  gtk_revealer_set_reveal_child (self->revealer, is_open);
  gtk_image_set_from_icon_name (self->arrow, is_open ? "pan-down-symbolic" : "pan-end-symbolic");
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_STATE_EXPANDED,
                               is_open, -1);
}

static void
toggle_cb (GtkButton *button, gpointer data)
{
  StewardLogView *self = STEWARD_LOG_VIEW (data);

  show_open (self, !gtk_revealer_get_reveal_child (self->revealer));
}

static void
copy (StewardLogView *self, const char *text)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  steward_window_toast (GTK_WIDGET (self), _ ("The output was copied."));
}

static void
copy_all_cb (GtkButton *button, gpointer data)
{
  StewardLogView *self = STEWARD_LOG_VIEW (data);
  g_autofree char *text = self->log != NULL ? steward_log_dup_text (self->log) : NULL;

  if (text != NULL)
    copy (self, text);
}

static gboolean
copy_selected_cb (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  StewardLogView *self = STEWARD_LOG_VIEW (widget);
  g_autoptr (GtkBitset) chosen =
      self->selection != NULL ? gtk_selection_model_get_selection (self->selection) : NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  GtkBitsetIter iter;
  guint position;

  if (chosen == NULL || !gtk_bitset_iter_init_first (&iter, chosen, &position))
    return FALSE;
  do
    {
      g_autoptr (StewardLogLine) line = g_list_model_get_item (G_LIST_MODEL (self->log), position);
      g_string_append_printf (text, "%s\n", steward_log_line_get_text (line));
    }
  while (gtk_bitset_iter_next (&iter, &position));
  copy (self, text->str);
  return TRUE;
}

void
steward_log_view_set_log (StewardLogView *self, StewardLog *log)
{
  if (log != NULL && log == self->log)
    return;
  if (self->log != NULL)
    g_signal_handlers_disconnect_by_data (self->log, self);
  gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->selection);
  g_set_object (&self->log, log);
  if (log == NULL)
    return;
  self->selection =
      GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (log))));
  gtk_list_view_set_model (self->list, self->selection);
  g_signal_connect_object (log, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_AFTER);
  set_following (self, TRUE);
  scroll_to_end (self);
}

static void
steward_log_view_dispose (GObject *object)
{
  StewardLogView *self = STEWARD_LOG_VIEW (object);

  if (self->scrolling != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->scrolling);
  self->scrolling = 0;
  if (self->log != NULL)
    g_signal_handlers_disconnect_by_data (self->log, self);
  g_clear_object (&self->log);
  g_clear_object (&self->selection);
  G_OBJECT_CLASS (steward_log_view_parent_class)->dispose (object);
}

static void
steward_log_view_class_init (StewardLogViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_log_view_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/log-view.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardLogView, revealer);
  gtk_widget_class_bind_template_child (widget_class, StewardLogView, arrow);
  gtk_widget_class_bind_template_child (widget_class, StewardLogView, toggle);
  gtk_widget_class_bind_template_child (widget_class, StewardLogView, follow);
  gtk_widget_class_bind_template_child (widget_class, StewardLogView, scroller);
  gtk_widget_class_bind_template_child (widget_class, StewardLogView, list);
  gtk_widget_class_bind_template_callback (widget_class, toggle_cb);
  gtk_widget_class_bind_template_callback (widget_class, follow_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, map_cb);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, copy_selected_cb, NULL);
}

static void
steward_log_view_init (StewardLogView *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->list, factory);
  /* Commands and their output read so in any language. */
  gtk_widget_set_direction (GTK_WIDGET (self->scroller), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (GTK_WIDGET (self->list), GTK_TEXT_DIR_LTR);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (value_changed_cb), self, 0);
  show_open (self, TRUE);
  set_following (self, TRUE);
}
