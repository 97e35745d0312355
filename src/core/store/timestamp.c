/* The store's spelling of time; see the header. */
#include "core/store/timestamp.h"

/* The last second of the year 9999: what GDateTime can hold. */
#define TIMESTAMP_MAX_S G_GINT64_CONSTANT (253402300799)

char *
steward_timestamp_print (gint64 unix_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (CLAMP (unix_s, 0, TIMESTAMP_MAX_S));

  return g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
}

gboolean
steward_timestamp_parse (const char *text, gint64 *unix_s)
{
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  if (time == NULL || g_date_time_to_unix (time) < 0)
    return FALSE;
  *unix_s = g_date_time_to_unix (time);
  return TRUE;
}

char *
steward_timestamp_print_local (gint64 unix_s)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (CLAMP (unix_s, 0, TIMESTAMP_MAX_S));

  return g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
}
