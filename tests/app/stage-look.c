/* What a window looks like, to an eye, a ruler and a screen reader. See stage.h. */
#include "stage.h"

int
stage_measure_width (gpointer widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* The text of any label or row of output inside. */
static gboolean
holds_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && gtk_label_get_text (GTK_LABEL (widget))[0] != '\0')
    return TRUE;
  if (GTK_IS_INSCRIPTION (widget) && gtk_inscription_get_text (GTK_INSCRIPTION (widget))[0] != '\0')
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (holds_text (child))
      return TRUE;
  return FALSE;
}

/* A button says that it is labelled by its child even where that is an icon: a screen reader then
 * reads “GtkImage”. */
static gboolean
is_labelled (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  return gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
         || (!GTK_IS_BUTTON (widget)
             && gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY));
}

/* A tooltip describes; GTK 4.8 makes no name of it. What holds many things is not named by what it
 * holds, what is typed into not by what was typed. */
static gboolean
is_named_by_content (GtkWidget *widget)
{
  GtkAccessibleRole role = gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget));

  return (GTK_IS_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) || GTK_IS_LIST_BOX_ROW (widget)
          || GTK_IS_EXPANDER (widget) || GTK_IS_FLOW_BOX_CHILD (widget)
          || role == GTK_ACCESSIBLE_ROLE_LABEL || role == GTK_ACCESSIBLE_ROLE_LIST_ITEM
          || role == GTK_ACCESSIBLE_ROLE_MENU_ITEM)
         && holds_text (widget);
}

/* The part of an entry, a menu button or a combo row that takes the focus for the whole. */
static gboolean
stands_for_its_parent (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  return parent != NULL
         && (GTK_IS_TEXT (widget) || GTK_IS_MENU_BUTTON (parent) || GTK_IS_DROP_DOWN (parent));
}

/* Takes the focus only to hand it on, or to be scrolled. */
static gboolean
only_holds (GtkWidget *widget)
{
  return GTK_IS_SCROLLED_WINDOW (widget) || GTK_IS_VIEWPORT (widget) || GTK_IS_POPOVER (widget)
         || GTK_IS_WINDOW (widget);
}

static gboolean
is_named (GtkWidget *widget)
{
  if (is_labelled (widget) || is_named_by_content (widget))
    return TRUE;
  for (GtkWidget *one = widget; stands_for_its_parent (one); one = gtk_widget_get_parent (one))
    if (is_labelled (gtk_widget_get_parent (one)))
      return TRUE;
  return FALSE;
}

static void
add_path (GString *text, GtkWidget *widget)
{
  const char *id = gtk_buildable_get_buildable_id (GTK_BUILDABLE (widget));

  if (gtk_widget_get_parent (widget) != NULL)
    add_path (text, gtk_widget_get_parent (widget));
  g_string_append_printf (text, "/%s%s%s", G_OBJECT_TYPE_NAME (widget), id != NULL ? "#" : "",
                          id != NULL ? id : "");
}

static void
add_unnamed (GString *text, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_is_sensitive (widget))
    return;
  if (gtk_widget_get_focusable (widget) && gtk_widget_get_can_focus (widget) && !only_holds (widget)
      && !is_named (widget))
    {
      add_path (text, widget);
      g_string_append_c (text, '\n');
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    add_unnamed (text, child);
}

char *
stage_dup_unnamed (gpointer root)
{
  GString *text = g_string_new (NULL);

  add_unnamed (text, root);
  return g_string_free (text, FALSE);
}

static void
painted_cb (GdkFrameClock *clock, gpointer data)
{
  *(gboolean *)data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *)data;
}

void
stage_wait_painted (GtkWindow *window)
{
  gboolean is_painted = FALSE;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &is_painted);

  gtk_widget_queue_draw (GTK_WIDGET (window));
  stage_wait (is_true, &is_painted);
  g_signal_handler_disconnect (clock, handler);
}

static void
draw (GtkSnapshot *snapshot, gpointer widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);

  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
}

/* An open menu has a surface of its own, beside the window's. */
static void
draw_menus (GtkSnapshot *snapshot, GtkWidget *widget)
{
  if (GTK_IS_POPOVER (widget) && gtk_widget_get_mapped (widget))
    {
      GdkPopup *popup = GDK_POPUP (gtk_native_get_surface (GTK_NATIVE (widget)));

      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (gdk_popup_get_position_x (popup),
                                                              gdk_popup_get_position_y (popup)));
      draw (snapshot, widget);
      gtk_snapshot_restore (snapshot);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    draw_menus (snapshot, child);
}

/* Where a window manager would put it, over a parent that is out of reach. */
static void
draw_dialog (GtkSnapshot *snapshot, GtkWindow *window, GtkWindow *dialog)
{
  stage_wait_painted (dialog);
  int width = gtk_widget_get_width (GTK_WIDGET (window));
  int height = gtk_widget_get_height (GTK_WIDGET (window));
  int x = (width - gtk_widget_get_width (GTK_WIDGET (dialog))) / 2;
  int y = (height - gtk_widget_get_height (GTK_WIDGET (dialog))) / 2;

  gtk_snapshot_append_color (snapshot, &(GdkRGBA){ 0, 0, 0, 0.35f },
                             &GRAPHENE_RECT_INIT (0, 0, width, height));
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (MAX (x, 0), MAX (y, 0)));
  draw (snapshot, dialog);
}

void
stage_save_picture (GtkWindow *window, GtkWindow *dialog, const char *path)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));

  stage_wait_painted (window);
  draw (snapshot, window);
  draw_menus (snapshot, GTK_WIDGET (window));
  if (dialog != NULL)
    draw_dialog (snapshot, window, dialog);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  g_autoptr (GdkTexture) texture = gsk_renderer_render_texture (renderer, node, NULL);
  g_assert_true (gdk_texture_save_to_png (texture, path));
}
