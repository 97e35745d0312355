/* See the header. */
#include "review-scene.h"

#include <string.h>

static void
back_cb (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  ((ReviewScene *)data)->n_back++;
}

static void
start_cb (StewardReviewPage *page, const char *accepted_loss, gpointer data)
{
  ReviewScene *scene = data;

  scene->n_starts++;
  g_free (scene->accepted_loss);
  scene->accepted_loss = g_strdup (accepted_loss);
}

void
review_scene_set_up (ReviewScene *scene, gconstpointer data)
{
  GActionEntry entries[] = { { .name = "back", .activate = back_cb } };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  scene->page = g_object_new (STEWARD_TYPE_REVIEW_PAGE, NULL);
  scene->server = stage_server_new ("parsec", STAGE_UPDATE);
  g_signal_connect (scene->page, "start", G_CALLBACK (start_cb), scene);
  scene->window = stage_show (GTK_WIDGET (scene->page));
  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), scene);
  gtk_widget_insert_action_group (GTK_WIDGET (scene->window), "win", G_ACTION_GROUP (group));
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *)data == NULL;
}

/* Nothing may hold the page any more, whatever was under way. */
void
review_scene_tear_down (ReviewScene *scene, gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (scene->page), (gpointer *)&scene->page);
  gtk_window_destroy (scene->window);
  stage_wait (is_gone, &scene->page);
  g_object_unref (scene->server);
  g_free (scene->accepted_loss);
}

void
review_scene_take (ReviewScene *scene, StewardReview *review)
{
  StewardRequest request = { .kind = review->plan->kind };

  steward_review_page_take_review (scene->page, scene->server, &request, review);
  stage_wait_painted (scene->window);
}

gboolean
review_scene_shows (ReviewScene *scene, const char *text)
{
  return stage_shows (scene->page, text);
}

void
review_scene_expand_all (GtkWidget *widget)
{
  if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), TRUE);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    review_scene_expand_all (child);
}

static gpointer
idle_cb (gpointer data, GCancellable *cancellable, GError **error)
{
  return NULL;
}

static void
idled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(gboolean *)data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *)data;
}

/* Until all that the worker was asked for before has come back. */
void
review_scene_wait_for_worker (ReviewScene *scene)
{
  gboolean is_over = FALSE;

  steward_worker_run_async (steward_server_get_worker (scene->server), idle_cb, NULL, NULL, NULL,
                            NULL, idled_cb, &is_over);
  stage_wait (is_true, &is_over);
}

void
review_scene_ask_for_upgrade (ReviewScene *scene)
{
  g_autofree char *tag = g_strdup ("3.6.0");
  StewardRequest request = { .kind = STEWARD_OPERATION_UPGRADE, .tag = tag, .watch_s = 7 };

  steward_review_page_review (scene->page, scene->server, &request);
  memset (tag, 'x', strlen (tag));
}
