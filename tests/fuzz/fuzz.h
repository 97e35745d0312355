/* What the fuzzing targets share. Each target is a file of its own, which is built twice: with
 * replay.c, to run over the kept corpus, and with libFuzzer, to look for more (fuzz.sh). */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** Called by libFuzzer and by replay.c: warnings and criticals of GLib end the program. */
int LLVMFuzzerInitialize (int *argc, char ***argv);

/** The target: asserts what must hold for these bytes. Returns 0. */
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/** A text of the input that is still to be read. */
typedef struct
{
  const char *bytes;
  gsize size;
} FuzzInput;

/**
 * fuzz_input_take_line:
 *
 * Takes the first line, or what is left of one, off @input.
 *
 * Returns: (transfer full): the line, without its end; up to a zero byte in it
 */
char *fuzz_input_take_line (FuzzInput *input);

/**
 * fuzz_input_take_part:
 *
 * Takes everything before the first line that is `%%` off @input, and that line with it.
 *
 * Returns: that part: all of @input where there is no such line
 */
FuzzInput fuzz_input_take_part (FuzzInput *input);

/** fuzz_assert_clean_text: valid UTF-8 without control characters but line feeds */
void fuzz_assert_clean_text (const char *text);

G_END_DECLS
