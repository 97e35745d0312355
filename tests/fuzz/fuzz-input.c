/* Setting up, and taking an input apart. Inputs are text where that is possible: whoever finds one
 * in the corpus can read it. */
#include "fuzz.h"

#include <string.h>

#define DIVIDER "%%\n"

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
  return 0;
}

char *
fuzz_input_take_line (FuzzInput *input)
{
  const char *newline = input->size > 0 ? memchr (input->bytes, '\n', input->size) : NULL;
  gsize length = newline != NULL ? (gsize)(newline - input->bytes) : input->size;
  char *line = g_strndup (input->bytes, length);

  if (newline != NULL)
    length++;
  input->bytes += length;
  input->size -= length;
  return line;
}

FuzzInput
fuzz_input_take_part (FuzzInput *input)
{
  gsize divider_length = strlen (DIVIDER);
  FuzzInput part = *input;

  for (gsize at = 0; at + divider_length <= input->size; at++)
    {
      if ((at > 0 && input->bytes[at - 1] != '\n')
          || memcmp (input->bytes + at, DIVIDER, divider_length) != 0)
        continue;
      part.size = at;
      input->bytes += at + divider_length;
      input->size -= at + divider_length;
      return part;
    }
  input->bytes += input->size;
  input->size = 0;
  return part;
}

void
fuzz_assert_clean_text (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    g_assert_true (*c == '\n' || !g_unichar_iscntrl (g_utf8_get_char (c)));
}
