/* Activates the window's actions. See the header. */
#include "app/operation-buttons.h"

#include <glib/gi18n-lib.h>

#include "app/attention.h"
#include "app/button-layout.h"

struct _StewardOperationButtons
{
  GtkWidget parent_instance;

  char *target; /* owned, nullable */
  char *source; /* owned: of a rollback; "" for the newest backup */

  GtkWidget *upgrade;
  GtkWidget *back_up;
  GtkWidget *restart;
  GtkWidget *roll_back;
};

G_DEFINE_FINAL_TYPE (StewardOperationButtons, steward_operation_buttons, GTK_TYPE_WIDGET)

static void
upgrade_cb (StewardOperationButtons *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.upgrade", "s", self->target);
}

static void
back_up_cb (StewardOperationButtons *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.back-up", NULL);
}

static void
restart_cb (StewardOperationButtons *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.restart", NULL);
}

static void
roll_back_cb (StewardOperationButtons *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.roll-back", "s", self->source);
}

/* @hindrance: (nullable): why the button cannot be used */
static void
set_hindrance (GtkWidget *button, const char *hindrance)
{
  gtk_widget_set_sensitive (button, hindrance == NULL);
  gtk_widget_set_tooltip_text (button, hindrance);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  hindrance != NULL ? hindrance : "", -1);
}

/* A backup is the window's choice; without one, the newest database that was live once. Returns:
 * (nullable): there is nothing to go back to */
static const char *
find_source (StewardServer *server)
{
  const StewardFacts *facts = steward_server_get_facts (server);

  for (guint i = 0; facts != NULL && facts->backups != NULL && i < facts->backups->len; i++)
    {
      const StewardBackup *backup = facts->backups->pdata[i];
      if (backup->state == STEWARD_BACKUP_COMPLETE)
        return "";
    }
  for (guint i = 0; facts != NULL && facts->asides != NULL && i < facts->asides->len; i++)
    {
      const StewardAside *aside = facts->asides->pdata[i];
      if (aside->tag != NULL && g_str_equal (aside->role, "aside"))
        return aside->name;
    }
  return NULL;
}

static const char *
get_source_hindrance (StewardServer *server, const char *hindrance)
{
  if (hindrance != NULL || find_source (server) != NULL)
    return hindrance;
  return _ ("There is no complete backup and no set-aside database to go back to.");
}

void
steward_operation_buttons_show (StewardOperationButtons *self,
                                StewardServer *server,
                                const char *target)
{
  const char *hindrance = steward_attention_get_hindrance (server);
  const char *source = find_source (server);

  g_free (self->target);
  g_free (self->source);
  self->target = g_strdup (target);
  self->source = g_strdup (source != NULL ? source : "");
  set_hindrance (self->upgrade, hindrance == NULL && target == NULL
                                    ? _ ("Choose the version to upgrade to first.")
                                    : hindrance);
  set_hindrance (self->back_up, hindrance);
  set_hindrance (self->restart, hindrance);
  set_hindrance (self->roll_back, get_source_hindrance (server, hindrance));
  if (gtk_widget_get_sensitive (self->upgrade))
    gtk_widget_add_css_class (self->upgrade, "suggested-action");
  else
    gtk_widget_remove_css_class (self->upgrade, "suggested-action");
}

static void
steward_operation_buttons_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (steward_operation_buttons_parent_class)->dispose (object);
}

static void
steward_operation_buttons_finalize (GObject *object)
{
  StewardOperationButtons *self = STEWARD_OPERATION_BUTTONS (object);

  g_free (self->target);
  g_free (self->source);
  G_OBJECT_CLASS (steward_operation_buttons_parent_class)->finalize (object);
}

static void
steward_operation_buttons_class_init (StewardOperationButtonsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_operation_buttons_dispose;
  G_OBJECT_CLASS (klass)->finalize = steward_operation_buttons_finalize;
  gtk_widget_class_set_layout_manager_type (widget_class, STEWARD_TYPE_BUTTON_LAYOUT);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/stewardapp/Steward/operation-buttons.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardOperationButtons, upgrade);
  gtk_widget_class_bind_template_child (widget_class, StewardOperationButtons, back_up);
  gtk_widget_class_bind_template_child (widget_class, StewardOperationButtons, restart);
  gtk_widget_class_bind_template_child (widget_class, StewardOperationButtons, roll_back);
  gtk_widget_class_bind_template_callback (widget_class, upgrade_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_up_cb);
  gtk_widget_class_bind_template_callback (widget_class, restart_cb);
  gtk_widget_class_bind_template_callback (widget_class, roll_back_cb);
}

static void
steward_operation_buttons_init (StewardOperationButtons *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
