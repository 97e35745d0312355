/* A boxed list with a row for each item of an array. Rows of items that stay are kept, so that a
 * refresh takes neither the focus nor the place away. The first rows are shown, the others on
 * demand. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * StewardRowKind: what rows are made of; a constant.
 * @type: of GtkListBoxRow, made without properties
 * @get_key: tells items apart for as long as they live on the server
 * @show: brings a row up to date
 * @limit: so many are shown at first; 0 for all
 */
typedef struct
{
  GType (*get_type) (void);
  const char *(*get_key) (gconstpointer item);
  void (*show) (GtkWidget *row, gconstpointer item, gpointer data);
  guint limit;
} StewardRowKind;

/** StewardRowList: Property "label", write only: what a screen reader calls the list. */
#define STEWARD_TYPE_ROW_LIST (steward_row_list_get_type ())
G_DECLARE_FINAL_TYPE (StewardRowList, steward_row_list, STEWARD, ROW_LIST, GtkWidget)

/** steward_row_list_show: @items: (nullable): nothing of it is kept; @data: for the kind's @show.
 * A list without rows is hidden. */
void steward_row_list_show (StewardRowList *self,
                            const StewardRowKind *kind,
                            const GPtrArray *items,
                            gpointer data);

G_END_DECLS
