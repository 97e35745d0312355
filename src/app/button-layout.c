/* See the header. */
#include "app/button-layout.h"

#define SPACING 12

struct _StewardButtonLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (StewardButtonLayout, steward_button_layout, GTK_TYPE_LAYOUT_MANAGER)

/* Of all that are shown: how many, and the widest. */
typedef struct
{
  int n_buttons;
  int minimum;
  int natural;
} Widths;

static Widths
measure_widths (GtkWidget *widget)
{
  Widths widths = { 0 };

  for (GtkWidget *button = gtk_widget_get_first_child (widget); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    {
      int minimum, natural;
      if (!gtk_widget_should_layout (button))
        continue;
      gtk_widget_measure (button, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
      widths.n_buttons++;
      widths.minimum = MAX (widths.minimum, minimum);
      widths.natural = MAX (widths.natural, natural);
    }
  return widths;
}

static int
add_spacing (int width, int n_buttons)
{
  return n_buttons > 0 ? width * n_buttons + SPACING * (n_buttons - 1) : 0;
}

/* Words break only where two in a line would not fit otherwise. */
static int
choose_columns (const Widths *widths, int width)
{
  int half = (widths->n_buttons + 1) / 2;

  if (width < 0 || add_spacing (widths->natural, widths->n_buttons) <= width)
    return MAX (widths->n_buttons, 1);
  return half > 0 && add_spacing (widths->minimum, half) <= width ? half : 1;
}

static int
divide (int width, int columns)
{
  return (width - SPACING * (columns - 1)) / columns;
}

/* @width: of a button, or -1 */
static int
measure_height (GtkWidget *widget, int width)
{
  int height = 0;

  for (GtkWidget *button = gtk_widget_get_first_child (widget); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    {
      int natural;
      if (!gtk_widget_should_layout (button))
        continue;
      gtk_widget_measure (button, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
      height = MAX (height, natural);
    }
  return height;
}

static GtkSizeRequestMode
steward_button_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
steward_button_layout_measure (GtkLayoutManager *manager,
                               GtkWidget *widget,
                               GtkOrientation orientation,
                               int for_size,
                               int *minimum,
                               int *natural,
                               int *minimum_baseline,
                               int *natural_baseline)
{
  Widths widths = measure_widths (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = widths.minimum;
      *natural = add_spacing (widths.natural, widths.n_buttons);
      return;
    }
  int columns = choose_columns (&widths, for_size);
  int height = measure_height (widget, for_size < 0 ? -1 : divide (for_size, columns));
  *minimum = *natural = add_spacing (height, (widths.n_buttons + columns - 1) / columns);
}

static void
steward_button_layout_allocate (
    GtkLayoutManager *manager, GtkWidget *widget, int width, int height, int baseline)
{
  gboolean is_mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  Widths widths = measure_widths (widget);
  int columns = choose_columns (&widths, width);
  GtkAllocation place = { .width = divide (width, columns) };
  int position = 0;

  place.height = measure_height (widget, place.width);
  for (GtkWidget *button = gtk_widget_get_first_child (widget); button != NULL;
       button = gtk_widget_get_next_sibling (button))
    {
      if (!gtk_widget_should_layout (button))
        continue;
      place.x = position % columns * (place.width + SPACING);
      place.y = position / columns * (place.height + SPACING);
      if (is_mirrored)
        place.x = width - place.x - place.width;
      gtk_widget_size_allocate (button, &place, -1);
      position++;
    }
}

static void
steward_button_layout_class_init (StewardButtonLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = steward_button_layout_get_request_mode;
  layout_class->measure = steward_button_layout_measure;
  layout_class->allocate = steward_button_layout_allocate;
}

static void
steward_button_layout_init (StewardButtonLayout *self)
{
}
