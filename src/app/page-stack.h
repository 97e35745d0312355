/* A GtkStack whose pages are seen by nobody but when they are shown. GTK 4.8 leaves the others
 * readable and usable for who listens to the accessibility bus: here they are hidden altogether. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** steward_page_stack_watch: hides what is not shown, now and after each page that fades in. To be
 * called once, when @stack has its pages. */
void steward_page_stack_watch (GtkStack *stack);

/** steward_page_stack_show: shows the page @name of @stack, which is watched. A page that is hidden
 * cannot be shown in another way. */
void steward_page_stack_show (GtkStack *stack, const char *name);

G_END_DECLS
