/* The plan and its JSON. One table names the members, so that reading and writing cannot differ. */
#include "core/deployment/plan.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/store/store.h"

#define NAME_PREFIX "steward_"

static const char *const kind_names[] = { "backup", "upgrade", "restart", "rollback" };
static const char *const kind_titles[] = { N_ ("Backup"), N_ ("Upgrade"), N_ ("Restart"),
                                           N_ ("Rollback") };

#define TEXT(member)                                                                               \
  {                                                                                                \
#member, G_STRUCT_OFFSET(StewardPlan, member)                                                  \
  }

static const struct
{
  const char *name;
  gsize offset;
} texts[] = {
  TEXT (id),          TEXT (project_name),      TEXT (directory),       TEXT (service),
  TEXT (from_tag),    TEXT (to_tag),            TEXT (from_image),      TEXT (to_image),
  TEXT (from_image_id), TEXT (live_name),       TEXT (system_identifier), TEXT (aside_name),
  TEXT (copy_name),   TEXT (failed_name),       TEXT (backup_id),       TEXT (source_database),
  TEXT (accepted_loss),
}, lists[] = { TEXT (compose_files), TEXT (env_files), TEXT (services) };

#undef TEXT

static char **
text_at (const StewardPlan *plan, gsize offset)
{
  return &G_STRUCT_MEMBER (char *, plan, offset);
}

static char ***
list_at (const StewardPlan *plan, gsize offset)
{
  return &G_STRUCT_MEMBER (char **, plan, offset);
}

void
steward_planned_file_free (StewardPlannedFile *file)
{
  g_free (file->path);
  g_free (file->before_sha256);
  g_free (file->after_sha256);
  g_free (file);
}

StewardPlan *
steward_plan_new (StewardOperationKind kind, const char *id)
{
  StewardPlan *plan = g_new0 (StewardPlan, 1);

  plan->kind = kind;
  plan->id = g_strdup (id);
  plan->files = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_planned_file_free);
  return plan;
}

void
steward_plan_free (StewardPlan *plan)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_free (*text_at (plan, texts[i].offset));
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    g_strfreev (*list_at (plan, lists[i].offset));
  g_ptr_array_unref (plan->files);
  g_free (plan);
}

/* `steward_ID_ROLE`, the id itself being `DATEtTIME_XXXX`. */
char *
steward_plan_dup_operation_of (const char *database)
{
  const char *role = strrchr (database, '_');

  if (!g_str_has_prefix (database, NAME_PREFIX) || role <= database + strlen (NAME_PREFIX))
    return NULL;
  g_autofree char *id =
      g_strndup (database + strlen (NAME_PREFIX), role - database - strlen (NAME_PREFIX));
  return steward_store_id_is_valid (id) ? g_steal_pointer (&id) : NULL;
}

void
steward_plan_set_names (StewardPlan *plan)
{
  plan->aside_name = g_strconcat (NAME_PREFIX, plan->id, "_aside", NULL);
  plan->copy_name = g_strconcat (NAME_PREFIX, plan->id, "_copy", NULL);
  plan->failed_name = g_strconcat (NAME_PREFIX, plan->id, "_failed", NULL);
}

const char *
steward_operation_kind_get_name (StewardOperationKind kind)
{
  return kind_names[kind];
}

const char *
steward_operation_kind_get_title (StewardOperationKind kind)
{
  return _ (kind_titles[kind]);
}

static void
set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

JsonObject *
steward_plan_to_json (const StewardPlan *plan)
{
  JsonObject *object = json_object_new ();
  JsonArray *files = json_array_new ();

  json_object_set_int_member (object, "format", STEWARD_PLAN_FORMAT);
  set_text (object, "kind", kind_names[plan->kind]);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    set_text (object, texts[i].name, *text_at (plan, texts[i].offset));
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      JsonArray *array = json_array_new ();
      char **list = *list_at (plan, lists[i].offset);
      for (gsize j = 0; list != NULL && list[j] != NULL; j++)
        json_array_add_string_element (array, list[j]);
      json_object_set_array_member (object, lists[i].name, array);
    }
  json_object_set_int_member (object, "live_oid", plan->live_oid);
  json_object_set_int_member (object, "watch_s", plan->watch_s);
  json_object_set_boolean_member (object, "leaves_out_rehearsal", plan->leaves_out_rehearsal);
  for (guint i = 0; i < plan->files->len; i++)
    {
      const StewardPlannedFile *file = plan->files->pdata[i];
      JsonObject *entry = json_object_new ();
      set_text (entry, "path", file->path);
      set_text (entry, "before_sha256", file->before_sha256);
      set_text (entry, "after_sha256", file->after_sha256);
      json_array_add_object_element (files, entry);
    }
  json_object_set_array_member (object, "files", files);
  return object;
}

static char *
dup_text (JsonObject *object, const char *name)
{
  return g_strdup (json_object_get_string_member_with_default (object, name, NULL));
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static char **
dup_list (JsonObject *object, const char *name)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *array = get_array (object, name);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      if (json_node_get_value_type (node) == G_TYPE_STRING)
        g_strv_builder_add (builder, json_node_get_string (node));
    }
  return g_strv_builder_end (builder);
}

static void
read_files (StewardPlan *plan, JsonArray *array)
{
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      if (!JSON_NODE_HOLDS_OBJECT (node))
        continue;
      StewardPlannedFile *file = g_new0 (StewardPlannedFile, 1);
      file->path = dup_text (json_node_get_object (node), "path");
      file->before_sha256 = dup_text (json_node_get_object (node), "before_sha256");
      file->after_sha256 = dup_text (json_node_get_object (node), "after_sha256");
      g_ptr_array_add (plan->files, file);
    }
}

gboolean
steward_operation_kind_parse (const char *name, StewardOperationKind *kind)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kind_names); i++)
    if (g_strcmp0 (name, kind_names[i]) == 0)
      {
        *kind = (StewardOperationKind)i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_complete (const StewardPlan *plan)
{
  for (guint i = 0; i < plan->files->len; i++)
    {
      const StewardPlannedFile *file = plan->files->pdata[i];
      if (file->path == NULL || file->before_sha256 == NULL)
        return FALSE;
    }
  return plan->id != NULL && plan->project_name != NULL && plan->directory != NULL
         && plan->service != NULL && plan->live_name != NULL;
}

static StewardPlan *
refuse_damaged (GError **error)
{
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                       _ ("The journal’s plan is damaged. Nothing was touched."));
  return NULL;
}

StewardPlan *
steward_plan_from_json (JsonObject *object, GError **error)
{
  StewardOperationKind kind;

  if (json_object_get_int_member_with_default (object, "format", 0) > STEWARD_PLAN_FORMAT)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                           _ ("This operation was begun by a newer Steward. Nothing was touched; "
                              "go on with that one."));
      return NULL;
    }
  if (!steward_operation_kind_parse (json_object_get_string_member_with_default (object, "kind",
                                                                                 NULL),
                                     &kind))
    return refuse_damaged (error);

  g_autoptr (StewardPlan) plan = steward_plan_new (kind, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *text_at (plan, texts[i].offset) = dup_text (object, texts[i].name);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    *list_at (plan, lists[i].offset) = dup_list (object, lists[i].name);
  plan->live_oid = json_object_get_int_member_with_default (object, "live_oid", 0);
  plan->leaves_out_rehearsal =
      json_object_get_boolean_member_with_default (object, "leaves_out_rehearsal", FALSE);
  plan->watch_s = json_object_get_int_member_with_default (object, "watch_s", 0);
  read_files (plan, get_array (object, "files"));

  if (!is_complete (plan))
    return refuse_damaged (error);
  return g_steal_pointer (&plan);
}
