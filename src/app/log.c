/* Lines in a queue of chunks would save a copy when the oldest go; one array that drops a tenth at
 * a time costs less code and as little time. */
#include "app/log.h"

#include <string.h>

#define FLUSH_INTERVAL_MS 16
/* So many lines are told of at once: laying out more would take longer than a frame. */
#define FLUSH_LINES 10000
/* A longer line is cut: to lay it out would take longer than a frame. */
#define LINE_LIMIT_BYTES 2000

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

static gboolean
is_plain (const char *line)
{
  for (; *line != '\0'; line++)
    if ((guchar)*line < 0x20 || (guchar)*line >= 0x7f)
      return FALSE;
  return TRUE;
}

static gboolean
turns_direction (gunichar c)
{
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= 0x2069);
}

/* A command of a terminal: ESC, for most of them [, parameters, a letter. */
static const char *
skip_escape (const char *p)
{
  p++;
  if (*p == '[')
    for (p++; *p != '\0' && (*p < 0x40 || *p > 0x7e); p++)
      ;
  return *p != '\0' ? g_utf8_next_char (p) : p;
}

/* Text alone: nothing that steers a terminal, breaks the line or turns its direction. */
static void
append_clean (GString *clean, const char *line)
{
  for (const char *p = line; *p != '\0';)
    {
      gunichar c = g_utf8_get_char (p);
      if (c == 0x1b)
        {
          p = skip_escape (p);
          continue;
        }
      if (c == 0x2028 || c == 0x2029)
        g_string_append_c (clean, ' ');
      else if (c == '\t' || (!g_unichar_iscntrl (c) && !turns_direction (c)))
        g_string_append_unichar (clean, c);
      p = g_utf8_next_char (p);
    }
}

/* What a terminal would show in the end: after a return the line is written anew. */
static const char *
find_last_writing (char *line)
{
  gsize length = strlen (line);

  while (length > 0 && line[length - 1] == '\r')
    line[--length] = '\0';
  const char *begin = strrchr (line, '\r');
  return begin != NULL ? begin + 1 : line;
}

static void
cut (GString *text)
{
  if (text->len <= LINE_LIMIT_BYTES)
    return;
  const char *end = g_utf8_find_prev_char (text->str, text->str + LINE_LIMIT_BYTES);
  g_string_truncate (text, end - text->str);
  g_string_append (text, "…");
}

/* @text: to write in; each line is kept in as many bytes as it has. */
static void
append_line (StewardLog *self, StewardLogKind kind, char *line, GString *text)
{
  const char *last = find_last_writing (line);

  g_string_truncate (text, 0);
  g_string_append_c (text, '0' + kind);
  if (is_plain (last))
    g_string_append (text, last);
  else
    append_clean (text, last);
  cut (text);
  g_ptr_array_add (self->lines, g_strndup (text->str, text->len));
}

void
steward_log_append (StewardLog *self, StewardLogKind kind, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) scratch = g_string_new (NULL);

  for (char *line = valid; line != NULL;)
    {
      char *end = strchr (line, '\n');
      if (end != NULL)
        *end++ = '\0';
      append_line (self, kind, line, scratch);
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
