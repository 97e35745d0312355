/* See the header. */
#include "app/database-group.h"

#include <glib/gi18n-lib.h>

#include "app/fact-row.h"

struct _StewardDatabaseGroup
{
  AdwPreferencesGroup parent_instance;

  StewardFactRow *name;
  StewardFactRow *size;
  StewardFactRow *postgres;
  StewardFactRow *migration;
  StewardFactRow *sessions;
};

G_DEFINE_FINAL_TYPE (StewardDatabaseGroup, steward_database_group, ADW_TYPE_PREFERENCES_GROUP)

static void
show_known (StewardDatabaseGroup *self, const StewardStatus *status)
{
  g_autofree char *size = g_format_size ((guint64)MAX (status->database_bytes, 0));
  g_autofree char *postgres =
      g_strdup_printf ("%d.%d", status->postgres_version / 10000, status->postgres_version % 10000);
  g_autofree char *sessions = g_strdup_printf ("%u", status->sessions);

  steward_fact_row_set_value (self->size, size);
  steward_fact_row_set_value (self->postgres, postgres);
  steward_fact_row_set_value (self->migration, status->last_migration != NULL
                                                   ? status->last_migration
                                                   : C_ ("last migration", "None"));
  steward_fact_row_set_value (self->sessions, sessions);
}

void
steward_database_group_show (StewardDatabaseGroup *self, const StewardStatus *status)
{
  steward_fact_row_set_value (self->name, status->database);
  steward_fact_row_set_note (self->name, status->database_problem);
  if (status->database_problem == NULL)
    {
      show_known (self, status);
      return;
    }
  steward_fact_row_set_value (self->size, NULL);
  steward_fact_row_set_value (self->postgres, NULL);
  steward_fact_row_set_value (self->migration, NULL);
  steward_fact_row_set_value (self->sessions, NULL);
}

static void
steward_database_group_class_init (StewardDatabaseGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (STEWARD_TYPE_FACT_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/database-group.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardDatabaseGroup, name);
  gtk_widget_class_bind_template_child (widget_class, StewardDatabaseGroup, size);
  gtk_widget_class_bind_template_child (widget_class, StewardDatabaseGroup, postgres);
  gtk_widget_class_bind_template_child (widget_class, StewardDatabaseGroup, migration);
  gtk_widget_class_bind_template_child (widget_class, StewardDatabaseGroup, sessions);
}

static void
steward_database_group_init (StewardDatabaseGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
