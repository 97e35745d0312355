/* See the header. */
#include "app/attention-bar.h"

#include "app/attention.h"
#include "core/probe/trusted.h"

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
  GtkWidget *trust;

  StewardServer *server; /* weak, nullable: of what is shown */
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
  [STEWARD_ATTENTION_CERTIFICATE] = { "dialog-warning-symbolic", "warning" },
  [STEWARD_ATTENTION_DRIFT] = { "dialog-warning-symbolic", "warning" },
  [STEWARD_ATTENTION_SPACE] = { "drive-harddisk-symbolic", "warning" },
  [STEWARD_ATTENTION_BACKUP] = { "dialog-warning-symbolic", "warning" },
};

/* Resume and Walk Back, or Show, or Look Again, or Trust This Certificate. */
static void
show_buttons (StewardAttentionBar *self, StewardAttentionKind kind)
{
  gtk_widget_set_visible (self->walk_back, kind == STEWARD_ATTENTION_UNFINISHED);
  gtk_widget_set_visible (self->resume, kind == STEWARD_ATTENTION_UNFINISHED);
  gtk_widget_set_visible (self->show, kind == STEWARD_ATTENTION_RUN);
  gtk_widget_set_visible (self->look, kind == STEWARD_ATTENTION_UNREACHABLE
                                          || kind == STEWARD_ATTENTION_SILENT
                                          || kind == STEWARD_ATTENTION_AT_WORK);
  gtk_widget_set_visible (self->trust, kind == STEWARD_ATTENTION_CERTIFICATE);
  gtk_widget_set_visible (self->buttons, gtk_widget_get_visible (self->trust)
                                             || gtk_widget_get_visible (self->resume)
                                             || gtk_widget_get_visible (self->show)
                                             || gtk_widget_get_visible (self->look));
}

void
steward_attention_bar_show (StewardAttentionBar *self, StewardServer *server)
{
  g_autoptr (StewardAttention) attention = steward_attention_new (server);
  const char *classes[] = { looks[attention->kind].css_class, NULL };

  g_set_weak_pointer (&self->server, server);
  gtk_widget_set_visible (GTK_WIDGET (self), attention->kind != STEWARD_ATTENTION_NONE);
  gtk_image_set_from_icon_name (self->icon, looks[attention->kind].icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), classes);
  gtk_label_set_text (self->title, attention->title != NULL ? attention->title : "");
  gtk_label_set_text (self->text, attention->text != NULL ? attention->text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), attention->text != NULL);
  show_buttons (self, attention->kind);
}

/* Files are nothing for the main thread. */
static void
trust_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const char *const *words = data;
  GError *error = NULL;

  if (steward_trusted_accept (words[0], words[1], &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* The next look sees the certificate as an accepted one. */
static void
trusted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  StewardAttentionBar *self = STEWARD_ATTENTION_BAR (source);
  g_autoptr (StewardServer) server = data;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    steward_server_look (server);
  else if (server == self->server)
    gtk_label_set_text (self->text, error->message);
}

static void
trust_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardAttentionBar *self = STEWARD_ATTENTION_BAR (widget);
  const StewardFacts *facts = self->server != NULL ? steward_server_get_facts (self->server) : NULL;
  const StewardHealth *health =
      facts != NULL && facts->status != NULL ? facts->status->health : NULL;

  if (health == NULL || health->fingerprint == NULL || health->server_name == NULL)
    return;
  g_autoptr (GTask) task = g_task_new (self, NULL, trusted_cb, g_object_ref (self->server));
  const char *words[] = { health->server_name, health->fingerprint, NULL };
  g_task_set_task_data (task, g_strdupv ((char **)words), (GDestroyNotify)g_strfreev);
  g_task_run_in_thread (task, trust_thread);
}

static void
steward_attention_bar_dispose (GObject *object)
{
  g_clear_weak_pointer (&STEWARD_ATTENTION_BAR (object)->server);
  G_OBJECT_CLASS (steward_attention_bar_parent_class)->dispose (object);
}

static void
steward_attention_bar_class_init (StewardAttentionBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_attention_bar_dispose;
  gtk_widget_class_install_action (widget_class, "attention.trust", NULL, trust_cb);
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
  gtk_widget_class_bind_template_child (widget_class, StewardAttentionBar, trust);
}

static void
steward_attention_bar_init (StewardAttentionBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
