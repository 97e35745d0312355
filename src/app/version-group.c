/* Shows the status and the registry's versions; the choice itself is target-row's. See the
 * header. */
#include "app/version-group.h"

#include <glib/gi18n-lib.h>

#include "app/application.h"
#include "app/fact-row.h"
#include "app/notes-row.h"
#include "app/offers.h"
#include "app/target-row.h"
#include "app/words.h"
#include "core/engine/image-reference.h"

#define KEY_PRERELEASES "show-prereleases"

struct _StewardVersionGroup
{
  AdwPreferencesGroup parent_instance;

  StewardServer *server; /* owned, nullable */
  gboolean is_binding;   /* the switch is being set from the settings */

  StewardFactRow *installed;
  StewardFactRow *health;
  StewardTargetRow *target;
  AdwEntryRow *other;
  GtkSwitch *prereleases;
  StewardNotesRow *notes;
};

static guint target_changed_signal;

G_DEFINE_FINAL_TYPE (StewardVersionGroup, steward_version_group, ADW_TYPE_PREFERENCES_GROUP)

static const StewardStatus *
get_status (StewardVersionGroup *self)
{
  const StewardFacts *facts = self->server != NULL ? steward_server_get_facts (self->server) : NULL;

  return facts != NULL ? facts->status : NULL;
}

static char *
dup_installed_tag (const StewardStatus *status)
{
  g_autoptr (StewardImageReference) image =
      status->running_image != NULL ? steward_image_reference_parse (status->running_image, NULL)
                                    : NULL;

  if (status->running_image == NULL)
    return g_strdup (C_ ("installed version", "None"));
  return g_strdup (image != NULL && image->tag != NULL ? image->tag : status->running_image);
}

/* Where the image's own version or the compose file say something else than the tag. */
static char *
dup_installed_note (const StewardStatus *status, const char *tag)
{
  g_autofree char *configured =
      steward_words_dup_ltr (status->configured_tag != NULL ? status->configured_tag : "");
  g_autofree char *label =
      steward_words_dup_ltr (status->label_version != NULL ? status->label_version : "");

  if (status->running_image == NULL)
    return g_strdup_printf (_ ("The compose file asks for %s."), configured);
  if (g_strcmp0 (status->running_image, status->configured_image) != 0
      && g_strcmp0 (tag, status->configured_tag) != 0)
    return g_strdup_printf (_ ("The compose file asks for %s."), configured);
  if (!status->is_running)
    return g_strdup (_ ("The container is stopped."));
  if (status->label_version != NULL && !g_str_equal (status->label_version, tag))
    return g_strdup_printf (_ ("The image says that it is version %s."), label);
  return NULL;
}

static char *
dup_podman_note (const char *note)
{
  const char *sentence = _ ("It runs on Podman. Steward was never tested with Podman.");

  return note != NULL ? g_strdup_printf ("%s\n%s", note, sentence) : g_strdup (sentence);
}

static void
show_installed (StewardVersionGroup *self, const StewardStatus *status)
{
  g_autofree char *tag = dup_installed_tag (status);
  g_autofree char *note = dup_installed_note (status, tag);

  g_autofree char *engine = status->is_podman ? dup_podman_note (note) : g_steal_pointer (&note);

  steward_fact_row_set_value (self->installed, tag);
  steward_fact_row_set_note (self->installed, engine);
}

static char *
dup_answer (const StewardHealth *health)
{
  if (!health->answers_as_parsec)
    return g_strdup_printf (_ ("Something answers, but not as Parsec does (status %u)."),
                            health->status);
  if (health->version != NULL)
    {
      g_autofree char *version = steward_words_dup_ltr (health->version);
      return g_strdup_printf (_ ("As Parsec %s, in %u ms"), version, health->elapsed_ms);
    }
  return g_strdup_printf (_ ("As Parsec %u, in %u ms"), health->server_major, health->elapsed_ms);
}

static void
show_health (StewardVersionGroup *self, const StewardStatus *status)
{
  const StewardHealth *health = status->health;
  g_autofree char *answer =
      health != NULL ? dup_answer (health) : g_strdup (status->health_problem);
  g_autofree char *note = health != NULL && health->tls_problem != NULL
                              ? g_strdup_printf ("%s\n%s", answer, health->tls_problem)
                              : g_steal_pointer (&answer);

  steward_fact_row_set_value (self->health, health != NULL && health->answers_as_parsec
                                                ? C_ ("health", "Answers")
                                                : C_ ("health", "No answer"));
  steward_fact_row_set_note (self->health, note);
}

static const char *
get_target_note (StewardVersionGroup *self, const char *const *offers)
{
  const char *problem = NULL;
  const char *const *versions = steward_server_get_versions (self->server, &problem);

  if (problem != NULL)
    return problem;
  if (versions == NULL)
    return _ ("Asking the registry…");
  return offers[0] == NULL ? _ ("No newer version is known.") : "";
}

static GStrv
list_offers (StewardVersionGroup *self)
{
  const StewardStatus *status = get_status (self);

  return steward_offers_list (self->server != NULL
                                  ? steward_server_get_versions (self->server, NULL)
                                  : NULL,
                              status != NULL ? status->configured_tag : NULL,
                              gtk_switch_get_active (self->prereleases) ? STEWARD_OFFERS_PRERELEASES
                                                                        : STEWARD_OFFERS_RELEASES);
}

static void
show_notes (StewardVersionGroup *self)
{
  g_auto (GStrv) offers = list_offers (self);
  g_auto (GStrv) names = steward_offers_list_notes ((const char *const *)offers,
                                                    steward_target_row_get_target (self->target));

  steward_notes_row_show (self->notes, (const char *const *)names);
}

void
steward_version_group_show (StewardVersionGroup *self)
{
  const StewardStatus *status = get_status (self);
  g_auto (GStrv) offers = list_offers (self);

  if (status == NULL)
    return;
  show_installed (self, status);
  show_health (self, status);
  steward_target_row_set_offers (self->target, (const char *const *)offers);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->target),
                               get_target_note (self, (const char *const *)offers));
  show_notes (self);
}

static void
target_cb (StewardVersionGroup *self)
{
  show_notes (self);
  g_signal_emit (self, target_changed_signal, 0);
}

/* Says at once when what was typed cannot be a tag. */
static void
typed_cb (StewardVersionGroup *self)
{
  g_autofree char *tag = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->other))));
  gboolean is_wrong = *tag != '\0' && !steward_tag_is_valid (tag);

  steward_target_row_set_typed (self->target, tag);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->other),
                                 is_wrong ? _ ("No Image Can Have This Tag")
                                          : _ ("Tag of the Version"));
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->other), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE
                                        : GTK_ACCESSIBLE_INVALID_FALSE,
                               -1);
  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->other), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->other), "error");
}

/* The registry is asked for what it was not asked for yet. */
static void
ask_for_prereleases (StewardVersionGroup *self)
{
  const StewardStatus *status = get_status (self);
  const char *const *versions =
      self->server != NULL ? steward_server_get_versions (self->server, NULL) : NULL;

  if (status != NULL && gtk_switch_get_active (self->prereleases)
      && !steward_offers_are_all (versions, status->configured_tag))
    steward_server_list_versions (self->server, STEWARD_VERSIONS_ALL);
}

static void
prereleases_cb (StewardVersionGroup *self)
{
  if (!self->is_binding)
    ask_for_prereleases (self);
  steward_version_group_show (self);
}

void
steward_version_group_set_server (StewardVersionGroup *self, StewardServer *server)
{
  if (!g_set_object (&self->server, server))
    return;
  steward_target_row_reset (self->target);
  gtk_editable_set_text (GTK_EDITABLE (self->other), "");
  if (server != NULL && steward_server_get_versions (server, NULL) != NULL)
    ask_for_prereleases (self);
}

const char *
steward_version_group_get_target (StewardVersionGroup *self)
{
  return steward_target_row_get_target (self->target);
}

/* Not before: a window has its application only once it is built. */
static void
steward_version_group_realize (GtkWidget *widget)
{
  StewardVersionGroup *self = STEWARD_VERSION_GROUP (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkApplication *application =
      GTK_IS_WINDOW (root) ? gtk_window_get_application (GTK_WINDOW (root)) : NULL;

  GTK_WIDGET_CLASS (steward_version_group_parent_class)->realize (widget);
  if (!STEWARD_IS_APPLICATION (application))
    return;
  self->is_binding = TRUE;
  g_settings_bind (steward_application_get_settings (STEWARD_APPLICATION (application)),
                   KEY_PRERELEASES, self->prereleases, "active", G_SETTINGS_BIND_DEFAULT);
  self->is_binding = FALSE;
}

static void
steward_version_group_unrealize (GtkWidget *widget)
{
  g_settings_unbind (STEWARD_VERSION_GROUP (widget)->prereleases, "active");
  GTK_WIDGET_CLASS (steward_version_group_parent_class)->unrealize (widget);
}

static void
steward_version_group_dispose (GObject *object)
{
  StewardVersionGroup *self = STEWARD_VERSION_GROUP (object);

  g_clear_object (&self->server);
  G_OBJECT_CLASS (steward_version_group_parent_class)->dispose (object);
}

static void
steward_version_group_class_init (StewardVersionGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = steward_version_group_dispose;
  widget_class->realize = steward_version_group_realize;
  widget_class->unrealize = steward_version_group_unrealize;
  target_changed_signal = g_signal_new ("target-changed", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure (STEWARD_TYPE_FACT_ROW);
  g_type_ensure (STEWARD_TYPE_TARGET_ROW);
  g_type_ensure (STEWARD_TYPE_NOTES_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/stewardapp/Steward/version-group.ui");
  gtk_widget_class_bind_template_child (widget_class, StewardVersionGroup, installed);
  gtk_widget_class_bind_template_child (widget_class, StewardVersionGroup, health);
  gtk_widget_class_bind_template_child (widget_class, StewardVersionGroup, target);
  gtk_widget_class_bind_template_child (widget_class, StewardVersionGroup, other);
  gtk_widget_class_bind_template_child (widget_class, StewardVersionGroup, prereleases);
  gtk_widget_class_bind_template_child (widget_class, StewardVersionGroup, notes);
  gtk_widget_class_bind_template_callback (widget_class, target_cb);
  gtk_widget_class_bind_template_callback (widget_class, typed_cb);
  gtk_widget_class_bind_template_callback (widget_class, prereleases_cb);
}

static void
steward_version_group_init (StewardVersionGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
