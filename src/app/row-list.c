/* Compares keys with the rows that are there. See the header. */
#include "app/row-list.h"

#define DATA_KEY "steward-key"

struct _StewardRowList
{
  GtkWidget parent_instance;

  guint limit;
  gboolean is_whole; /* all rows were asked for */

  GtkListBox *box;
  GtkWidget *more;
};

enum
{
  PROP_0,
  PROP_LABEL,
};

G_DEFINE_FINAL_TYPE (StewardRowList, steward_row_list, GTK_TYPE_WIDGET)

static GtkWidget *
get_row (StewardRowList *self, guint i)
{
  return GTK_WIDGET (gtk_list_box_get_row_at_index (self->box, (int)i));
}

static void
limit_rows (StewardRowList *self)
{
  GtkWidget *row;
  guint count = 0;

  for (; (row = get_row (self, count)) != NULL; count++)
    gtk_widget_set_visible (row, self->is_whole || self->limit == 0 || count < self->limit);
  gtk_widget_set_visible (self->more, !self->is_whole && self->limit != 0 && count > self->limit);
  gtk_widget_set_visible (GTK_WIDGET (self), count > 0);
}

static void
more_cb (StewardRowList *self)
{
  GtkWidget *first = get_row (self, self->limit);

  self->is_whole = TRUE;
  limit_rows (self);
  /* The button is gone; who goes by keyboard is where it was. */
  if (first != NULL)
    gtk_widget_grab_focus (first);
}

static GHashTable *
collect_keys (const StewardRowKind *kind, const GPtrArray *items)
{
  GHashTable *keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; items != NULL && i < items->len; i++)
    g_hash_table_add (keys, g_strdup (kind->get_key (items->pdata[i])));
  return keys;
}

/* Returns: the rows that stay, by key; each key is the row's own. */
static GHashTable *
remove_stale (StewardRowList *self, GHashTable *keys)
{
  GHashTable *rows = g_hash_table_new (g_str_hash, g_str_equal);
  GtkWidget *row;

  for (guint i = 0; (row = get_row (self, i)) != NULL;)
    {
      char *key = g_object_get_data (G_OBJECT (row), DATA_KEY);
      if (!g_hash_table_contains (keys, key) || g_hash_table_contains (rows, key))
        gtk_list_box_remove (self->box, row);
      else
        {
          g_hash_table_insert (rows, key, row);
          i++;
        }
    }
  return rows;
}

static GtkWidget *
create_row (const StewardRowKind *kind, const char *key)
{
  GtkWidget *row = g_object_new (kind->get_type (), NULL);

  g_object_set_data_full (G_OBJECT (row), DATA_KEY, g_strdup (key), g_free);
  return row;
}

/* The row of the item at @i stands at @i afterwards. */
static GtkWidget *
place_row (StewardRowList *self, GHashTable *rows, GtkWidget *created, const char *key, guint i)
{
  GtkWidget *row = g_hash_table_lookup (rows, key);

  g_hash_table_remove (rows, key);
  if (row == NULL)
    row = created;
  else if (row == get_row (self, i))
    return row;
  g_object_ref_sink (row);
  if (gtk_widget_get_parent (row) != NULL)
    gtk_list_box_remove (self->box, row);
  gtk_list_box_insert (self->box, row, (int)i);
  g_object_unref (row);
  return row;
}

/* Returns: the position of the row with the focus, -1 for none */
static int
find_focus (StewardRowList *self)
{
  GtkWidget *row = gtk_widget_get_focus_child (GTK_WIDGET (self->box));

  return row != NULL ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row)) : -1;
}

/* When the row with the focus went away, its neighbour takes it. */
static void
keep_focus (StewardRowList *self, int focus, guint count)
{
  if (focus >= 0 && count > 0 && find_focus (self) < 0)
    gtk_widget_grab_focus (get_row (self, MIN ((guint)focus, count - 1)));
}

void
steward_row_list_show (StewardRowList *self,
                       const StewardRowKind *kind,
                       const GPtrArray *items,
                       gpointer data)
{
  guint count = items != NULL ? items->len : 0;
  g_autoptr (GHashTable) keys = collect_keys (kind, items);
  int focus = find_focus (self);
  g_autoptr (GHashTable) rows = remove_stale (self, keys);

  for (guint i = 0; i < count; i++)
    {
      const char *key = kind->get_key (items->pdata[i]);
      GtkWidget *created = g_hash_table_contains (rows, key) ? NULL : create_row (kind, key);
      kind->show (place_row (self, rows, created, key, i), items->pdata[i], data);
    }
  self->limit = kind->limit;
  limit_rows (self);
  keep_focus (self, focus, count);
}

static void
steward_row_list_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  StewardRowList *self = STEWARD_ROW_LIST (object);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  g_value_get_string (value), -1);
}

static void
steward_row_list_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (steward_row_list_parent_class)->dispose (object);
}

static void
steward_row_list_class_init (StewardRowListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_row_list_dispose;
  G_OBJECT_CLASS (klass)->set_property = steward_row_list_set_property;
  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_LABEL,
                                   g_param_spec_string ("label", NULL, NULL, NULL,
                                                        G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/row-list.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardRowList, box);
  gtk_widget_class_bind_template_child (widget_class, StewardRowList, more);
  gtk_widget_class_bind_template_callback (widget_class, more_cb);
}

static void
steward_row_list_init (StewardRowList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
