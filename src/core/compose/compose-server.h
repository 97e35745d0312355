/* Which services of a project run the Parsec server's image, and what they are for. Looks at the
 * resolved model only: at no file, container or registry. */
#pragma once

#include "core/compose/compose-model.h"
#include "core/engine/image-reference.h"

G_BEGIN_DECLS

/**
 * StewardComposeServer:
 * @service: name of the server service
 * @migration_service: (nullable): name of the one-shot service that migrates
 * @services: names of every service that must have the same tag: the two above, and others of the
 *   image on the same database
 * @image: of the server service; has a tag
 */
typedef struct
{
  char *service;
  char *migration_service;
  GStrv services;
  StewardImageReference *image;
} StewardComposeServer;

/** steward_compose_server_is_image: whether @image is the Parsec server's, in whatever registry */
gboolean steward_compose_server_is_image (const StewardImageReference *image);

/**
 * steward_compose_server_find:
 * @service: (nullable): name of the server service, where it is set by hand
 *
 * The server's image is one whose path ends in `parsec-server`, in whatever registry; where the
 * service is set by hand, any image, and services of the same image with another PARSEC_DB are left
 * alone.
 *
 * Returns: (transfer full): the server; or %NULL with %STEWARD_ERROR_NOT_FOUND where there is none,
 * or %STEWARD_ERROR_REFUSED where there are several, or its tag is missing
 */
StewardComposeServer *
steward_compose_server_find (const StewardComposeModel *model, const char *service, GError **error);
void steward_compose_server_free (StewardComposeServer *self);

/**
 * steward_compose_server_check_tags:
 * @services: %NULL-terminated names of services of @model
 *
 * Whether all have a tag and the same one. Apart from finding the server: an interrupted switch of
 * the tag leaves files that differ, and whoever resumes must still find it.
 *
 * Errors: %STEWARD_ERROR_REFUSED, naming two that differ or the one without a tag
 */
gboolean steward_compose_server_check_tags (const StewardComposeModel *model,
                                            const char *const *services,
                                            GError **error);

/**
 * steward_compose_server_dup_database_url:
 * @service: name of a service of @model
 *
 * Returns: (transfer full): the value of PARSEC_DB (a secret); or %NULL with %STEWARD_ERROR_REFUSED
 * where it is missing, or the address is given by argument or in PARSEC_CMD_ARGS, where it cannot
 * be overridden
 */
char *steward_compose_server_dup_database_url (const StewardComposeModel *model,
                                               const char *service,
                                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardComposeServer, steward_compose_server_free)

G_END_DECLS
