/* See the header. */
#include "app/kept-list.h"

#include <glib/gi18n-lib.h>

#include "app/attention.h"
#include "app/backups-menu.h"
#include "app/compat.h"
#include "app/kept-row.h"
#include "app/row-list.h"
#include "app/tending.h"
#include "app/window.h"
#include "app/words.h"

#define SHOWN_ROWS 10

struct _StewardKeptList
{
  AdwBin parent_instance;

  StewardServer *server; /* owned, nullable */
  GHashTable *busy;      /* owned, of Busy by id: what is done with it */
  GHashTable *problems;  /* owned, by id: sentences of what failed last */

  AdwPreferencesGroup *backups_group;
  StewardBackupsMenu *menu;
  StewardRowList *backups;
  AdwPreferencesGroup *asides_group;
  StewardRowList *asides;
  AdwPreferencesGroup *orphans_group;
  StewardRowList *orphans;
};

G_DEFINE_FINAL_TYPE (StewardKeptList, steward_kept_list, ADW_TYPE_BIN)

/* What goes on with one backup or database. */
typedef struct
{
  GCancellable *cancellable; /* owned */
  double fraction;
} Busy;

static void
busy_free (gpointer data)
{
  Busy *busy = data;

  g_object_unref (busy->cancellable);
  g_free (busy);
}

static StewardKeptState
get_state (StewardKeptList *self, const char *id)
{
  const Busy *busy = g_hash_table_lookup (self->busy, id);

  return (StewardKeptState){
    .now_s = steward_server_get_facts (self->server)->status->now_s,
    .is_busy = busy != NULL,
    .can_cancel = busy != NULL && !g_cancellable_is_cancelled (busy->cancellable),
    .fraction = busy != NULL ? busy->fraction : 0,
    .problem = g_hash_table_lookup (self->problems, id),
  };
}

static const char *
get_backup_key (gconstpointer item)
{
  const StewardBackup *backup = item;

  return backup->id;
}

static void
show_backup (GtkWidget *row, gconstpointer item, gpointer data)
{
  StewardKeptState state = get_state (data, get_backup_key (item));

  steward_kept_row_show_backup (STEWARD_KEPT_ROW (row), item, &state);
}

static const char *
get_aside_key (gconstpointer item)
{
  const StewardAside *aside = item;

  return aside->name;
}

static void
show_aside (GtkWidget *row, gconstpointer item, gpointer data)
{
  StewardKeptState state = get_state (data, get_aside_key (item));

  steward_kept_row_show_aside (STEWARD_KEPT_ROW (row), item, &state);
}

static const char *
get_orphan_key (gconstpointer item)
{
  const StewardOrphan *orphan = item;

  return orphan->name;
}

static void
show_orphan (GtkWidget *row, gconstpointer item, gpointer data)
{
  StewardKeptState state = get_state (data, get_orphan_key (item));

  steward_kept_row_show_orphan (STEWARD_KEPT_ROW (row), item, &state);
}

static const StewardRowKind backup_kind = { steward_kept_row_get_type, get_backup_key, show_backup,
                                            SHOWN_ROWS };
static const StewardRowKind aside_kind = { steward_kept_row_get_type, get_aside_key, show_aside,
                                           SHOWN_ROWS };

static const StewardRowKind orphan_kind = { steward_kept_row_get_type, get_orphan_key, show_orphan,
                                            SHOWN_ROWS };

static char *
dup_backups_text (const StewardFacts *facts)
{
  guint64 bytes = 0;

  if (facts->backups == NULL)
    return g_strdup (facts->backups_problem);
  if (facts->backups->len == 0)
    return g_strdup (_ ("There are none yet."));
  for (guint i = 0; i < facts->backups->len; i++)
    bytes += ((const StewardBackup *)facts->backups->pdata[i])->size_bytes;
  g_autofree char *size = g_format_size (bytes);
  return g_strdup_printf (ngettext ("%u backup, which takes %s on the server.",
                                    "%u backups, which take %s on the server.",
                                    facts->backups->len),
                          facts->backups->len, size);
}

static void
describe (AdwPreferencesGroup *group, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text != NULL ? text : "", -1);

  adw_preferences_group_set_description (group, markup);
}

static void
enable_actions (StewardKeptList *self)
{
  gboolean is_free = steward_attention_get_hindrance (self->server) == NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "kept.verify", is_free);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "kept.verify-restoring", is_free);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "kept.roll-back", is_free);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "kept.delete", is_free);
}

void
steward_kept_list_set_server (StewardKeptList *self, StewardServer *server)
{
  g_set_object (&self->server, server);
  steward_backups_menu_set_server (self->menu, server);
}

void
steward_kept_list_show (StewardKeptList *self)
{
  const StewardFacts *facts = self->server != NULL ? steward_server_get_facts (self->server) : NULL;

  if (facts == NULL || facts->status == NULL)
    return;
  g_autofree char *text = dup_backups_text (facts);
  describe (self->backups_group, text);
  describe (self->asides_group, facts->asides != NULL
                                    ? _ ("Databases that an operation replaced. They take space in "
                                         "the database server until they are deleted.")
                                    : facts->asides_problem);
  gtk_widget_set_visible (GTK_WIDGET (self->asides_group),
                          facts->asides == NULL || facts->asides->len > 0);
  steward_row_list_show (self->backups, &backup_kind, facts->backups, self);
  steward_row_list_show (self->asides, &aside_kind, facts->asides, self);
  gtk_widget_set_visible (GTK_WIDGET (self->orphans_group),
                          facts->orphans != NULL && facts->orphans->len > 0);
  steward_row_list_show (self->orphans, &orphan_kind, facts->orphans, self);
  enable_actions (self);
  steward_backups_menu_show (self->menu);
}

/* What is done with one backup or database. */
typedef struct
{
  StewardKeptList *list; /* owned */
  char *id;              /* owned */
  const char *success;   /* translated */
  const char *failure;
  GCancellable *cancellable; /* owned, nullable */
} Tending;

static void
tending_free (Tending *tending)
{
  g_object_unref (tending->list);
  g_free (tending->id);
  g_clear_object (&tending->cancellable);
  g_free (tending);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Tending, tending_free)

static Tending *
tending_new (StewardKeptList *self, const char *id)
{
  Tending *tending = g_new0 (Tending, 1);

  tending->list = g_object_ref (self);
  tending->id = g_strdup (id);
  Busy *busy = g_new0 (Busy, 1);
  busy->cancellable = g_cancellable_new ();
  tending->cancellable = g_object_ref (busy->cancellable);
  g_hash_table_insert (self->busy, g_strdup (id), busy);
  g_hash_table_remove (self->problems, id);
  return tending;
}

static void
tended_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Tending) tending = data;
  StewardKeptList *self = tending->list;
  g_autoptr (GError) error = NULL;
  gboolean is_done = steward_tending_finish (result, &error);
  gboolean is_cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_hash_table_remove (self->busy, tending->id);
  if (!is_done && !is_cancelled)
    g_hash_table_insert (self->problems, g_strdup (tending->id), g_strdup (error->message));
  steward_window_toast (GTK_WIDGET (self), is_done        ? tending->success
                                           : is_cancelled ? _ ("Cancelled.")
                                                          : tending->failure);
  steward_kept_list_show (self);
}

static void
fraction_cb (gpointer object, const char *id, double fraction)
{
  StewardKeptList *self = object;
  Busy *busy = g_hash_table_lookup (self->busy, id);

  if (busy == NULL)
    return;
  busy->fraction = fraction;
  steward_kept_list_show (self);
}

static void
verify (StewardKeptList *self, const char *id, StewardVerifyFlags flags)
{
  Tending *tending = tending_new (self, id);

  tending->success = flags & STEWARD_VERIFY_RESTORE
                         ? _ ("The backup was restored for a trial, and all rows are there")
                         : _ ("The backup was read back and is whole");
  tending->failure = _ ("The backup could not be verified");
  StewardTending what = { .id = id, .flags = flags, .func = fraction_cb, .object = self };
  steward_tending_verify_async (self->server, &what, tending->cancellable, tended_cb, tending);
  steward_kept_list_show (self);
}

static void
verify_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  verify (STEWARD_KEPT_LIST (widget), g_variant_get_string (parameter, NULL), STEWARD_VERIFY_READ);
}

static void
restore_agreed_cb (gboolean is_agreed, gpointer data)
{
  g_autoptr (Tending) asked = data;

  if (is_agreed && asked->list->server != NULL)
    verify (asked->list, asked->id, STEWARD_VERIFY_RESTORE);
}

static void
cancel_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardKeptList *self = STEWARD_KEPT_LIST (widget);
  const Busy *busy = g_hash_table_lookup (self->busy, g_variant_get_string (parameter, NULL));

  if (busy != NULL)
    g_cancellable_cancel (busy->cancellable);
  steward_kept_list_show (self);
}

static void
roll_back_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_activate_action_variant (widget, "win.roll-back", parameter);
}

static gconstpointer
find (const GPtrArray *items, const char *(*get_key) (gconstpointer), const char *id)
{
  for (guint i = 0; items != NULL && i < items->len; i++)
    if (g_str_equal (get_key (items->pdata[i]), id))
      return items->pdata[i];
  return NULL;
}

/* Whether nothing complete would be left. */
static gboolean
is_last (const GPtrArray *backups, const StewardBackup *backup)
{
  guint others = 0;

  for (guint i = 0; i < backups->len; i++)
    {
      const StewardBackup *other = backups->pdata[i];
      others += other != backup && other->state == STEWARD_BACKUP_COMPLETE;
    }
  return backup->state == STEWARD_BACKUP_COMPLETE && others == 0;
}

static char *
dup_backup_warning (const GPtrArray *backups, const StewardBackup *backup)
{
  const StewardPassport *passport = backup->passport;
  g_autofree char *time =
      steward_words_dup_time (passport != NULL ? passport->made_s : backup->modified_s);

  if (passport == NULL)
    return g_strdup_printf (_ ("What is there of a backup begun %s is deleted from the server for "
                               "good."),
                            time);
  g_autofree char *tag = steward_words_dup_ltr (passport->server_tag);
  if (is_last (backups, backup))
    return g_strdup_printf (_ ("The backup of version %s, made %s, is deleted from the server "
                               "for good. It is the only complete backup."),
                            tag, time);
  return g_strdup_printf (_ ("The backup of version %s, made %s, is deleted from the server "
                             "for good."),
                          tag, time);
}

static char *
dup_aside_warning (const StewardAside *aside)
{
  g_autofree char *name = steward_words_dup_ltr (aside->name);
  g_autofree char *tag = steward_words_dup_ltr (aside->tag != NULL ? aside->tag : "–");

  return g_strdup_printf (_ ("The database %s of version %s is dropped for good. It is not the "
                             "one that the server uses."),
                          name, tag);
}

static char *
dup_orphan_warning (const StewardOrphan *orphan)
{
  g_autofree char *name = steward_words_dup_ltr (orphan->name);

  return g_strdup_printf (
      _ ("%s is left of something that was cut off. Nothing needs it any more."), name);
}

static Tending *
question_new (StewardKeptList *self, const char *id)
{
  Tending *asked = g_new0 (Tending, 1);

  asked->list = g_object_ref (self);
  asked->id = g_strdup (id);
  return asked;
}

static void
verify_restoring_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardKeptList *self = STEWARD_KEPT_LIST (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  const StewardBackup *backup =
      find (steward_server_get_facts (self->server)->backups, get_backup_key, id);

  if (backup == NULL || backup->passport == NULL)
    return;
  g_autofree char *size = g_format_size (backup->passport->database_bytes);
  g_autofree char *body =
      g_strdup_printf (_ ("A PostgreSQL that is thrown away afterwards is started on the host, and "
                          "the backup restored into it. It takes about %s of the host’s disk until "
                          "then. The server runs on and is not touched."),
                       size);
  StewardConfirm confirm = {
    .heading = _ ("Restore This Backup for a Trial?"),
    .body = body,
    .label = _ ("_Restore for a Trial"),
    .appearance = ADW_RESPONSE_SUGGESTED,
  };
  steward_compat_confirm (widget, &confirm, restore_agreed_cb, question_new (self, id));
}

/* A folder of this machine, or none. */
static void
folder_chosen_cb (GFile *folder, gpointer data)
{
  g_autoptr (Tending) asked = data;
  StewardKeptList *self = asked->list;
  g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;

  if (path == NULL || self->server == NULL || g_hash_table_contains (self->busy, asked->id))
    return;
  Tending *tending = tending_new (self, asked->id);
  StewardTending what = { .id = asked->id, .folder = path, .func = fraction_cb, .object = self };
  tending->success = _ ("A copy of the backup was saved, in a folder named after it");
  tending->failure = _ ("No copy of the backup could be saved");
  steward_tending_export_async (self->server, &what, tending->cancellable, tended_cb, tending);
  steward_kept_list_show (self);
}

static void
save_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const StewardChoice choice = { .title = _ ("Choose a Folder for the Copy"),
                                 .label = _ ("_Save Here") };

  steward_compat_choose_file (GTK_WINDOW (gtk_widget_get_root (widget)), &choice, folder_chosen_cb,
                              question_new (STEWARD_KEPT_LIST (widget),
                                            g_variant_get_string (parameter, NULL)));
}

static void
delete_agreed_cb (gboolean is_agreed, gpointer data)
{
  g_autoptr (Tending) asked = data;
  StewardKeptList *self = asked->list;
  Tending *tending = NULL;

  if (!is_agreed || self->server == NULL)
    return;
  tending = tending_new (self, asked->id);
  tending->success = asked->success;
  tending->failure = asked->failure;
  StewardTending what = { .id = asked->id };
  steward_tending_delete_async (self->server, &what, tending->cancellable, tended_cb, tending);
  steward_kept_list_show (self);
}

static void
confirm_deletion (StewardKeptList *self, const StewardConfirm *confirm, const char *id)
{
  Tending *asked = question_new (self, id);

  asked->success = _ ("Deleted");
  asked->failure = _ ("It could not be deleted");
  steward_compat_confirm (GTK_WIDGET (self), confirm, delete_agreed_cb, asked);
}

static void
delete_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  StewardKeptList *self = STEWARD_KEPT_LIST (widget);
  const StewardFacts *facts = steward_server_get_facts (self->server);
  const char *id = g_variant_get_string (parameter, NULL);
  const StewardBackup *backup = find (facts->backups, get_backup_key, id);
  const StewardAside *aside = find (facts->asides, get_aside_key, id);
  const StewardOrphan *orphan = find (facts->orphans, get_orphan_key, id);
  g_autofree char *body = NULL;
  StewardConfirm confirm = { .label = _ ("_Delete"), .appearance = ADW_RESPONSE_DESTRUCTIVE };

  if (backup == NULL && aside == NULL && orphan == NULL)
    return;
  body = backup != NULL  ? dup_backup_warning (facts->backups, backup)
         : aside != NULL ? dup_aside_warning (aside)
                         : dup_orphan_warning (orphan);
  confirm.heading = backup != NULL  ? _ ("Delete This Backup?")
                    : aside != NULL ? _ ("Delete This Set-Aside Database?")
                                    : _ ("Delete What Is Left Over?");
  confirm.body = body;
  confirm_deletion (self, &confirm, id);
}

static void
steward_kept_list_dispose (GObject *object)
{
  StewardKeptList *self = STEWARD_KEPT_LIST (object);

  g_clear_object (&self->server);
  G_OBJECT_CLASS (steward_kept_list_parent_class)->dispose (object);
}

static void
steward_kept_list_finalize (GObject *object)
{
  StewardKeptList *self = STEWARD_KEPT_LIST (object);

  g_hash_table_unref (self->busy);
  g_hash_table_unref (self->problems);
  G_OBJECT_CLASS (steward_kept_list_parent_class)->finalize (object);
}

static void
steward_kept_list_class_init (StewardKeptListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_kept_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = steward_kept_list_finalize;
  g_type_ensure (STEWARD_TYPE_ROW_LIST);
  g_type_ensure (STEWARD_TYPE_BACKUPS_MENU);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/kept-list.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardKeptList, backups_group);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptList, menu);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptList, backups);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptList, asides_group);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptList, asides);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptList, orphans_group);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptList, orphans);
  gtk_widget_class_install_action (widget_class, "kept.verify", "s", verify_cb);
  gtk_widget_class_install_action (widget_class, "kept.verify-restoring", "s", verify_restoring_cb);
  gtk_widget_class_install_action (widget_class, "kept.cancel", "s", cancel_cb);
  gtk_widget_class_install_action (widget_class, "kept.save", "s", save_cb);
  gtk_widget_class_install_action (widget_class, "kept.roll-back", "s", roll_back_cb);
  gtk_widget_class_install_action (widget_class, "kept.delete", "s", delete_cb);
}

static void
steward_kept_list_init (StewardKeptList *self)
{
  self->busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, busy_free);
  self->problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}
