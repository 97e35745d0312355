/* Reading, replaying and comparing what a database has besides its content. */
#include "core/database/database-properties.h"

#include <glib/gi18n-lib.h>

#include "core/base/error.h"
#include "core/database/alter.h"
#include "core/database/query.h"

typedef enum
{
  PROPERTY_OWNER,   /* value: the role */
  PROPERTY_LIMIT,   /* value: the connection limit */
  PROPERTY_RIGHT,   /* role: who has it, empty for PUBLIC; name: which; value: `true` if it can be
                       passed on */
  PROPERTY_SETTING, /* role: whose, empty for all; name, value: as PostgreSQL stores them */
} PropertyKind;

typedef struct
{
  PropertyKind kind;
  char *role;
  char *name;
  char *value;
} Property;

struct _StewardDatabaseProperties
{
  GPtrArray *items; /* of Property, in the order of kind, role and name */
};

static const char properties_sql[] =
    "WITH d AS (SELECT * FROM pg_database WHERE datname = $1::text)"
    " SELECT 0, '', '', pg_get_userbyid (datdba)::text FROM d"
    " UNION ALL SELECT 1, '', '', datconnlimit::text FROM d"
    " UNION ALL SELECT 2, CASE e.grantee WHEN 0 THEN '' ELSE pg_get_userbyid (e.grantee)::text END,"
    "  e.privilege_type, bool_or (e.is_grantable)::text"
    "  FROM d, aclexplode (coalesce (d.datacl, acldefault ('d', d.datdba))) e GROUP BY 2, 3"
    " UNION ALL SELECT 3, CASE s.setrole WHEN 0 THEN '' ELSE pg_get_userbyid (s.setrole)::text END,"
    "  split_part (c, '=', 1), substr (c, strpos (c, '=') + 1)"
    "  FROM d JOIN pg_db_role_setting s ON s.setdatabase = d.oid, unnest (s.setconfig) c"
    " ORDER BY 1, 2, 3";

static void
property_free (Property *property)
{
  g_free (property->role);
  g_free (property->name);
  g_free (property->value);
  g_free (property);
}

StewardDatabaseProperties *
steward_database_properties_read (StewardConnection *connection,
                                  const char *name,
                                  GCancellable *cancellable,
                                  GError **error)
{
  g_autoptr (StewardRows) result =
      steward_query_run (connection, &(StewardQuery){ .sql = properties_sql, .values = { name } },
                         cancellable, error);
  StewardDatabaseProperties *properties;

  if (result == NULL)
    return NULL;
  if (PQntuples (result) == 0)
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                   _ ("There is no database “%s” on the database server."), name);
      return NULL;
    }
  properties = g_new0 (StewardDatabaseProperties, 1);
  properties->items = g_ptr_array_new_with_free_func ((GDestroyNotify)property_free);
  for (int row = 0; row < PQntuples (result); row++)
    {
      Property *property = g_new0 (Property, 1);

      property->kind = *PQgetvalue (result, row, 0) - '0';
      property->role = steward_query_dup (result, row, 1);
      property->name = steward_query_dup (result, row, 2);
      property->value = steward_query_dup (result, row, 3);
      g_ptr_array_add (properties->items, property);
    }
  return properties;
}

void
steward_database_properties_free (StewardDatabaseProperties *properties)
{
  g_ptr_array_unref (properties->items);
  g_free (properties);
}

static gboolean
has_property (const StewardDatabaseProperties *properties, const Property *wanted)
{
  for (guint i = 0; i < properties->items->len; i++)
    {
      const Property *property = g_ptr_array_index (properties->items, i);

      if (property->kind == wanted->kind && g_str_equal (property->role, wanted->role)
          && g_str_equal (property->name, wanted->name)
          && g_str_equal (property->value, wanted->value))
        return TRUE;
    }
  return FALSE;
}

/* Adds the statements that replay; every name and value is quoted on its way in. */
typedef struct
{
  StewardConnection *connection;
  GStrvBuilder *statements;
  char *target; /* quoted */
} Replay;

static void G_GNUC_PRINTF (2, 3) add_statement (Replay *replay, const char *format, ...)
{
  g_autofree char *statement = NULL;
  va_list arguments;

  va_start (arguments, format);
  statement = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_strv_builder_add (replay->statements, statement);
}

static char *
quote_grantee (Replay *replay, const char *role)
{
  return *role == '\0' ? g_strdup ("PUBLIC") : steward_query_quote (replay->connection, role);
}

static void
add_right (Replay *replay, const Property *property)
{
  g_autofree char *grantee = quote_grantee (replay, property->role);

  add_statement (replay, "GRANT %s ON DATABASE %s TO %s%s", property->name, replay->target, grantee,
                 g_str_equal (property->value, "true") ? " WITH GRANT OPTION" : "");
}

/* The stored value of a list of names is its text with quotes: as one literal it would become one
 * name. */
static gboolean
is_list_of_names (const char *setting)
{
  static const char *const lists[] = { "search_path", "temp_tablespaces", "local_preload_libraries",
                                       "session_preload_libraries", NULL };

  return g_strv_contains (lists, setting);
}

static void
add_setting (Replay *replay, const Property *property)
{
  g_autofree char *role = steward_query_quote (replay->connection, property->role);
  g_autofree char *name = steward_query_quote (replay->connection, property->name);
  g_autofree char *value = steward_query_quote_text (replay->connection, property->value);
  g_autofree char *whose = *property->role == '\0'
                               ? g_strdup_printf ("DATABASE %s", replay->target)
                               : g_strdup_printf ("ROLE %s IN DATABASE %s", role, replay->target);

  if (!is_list_of_names (property->name))
    {
      add_statement (replay, "ALTER %s SET %s TO %s", whose, name, value);
      return;
    }
  add_statement (replay, "SELECT pg_catalog.set_config ('%s', %s, true)", property->name, value);
  add_statement (replay, "ALTER %s SET %s FROM CURRENT", whose, name);
  add_statement (replay,
                 "SELECT pg_catalog.set_config ('search_path', 'pg_catalog,pg_temp', true)");
}

static void
add_property (Replay *replay, const Property *property)
{
  g_autofree char *role = NULL;

  switch (property->kind)
    {
    case PROPERTY_OWNER:
      role = steward_query_quote (replay->connection, property->value);
      add_statement (replay, "ALTER DATABASE %s OWNER TO %s", replay->target, role);
      break;
    case PROPERTY_LIMIT:
      add_statement (replay, "ALTER DATABASE %s CONNECTION LIMIT %s", replay->target,
                     property->value);
      break;
    case PROPERTY_RIGHT:
      add_right (replay, property);
      break;
    case PROPERTY_SETTING:
      add_setting (replay, property);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* A new database lets PUBLIC and its owner do things that the other may have withdrawn. Comes
 * before the rights. */
static void
add_withdrawals (Replay *replay, const StewardDatabaseProperties *properties)
{
  const Property *owner = g_ptr_array_index (properties->items, 0);
  g_autofree char *role = steward_query_quote (replay->connection, owner->value);

  add_statement (replay, "REVOKE ALL ON DATABASE %s FROM PUBLIC, %s", replay->target, role);
}

static GStrv
build_statements (StewardConnection *connection,
                  const StewardDatabaseProperties *wanted,
                  const StewardDatabaseProperties *present,
                  const char *target)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *quoted = steward_query_quote (connection, target);
  Replay replay = { .connection = connection, .statements = builder, .target = quoted };

  for (guint i = 0; i < wanted->items->len; i++)
    {
      const Property *property = g_ptr_array_index (wanted->items, i);

      if (property->kind == PROPERTY_OWNER && has_property (present, property))
        continue;
      add_property (&replay, property);
      if (property->kind == PROPERTY_LIMIT)
        add_withdrawals (&replay, wanted);
    }
  return g_strv_builder_end (builder);
}

gboolean
steward_database_properties_apply (StewardConnection *connection,
                                   const StewardDatabaseProperties *properties,
                                   const StewardDatabase *target,
                                   StewardPropertiesEffect effect,
                                   GCancellable *cancellable,
                                   GError **error)
{
  g_autoptr (StewardDatabaseProperties) present =
      steward_database_properties_read (connection, target->name, cancellable, error);
  g_auto (GStrv) statements = NULL;
  StewardAlter alter = { .oid = target->oid, .name = target->name };

  if (present == NULL)
    return FALSE;
  statements = build_statements (connection, properties, present, target->name);
  alter.statements = (const char *const *)statements;
  alter.end = effect == STEWARD_PROPERTIES_TRY ? STEWARD_ALTER_ROLL_BACK : STEWARD_ALTER_COMMIT;
  return steward_alter_run (connection, &alter, cancellable, error);
}

static char *
dup_label (const Property *property)
{
  const char *role = *property->role == '\0' ? "PUBLIC" : property->role;

  switch (property->kind)
    {
    case PROPERTY_OWNER:
      return g_strdup (_ ("the owner"));
    case PROPERTY_LIMIT:
      return g_strdup (_ ("the connection limit"));
    case PROPERTY_RIGHT:
      return g_strdup_printf (_ ("the right %s of “%s”"), property->name, role);
    case PROPERTY_SETTING:
    default:
      return *property->role == '\0'
                 ? g_strdup_printf (_ ("the setting “%s”"), property->name)
                 : g_strdup_printf (_ ("the setting “%s” of the role “%s”"), property->name, role);
    }
}

static int
compare_labels (gconstpointer one, gconstpointer other, gpointer data)
{
  return strcmp (one, other);
}

static void
collect_missing (GTree *labels,
                 const StewardDatabaseProperties *from,
                 const StewardDatabaseProperties *in)
{
  for (guint i = 0; i < from->items->len; i++)
    {
      const Property *property = g_ptr_array_index (from->items, i);

      if (!has_property (in, property))
        g_tree_insert (labels, dup_label (property), NULL);
    }
}

char *
steward_database_properties_dup_difference (const StewardDatabaseProperties *one,
                                            const StewardDatabaseProperties *other)
{
  g_autoptr (GTree) labels = g_tree_new_full (compare_labels, NULL, g_free, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  collect_missing (labels, one, other);
  collect_missing (labels, other, one);
  for (GTreeNode *node = g_tree_node_first (labels); node != NULL; node = g_tree_node_next (node))
    g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "",
                            (const char *)g_tree_node_key (node));
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
