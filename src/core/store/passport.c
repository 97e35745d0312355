/* The passport's fields as one table, read and written by the same rows. */
#include "core/store/passport.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/store/member.h"
#include "core/store/timestamp.h"

typedef enum
{
  FIELD_TEXT,
  FIELD_NUMBER, /* guint64 */
  FIELD_TIME,
} FieldType;

typedef enum
{
  FIELD_OPTIONAL,
  FIELD_REQUIRED,
} FieldNeed;

typedef struct
{
  const char *group; /* nullable: a member of the passport itself */
  const char *name;
  FieldType type;
  FieldNeed need;
  gsize offset;
} Field;

#define OFFSET(member) G_STRUCT_OFFSET (StewardPassport, member)

static const Field fields[] = {
  { NULL, "id", FIELD_TEXT, FIELD_REQUIRED, OFFSET (id) },
  { NULL, "made", FIELD_TIME, FIELD_REQUIRED, OFFSET (made_s) },
  { NULL, "duration_ms", FIELD_NUMBER, FIELD_OPTIONAL, OFFSET (duration_ms) },
  { NULL, "reason", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (reason) },
  { "by", "user", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (user) },
  { "by", "machine", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (machine) },
  { "by", "host_user", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (host_user) },
  { "by", "client", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (client) },
  { "server", "tag", FIELD_TEXT, FIELD_REQUIRED, OFFSET (server_tag) },
  { "server", "image", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (server_image) },
  { "server", "digest", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (server_digest) },
  { "server", "compose_sha256", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (compose_hash) },
  { "server", "blockstore", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (blockstore) },
  { "database", "image", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (database_image) },
  { "database", "digest", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (database_digest) },
  { "database", "name", FIELD_TEXT, FIELD_REQUIRED, OFFSET (database) },
  { "database", "bytes", FIELD_NUMBER, FIELD_OPTIONAL, OFFSET (database_bytes) },
  { "database", "postgres_version", FIELD_NUMBER, FIELD_REQUIRED, OFFSET (postgres_version) },
  { "database", "system_identifier", FIELD_TEXT, FIELD_REQUIRED, OFFSET (system_identifier) },
  { "database", "last_migration", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (last_migration) },
  { "dump", "bytes", FIELD_NUMBER, FIELD_REQUIRED, OFFSET (dump_bytes) },
  { "dump", "sha256", FIELD_TEXT, FIELD_REQUIRED, OFFSET (dump_sha256) },
  { "dump", "format", FIELD_TEXT, FIELD_REQUIRED, OFFSET (dump_format) },
  { "dump", "compression", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (compression) },
  { "rehearsal", "tag", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (rehearsed_tag) },
  { "rehearsal", "restore_ms", FIELD_NUMBER, FIELD_OPTIONAL, OFFSET (restore_ms) },
  { "rehearsal", "migrate_ms", FIELD_NUMBER, FIELD_OPTIONAL, OFFSET (migrate_ms) },
  { "rehearsal", "answer_ms", FIELD_NUMBER, FIELD_OPTIONAL, OFFSET (answer_ms) },
  { "proven", "written", FIELD_TIME, FIELD_OPTIONAL, OFFSET (written_s) },
  { "proven", "read_back", FIELD_TIME, FIELD_OPTIONAL, OFFSET (read_back_s) },
  { "proven", "restored", FIELD_TIME, FIELD_OPTIONAL, OFFSET (restored_s) },
  { "proven", "damaged", FIELD_TIME, FIELD_OPTIONAL, OFFSET (damaged_s) },
  { "proven", "damage", FIELD_TEXT, FIELD_OPTIONAL, OFFSET (damage) },
};

#define MEMBER(passport, field, type) G_STRUCT_MEMBER (type, passport, (field)->offset)

void
steward_table_rows_free (StewardTableRows *rows)
{
  g_free (rows->table);
  g_free (rows);
}

StewardPassport *
steward_passport_new (void)
{
  StewardPassport *passport = g_new0 (StewardPassport, 1);

  passport->tables = g_ptr_array_new_with_free_func ((GDestroyNotify)steward_table_rows_free);
  return passport;
}

void
steward_passport_free (StewardPassport *passport)
{
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (fields[i].type == FIELD_TEXT)
      g_free (MEMBER (passport, &fields[i], char *));
  g_ptr_array_unref (passport->tables);
  g_free (passport);
}

void
steward_passport_add_table (StewardPassport *passport, const char *table, guint64 rows)
{
  StewardTableRows *entry = g_new0 (StewardTableRows, 1);

  entry->table = g_strdup (table);
  entry->rows = rows;
  g_ptr_array_add (passport->tables, entry);
}

char *
steward_passport_dup_reason (const StewardPassport *passport)
{
  const char *reason = passport->reason;

  if (g_strcmp0 (reason, STEWARD_REASON_BY_HAND) == 0)
    return g_strdup (_ ("Made by hand"));
  if (reason != NULL && g_str_has_prefix (reason, STEWARD_REASON_UPGRADE))
    return g_strdup_printf (_ ("Before the upgrade to %s"),
                            reason + strlen (STEWARD_REASON_UPGRADE));
  return g_strdup (reason);
}

StewardProof
steward_passport_get_proof (const StewardPassport *passport, gint64 *when_s)
{
  const struct
  {
    StewardProof proof;
    gint64 when_s;
  } proofs[] = { { STEWARD_PROOF_DAMAGED, passport->damaged_s },
                 { STEWARD_PROOF_RESTORED, passport->restored_s },
                 { STEWARD_PROOF_READ_BACK, passport->read_back_s },
                 { STEWARD_PROOF_HASHED, passport->written_s },
                 { STEWARD_PROOF_NONE, 0 } };
  gsize i = 0;

  while (proofs[i].proof != STEWARD_PROOF_NONE && proofs[i].when_s == 0)
    i++;
  if (when_s != NULL)
    *when_s = proofs[i].when_s;
  return proofs[i].proof;
}

void
steward_passport_set_proof (StewardPassport *passport, StewardProof proof, gint64 now_s)
{
  g_return_if_fail (proof == STEWARD_PROOF_READ_BACK || proof == STEWARD_PROOF_RESTORED);

  *(proof == STEWARD_PROOF_RESTORED ? &passport->restored_s : &passport->read_back_s) = now_s;
  if (proof == STEWARD_PROOF_READ_BACK && g_strcmp0 (passport->damage, STEWARD_DAMAGE_ROWS) == 0)
    return;
  passport->damaged_s = 0;
  g_clear_pointer (&passport->damage, g_free);
}

void
steward_passport_set_damage (StewardPassport *passport, const char *damage, gint64 now_s)
{
  if (passport->damaged_s != 0)
    return;
  passport->damaged_s = now_s;
  g_free (passport->damage);
  passport->damage = g_strdup (damage);
}

static gboolean
set_invalid (const char *member, GError **error)
{
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
               _ ("The backup’s passport says nothing usable about “%s”. The backup was left as it "
                  "is."),
               member);
  return FALSE;
}

/* Returns: whether the member is of the field's type */
static gboolean
read_member (StewardPassport *passport, const Field *field, JsonObject *object)
{
  const char *text = steward_member_get_text (object, field->name);
  gint64 number = -1;

  switch (field->type)
    {
    case FIELD_TEXT:
      g_free (MEMBER (passport, field, char *));
      MEMBER (passport, field, char *) = g_strdup (text);
      return text != NULL && (*text != '\0' || field->need == FIELD_OPTIONAL);
    case FIELD_NUMBER:
      steward_member_get_number (object, field->name, &number);
      MEMBER (passport, field, guint64) = MAX (number, 0);
      return number >= 0;
    case FIELD_TIME:
      /* Zero would be written down as never. */
      return steward_timestamp_parse (text, &MEMBER (passport, field, gint64))
             && MEMBER (passport, field, gint64) > 0;
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
read_field (StewardPassport *passport, const Field *field, JsonObject *root, GError **error)
{
  JsonObject *object = field->group != NULL ? steward_member_get_object (root, field->group) : root;
  JsonNode *node = object != NULL ? json_object_get_member (object, field->name) : NULL;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return field->need == FIELD_OPTIONAL || set_invalid (field->name, error);
  return read_member (passport, field, object) || set_invalid (field->name, error);
}

static gboolean
read_tables (StewardPassport *passport, JsonObject *root, GError **error)
{
  JsonObject *tables = steward_member_get_object (root, "tables");
  JsonObjectIter iter;
  const char *name = NULL;

  if (tables == NULL)
    return !json_object_has_member (root, "tables") || set_invalid ("tables", error);
  json_object_iter_init_ordered (&iter, tables);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      gint64 rows = -1;
      if (!steward_member_get_number (tables, name, &rows) || rows < 0)
        return set_invalid (name, error);
      steward_passport_add_table (passport, name, rows);
    }
  return TRUE;
}

static gboolean
is_sha256 (const char *text)
{
  return strlen (text) == 64 && strspn (text, "0123456789abcdef") == 64;
}

static gboolean
read_format (JsonObject *root, GError **error)
{
  gint64 format = 0;

  if (!steward_member_get_number (root, "format", &format) || format < 1)
    return set_invalid ("format", error);
  if (format <= STEWARD_PASSPORT_FORMAT)
    return TRUE;
  g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                       _ ("This backup was made by a newer Steward. It was left as it is; use that "
                          "one."));
  return FALSE;
}

StewardPassport *
steward_passport_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (StewardPassport) passport = steward_passport_new ();
  g_autoptr (JsonObject) root = steward_json_parse_object (text, length, NULL);

  if (root == NULL)
    {
      g_set_error_literal (error, STEWARD_ERROR, STEWARD_ERROR_INVALID,
                           _ ("The backup’s passport cannot be read: it is not whole JSON. The "
                              "backup was left as it is."));
      return NULL;
    }
  if (!read_format (root, error))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (!read_field (passport, &fields[i], root, error))
      return NULL;
  if (!is_sha256 (passport->dump_sha256))
    {
      set_invalid ("sha256", error);
      return NULL;
    }
  return read_tables (passport, root, error) ? g_steal_pointer (&passport) : NULL;
}

static JsonObject *
ensure_group (JsonObject *root, const char *name)
{
  if (!json_object_has_member (root, name))
    json_object_set_object_member (root, name, json_object_new ());
  return json_object_get_object_member (root, name);
}

static void
print_field (const StewardPassport *passport, const Field *field, JsonObject *root)
{
  JsonObject *object = field->group != NULL ? ensure_group (root, field->group) : root;
  g_autofree char *text = NULL;

  if (field->type == FIELD_NUMBER)
    {
      json_object_set_int_member (object, field->name, MEMBER (passport, field, guint64));
      return;
    }
  if (field->type == FIELD_TIME && MEMBER (passport, field, gint64) != 0)
    text = steward_timestamp_print (MEMBER (passport, field, gint64));
  if (field->type == FIELD_TEXT && MEMBER (passport, field, char *) != NULL)
    text = g_utf8_make_valid (MEMBER (passport, field, char *), -1);
  if (text != NULL)
    json_object_set_string_member (object, field->name, text);
  else
    json_object_set_null_member (object, field->name);
}

char *
steward_passport_print (const StewardPassport *passport)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *root = json_object_new ();
  JsonObject *tables = json_object_new ();

  json_node_take_object (node, root);
  json_object_set_int_member (root, "format", STEWARD_PASSPORT_FORMAT);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    print_field (passport, &fields[i], root);
  for (guint i = 0; i < passport->tables->len; i++)
    {
      StewardTableRows *rows = g_ptr_array_index (passport->tables, i);
      json_object_set_int_member (tables, rows->table, rows->rows);
    }
  json_object_set_object_member (root, "tables", tables);

  g_autofree char *json = json_to_string (node, TRUE);
  return g_strconcat (json, "\n", NULL);
}
