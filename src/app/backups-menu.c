/* See the header. */
#include "app/backups-menu.h"

#include <glib/gi18n-lib.h>

#include "app/attention.h"
#include "app/clean-up-window.h"
#include "app/compat.h"
#include "app/tending.h"
#include "app/window.h"
#include "app/words.h"

struct _StewardBackupsMenu
{
  AdwBin parent_instance;

  StewardServer *server;     /* owned, nullable */
  GCancellable *cancellable; /* owned, nullable: of the import that runs */

  GtkLabel *progress;
};

G_DEFINE_FINAL_TYPE (StewardBackupsMenu, steward_backups_menu, ADW_TYPE_BIN)

/* A copy that was read, and waits for an answer. */
typedef struct
{
  StewardBackupsMenu *menu; /* owned */
  StewardServer *server;    /* owned: the one that was asked */
  StewardImport *import;    /* owned, nullable */
} Importing;

static void
importing_free (Importing *importing)
{
  g_object_unref (importing->menu);
  g_object_unref (importing->server);
  g_clear_pointer (&importing->import, steward_import_free);
  g_free (importing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Importing, importing_free)

void
steward_backups_menu_show (StewardBackupsMenu *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_free = self->server != NULL && steward_attention_get_hindrance (self->server) == NULL;

  gtk_widget_set_visible (GTK_WIDGET (self->progress), self->cancellable != NULL);
  gtk_widget_action_set_enabled (widget, "backups.import", is_free && self->cancellable == NULL);
  gtk_widget_action_set_enabled (widget, "backups.cancel-import", self->cancellable != NULL);
  gtk_widget_action_set_enabled (widget, "backups.clean-up", is_free);
}

void
steward_backups_menu_set_server (StewardBackupsMenu *self, StewardServer *server)
{
  g_set_object (&self->server, server);
}

static void
fraction_cb (gpointer object, const char *id, double fraction)
{
  StewardBackupsMenu *self = object;
  g_autofree char *percent = steward_words_dup_percent (fraction);

  gtk_label_set_text (self->progress, percent);
}

static void
imported_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (StewardBackupsMenu) self = data;
  g_autoptr (GError) error = NULL;
  gboolean is_done = steward_tending_finish (result, &error);

  g_clear_object (&self->cancellable);
  gtk_label_set_text (self->progress, "");
  steward_backups_menu_show (self);
  if (is_done)
    steward_window_toast (GTK_WIDGET (self), _ ("The backup is on the server now"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    steward_window_toast (GTK_WIDGET (self), _ ("Cancelled."));
  else if (gtk_widget_get_root (GTK_WIDGET (self)) != NULL)
    steward_compat_tell (GTK_WIDGET (self), _ ("The Backup Was Not Imported"), error->message);
}

static void
agreed_cb (gboolean is_agreed, gpointer data)
{
  g_autoptr (Importing) importing = data;
  StewardBackupsMenu *self = importing->menu;
  StewardTending what = { .id = importing->import->copy->passport->id,
                          .func = fraction_cb,
                          .object = self };

  if (!is_agreed || self->cancellable != NULL)
    return;
  self->cancellable = g_cancellable_new ();
  steward_tending_import_async (importing->server, &what, g_steal_pointer (&importing->import),
                                self->cancellable, imported_cb, g_object_ref (self));
  steward_backups_menu_show (self);
}

static void
ask (Importing *importing)
{
  const StewardPassport *passport = importing->import->copy->passport;
  const char *warning = importing->import->warning;
  g_autofree char *tag = steward_words_dup_ltr (passport->server_tag);
  g_autofree char *time = steward_words_dup_time (passport->made_s);
  g_autofree char *size = g_format_size (passport->dump_bytes);
  /* Translators: a version, a time, a size. */
  g_autofree char *sentence =
      g_strdup_printf (_ ("The backup of version %s, made %s, will be copied to the server: %s."),
                       tag, time, size);
  g_autofree char *body =
      warning != NULL ? g_strdup_printf ("%s\n\n%s", sentence, warning) : g_strdup (sentence);
  StewardConfirm confirm = {
    .heading = _ ("Import This Backup?"),
    .body = body,
    .label = _ ("_Import"),
    .appearance = warning != NULL ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED,
  };

  steward_compat_confirm (GTK_WIDGET (importing->menu), &confirm, agreed_cb, importing);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Importing) importing = data;
  GtkWidget *widget = GTK_WIDGET (importing->menu);
  g_autoptr (GError) error = NULL;

  importing->import = steward_tending_open_import_finish (result, &error);
  if (gtk_widget_get_root (widget) == NULL)
    return;
  if (importing->import != NULL)
    ask (g_steal_pointer (&importing));
  else
    steward_compat_tell (widget, _ ("The Backup Was Not Imported"), error->message);
}

void
steward_backups_menu_import (StewardBackupsMenu *self, const char *path)
{
  Importing *importing = NULL;

  if (self->server == NULL || self->cancellable != NULL)
    return;
  importing = g_new0 (Importing, 1);
  importing->menu = g_object_ref (self);
  importing->server = g_object_ref (self->server);
  steward_tending_open_import_async (self->server, path, opened_cb, importing);
}

static void
chosen_cb (GFile *folder, gpointer data)
{
  g_autoptr (StewardBackupsMenu) self = data;
  g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;

  if (path != NULL)
    steward_backups_menu_import (self, path);
}

static void
import_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  const StewardChoice choice = { .title = _ ("Choose the Folder of a Saved Copy"),
                                 .label = _ ("_Open") };

  steward_compat_choose_file (GTK_WINDOW (gtk_widget_get_root (widget)), &choice, chosen_cb,
                              g_object_ref (widget));
}

static void
cancel_import_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  g_cancellable_cancel (STEWARD_BACKUPS_MENU (widget)->cancellable);
}

static void
clean_up_cb (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));

  gtk_window_present (
      GTK_WINDOW (steward_clean_up_window_new (parent, STEWARD_BACKUPS_MENU (widget)->server)));
}

static void
steward_backups_menu_dispose (GObject *object)
{
  g_clear_object (&STEWARD_BACKUPS_MENU (object)->server);
  G_OBJECT_CLASS (steward_backups_menu_parent_class)->dispose (object);
}

static void
steward_backups_menu_class_init (StewardBackupsMenuClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_backups_menu_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/backups-menu.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardBackupsMenu, progress);
  gtk_widget_class_install_action (widget_class, "backups.import", NULL, import_cb);
  gtk_widget_class_install_action (widget_class, "backups.cancel-import", NULL, cancel_import_cb);
  gtk_widget_class_install_action (widget_class, "backups.clean-up", NULL, clean_up_cb);
}

static void
steward_backups_menu_init (StewardBackupsMenu *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
