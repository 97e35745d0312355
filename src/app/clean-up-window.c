/* See the header. The lists are made anew when the server's facts or the rule change. */
#include "app/clean-up-window.h"

#include <glib/gi18n-lib.h>

#include "app/compat.h"
#include "app/tending.h"
#include "app/window.h"
#include "app/words.h"

#define DAY_S ((gint64)86400)

/* One row: what it is, and whether it is to go. */
typedef struct
{
  const StewardBackup *backup; /* borrowed of the facts, nullable */
  const StewardAside *aside;   /* borrowed of the facts, nullable */
  GtkWidget *row;              /* owned by its group */
  GtkCheckButton *check;
} Item;

struct _StewardCleanUpWindow
{
  AdwWindow parent_instance;

  StewardServer *server; /* owned */
  GArray *items;         /* owned, of Item */
  GHashTable *ticks;     /* owned: by id or name, whether it was ticked when last shown */

  GtkAdjustment *keep;
  GtkAdjustment *older_than;
  GtkWidget *delete;
  AdwPreferencesGroup *backups;
  AdwPreferencesGroup *asides;
};

G_DEFINE_FINAL_TYPE (StewardCleanUpWindow, steward_clean_up_window, ADW_TYPE_WINDOW)

static const char *
get_reason (StewardVerdict verdict)
{
  switch (verdict)
    {
    case STEWARD_VERDICT_NEEDED:
      return _ ("Stays: an operation may need it");
    case STEWARD_VERDICT_PROVEN:
      return _ ("Stays: the last that is so well proven");
    case STEWARD_VERDICT_UNKNOWN:
      return _ ("Stays: it has no passport that can be read");
    case STEWARD_VERDICT_RECENT:
      return _ ("Stays");
    case STEWARD_VERDICT_DELETE:
    default:
      return NULL;
    }
}

/* A line that names it: version, time, size. */
static char *
dup_name (const Item *item)
{
  const StewardPassport *passport = item->backup != NULL ? item->backup->passport : NULL;
  gint64 made_s = passport != NULL       ? passport->made_s
                  : item->backup != NULL ? item->backup->modified_s
                                         : item->aside->made_s;
  gint64 size_bytes =
      item->backup != NULL ? (gint64)item->backup->size_bytes : item->aside->size_bytes;
  const char *known = passport != NULL      ? passport->server_tag
                      : item->aside != NULL ? item->aside->tag
                                            : NULL;
  g_autofree char *tag = steward_words_dup_ltr (known != NULL ? known : "–");
  g_autofree char *time = steward_words_dup_time (made_s);
  g_autofree char *size = size_bytes >= 0 ? g_format_size ((guint64)size_bytes) : g_strdup ("–");

  /* Translators: a version, a time, a size: one thing of a list. */
  return g_strdup_printf (_ ("Version %s, %s, %s"), tag, time, size);
}

static const char *
get_key (const Item *item)
{
  return item->backup != NULL ? item->backup->id : item->aside->name;
}

static gboolean
is_ticked (const Item *item)
{
  return gtk_check_button_get_active (item->check);
}

static void
update_button (StewardCleanUpWindow *self)
{
  gboolean has_ticked = FALSE;

  for (guint i = 0; i < self->items->len; i++)
    has_ticked = has_ticked || is_ticked (&g_array_index (self->items, Item, i));
  gtk_widget_set_sensitive (self->delete, has_ticked);
}

/* What was not shown before: a backup by the rule, a database by hand alone. */
static gboolean
was_ticked (StewardCleanUpWindow *self, const Item *item)
{
  gpointer ticked = NULL;

  if (g_hash_table_lookup_extended (self->ticks, get_key (item), NULL, &ticked))
    return GPOINTER_TO_INT (ticked);
  return item->backup != NULL;
}

/* @reason: (nullable): why it stays */
static void
add_row (StewardCleanUpWindow *self, Item item, const char *reason)
{
  AdwPreferencesGroup *group = item.backup != NULL ? self->backups : self->asides;
  g_autofree char *name = dup_name (&item);
  g_autofree char *title = g_markup_escape_text (name, -1);
  g_autofree char *subtitle = g_markup_escape_text (reason != NULL ? reason : "", -1);

  item.row = adw_action_row_new ();
  item.check = GTK_CHECK_BUTTON (gtk_check_button_new ());
  gtk_widget_set_valign (GTK_WIDGET (item.check), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (item.check), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (item.row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (item.row), subtitle);
  adw_action_row_add_prefix (ADW_ACTION_ROW (item.row), GTK_WIDGET (item.check));
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (item.row), GTK_WIDGET (item.check));
  gtk_widget_set_tooltip_text (item.row, get_key (&item));
  gtk_widget_set_sensitive (item.row, reason == NULL);
  gtk_check_button_set_active (item.check, reason == NULL && was_ticked (self, &item));
  g_signal_connect_swapped (item.check, "toggled", G_CALLBACK (update_button), self);
  adw_preferences_group_add (group, item.row);
  g_array_append_val (self->items, item);
}

/* The facts that the items are of may be gone by now. */
static void
clear_rows (StewardCleanUpWindow *self)
{
  g_hash_table_remove_all (self->ticks);
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = &g_array_index (self->items, Item, i);
      g_hash_table_insert (self->ticks, g_strdup (gtk_widget_get_tooltip_text (item->row)),
                           GINT_TO_POINTER (is_ticked (item)));
      adw_preferences_group_remove (item->backup != NULL ? self->backups : self->asides, item->row);
    }
  g_array_set_size (self->items, 0);
}

static StewardRetention
get_rule (StewardCleanUpWindow *self)
{
  return (StewardRetention){
    .keep = (guint)gtk_adjustment_get_value (self->keep),
    .older_than_s = (gint64)gtk_adjustment_get_value (self->older_than) * DAY_S,
  };
}

/* What operations need is told by the journals: without them no backup may go. */
static void
add_backups (StewardCleanUpWindow *self, const StewardFacts *facts)
{
  StewardRetention retention = get_rule (self);
  g_auto (GStrv) needed = NULL;
  g_autofree StewardVerdict *verdicts = NULL;

  if (facts->backups == NULL || facts->journals == NULL)
    return;
  needed = steward_pruning_find_needed (facts->journals);
  retention.needed = (const char *const *)needed;
  retention.now_s = facts->status->now_s;
  verdicts = steward_retention_judge (&retention, facts->backups);
  for (guint i = 0; i < facts->backups->len; i++)
    add_row (self, (Item){ .backup = facts->backups->pdata[i] }, get_reason (verdicts[i]));
}

static void
add_asides (StewardCleanUpWindow *self, const StewardFacts *facts)
{
  for (guint i = 0; facts->asides != NULL && i < facts->asides->len; i++)
    {
      const StewardAside *aside = facts->asides->pdata[i];
      add_row (self, (Item){ .aside = aside },
               aside->tag != NULL ? NULL : _ ("Stays: it may belong to another server"));
    }
}

static void
show (StewardCleanUpWindow *self)
{
  const StewardFacts *facts = steward_server_get_facts (self->server);

  clear_rows (self);
  if (facts == NULL || facts->status == NULL)
    return;
  add_backups (self, facts);
  add_asides (self, facts);
  gtk_widget_set_visible (GTK_WIDGET (self->backups), facts->backups != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->asides),
                          facts->asides != NULL && facts->asides->len > 0);
  adw_preferences_group_set_description (self->backups, facts->journals == NULL
                                                            ? _ ("What was done here is not known, "
                                                                 "so no backup may go.")
                                                            : NULL);
  update_button (self);
}

/* Another rule ticks anew. */
static void
rule_changed_cb (StewardCleanUpWindow *self)
{
  if (self->server == NULL)
    return;
  clear_rows (self);
  g_hash_table_remove_all (self->ticks);
  show (self);
}

/* What was ticked when it was asked; facts may change while the question stands. */
typedef struct
{
  StewardServer *server;   /* owned */
  GtkWidget *parent;       /* owned: where it is told how it went */
  StewardPruning *pruning; /* owned, nullable */
  GStrv asides;            /* owned, nullable */
} Asked;

static void
asked_free (Asked *asked)
{
  g_object_unref (asked->server);
  g_object_unref (asked->parent);
  g_clear_pointer (&asked->pruning, steward_pruning_free);
  g_strfreev (asked->asides);
  g_free (asked);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Asked, asked_free)

static StewardPruning *
take_backups (StewardCleanUpWindow *self)
{
  StewardRetention rule = get_rule (self);
  StewardPruning *pruning = g_new0 (StewardPruning, 1);

  pruning->keep = rule.keep;
  pruning->older_than_days = (guint)(rule.older_than_s / DAY_S);
  pruning->backups = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_backup_free);
  pruning->verdicts = g_new0 (StewardVerdict, self->items->len);
  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = &g_array_index (self->items, Item, i);
      if (item->backup == NULL || !is_ticked (item))
        continue;
      StewardBackup *backup = g_new0 (StewardBackup, 1);
      backup->id = g_strdup (item->backup->id);
      pruning->verdicts[pruning->backups->len] = STEWARD_VERDICT_DELETE;
      g_ptr_array_add (pruning->backups, backup);
    }
  return pruning;
}

static GStrv
take_asides (StewardCleanUpWindow *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = &g_array_index (self->items, Item, i);
      if (item->aside != NULL && is_ticked (item))
        g_strv_builder_add (builder, item->aside->name);
    }
  return g_strv_builder_end (builder);
}

static void
cleaned_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Asked) asked = data;
  g_autoptr (GError) error = NULL;

  if (steward_tending_finish (result, &error))
    steward_window_toast (asked->parent, _ ("Deleted"));
  else
    steward_compat_tell (asked->parent, _ ("It Could Not All Be Deleted"), error->message);
}

static void
agreed_cb (gboolean is_agreed, gpointer data)
{
  g_autoptr (Asked) asked = data;

  if (!is_agreed)
    return;
  StewardPruning *pruning = g_steal_pointer (&asked->pruning);
  GStrv asides = g_steal_pointer (&asked->asides);
  StewardServer *server = asked->server;
  steward_tending_clean_up_async (server, pruning, asides, cleaned_cb, g_steal_pointer (&asked));
}

static char *
dup_list (StewardCleanUpWindow *self)
{
  GString *text = g_string_new (_ ("For good, and with it what nothing else holds:"));

  for (guint i = 0; i < self->items->len; i++)
    {
      const Item *item = &g_array_index (self->items, Item, i);
      g_autofree char *name = dup_name (item);
      if (!is_ticked (item))
        continue;
      g_string_append_c (text, '\n');
      g_string_append_printf (text,
                              item->backup != NULL ? _ ("Backup: %s")
                                                   : _ ("Set-aside database: %s"),
                              name);
    }
  return g_string_free (text, FALSE);
}

static void
delete_cb (StewardCleanUpWindow *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autofree char *body = dup_list (self);
  StewardConfirm confirm = {
    .heading = _ ("Delete All of These?"),
    .body = body,
    .label = _ ("_Delete"),
    .appearance = ADW_RESPONSE_DESTRUCTIVE,
  };
  Asked *asked = g_new0 (Asked, 1);

  asked->server = g_object_ref (self->server);
  asked->parent = g_object_ref (GTK_WIDGET (parent));
  asked->pruning = take_backups (self);
  asked->asides = take_asides (self);
  steward_compat_confirm (GTK_WIDGET (parent), &confirm, agreed_cb, asked);
  gtk_window_close (GTK_WINDOW (self));
}

StewardCleanUpWindow *
steward_clean_up_window_new (GtkWindow *parent, StewardServer *server)
{
  StewardCleanUpWindow *self =
      g_object_new (STEWARD_TYPE_CLEAN_UP_WINDOW, "transient-for", parent, NULL);

  self->server = g_object_ref (server);
  g_signal_connect_object (server, "changed", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return self;
}

static void
steward_clean_up_window_dispose (GObject *object)
{
  StewardCleanUpWindow *self = STEWARD_CLEAN_UP_WINDOW (object);

  g_clear_object (&self->server);
  G_OBJECT_CLASS (steward_clean_up_window_parent_class)->dispose (object);
}

static void
steward_clean_up_window_finalize (GObject *object)
{
  g_array_unref (STEWARD_CLEAN_UP_WINDOW (object)->items);
  g_hash_table_unref (STEWARD_CLEAN_UP_WINDOW (object)->ticks);
  G_OBJECT_CLASS (steward_clean_up_window_parent_class)->finalize (object);
}

static void
steward_clean_up_window_class_init (StewardCleanUpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_clean_up_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = steward_clean_up_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/clean-up-window.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardCleanUpWindow, keep);
  gtk_widget_class_bind_template_child (widget_class, StewardCleanUpWindow, older_than);
  gtk_widget_class_bind_template_child (widget_class, StewardCleanUpWindow, delete);
  gtk_widget_class_bind_template_child (widget_class, StewardCleanUpWindow, backups);
  gtk_widget_class_bind_template_child (widget_class, StewardCleanUpWindow, asides);
  gtk_widget_class_bind_template_callback (widget_class, rule_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, delete_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
steward_clean_up_window_init (StewardCleanUpWindow *self)
{
  self->items = g_array_new (FALSE, FALSE, sizeof (Item));
  self->ticks = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
}
