/* One request after the other, over HTTP. See the header. */
#include "writing-client.h"

#include <libsoup/soup.h>
#include <string.h>

#define REQUEST_TIMEOUT_S 5
#define WAIT_S 60
/* Between two rows, so that the machine does something else, too. */
#define PAUSE_US 80000

struct _WritingClient
{
  char *url;
  GThread *thread;
  GMutex mutex;
  GCond cond;
  gboolean is_ending; /* guarded, as is all below */
  GArray *rows;
};

/* The answer is {"id": N}. Returns: the row's number, 0 where it was not acknowledged */
static gint64
write_row (WritingClient *self, SoupSession *session)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_POST, self->url);
  g_autoptr (GBytes) body = g_bytes_new_static ("a row", strlen ("a row"));

  soup_message_set_request_body_from_bytes (message, "text/plain", body);
  g_autoptr (GBytes) answer = soup_session_send_and_read (session, message, NULL, NULL);
  if (answer == NULL || soup_message_get_status (message) != SOUP_STATUS_OK)
    return 0;
  gsize length = 0;
  const char *data = g_bytes_get_data (answer, &length);
  /* A connection that breaks can leave a good status without a body. */
  g_autofree char *text = g_strndup (data != NULL ? data : "", length);
  const char *colon = strchr (text, ':');
  return colon != NULL ? g_ascii_strtoll (colon + 1, NULL, 10) : 0;
}

static gboolean
keep_row (WritingClient *self, gint64 row)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  if (row != 0)
    g_array_append_val (self->rows, row);
  g_cond_broadcast (&self->cond);
  return !self->is_ending;
}

static gpointer
write_cb (gpointer data)
{
  WritingClient *self = data;
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  SoupSession *session = soup_session_new_with_options ("timeout", REQUEST_TIMEOUT_S, NULL);
  while (keep_row (self, write_row (self, session)))
    g_usleep (PAUSE_US);
  g_object_unref (session);
  g_main_context_pop_thread_default (context);
  return NULL;
}

WritingClient *
writing_client_new (const char *url)
{
  WritingClient *self = g_new0 (WritingClient, 1);

  self->url = g_strconcat (url, "/test/write", NULL);
  self->rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  self->thread = g_thread_new ("writes", write_cb, self);
  return self;
}

gboolean
writing_client_wait (WritingClient *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  gint64 end_us = g_get_monotonic_time () + WAIT_S * G_TIME_SPAN_SECOND;
  guint before = self->rows->len;

  while (self->rows->len == before && g_cond_wait_until (&self->cond, &self->mutex, end_us))
    ;
  return self->rows->len > before;
}

const GArray *
writing_client_stop (WritingClient *self)
{
  g_mutex_lock (&self->mutex);
  self->is_ending = TRUE;
  g_mutex_unlock (&self->mutex);
  g_clear_pointer (&self->thread, g_thread_join);
  return self->rows;
}

void
writing_client_free (WritingClient *self)
{
  if (self->thread != NULL)
    writing_client_stop (self);
  g_array_unref (self->rows);
  g_free (self->url);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}
