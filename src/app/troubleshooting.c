/* Versions of what Steward stands on, and the state of each server by number. */
#include "app/troubleshooting.h"

#include <adwaita.h>
#include <libpq-fe.h>
#include <libsoup/soup.h>

static void
add_servers (GString *text, GListModel *servers)
{
  for (guint i = 0; i < g_list_model_get_n_items (servers); i++)
    {
      g_autoptr (StewardServer) server = g_list_model_get_item (servers, i);
      const StewardFacts *facts = steward_server_get_facts (server);
      const StewardStatus *status = facts != NULL ? facts->status : NULL;
      g_string_append_printf (text, "Server %u: state %d", i + 1,
                              steward_server_get_state (server));
      if (status != NULL)
        g_string_append_printf (text, ", tag %s, PostgreSQL %d, last migration %s",
                                status->configured_tag, status->postgres_version,
                                status->last_migration != NULL ? status->last_migration : "?");
      g_string_append_c (text, '\n');
    }
}

/* By number: an address may tell more than is meant to be shown. */
static void
add_hosts (GString *text, StewardServerList *servers)
{
  GListModel *hosts = steward_server_list_get_hosts (servers);
  StewardKnownHost *this_machine = steward_server_list_get_this_machine (servers);

  g_string_append_printf (text, "This machine: state %d\n",
                          steward_known_host_get_state (this_machine));
  for (guint i = 0; i < g_list_model_get_n_items (hosts); i++)
    {
      g_autoptr (StewardKnownHost) host = g_list_model_get_item (hosts, i);
      g_string_append_printf (text, "Machine %u over SSH: state %d\n", i + 1,
                              steward_known_host_get_state (host));
    }
}

char *
steward_troubleshooting_dup_text (StewardServerList *servers)
{
  GString *text = g_string_new (NULL);
  g_autofree char *system = g_get_os_info (G_OS_INFO_KEY_PRETTY_NAME);

  g_string_append_printf (text, "Steward %s\nSystem: %s\n", STEWARD_VERSION,
                          system != NULL ? system : "?");
  g_string_append_printf (text, "GTK %u.%u.%u, libadwaita %u.%u.%u, GLib %u.%u.%u\n",
                          gtk_get_major_version (), gtk_get_minor_version (),
                          gtk_get_micro_version (), adw_get_major_version (),
                          adw_get_minor_version (), adw_get_micro_version (), glib_major_version,
                          glib_minor_version, glib_micro_version);
  g_string_append_printf (text, "libpq %d, libsoup %u.%u.%u\n", PQlibVersion (),
                          soup_get_major_version (), soup_get_minor_version (),
                          soup_get_micro_version ());
  add_hosts (text, servers);
  add_servers (text, G_LIST_MODEL (servers));
  return g_string_free (text, FALSE);
}
