/* The tables that say something to people; the others keep their own names. Source: the data model
 * of the public Parsec Cloud releases 3.0 to 3.9, and what was in use before. */
#include "app/table-words.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SCHEMA "public."

static const struct
{
  const char *table;
  const char *word;
} words[] = {
  { "account", NC_ ("table", "Accounts") },
  { "async_enrollment", NC_ ("table", "Enrollments") },
  { "block", NC_ ("table", "Blocks of files (their records)") },
  { "block_data", NC_ ("table", "Blocks of files (their contents)") },
  { "device", NC_ ("table", "Devices") },
  { "greeting_attempt", NC_ ("table", "Attempts to greet invited people") },
  { "human", NC_ ("table", "People (names and addresses)") },
  { "invitation", NC_ ("table", "Invitations") },
  { "message", NC_ ("table", "Messages between users") },
  { "migration", NC_ ("table", "Applied migrations") },
  { "organization", NC_ ("table", "Organizations") },
  { "pki_certificate", NC_ ("table", "Enrollments by certificate") },
  { "pki_enrollment", NC_ ("table", "Enrollments by certificate") },
  { "profile", NC_ ("table", "Changes of users’ profiles") },
  { "realm", NC_ ("table", "Workspaces (realms)") },
  { "realm_archiving", NC_ ("table", "Archivings of workspaces") },
  { "realm_keys_bundle", NC_ ("table", "Keys of workspaces") },
  { "realm_keys_bundle_access", NC_ ("table", "Users’ access to keys of workspaces") },
  { "realm_name", NC_ ("table", "Names of workspaces") },
  { "realm_user_role", NC_ ("table", "Roles in workspaces") },
  { "sequester_service", NC_ ("table", "Sequester services") },
  { "shamir_recovery_setup", NC_ ("table", "Shared recoveries") },
  { "shamir_recovery_share", NC_ ("table", "Shares of shared recoveries") },
  { "user_", NC_ ("table", "Users") },
  { "vault", NC_ ("table", "Vaults of accounts") },
  { "vault_item", NC_ ("table", "Items in vaults of accounts") },
  { "vlob_atom", NC_ ("table", "Versions of files and folders") },
};

const char *
steward_table_words_get (const char *table)
{
  if (!g_str_has_prefix (table, SCHEMA))
    return NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].table, table + strlen (SCHEMA)))
      return g_dpgettext2 (GETTEXT_PACKAGE, "table", words[i].word);
  return NULL;
}
