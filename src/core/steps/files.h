/* The compose and env files of a deployment, read from the host, and the edit of their tag. */
#pragma once

#include "core/compose/compose-edit.h"
#include "core/deployment/deployment.h"

G_BEGIN_DECLS

/** steward_files_plan_edit: reads the files and plans the edit from @old_tag to @new_tag; see
 * steward_compose_edit_plan(). Returns: (transfer full) (element-type StewardComposeEdit)
 * (nullable) */
GPtrArray *steward_files_plan_edit (const StewardDeployment *deployment,
                                    const char *old_tag,
                                    const char *new_tag,
                                    GCancellable *cancellable,
                                    GError **error);

/** steward_files_list: Returns: (transfer full): the absolute paths of all files: the compose
 * files, the first one first, then those for interpolation that are there */
GStrv
steward_files_list (const StewardDeployment *deployment, GCancellable *cancellable, GError **error);

G_END_DECLS
