/* A store of a test's own: on this machine, in a new folder under the temporary one, gone after the
 * test. A small one lies on a file system of its own, seen by its host only, that can be filled and
 * made read-only. */
#pragma once

#include "core/store/store.h"

G_BEGIN_DECLS

typedef struct
{
  char *root;
  StewardHost *host;
  StewardStore *store;
  GSubprocess *keeper; /* nullable: keeps the small file system */
} Place;

/** For g_test_add(): ensured, and ready. */
void place_set_up (Place *place, gconstpointer data);
void place_set_up_small (Place *place, gconstpointer data);
void place_tear_down (Place *place, gconstpointer data);

/** Runs a constant script on the place's host; fails the test unless it succeeds. (transfer full):
 * its output */
char *place_run (Place *place, const char *script, const char *argument);

/** Writes a file as anybody could, whatever the store thinks of it. */
void place_write (const char *path, const char *content, gssize length);
char *place_read (const char *path);

#define place_add(path, function)                                                                  \
  g_test_add (path, Place, NULL, place_set_up, function, place_tear_down)

G_END_DECLS
