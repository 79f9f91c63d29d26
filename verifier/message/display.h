/*
 * display.h - what people see of a header: encoded words and 8-bit text
 * decoded with GMime.  Nothing from here is ever hashed or compared for a
 * verdict.
 */
#ifndef VERIFIER_MESSAGE_DISPLAY_H
#define VERIFIER_MESSAGE_DISPLAY_H

#include "verifier/message/header_index.h"

/*
 * Once in main, before the sandbox: starts GMime and opens the converters of
 * the charsets of mail, for none can be loaded later.  GCONV_PATH must not be
 * the user's.  NULL, or the name of a charset for which the C library has no
 * converter: the program must then not go on, because what it writes would
 * differ from what it writes elsewhere.
 */
const char *display_init(void);

/* Is "name" (no case) a charset whose converter display_init() holds open? */
bool display_has_charset(struct span name);

/* The value of an unstructured field for people: unfolded, encoded words
 * (RFC 2047) decoded, other text as UTF-8 or, failing that, Windows-1252.
 * In the arena; valid UTF-8.  Plain ASCII without "=?" takes a short way
 * without GMime. */
struct span display_text(struct arena *arena, struct span value);

/* Append "text" as UTF-8 without line ends and NUL: what GMime may be given. */
void display_append_unfolded(GString *out, struct span text);

/* How GMime reads header text here, whatever its defaults;
 * g_mime_parser_options_free(). */
struct _GMimeParserOptions *display_parser_options(void);

/* Version of the GMime that is loaded; g_free(). */
char *display_library_version(void);

#endif
