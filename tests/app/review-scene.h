/* A review page in a window, and what is heard of it. */
#pragma once

#include "stage.h"

#include "app/review-page.h"
#include "review-samples.h"

G_BEGIN_DECLS

/** As text that reads left to right is set into a sentence. */
#define LTR(text) "\342\201\246" text "\342\201\251"

/**
 * ReviewScene:
 * @n_back: how often win.back was activated, @n_starts: how often “start” was emitted
 * @accepted_loss: (nullable): what the last one told
 */
typedef struct
{
  GtkWindow *window;
  StewardReviewPage *page;
  StewardServer *server;
  guint n_back;
  guint n_starts;
  char *accepted_loss;
} ReviewScene;

/** For g_test_add(); the page must be gone with its window, whatever was under way. */
void review_scene_set_up (ReviewScene *scene, gconstpointer data);
void review_scene_tear_down (ReviewScene *scene, gconstpointer data);

/** review_scene_take: shows a review that is there. @review: (transfer full) */
void review_scene_take (ReviewScene *scene, StewardReview *review);

/** review_scene_ask_for_upgrade: to 3.6.0, by the real way: no engine will answer. */
void review_scene_ask_for_upgrade (ReviewScene *scene);

/** review_scene_wait_for_worker: until all that was asked for before has come back. */
void review_scene_wait_for_worker (ReviewScene *scene);

gboolean review_scene_shows (ReviewScene *scene, const char *text);

/** review_scene_expand_all: opens every row that can be opened. */
void review_scene_expand_all (GtkWidget *widget);

G_END_DECLS
