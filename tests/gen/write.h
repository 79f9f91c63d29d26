/*
 * write.h - messages to the containers that the tests read.
 */
#ifndef TESTS_GEN_WRITE_H
#define TESTS_GEN_WRITE_H

#include <glib.h>

/* Write "text" to "path", its folders made; trouble ends the program. */
void write_file(const char *path, const GString *text);

/* "Thu, 01 Jan 2015 00:00:00 +0000" (RFC 5322) and "Thu Jan  1 00:00:00 2015"
 * (From_ line), whatever the locale. */
char *date_field(gint64 at);
char *date_from_line(gint64 at);

/* Seconds of midnight of "YYYY-MM-DD". */
gint64 date_of_day(const char *day);

/* CRLF to LF. */
GString *text_with_lf(const GString *text);

/* Append a message (CRLF) to an mbox with mboxrd quoting and LF. */
void mbox_append(GString *mbox, const char *sender, gint64 at,
    const GString *text);

#endif
