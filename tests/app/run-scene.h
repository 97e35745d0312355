/* An operation on its page, on the screen, told event by event. */
#pragma once

#include "stage.h"

#include "app/run-page.h"

G_BEGIN_DECLS

typedef struct
{
  StewardServer *server; /* owned */
  StageRun *script;      /* owned */
  StewardRun *run;       /* borrowed from the server */
  StewardRunPage *page;  /* borrowed from the window */
  GtkWindow *window;
} RunScene;

/** run_scene_init: of a server called “parsec” */
void run_scene_init (RunScene *scene, StewardOperationKind kind);
void run_scene_clear (RunScene *scene);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RunScene, run_scene_clear)

/** run_scene_dup_copied: Returns: (transfer full): what was copied; waits for it */
char *run_scene_dup_copied (RunScene *scene);

G_END_DECLS
