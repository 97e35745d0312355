/* See the header. */
#include "app/pending-group.h"

#include <glib/gi18n-lib.h>

#include "app/attention.h"
#include "app/pending-row.h"
#include "app/row-list.h"
#include "app/words.h"

struct _StewardPendingGroup
{
  AdwPreferencesGroup parent_instance;

  StewardServer *server;     /* owned, nullable */
  char *target;              /* owned, nullable */
  char *basis;               /* owned, nullable: what the answers were true for */
  GHashTable *answers;       /* owned: by tag, of migrations */
  char *problem;             /* owned, nullable: why there is no answer for the target */
  GCancellable *cancellable; /* owned, nullable: while it is asked */

  GtkSpinner *spinner;
  GtkWidget *ask; /* while it is asked: gives up */
  StewardRowList *rows;
};

G_DEFINE_FINAL_TYPE (StewardPendingGroup, steward_pending_group, ADW_TYPE_PREFERENCES_GROUP)

static const char *
get_key (gconstpointer item)
{
  const StewardPendingMigration *migration = item;

  return migration->file;
}

static void
show_row (GtkWidget *row, gconstpointer item, gpointer data)
{
  steward_pending_row_show (STEWARD_PENDING_ROW (row), item);
}

static const StewardRowKind row_kind = { steward_pending_row_get_type, get_key, show_row, 0 };

static char *
dup_answer_text (const GPtrArray *answer, const char *target)
{
  if (answer->len == 0)
    return g_strdup_printf (_ ("Version %s needs no migrations."), target);
  return g_strdup_printf (ngettext ("An upgrade to %s runs %u migration on a copy of the "
                                    "database.",
                                    "An upgrade to %s runs %u migrations on a copy of the "
                                    "database.",
                                    answer->len),
                          target, answer->len);
}

static char *
dup_text (StewardPendingGroup *self, const GPtrArray *answer)
{
  g_autofree char *target = steward_words_dup_ltr (self->target);

  if (answer != NULL)
    return dup_answer_text (answer, target);
  if (self->cancellable != NULL)
    return g_strdup_printf (_ ("Asking version %s. Its image is fetched if it is not here yet; "
                               "that may take a while."),
                            target);
  if (self->problem != NULL)
    return g_strdup (self->problem);
  return g_strdup_printf (_ ("Not asked for yet. To ask version %s, its image is fetched if it is "
                             "not here yet."),
                          target);
}

static void
show_button (StewardPendingGroup *self, const GPtrArray *answer)
{
  const char *hindrance = steward_attention_get_hindrance (self->server);
  gboolean is_asking = self->cancellable != NULL;
  const char *name =
      is_asking ? _ ("Stop Asking for Pending Migrations") : _ ("Show Pending Migrations");

  gtk_button_set_label (GTK_BUTTON (self->ask), is_asking ? _ ("Sto_p") : _ ("S_how"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->ask), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  /* Newer GTK would name it by what stands on it alone. */
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (self->ask), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_widget_set_visible (self->ask, answer == NULL);
  gtk_widget_set_sensitive (self->ask, is_asking || hindrance == NULL);
  gtk_widget_set_tooltip_text (self->ask, is_asking ? NULL : hindrance);
  gtk_spinner_set_spinning (self->spinner, is_asking);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_asking);
}

static void
show (StewardPendingGroup *self)
{
  const GPtrArray *answer =
      self->target != NULL ? g_hash_table_lookup (self->answers, self->target) : NULL;

  gtk_widget_set_visible (GTK_WIDGET (self), self->target != NULL);
  if (self->target == NULL)
    return;
  g_autofree char *text = dup_text (self, answer);
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self), markup);
  steward_row_list_show (self->rows, &row_kind, answer, NULL);
  /* The button goes away; who went there by keyboard goes on with what it brought. */
  if (answer != NULL && gtk_widget_has_focus (self->ask))
    gtk_widget_child_focus (GTK_WIDGET (self->rows), GTK_DIR_TAB_FORWARD);
  show_button (self, answer);
}

static void
give_up (StewardPendingGroup *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->problem, g_free);
}

void
steward_pending_group_take_answer (StewardPendingGroup *self,
                                   const char *tag,
                                   GPtrArray *pending,
                                   const char *problem)
{
  if (pending != NULL)
    g_hash_table_replace (self->answers, g_strdup (tag), pending);
  g_free (self->problem);
  self->problem = pending == NULL ? g_strdup (problem) : NULL;
  show (self);
}

typedef struct
{
  StewardPendingGroup *group; /* owned */
  GCancellable *cancellable;  /* owned: tells whether the answer is still wanted */
  char *tag;                  /* owned */
} Asking;

static void
asking_free (Asking *asking)
{
  g_object_unref (asking->group);
  g_object_unref (asking->cancellable);
  g_free (asking->tag);
  g_free (asking);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asking, asking_free)

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Asking) asking = data;
  StewardPendingGroup *self = asking->group;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pending = steward_server_list_pending_finish (result, &error);

  if (self->cancellable != asking->cancellable)
    return;
  g_clear_object (&self->cancellable);
  steward_pending_group_take_answer (self, asking->tag, g_steal_pointer (&pending),
                                     error != NULL ? error->message : NULL);
}

static void
ask_cb (StewardPendingGroup *self)
{
  Asking *asking = NULL;
  gboolean is_asking = self->cancellable != NULL;

  give_up (self);
  if (is_asking)
    {
      show (self);
      return;
    }
  self->cancellable = g_cancellable_new ();
  asking = g_new0 (Asking, 1);
  *asking =
      (Asking){ g_object_ref (self), g_object_ref (self->cancellable), g_strdup (self->target) };
  steward_server_list_pending_async (self->server, self->target, self->cancellable, answered_cb,
                                     asking);
  show (self);
}

/* What the answers hang on besides their version. */
static char *
dup_basis (StewardServer *server)
{
  const StewardFacts *facts = server != NULL ? steward_server_get_facts (server) : NULL;
  const StewardStatus *status = facts != NULL ? facts->status : NULL;

  if (status == NULL)
    return NULL;
  return g_strdup_printf ("%s\n%s",
                          status->configured_image != NULL ? status->configured_image : "",
                          status->last_migration != NULL ? status->last_migration : "");
}

static void
forget_untrue (StewardPendingGroup *self, StewardServer *server)
{
  g_autofree char *basis = dup_basis (server);
  gboolean is_other = g_set_object (&self->server, server);

  if (!is_other && (basis == NULL || g_strcmp0 (basis, self->basis) == 0))
    return;
  g_free (self->basis);
  self->basis = g_steal_pointer (&basis);
  g_hash_table_remove_all (self->answers);
  give_up (self);
}

void
steward_pending_group_show (StewardPendingGroup *self, StewardServer *server, const char *target)
{
  forget_untrue (self, server);
  if (g_strcmp0 (target, self->target) != 0)
    {
      give_up (self);
      g_free (self->target);
      self->target = g_strdup (target);
    }
  show (self);
}

static void
steward_pending_group_dispose (GObject *object)
{
  StewardPendingGroup *self = STEWARD_PENDING_GROUP (object);

  give_up (self);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (steward_pending_group_parent_class)->dispose (object);
}

static void
steward_pending_group_finalize (GObject *object)
{
  StewardPendingGroup *self = STEWARD_PENDING_GROUP (object);

  g_hash_table_unref (self->answers);
  g_free (self->target);
  g_free (self->basis);
  g_free (self->problem);
  G_OBJECT_CLASS (steward_pending_group_parent_class)->finalize (object);
}

static void
steward_pending_group_class_init (StewardPendingGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_pending_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = steward_pending_group_finalize;
  g_type_ensure (STEWARD_TYPE_ROW_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/pending-group.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardPendingGroup, ask);
  gtk_widget_class_bind_template_child (widget_class, StewardPendingGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, StewardPendingGroup, rows);
  gtk_widget_class_bind_template_callback (widget_class, ask_cb);
}

static void
steward_pending_group_init (StewardPendingGroup *self)
{
  self->answers =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
}
