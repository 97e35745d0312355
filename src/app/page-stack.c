/* See the header. */
#include "app/page-stack.h"

static void
hide_others (GtkStack *stack)
{
  GtkWidget *shown = gtk_stack_get_visible_child (stack);
  GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (stack));

  if (gtk_stack_get_transition_running (stack))
    return;
  for (; page != NULL; page = gtk_widget_get_next_sibling (page))
    gtk_widget_set_visible (page, page == shown);
}

void
steward_page_stack_watch (GtkStack *stack)
{
  g_signal_connect (stack, "notify::transition-running", G_CALLBACK (hide_others), NULL);
  hide_others (stack);
}

void
steward_page_stack_show (GtkStack *stack, const char *name)
{
  gtk_widget_set_visible (gtk_stack_get_child_by_name (stack, name), TRUE);
  gtk_stack_set_visible_child_name (stack, name);
  hide_others (stack);
}
