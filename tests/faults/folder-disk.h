/* The folder of a deployment's files, store and journal on a file system of its own: one that can
 * be full, or one of which it can be seen what a power cut would leave. Needs root, or sudo. */
#pragma once

#include "deployment-fixture.h"

G_BEGIN_DECLS

/** folder_disk_mount_small: in memory, 64 MiB */
void folder_disk_mount_small (DeploymentFixture *fixture);

/** folder_disk_mount_image: in a file. What was not synced is not in it. */
void folder_disk_mount_image (DeploymentFixture *fixture);

/** folder_disk_unmount: what lay in the folder lies there afterwards, too. */
void folder_disk_unmount (DeploymentFixture *fixture);

/** folder_disk_fill: not a byte is left. */
void folder_disk_fill (DeploymentFixture *fixture);
void folder_disk_make_room (DeploymentFixture *fixture);

/** folder_disk_cut: the disk as a power cut in this moment would leave it, mounted beside.
 * Returns: (transfer full): the folder, until folder_disk_forget_cut() */
char *folder_disk_cut (DeploymentFixture *fixture);
void folder_disk_forget_cut (DeploymentFixture *fixture);

G_END_DECLS
