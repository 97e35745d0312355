/* The page of a server on the screen, with a window that only notes which of its actions are
 * activated. */
#pragma once

#include "app/server-page.h"
#include "stage.h"

G_BEGIN_DECLS

/** Stands in every sentence that says why the engine cannot be worked with. */
#define ENGINE "ocker"

typedef struct
{
  StewardServer *server;   /* owned */
  GtkWindow *window;       /* owned by GTK */
  StewardServerPage *page; /* borrowed from the window */
  GString *activated;      /* owned: `upgrade 3.6.0;` for each */
  GAsyncQueue *released;   /* owned: see page_stage_hold() */
} PageStage;

PageStage *page_stage_new (StageState state);
void page_stage_free (PageStage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PageStage, page_stage_free)

/** page_stage_take: shows facts that differ from those of @state by what @change does to them.
 * @change: (nullable) */
typedef void (*PageStageFunc) (StewardFacts *facts);
void page_stage_take (PageStage *self, StageState state, PageStageFunc change);

/** page_stage_wait_activated: until these and no others were activated; forgets them then. */
void page_stage_wait_activated (PageStage *self, const char *expected);

/** page_stage_click: clicks the button, and waits until it has done what it does. */
void page_stage_click (PageStage *self, gpointer root, const char *label);

/** page_stage_open_menu: scrolls to the menu button of @row and opens it. Returns: (transfer
 * none): the button, with the menu inside */
GtkWidget *page_stage_open_menu (PageStage *self, GtkWidget *row);

/** page_stage_hold: the server's worker does nothing until page_stage_release(): whatever is asked
 * for meanwhile is under way for as long as the test wants. Not released, not freed. */
void page_stage_hold (PageStage *self);
void page_stage_release (PageStage *self);

/** page_stage_get_row: Returns: (transfer none): the row of a list in which @text stands */
GtkWidget *page_stage_get_row (PageStage *self, const char *text);

/** page_stage_get_button: Returns: (transfer none) */
GtkWidget *page_stage_get_button (PageStage *self, const char *label);

/** page_stage_choose: chooses an item of the combo row called @title. */
void page_stage_choose (PageStage *self, const char *title, const char *item);

G_END_DECLS
