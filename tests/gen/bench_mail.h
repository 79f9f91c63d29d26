/*
 * bench_mail.h - one message of a bench corpus: header fields and a body as
 * they are in real mailboxes, and what a verifier has to compute for it.
 */
#ifndef TESTS_GEN_BENCH_MAIL_H
#define TESTS_GEN_BENCH_MAIL_H

#include "tests/gen/bench.h"
#include "tests/gen/mail.h"

#define BENCH_SIGNATURES 2 /* at most, of one message */

struct bench_signature {
	guint key; /* row of the table of keys */
	gboolean simple_body;
	struct signing signing;
};

struct bench_mail {
	char *sender; /* the bare address */
	gint64 date;
	GString *text; /* CRLF, without trace fields */
	gsize header;  /* octets of "text" before the body */
	guint signatures;
	struct bench_signature signature[BENCH_SIGNATURES];
};

/* Message "number", the same in any order of asking. */
struct bench_mail *bench_mail_new(struct bench *bench, guint64 number);
void bench_mail_free(struct bench_mail *mail);

/* The fields that the way to the mailbox put on top of message "number",
 * which no signature covers: CRLF at the end of each. */
GString *bench_trace(const struct bench *bench, const struct bench_mail *mail,
    guint64 number);

#endif
