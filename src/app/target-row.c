/* A combo row whose last item is “Other Version…”. See the header. */
#include "app/target-row.h"

#include <glib/gi18n-lib.h>

#include "core/engine/image-reference.h"

struct _StewardTargetRow
{
  AdwComboRow parent_instance;

  GStrv offers; /* owned, nullable */
  char *chosen; /* owned, nullable: by hand, of the offers */
  char *typed;  /* owned, nullable: a tag */
  char *target; /* owned, nullable */
  gboolean is_other;
  gboolean is_filling;
};

enum
{
  PROP_0,
  PROP_TARGET,
  PROP_IS_OTHER,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (StewardTargetRow, steward_target_row, ADW_TYPE_COMBO_ROW)

static guint
count_offers (StewardTargetRow *self)
{
  return self->offers != NULL ? g_strv_length (self->offers) : 0;
}

static const char *
find_target (StewardTargetRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));

  if (self->is_other)
    return self->typed;
  return selected < count_offers (self) ? self->offers[selected] : NULL;
}

static void
tell_target (StewardTargetRow *self)
{
  const char *target = find_target (self);

  if (g_strcmp0 (target, self->target) == 0)
    return;
  g_free (self->target);
  self->target = g_strdup (target);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_TARGET]);
}

static void
set_other (StewardTargetRow *self, gboolean is_other)
{
  if (self->is_other == is_other)
    return;
  self->is_other = is_other;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_IS_OTHER]);
}

static void
selected_cb (StewardTargetRow *self)
{
  guint selected = adw_combo_row_get_selected (ADW_COMBO_ROW (self));
  guint count = count_offers (self);

  if (self->is_filling)
    return;
  g_clear_pointer (&self->chosen, g_free);
  if (selected < count)
    self->chosen = g_strdup (self->offers[selected]);
  /* Without an offer the first item says so. */
  set_other (self, selected >= MAX (count, 1));
  tell_target (self);
}

/* What was chosen, else the newest. */
static guint
find_position (StewardTargetRow *self)
{
  guint count = count_offers (self);

  if (self->is_other)
    return MAX (count, 1);
  for (guint i = 0; self->chosen != NULL && i < count; i++)
    if (g_str_equal (self->offers[i], self->chosen))
      return i;
  return 0;
}

static void
fill (StewardTargetRow *self)
{
  g_autoptr (GtkStringList) model = gtk_string_list_new ((const char *const *)self->offers);

  if (count_offers (self) == 0)
    gtk_string_list_append (model, C_ ("target version", "None"));
  gtk_string_list_append (model, _ ("Other Version…"));
  self->is_filling = TRUE;
  adw_combo_row_set_model (ADW_COMBO_ROW (self), G_LIST_MODEL (model));
  adw_combo_row_set_selected (ADW_COMBO_ROW (self), find_position (self));
  self->is_filling = FALSE;
}

void
steward_target_row_set_offers (StewardTargetRow *self, const char *const *offers)
{
  if (self->offers != NULL && g_strv_equal (offers, (const char *const *)self->offers))
    return;
  g_strfreev (self->offers);
  self->offers = g_strdupv ((GStrv)offers);
  fill (self);
  tell_target (self);
}

void
steward_target_row_set_typed (StewardTargetRow *self, const char *tag)
{
  g_free (self->typed);
  self->typed = steward_tag_is_valid (tag) ? g_strdup (tag) : NULL;
  tell_target (self);
}

void
steward_target_row_reset (StewardTargetRow *self)
{
  g_clear_pointer (&self->chosen, g_free);
  g_clear_pointer (&self->typed, g_free);
  g_clear_pointer (&self->offers, g_strfreev);
  set_other (self, FALSE);
  fill (self);
  tell_target (self);
}

const char *
steward_target_row_get_target (StewardTargetRow *self)
{
  return self->target;
}

static void
steward_target_row_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  StewardTargetRow *self = STEWARD_TARGET_ROW (object);

  if (id == PROP_TARGET)
    g_value_set_string (value, self->target);
  else
    g_value_set_boolean (value, self->is_other);
}

static void
steward_target_row_finalize (GObject *object)
{
  StewardTargetRow *self = STEWARD_TARGET_ROW (object);

  g_strfreev (self->offers);
  g_free (self->chosen);
  g_free (self->typed);
  g_free (self->target);
  G_OBJECT_CLASS (steward_target_row_parent_class)->finalize (object);
}

static void
steward_target_row_class_init (StewardTargetRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = steward_target_row_get_property;
  object_class->finalize = steward_target_row_finalize;
  props[PROP_TARGET] = g_param_spec_string ("target", NULL, NULL, NULL, flags);
  props[PROP_IS_OTHER] = g_param_spec_boolean ("is-other", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
steward_target_row_init (StewardTargetRow *self)
{
  g_signal_connect (self, "notify::selected", G_CALLBACK (selected_cb), NULL);
  fill (self);
}
