/*
 * text.h - text from outside, made safe to show.
 */
#ifndef KEYSNAP_BASE_TEXT_H
#define KEYSNAP_BASE_TEXT_H

#include "keysnap/base/span.h"

#include <glib.h>

/* Valid UTF-8 (RFC 3629: no surrogates, no overlong forms)? NUL is valid. */
bool text_is_utf8(struct span text);

/* Are all octets below 128? */
bool text_is_ascii(struct span text);

/* Append "text" with each maximal invalid part replaced by U+FFFD. */
void text_append_utf8(GString *out, struct span text);

/*
 * Append "text" for a terminal: C0 and C1 controls, DEL, bidi controls
 * (U+061C, U+200E-F, U+202A-E, U+2066-9), zero-width and line-separator
 * characters are shown as "\u{202e}", invalid UTF-8 as "\x{ff}".  What comes
 * out has no line breaks and cannot move the cursor.
 */
void text_append_terminal(GString *out, struct span text);

/* Append "text" as one CSV field (RFC 4180), always quoted; a first character
 * that a spreadsheet takes for a formula gets a "'" before it. */
void text_append_csv(GString *out, struct span text);

/* Append "text" for a TSV field: as for a terminal (so TAB and LF are gone). */
void text_append_tsv(GString *out, struct span text);

#endif
