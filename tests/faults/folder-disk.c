/* See the header. */
#include "folder-disk.h"

#define AS_ROOT "[ $(id -u) = 0 ] && sudo= || sudo=sudo; set -e\n"

/* FOLDER: its content goes aside and, once something is mounted, back into it. */
#define KEEP "cp -a \"$1\" \"$1.kept\"\n"
#define BRING_BACK                                                                                 \
  "cp -a \"$1.kept/.\" \"$1\"\n"                                                                   \
  "rm -r \"$1.kept\"\n"

void
folder_disk_mount_small (DeploymentFixture *fixture)
{
  g_free (deployment_fixture_call (
      AS_ROOT KEEP "$sudo mount -t tmpfs -o size=64m,mode=755,uid=$(id -u),gid=$(id -g) tmpfs "
                   "\"$1\"\n" BRING_BACK,
      fixture->folder, NULL));
}

/* Nothing is written by itself before a sync: not after five seconds, and not with what is synced
 * beside it. */
void
folder_disk_mount_image (DeploymentFixture *fixture)
{
  g_free (deployment_fixture_call (AS_ROOT KEEP
                                   "truncate -s 64M \"$2/disk\"\n"
                                   "/sbin/mkfs.ext4 -q \"$2/disk\"\n"
                                   "$sudo mount -o loop,commit=600 \"$2/disk\" \"$1\"\n"
                                   "$sudo chown $(id -u):$(id -g) \"$1\"\n" BRING_BACK
                                   "sync -f \"$1\"\n",
                                   fixture->folder, fixture->tools, NULL));
}

void
folder_disk_unmount (DeploymentFixture *fixture)
{
  g_free (deployment_fixture_call (AS_ROOT KEEP "$sudo umount -l \"$1\"\n" BRING_BACK,
                                   fixture->folder, NULL));
}

void
folder_disk_fill (DeploymentFixture *fixture)
{
  g_free (deployment_fixture_call ("cat /dev/zero >\"$1/ballast\" 2>/dev/null || :; sync \"$1\"",
                                   fixture->folder, NULL));
}

void
folder_disk_make_room (DeploymentFixture *fixture)
{
  g_free (deployment_fixture_call ("rm -f \"$1/ballast\"", fixture->folder, NULL));
}

char *
folder_disk_cut (DeploymentFixture *fixture)
{
  return deployment_fixture_call (AS_ROOT "cp --sparse=always \"$1/disk\" \"$1/cut-disk\"\n"
                                          "mkdir -p \"$1/cut\"\n"
                                          "$sudo mount -o loop \"$1/cut-disk\" \"$1/cut\"\n"
                                          "echo \"$1/cut\"\n",
                                  fixture->tools, NULL);
}

void
folder_disk_forget_cut (DeploymentFixture *fixture)
{
  g_free (deployment_fixture_call (AS_ROOT "$sudo umount \"$1/cut\"; rm \"$1/cut-disk\"",
                                   fixture->tools, NULL));
}
