/* Lines in a queue of chunks would save a copy when the oldest go; one array that drops a tenth at
 * a time costs less code and as little time. */
#include "app/log.h"

#include <string.h>

#define FLUSH_INTERVAL_MS 16
/* So many lines are told of at once: laying out more would take longer than a frame. */
#define FLUSH_LINES 10000

struct _StewardLogLine
{
  GObject parent_instance;

  StewardLogKind kind;
  char *text; /* owned */
};

G_DEFINE_FINAL_TYPE (StewardLogLine, steward_log_line, G_TYPE_OBJECT)

const char *
steward_log_line_get_text (StewardLogLine *self)
{
  return self->text;
}

StewardLogKind
steward_log_line_get_kind (StewardLogLine *self)
{
  return self->kind;
}

static void
steward_log_line_finalize (GObject *object)
{
  g_free (STEWARD_LOG_LINE (object)->text);
  G_OBJECT_CLASS (steward_log_line_parent_class)->finalize (object);
}

static void
steward_log_line_class_init (StewardLogLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = steward_log_line_finalize;
}

static void
steward_log_line_init (StewardLogLine *self)
{
}

/* The first character is the kind. */
struct _StewardLog
{
  GObject parent_instance;

  GPtrArray *lines; /* owned; of char */
  guint n_told;     /* of them, those that listeners know */
  guint flush;      /* source, 0 for none */
};

static GType
get_item_type (GListModel *model)
{
  return STEWARD_TYPE_LOG_LINE;
}

static guint
get_n_items (GListModel *model)
{
  return STEWARD_LOG (model)->n_told;
}

static gpointer
get_item (GListModel *model, guint position)
{
  StewardLog *self = STEWARD_LOG (model);

  if (position >= self->n_told)
    return NULL;
  const char *line = self->lines->pdata[position];
  StewardLogLine *item = g_object_new (STEWARD_TYPE_LOG_LINE, NULL);
  item->kind = line[0] - '0';
  item->text = g_strdup (line + 1);
  return item;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (StewardLog,
                               steward_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

StewardLog *
steward_log_new (void)
{
  return g_object_new (STEWARD_TYPE_LOG, NULL);
}

static void
drop_oldest (StewardLog *self)
{
  guint n = STEWARD_LOG_LIMIT / 10;

  g_ptr_array_remove_range (self->lines, 0, n);
  self->n_told -= n;
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n, 0);
}

static gboolean
flush_cb (gpointer data)
{
  StewardLog *self = data;
  guint n_old = self->n_told;

  self->n_told = MIN (self->lines->len, n_old + FLUSH_LINES);
  if (self->n_told > n_old)
    g_list_model_items_changed (G_LIST_MODEL (self), n_old, 0, self->n_told - n_old);
  while (self->n_told > STEWARD_LOG_LIMIT)
    drop_oldest (self);
  if (self->n_told < self->lines->len)
    return G_SOURCE_CONTINUE;
  self->flush = 0;
  return G_SOURCE_REMOVE;
}

void
steward_log_append (StewardLog *self, StewardLogKind kind, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (char *line = valid; line != NULL;)
    {
      char *end = strchr (line, '\n');
      if (end != NULL)
        *end++ = '\0';
      g_ptr_array_add (self->lines, g_strdup_printf ("%c%s", '0' + kind, line));
      line = end != NULL && *end != '\0' ? end : NULL;
    }
  if (self->flush == 0)
    self->flush = g_timeout_add (FLUSH_INTERVAL_MS, flush_cb, self);
}

char *
steward_log_dup_text (StewardLog *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->lines->len; i++)
    g_string_append_printf (text, "%s\n", (const char *)self->lines->pdata[i] + 1);
  return g_string_free (text, FALSE);
}

static void
steward_log_finalize (GObject *object)
{
  StewardLog *self = STEWARD_LOG (object);

  g_clear_handle_id (&self->flush, g_source_remove);
  g_ptr_array_unref (self->lines);
  G_OBJECT_CLASS (steward_log_parent_class)->finalize (object);
}

static void
steward_log_class_init (StewardLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = steward_log_finalize;
}

static void
steward_log_init (StewardLog *self)
{
  self->lines = g_ptr_array_new_with_free_func (g_free);
}
