/* A text view whose tags take the theme's named colours. See the header. */
#include "app/diff-view.h"

#include <string.h>

#include "app/compat.h"

/* Tinted so little that the text keeps its contrast. */
#define TINT_ALPHA 0.2

struct _StewardDiffView
{
  AdwBin parent_instance;

  char *diff; /* owned, nullable */

  GtkTextView *text;
  GtkTextBuffer *buffer;
  GtkTextTag *line;
  GtkTextTag *added;
  GtkTextTag *removed;
  GtkTextTag *heading;
};

G_DEFINE_FINAL_TYPE (StewardDiffView, steward_diff_view, ADW_TYPE_BIN)

/* The files’ names begin with three signs. */
static GtkTextTag *
find_tag (StewardDiffView *self, const char *line)
{
  if (g_str_has_prefix (line, "--- ") || g_str_has_prefix (line, "+++ ")
      || g_str_has_prefix (line, "@@ ") || line[0] == '\\')
    return self->heading;
  if (line[0] == '+')
    return self->added;
  return line[0] == '-' ? self->removed : NULL;
}

static void
append_line (StewardDiffView *self, const char *line, const char *end)
{
  GtkTextTag *tag = find_tag (self, line);
  GtkTextIter iter;

  gtk_text_buffer_get_end_iter (self->buffer, &iter);
  gtk_text_buffer_insert_with_tags (self->buffer, &iter, line, -1, self->line, tag, NULL);
  gtk_text_buffer_insert_with_tags (self->buffer, &iter, end, -1, self->line, tag, NULL);
}

void
steward_diff_view_set_diff (StewardDiffView *self, const char *diff)
{
  gsize length = strlen (diff);
  g_autofree char *body = g_strndup (diff, g_str_has_suffix (diff, "\n") ? length - 1 : length);
  g_auto (GStrv) lines = g_strsplit (body, "\n", -1);
  GtkTextIter start;

  g_free (self->diff);
  self->diff = g_strdup (diff);
  gtk_text_buffer_set_text (self->buffer, "", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    append_line (self, lines[i], lines[i + 1] != NULL ? "\n" : "");
  gtk_text_buffer_get_start_iter (self->buffer, &start);
  gtk_text_buffer_place_cursor (self->buffer, &start);
}

void
steward_diff_view_copy (StewardDiffView *self)
{
  if (self->diff != NULL)
    gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), self->diff);
}

static void
tint (StewardDiffView *self, GtkTextTag *tag, const char *color_name)
{
  GdkRGBA color;

  if (!steward_compat_find_color (GTK_WIDGET (self), color_name, &color))
    return;
  color.alpha = TINT_ALPHA;
  g_object_set (tag, "paragraph-background-rgba", &color, NULL);
}

/* Tags know no classes of CSS, so the dark style and high contrast are followed by hand. */
static void
steward_diff_view_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  StewardDiffView *self = STEWARD_DIFF_VIEW (widget);

  GTK_WIDGET_CLASS (steward_diff_view_parent_class)->css_changed (widget, change);
  tint (self, self->added, "success_bg_color");
  tint (self, self->removed, "error_bg_color");
}

static void
steward_diff_view_finalize (GObject *object)
{
  StewardDiffView *self = STEWARD_DIFF_VIEW (object);

  g_free (self->diff);
  G_OBJECT_CLASS (steward_diff_view_parent_class)->finalize (object);
}

static void
steward_diff_view_class_init (StewardDiffViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = steward_diff_view_finalize;
  widget_class->css_changed = steward_diff_view_css_changed;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/diff-view.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardDiffView, text);
  gtk_widget_class_bind_template_child (widget_class, StewardDiffView, buffer);
  gtk_widget_class_bind_template_child (widget_class, StewardDiffView, line);
  gtk_widget_class_bind_template_child (widget_class, StewardDiffView, added);
  gtk_widget_class_bind_template_child (widget_class, StewardDiffView, removed);
  gtk_widget_class_bind_template_child (widget_class, StewardDiffView, heading);
}

static void
steward_diff_view_init (StewardDiffView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_direction (gtk_widget_get_first_child (GTK_WIDGET (self)), GTK_TEXT_DIR_LTR);
  gtk_widget_set_direction (GTK_WIDGET (self->text), GTK_TEXT_DIR_LTR);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_READ_ONLY,
                                  TRUE, -1);
}
