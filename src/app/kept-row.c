/* Puts what is known of a backup or database into words. See the header. */
#include "app/kept-row.h"

#include <glib/gi18n-lib.h>

#include "app/words.h"

struct _StewardKeptRow
{
  AdwActionRow parent_instance;

  char *actions; /* owned, nullable: what the menu was made for */

  GtkImage *icon;
  GtkLabel *badge;
  GtkSpinner *spinner;
  GtkMenuButton *menu;
};

G_DEFINE_FINAL_TYPE (StewardKeptRow, steward_kept_row, ADW_TYPE_ACTION_ROW)

typedef enum
{
  MENU_DELETE = 1 << 0,
  MENU_VERIFY = 1 << 1,
  MENU_ROLL_BACK = 1 << 2,
  MENU_CANCEL = 1 << 3,
  MENU_SAVE = 1 << 4,
} MenuFlags;

#define MENU_COMPLETE (MENU_VERIFY | MENU_SAVE | MENU_ROLL_BACK | MENU_DELETE)

static void
add_item (GMenu *menu, const char *label, const char *action, const char *id)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, action, "s", id);
  g_menu_append_item (menu, item);
}

/* A menu that is open stays as it is while it is right. */
static void
set_menu (StewardKeptRow *self, MenuFlags flags, const char *id)
{
  g_autofree char *actions = g_strdup_printf ("%d %s", (int)flags, id);
  g_autoptr (GMenu) menu = NULL;
  g_autofree char *label =
      g_strdup_printf (_ ("Actions for %s"),
                       adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)));

  gtk_widget_set_tooltip_text (GTK_WIDGET (self->menu), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  if (g_strcmp0 (actions, self->actions) == 0)
    return;
  menu = g_menu_new ();
  if (flags & MENU_CANCEL)
    add_item (menu, _ ("_Cancel"), "kept.cancel", id);
  if (flags & MENU_VERIFY)
    add_item (menu, _ ("_Verify"), "kept.verify", id);
  if (flags & MENU_VERIFY)
    add_item (menu, _ ("Verify by Re_storing…"), "kept.verify-restoring", id);
  if (flags & MENU_SAVE)
    add_item (menu, _ ("_Save a Copy…"), "kept.save", id);
  if (flags & MENU_ROLL_BACK)
    add_item (menu, _ ("_Roll Back to This…"), "kept.roll-back", id);
  if (flags & MENU_DELETE)
    add_item (menu, _ ("_Delete…"), "kept.delete", id);
  gtk_menu_button_set_menu_model (self->menu, G_MENU_MODEL (menu));
  g_free (self->actions);
  self->actions = g_steal_pointer (&actions);
}

static void
set_state (StewardKeptRow *self, const StewardKeptState *state, MenuFlags flags, const char *id)
{
  MenuFlags shown = state->is_busy ? state->can_cancel ? MENU_CANCEL : 0 : flags;

  set_menu (self, shown, id);
  gtk_spinner_set_spinning (self->spinner, state->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), state->is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->menu), shown != 0);
}

static void
set_badge (StewardKeptRow *self, const char *icon_name, const char *css_class, const char *word)
{
  const char *icon_classes[] = { css_class, NULL };
  const char *badge_classes[] = { "badge", css_class, NULL };

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->icon), icon_classes);
  gtk_label_set_text (self->badge, word != NULL ? word : "");
  gtk_widget_set_css_classes (GTK_WIDGET (self->badge), badge_classes);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), word != NULL);
}

static void
add_line (GString *text, const char *line)
{
  if (line != NULL && *line != '\0')
    g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
}

static char *
dup_backup_title (const StewardBackup *backup, gint64 now_s)
{
  const StewardPassport *passport = backup->passport;
  g_autofree char *age =
      steward_words_dup_age (passport != NULL ? passport->made_s : backup->modified_s, now_s);

  if (passport == NULL)
    return g_strdup_printf (_ ("Backup, %s"), age);
  g_autofree char *tag = steward_words_dup_ltr (passport->server_tag);
  /* Translators: a version and an age: “Version 3.0.0, 5 minutes ago”. */
  return g_strdup_printf (_ ("Version %s, %s"), tag, age);
}

/* What was tried with it, the strongest first. */
static char *
dup_proof (const StewardPassport *passport, gint64 now_s)
{
  g_autofree char *restored = steward_words_dup_age (passport->restored_s, now_s);
  g_autofree char *read_back = steward_words_dup_age (passport->read_back_s, now_s);

  if (passport->restored_s != 0)
    /* Translators: an age: “5 minutes ago”. So in the next sentence. */
    return g_strdup_printf (_ ("Restored for a trial %s"), restored);
  if (passport->read_back_s != 0)
    return g_strdup_printf (_ ("Read back %s"), read_back);
  return g_strdup (_ ("Written and hashed, not read back yet"));
}

static char *
dup_backup_text (const StewardBackup *backup, const StewardKeptState *state)
{
  const StewardPassport *passport = backup->passport;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *size = g_format_size (backup->size_bytes);
  g_autofree char *reason = passport != NULL ? steward_passport_dup_reason (passport) : NULL;
  g_autofree char *proof =
      backup->state == STEWARD_BACKUP_COMPLETE ? dup_proof (passport, state->now_s) : NULL;
  g_autofree char *facts =
      proof != NULL
          /* Translators: a size, and what was tried with a backup: “12 MB, read back…”. */
          ? g_strdup_printf (C_ ("size and proof", "%s · %s"), size, proof)
          : g_steal_pointer (&size);

  add_line (text, reason);
  add_line (text, facts);
  add_line (text, backup->problem);
  if (passport != NULL && passport->damaged_s != 0)
    {
      g_autofree char *found = steward_words_dup_age (passport->damaged_s, state->now_s);
      /* Translators: an age: “5 minutes ago”. */
      g_autofree char *line = g_strdup_printf (_ ("Found damaged %s"), found);
      add_line (text, line);
    }
  if (g_strcmp0 (state->problem, backup->problem) != 0)
    add_line (text, state->problem);
  if (state->fraction > 0)
    {
      g_autofree char *done = steward_words_dup_percent (state->fraction);
      add_line (text, done);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_backup_tooltip (const StewardBackup *backup)
{
  const StewardPassport *passport = backup->passport;
  g_autofree char *time =
      steward_words_dup_time (passport != NULL ? passport->made_s : backup->modified_s);

  if (passport == NULL || passport->user == NULL || passport->machine == NULL)
    return g_strdup_printf ("%s\n%s", time, backup->id);
  /* Translators: a time, who, on which machine. */
  g_autofree char *by =
      g_strdup_printf (_ ("%s, by %s on %s"), time, passport->user, passport->machine);
  return g_strdup_printf ("%s\n%s", by, backup->id);
}

/* What is only marked as damaged may turn out to be right. */
static MenuFlags
get_backup_menu (const StewardBackup *backup)
{
  if (backup->state == STEWARD_BACKUP_COMPLETE)
    return MENU_COMPLETE;
  return steward_backup_is_examinable (backup) ? MENU_VERIFY | MENU_DELETE : MENU_DELETE;
}

void
steward_kept_row_show_backup (StewardKeptRow *self,
                              const StewardBackup *backup,
                              const StewardKeptState *state)
{
  gboolean is_complete = backup->state == STEWARD_BACKUP_COMPLETE;
  MenuFlags flags = get_backup_menu (backup);
  g_autofree char *title = dup_backup_title (backup, state->now_s);
  g_autofree char *text = dup_backup_text (backup, state);
  g_autofree char *tooltip = dup_backup_tooltip (backup);

  if (is_complete)
    set_badge (self, "object-select-symbolic", "success", NULL);
  else
    set_badge (self, "dialog-warning-symbolic",
               backup->state == STEWARD_BACKUP_DAMAGED ? "error" : "warning",
               steward_words_get_backup_state (backup->state));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  set_state (self, state, flags, backup->id);
}

void
steward_kept_row_show_orphan (StewardKeptRow *self,
                              const StewardOrphan *orphan,
                              const StewardKeptState *state)
{
  g_autofree char *name = steward_words_dup_ltr (orphan->name);
  g_autoptr (GString) text = g_string_new (orphan->kind == STEWARD_ORPHAN_CONTAINER
                                               ? _ ("A container, with what it holds.")
                                               : _ ("A file that was being written."));

  add_line (text, state->problem);
  set_badge (self, "edit-clear-symbolic", "dim-label", NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text->str);
  set_state (self, state, MENU_DELETE, orphan->name);
}

static const char *
get_role_sentence (const StewardAside *aside)
{
  if (aside->tag == NULL)
    return _ ("No operation of this server tells of it: it may belong to another server.");
  if (g_str_equal (aside->role, "copy"))
    return _ ("A copy that an operation prepared and left.");
  if (g_str_equal (aside->role, "failed"))
    return _ ("What a version that failed had made of the database.");
  return _ ("What was live before. Nobody writes to it any more.");
}

static char *
dup_aside_title (const StewardAside *aside, gint64 now_s)
{
  if (aside->tag == NULL)
    return g_strdup (aside->name);
  g_autofree char *tag = steward_words_dup_ltr (aside->tag);
  g_autofree char *age = steward_words_dup_age (aside->made_s, now_s);
  return g_strdup_printf (_ ("Version %s, %s"), tag, age);
}

static char *
dup_aside_text (const StewardAside *aside, const StewardKeptState *state)
{
  g_autoptr (GString) text = g_string_new (get_role_sentence (aside));
  g_autofree char *size =
      aside->size_bytes >= 0 ? g_format_size ((guint64)aside->size_bytes) : NULL;

  add_line (text, size);
  add_line (text, state->problem);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* What is not known to be this server's can be neither used nor deleted here; a copy may be half
 * made. */
static MenuFlags
get_aside_menu (const StewardAside *aside)
{
  if (aside->tag == NULL)
    return 0;
  return g_str_equal (aside->role, "copy") ? MENU_DELETE : MENU_ROLL_BACK | MENU_DELETE;
}

void
steward_kept_row_show_aside (StewardKeptRow *self,
                             const StewardAside *aside,
                             const StewardKeptState *state)
{
  MenuFlags flags = get_aside_menu (aside);
  g_autofree char *title = dup_aside_title (aside, state->now_s);
  g_autofree char *text = dup_aside_text (aside, state);

  set_badge (self, "drive-harddisk-symbolic", "dim-label", NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), aside->name);
  set_state (self, state, flags, aside->name);
}

static void
steward_kept_row_finalize (GObject *object)
{
  StewardKeptRow *self = STEWARD_KEPT_ROW (object);

  g_free (self->actions);
  G_OBJECT_CLASS (steward_kept_row_parent_class)->finalize (object);
}

static void
steward_kept_row_class_init (StewardKeptRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = steward_kept_row_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/kept-row.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardKeptRow, icon);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptRow, badge);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptRow, spinner);
  gtk_widget_class_bind_template_child (widget_class, StewardKeptRow, menu);
}

static void
steward_kept_row_init (StewardKeptRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
