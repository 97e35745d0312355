/* Printing and checking one line of a journal. The sum is taken of the text, so that a line is
 * judged before it is parsed. */
#include "core/store/journal-record.h"

#include <string.h>

#include "core/base/json.h"

#define SUM_DIGITS 16
#define SUM_START ",\"sum\":\""
#define SUM_END "\"}"
#define SUM_LENGTH (strlen (SUM_START) + SUM_DIGITS + strlen (SUM_END))

/* @body: the line up to its sum; @sum: SUM_DIGITS characters and 0 */
static void
compute_sum (const char *body, gsize length, char *sum)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *)body, length);
  g_checksum_update (checksum, (const guchar *)"}", 1);
  g_strlcpy (sum, g_checksum_get_string (checksum), SUM_DIGITS + 1);
}

char *
steward_record_print (JsonObject *record)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  char sum[SUM_DIGITS + 1];

  json_node_set_object (node, record);
  g_autofree char *json = json_to_string (node, FALSE);
  g_autofree char *text = g_utf8_make_valid (json, -1);
  text[strlen (text) - 1] = '\0';
  compute_sum (text, strlen (text), sum);
  return g_strconcat (text, SUM_START, sum, SUM_END, NULL);
}

JsonObject *
steward_record_parse (const char *line, gsize length)
{
  char sum[SUM_DIGITS + 1];

  if (length <= SUM_LENGTH || line[0] != '{')
    return NULL;

  gsize body_length = length - SUM_LENGTH;
  const char *tail = line + body_length;
  compute_sum (line, body_length, sum);
  if (memcmp (tail, SUM_START, strlen (SUM_START)) != 0
      || memcmp (tail + strlen (SUM_START), sum, SUM_DIGITS) != 0
      || memcmp (tail + strlen (SUM_START) + SUM_DIGITS, SUM_END, strlen (SUM_END)) != 0)
    return NULL;
  return steward_json_parse_object (line, length, NULL);
}
