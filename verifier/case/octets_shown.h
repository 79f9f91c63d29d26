/*
 * octets_shown.h - octets shown to people: lines, escaped, long ones cut short
 * by one rule.
 *
 * A sink keeps the first and the last octets of what it is fed.  Each line is
 * printed with a mark before it: "|" when it ends with CRLF, ":" when it does
 * not, "~" before words of ours in place of what is not shown.  Controls,
 * characters that turn the direction of writing, and octets that are not UTF-8
 * are escaped as text_append_terminal() does.
 */
#ifndef VERIFIER_CASE_OCTETS_SHOWN_H
#define VERIFIER_CASE_OCTETS_SHOWN_H

#include "keysnap/base/sink.h"

#include <glib.h>

#define OCTETS_SHOWN_HEAD 4096 /* octets shown of the start: most headers fit */
#define OCTETS_SHOWN_TAIL 1024 /* and of the end */

struct octets_shown {
	struct sink sink; /* first */
	uint64_t n;	  /* octets taken */
	GString *head;
	GString *tail; /* the last ones behind the head; it may hold more */
};

void octets_shown_start(struct octets_shown *shown);

/* Append what was kept, each line after "indent". */
void octets_shown_write(
    GString *out, const struct octets_shown *shown, const char *indent);
void octets_shown_clear(struct octets_shown *shown);

#endif
