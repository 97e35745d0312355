/* See the header. */
#include "app/attention-bar.h"

#include "app/attention.h"

struct _StewardAttentionBar
{
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *text;
  GtkWidget *buttons;
  GtkWidget *walk_back;
  GtkWidget *resume;
  GtkWidget *show;
  GtkWidget *look;
};

G_DEFINE_FINAL_TYPE (StewardAttentionBar, steward_attention_bar, ADW_TYPE_BIN)

static const struct
{
  const char *icon_name;
  const char *css_class;
} looks[] = {
  [STEWARD_ATTENTION_NONE] = { NULL, NULL },
  [STEWARD_ATTENTION_RUN] = { "emblem-synchronizing-symbolic", "accent" },
  [STEWARD_ATTENTION_UNREACHABLE] = { "network-error-symbolic", "error" },
  [STEWARD_ATTENTION_AT_WORK] = { "system-users-symbolic", "accent" },
  [STEWARD_ATTENTION_UNFINISHED] = { "dialog-warning-symbolic", "warning" },
  [STEWARD_ATTENTION_SILENT] = { "dialog-error-symbolic", "error" },
  [STEWARD_ATTENTION_DATABASE] = { "dialog-error-symbolic", "error" },
  [STEWARD_ATTENTION_STORE] = { "dialog-warning-symbolic", "warning" },
  [STEWARD_ATTENTION_DRIFT] = { "dialog-warning-symbolic", "warning" },
  [STEWARD_ATTENTION_BACKUP] = { "dialog-warning-symbolic", "warning" },
};

/* Resume and Walk Back, or Show, or Look Again. */
static void
show_buttons (StewardAttentionBar *self, StewardAttentionKind kind)
{
  gtk_widget_set_visible (self->walk_back, kind == STEWARD_ATTENTION_UNFINISHED);
  gtk_widget_set_visible (self->resume, kind == STEWARD_ATTENTION_UNFINISHED);
  gtk_widget_set_visible (self->show, kind == STEWARD_ATTENTION_RUN);
  gtk_widget_set_visible (self->look, kind == STEWARD_ATTENTION_UNREACHABLE
                                          || kind == STEWARD_ATTENTION_SILENT
                                          || kind == STEWARD_ATTENTION_AT_WORK);
  gtk_widget_set_visible (self->buttons, gtk_widget_get_visible (self->resume)
                                             || gtk_widget_get_visible (self->show)
                                             || gtk_widget_get_visible (self->look));
}

void
steward_attention_bar_show (StewardAttentionBar *self, StewardServer *server)
{
  g_autoptr (StewardAttention) attention = steward_attention_new (server);
  const char *classes[] = { looks[attention->kind].css_class, NULL };

  gtk_widget_set_visible (GTK_WIDGET (self), attention->kind != STEWARD_ATTENTION_NONE);
  gtk_image_set_from_icon_name (self->icon, looks[attention->kind].icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_text (self->title, attention->title != NULL ? attention->title : "");
  gtk_label_set_text (self->text, attention->text != NULL ? attention->text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), attention->text != NULL);
  show_buttons (self, attention->kind);
}

static void
steward_attention_bar_class_init (StewardAttentionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/attention-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, icon);
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, title);
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, text);
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, buttons);
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, walk_back);
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, resume);
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, show);
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, look);
}

static void
steward_attention_bar_init (StewardAttentionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
