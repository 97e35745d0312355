/* Every page, dialog and state of the window, by name: to be looked at, measured and read aloud.
 * New ones belong into the table of views.c. */
#pragma once

#include "stage.h"

G_BEGIN_DECLS

/** ViewScene: @server, @run: owned, nullable: the chosen one, and its operation;
 * @dialog, @menu (an open one): (nullable): borrowed */
typedef struct
{
  StewardApplication *application;
  StewardWindow *window;
  StewardServer *server;
  StageRun *run;
  GtkWindow *dialog;
  GtkMenuButton *menu;
} ViewScene;

typedef struct
{
  const char *name;
  void (*prepare) (ViewScene *scene);
} View;

/** views_get: Returns: (array zero-terminated=1): the last one has no name */
const View *views_get (void);

/** views_add_tests: a test for each, called @prefix and the view's name; @func is given the View */
void views_add_tests (const char *prefix, GTestDataFunc func);

/** view_open: a window of @width and @height pixels that shows @view; @scene is filled. */
void view_open (const View *view, ViewScene *scene, int width, int height);
void view_close (ViewScene *scene);

G_END_DECLS
