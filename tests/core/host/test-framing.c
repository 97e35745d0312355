/* Markers in pieces, among look-alikes, and missing. */
#include "core/host/framing.h"

#include <string.h>

#define TOKEN "0123abcn7"
#define BEGIN "<" TOKEN ":begin:42>"
#define END(status) "<" TOKEN ":end:" status ">"

static void
take (StewardFraming *framing, StewardStream stream, const char *bytes, gsize length, GString *own)
{
  steward_framing_take (framing, stream, bytes, length, own);
}

/* Whole, and cut in two at every position. */
static void
check_output (const char *raw, gsize raw_length, const char *expected, gsize length)
{
  for (gsize cut = 0; cut <= raw_length; cut++)
    {
      g_auto (StewardFraming) framing = { 0 };
      g_autoptr (GString) own = g_string_new (NULL);

      steward_framing_init (&framing, TOKEN);
      take (&framing, STEWARD_STREAM_OUTPUT, raw, cut, own);
      take (&framing, STEWARD_STREAM_OUTPUT, raw + cut, raw_length - cut, own);
      g_assert_cmpmem (own->str, own->len, expected, length);
      g_assert_cmpint (framing.streams[0].state, ==, STEWARD_FRAME_AFTER);
      g_assert_cmpint (steward_framing_get_status (&framing), ==, 7);
    }
}

static void
test_cuts (void)
{
  static const struct
  {
    const char *raw, *own;
  } cases[] = {
    { BEGIN END ("7"), "" },
    { "Welcome!\n" BEGIN "data\n" END ("7") "Shared connection closed.\n", "data\n" },
    { BEGIN "no line end" END ("7"), "no line end" },
    { END ("3") BEGIN "x" END ("7"), "x" },
    { BEGIN BEGIN END ("7"), BEGIN },
    { BEGIN "<" TOKEN ":en" END ("7"), "<" TOKEN ":en" },
    { BEGIN "<<<<" END ("7"), "<<<<" },
    { BEGIN "<" TOKEN ":end:this is too long to be one of ours>" END ("7"),
      "<" TOKEN ":end:this is too long to be one of ours>" },
    { BEGIN "<" TOKEN "<" TOKEN ":end:7>", "<" TOKEN },
    { BEGIN "sh -c ... " TOKEN " -ps\n" END ("7") END ("8"), "sh -c ... " TOKEN " -ps\n" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check_output (cases[i].raw, strlen (cases[i].raw), cases[i].own, strlen (cases[i].own));
}

static void
test_nuls (void)
{
  static const char raw[] = "\0\0" BEGIN "\0a\0" END ("7");

  check_output (raw, sizeof raw - 1, "\0a\0", 3);
}

/* Byte by byte, both streams. */
static void
test_bytes (void)
{
  static const char raw[] = "motd" BEGIN "text" END ("7");
  g_auto (StewardFraming) framing = { 0 };
  g_autoptr (GString) own = g_string_new (NULL);

  steward_framing_init (&framing, TOKEN);
  for (gsize i = 0; i < strlen (raw); i++)
    for (gsize stream = 0; stream < STEWARD_N_STREAMS; stream++)
      {
        g_assert_false (steward_framing_is_over (&framing));
        take (&framing, stream, raw + i, 1, own);
      }
  g_assert_true (steward_framing_is_over (&framing));
  g_assert_cmpstr (own->str, ==, "tteexxtt");
  g_assert_cmpstr (framing.streams[1].before->str, ==, "motd");
}

static void
test_progress (void)
{
  g_auto (StewardFraming) framing = { 0 };
  g_autoptr (GString) own = g_string_new (NULL);

  steward_framing_init (&framing, TOKEN);
  take (&framing, STEWARD_STREAM_ERRORS, "hello", 5, own);
  g_assert_false (steward_framing_has_begun (&framing));
  g_assert_cmpint (steward_framing_get_group (&framing), ==, 0);
  take (&framing, STEWARD_STREAM_ERRORS, BEGIN, strlen (BEGIN), own);
  g_assert_true (steward_framing_has_begun (&framing));
  g_assert_cmpint (steward_framing_get_group (&framing), ==, 42);
  take (&framing, STEWARD_STREAM_ERRORS, END ("0"), strlen (END ("0")), own);
  g_assert_false (steward_framing_is_over (&framing));
  take (&framing, STEWARD_STREAM_OUTPUT, BEGIN END ("none"), strlen (BEGIN END ("none")), own);
  g_assert_true (steward_framing_is_over (&framing));
  g_assert_cmpint (steward_framing_get_status (&framing), ==, -1);
  g_assert_cmpstr (own->str, ==, "");
}

/* What never was ours is not kept whole. */
static void
test_noise (void)
{
  g_auto (StewardFraming) framing = { 0 };
  g_autoptr (GString) own = g_string_new (NULL);
  g_autofree char *noise = g_strnfill (100000, '<');

  steward_framing_init (&framing, TOKEN);
  take (&framing, STEWARD_STREAM_OUTPUT, noise, 100000, own);
  g_assert_cmpuint (own->len, ==, 0);
  g_assert_cmpuint (framing.streams[0].before->len, <=, 8192);
  g_assert_cmpuint (framing.streams[0].held->len, <, strlen (BEGIN));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/framing/finds-markers-cut-anywhere", test_cuts);
  g_test_add_func ("/framing/passes-nuls", test_nuls);
  g_test_add_func ("/framing/takes-byte-by-byte", test_bytes);
  g_test_add_func ("/framing/tells-how-far-it-is", test_progress);
  g_test_add_func ("/framing/forgets-noise", test_noise);
  return g_test_run ();
}
