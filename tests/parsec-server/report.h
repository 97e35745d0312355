/* The looks of `migrate`'s output, piped or on a terminal. Everything goes to standard output. */
#pragma once

#include <glib.h>

typedef enum
{
  PARSEC_REPORT_DONE,
  PARSEC_REPORT_FAILED,
} ParsecReportHead;

/* Prints frame number @frame of the spinner, without a line end, at once. */
void parsec_report_print_frame (guint frame);

/* Each ends the spinner's line. */
void parsec_report_print_head (ParsecReportHead head);
void parsec_report_print_interrupted (void);

void parsec_report_print_error (const char *problem);

/* Returns: (transfer full): one line about a migration, without line end. */
char *parsec_report_format_applied (const char *file_name);
char *parsec_report_format_done (const char *file_name);
char *parsec_report_format_failed (const char *file_name, const char *problem);

/* Prints @lines in one burst. */
void parsec_report_print_lines (const GPtrArray *lines);
