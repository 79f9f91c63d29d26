/*
 * input_line.h - files and notes on them as run.json lists them, each one
 * canonical object and a line feed.
 */
#ifndef VERIFIER_RUN_INPUT_LINE_H
#define VERIFIER_RUN_INPUT_LINE_H

#include "verifier/archive/archive.h"

void input_line_write(GString *out, const struct input_file *file);
void input_note_write(GString *out, const struct input_note *note);

/* The "path" of such a line (without line feed), for people; "?" when it has
 * none.  The caller frees it. */
char *input_line_path(struct span line);

#endif
