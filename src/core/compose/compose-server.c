/* Finds the server by its image, not by its name: names differ between layouts and sites. */
#include "core/compose/compose-server.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/error.h"

#define SERVER_BASE_NAME "parsec-server"
#define DATABASE_VARIABLE "PARSEC_DB"
#define ARGUMENTS_VARIABLE "PARSEC_CMD_ARGS"
#define WORD_SEPARATORS " \t\r\n;&|\"'"

/* The words of a service's entry point and command; a script for a shell counts as its words. */
static GPtrArray *
dup_words (const StewardComposeService *service)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  const GStrv lists[] = { service->entrypoint, service->command };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      g_autofree char *text = lists[i] != NULL ? g_strjoinv (" ", lists[i]) : g_strdup ("");
      g_auto (GStrv) parts = g_strsplit_set (text, WORD_SEPARATORS, -1);
      for (gsize j = 0; parts[j] != NULL; j++)
        g_ptr_array_add (words, g_strdup (parts[j]));
    }
  return g_steal_pointer (&words);
}

static gboolean
has_word (const GPtrArray *words, const char *word)
{
  return g_ptr_array_find_with_equal_func ((GPtrArray *)words, word, g_str_equal, NULL);
}

static gboolean
is_migration (const StewardComposeService *service)
{
  g_autoptr (GPtrArray) words = dup_words (service);

  return has_word (words, "migrate") && !has_word (words, "run");
}

static StewardImageReference *
parse_image (const StewardComposeService *service)
{
  return service->image != NULL ? steward_image_reference_parse (service->image, NULL) : NULL;
}

gboolean
steward_compose_server_is_image (const StewardImageReference *image)
{
  return g_str_equal (steward_image_reference_get_base_name (image), SERVER_BASE_NAME);
}

static gboolean
has_server_image (const StewardComposeService *service)
{
  g_autoptr (StewardImageReference) image = parse_image (service);

  return image != NULL && steward_compose_server_is_image (image);
}

/* Services of the server's image; empty where there are none. */
static GPtrArray *
list_by_base_name (const StewardComposeModel *model)
{
  const GPtrArray *services = steward_compose_model_get_services (model);
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < services->len; i++)
    if (has_server_image (services->pdata[i]))
      g_ptr_array_add (found, services->pdata[i]);
  return found;
}

/* Services of the image and on the database of the one that was chosen by hand, itself among
 * them. */
static GPtrArray *
list_beside (const StewardComposeModel *model, const StewardComposeService *chosen)
{
  const GPtrArray *services = steward_compose_model_get_services (model);
  const char *database = g_hash_table_lookup (chosen->environment, DATABASE_VARIABLE);
  g_autoptr (StewardImageReference) chosen_image = parse_image (chosen);
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < services->len; i++)
    {
      const StewardComposeService *service = services->pdata[i];
      g_autoptr (StewardImageReference) image = parse_image (service);
      const char *other = g_hash_table_lookup (service->environment, DATABASE_VARIABLE);
      if (service == chosen
          || (image != NULL && chosen_image != NULL
              && steward_image_reference_same_repository (image, chosen_image)
              && g_strcmp0 (database, other) == 0))
        g_ptr_array_add (found, services->pdata[i]);
    }
  return found;
}

static char *
join_names (const GPtrArray *services)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < services->len; i++)
    g_strv_builder_add (builder, ((const StewardComposeService *)services->pdata[i])->name);
  g_auto (GStrv) names = g_strv_builder_end (builder);
  return g_strjoinv (", ", names);
}

static const StewardComposeService *
choose_by_name (const StewardComposeModel *model, const char *name, GError **error)
{
  const StewardComposeService *service = steward_compose_model_get_service (model, name);

  if (service == NULL)
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
                 _ ("The compose project has no service “%s”; nothing was changed."), name);
  else if (is_migration (service))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("The service “%s” migrates the database and is not the server; choose the "
                      "service that runs the server. Nothing was changed."),
                   name);
      return NULL;
    }
  return service;
}

static const StewardComposeService *
choose_among (const GPtrArray *candidates, GError **error)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new ();

  for (guint i = 0; i < candidates->len; i++)
    if (!is_migration (candidates->pdata[i]))
      g_ptr_array_add (servers, candidates->pdata[i]);

  if (servers->len == 1)
    return servers->pdata[0];
  if (servers->len == 0)
    {
      g_set_error_literal (
          error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
          _ ("No service of the compose project runs an image named "
             "“parsec-server”; the service can be chosen by hand with --service."));
      return NULL;
    }
  g_autofree char *names = join_names (servers);
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
      _ ("Several services run the server's image (%s); choose one of them with --service. "
         "Nothing was changed."),
      names);
  return NULL;
}

static StewardImageReference *
parse_tagged_image (const StewardComposeService *service, GError **error)
{
  g_autoptr (StewardImageReference) image = parse_image (service);

  if (image != NULL && image->tag != NULL)
    return g_steal_pointer (&image);
  g_set_error (
      error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
      _ ("The image of the service “%s” has no tag, so its version is not known; write the "
         "tag into the compose file. Nothing was changed."),
      service->name);
  return NULL;
}

gboolean
steward_compose_server_check_tags (const StewardComposeModel *model,
                                   const char *const *services,
                                   GError **error)
{
  g_autoptr (StewardImageReference) first = NULL;

  for (gsize i = 0; services[i] != NULL; i++)
    {
      g_autoptr (StewardImageReference) image =
          parse_tagged_image (steward_compose_model_get_service (model, services[i]), error);
      if (image == NULL)
        return FALSE;
      if (first == NULL)
        first = steward_image_reference_copy (image);
      if (g_str_equal (first->tag, image->tag))
        continue;
      g_set_error (
          error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
          _ ("The services “%s” and “%s” run the server's image with different tags (%s and "
             "%s); give them the same tag first. Nothing was changed."),
          services[0], services[i], first->tag, image->tag);
      return FALSE;
    }
  return TRUE;
}

static void
fill_services (StewardComposeServer *self, const GPtrArray *services)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < services->len; i++)
    {
      const StewardComposeService *service = services->pdata[i];
      g_strv_builder_add (builder, service->name);
      if (self->migration_service == NULL && is_migration (service))
        self->migration_service = g_strdup (service->name);
    }
  self->services = g_strv_builder_end (builder);
}

StewardComposeServer *
steward_compose_server_find (const StewardComposeModel *model, const char *service, GError **error)
{
  g_autoptr (StewardComposeServer) self = g_new0 (StewardComposeServer, 1);
  g_autoptr (GPtrArray) candidates = list_by_base_name (model);
  const StewardComposeService *server =
      service != NULL ? choose_by_name (model, service, error) : choose_among (candidates, error);

  if (server == NULL)
    return NULL;
  self->image = parse_tagged_image (server, error);
  if (self->image == NULL)
    return NULL;

  g_autoptr (GPtrArray) services =
      service != NULL ? list_beside (model, server) : g_steal_pointer (&candidates);
  self->service = g_strdup (server->name);
  fill_services (self, services);
  return g_steal_pointer (&self);
}

void
steward_compose_server_free (StewardComposeServer *self)
{
  if (self == NULL)
    return;
  g_free (self->service);
  g_free (self->migration_service);
  g_strfreev (self->services);
  g_clear_pointer (&self->image, steward_image_reference_free);
  g_free (self);
}

static gboolean
words_give_address (const GPtrArray *words)
{
  for (guint i = 0; i < words->len; i++)
    {
      const char *word = words->pdata[i];
      if (g_str_equal (word, "--db") || g_str_has_prefix (word, "--db=")
          || g_str_has_prefix (word, "postgresql:")
          || g_str_has_prefix (word, DATABASE_VARIABLE "="))
        return TRUE;
    }
  return FALSE;
}

static gboolean
address_is_elsewhere (const StewardComposeService *service)
{
  g_autoptr (GPtrArray) words = dup_words (service);
  const char *arguments = g_hash_table_lookup (service->environment, ARGUMENTS_VARIABLE);
  g_auto (GStrv) parts = g_strsplit_set (arguments != NULL ? arguments : "", WORD_SEPARATORS, -1);

  for (gsize i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (words, g_strdup (parts[i]));
  return words_give_address (words);
}

char *
steward_compose_server_dup_database_url (const StewardComposeModel *model,
                                         const char *name,
                                         GError **error)
{
  const StewardComposeService *service = steward_compose_model_get_service (model, name);

  g_return_val_if_fail (service != NULL, NULL);

  if (address_is_elsewhere (service))
    {
      g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                   _ ("The service “%s” is given the address of its database as an argument or in "
                      "PARSEC_CMD_ARGS, where Steward cannot replace it; give it in PARSEC_DB. "
                      "Nothing was changed."),
                   name);
      return NULL;
    }

  const char *url = g_hash_table_lookup (service->environment, DATABASE_VARIABLE);
  if (url == NULL || *url == '\0')
    g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED,
                 _ ("The service “%s” has no PARSEC_DB in its environment, so its database is not "
                    "known. Nothing was changed."),
                 name);
  return url != NULL && *url != '\0' ? g_strdup (url) : NULL;
}
