/*
 * coverage.h - what of the message a signature covers (DESIGN, Coverage).
 */
#ifndef VERIFIER_VERDICT_COVERAGE_H
#define VERIFIER_VERDICT_COVERAGE_H

#include "verifier/dkim/facts.h"
#include "verifier/message/mime_frame.h"

/* Of the fields From, Sender, Reply-To, To, Cc, Date, Subject, Message-ID,
 * In-Reply-To, References, MIME-Version and Content-*: each instance present
 * and not signed. */
struct coverage {
	bool body_full;	     /* l= leaves nothing out */
	bool headers_full;   /* of the list without the MIME fields */
	bool mime_signed;    /* every MIME field present is signed */
	bool mime_fixed;     /* ... or leaves no choice (mime_frame.h) */
	struct span *uncovered; /* lower-case names, distinct, sorted */
	size_t n_uncovered;
};

/* "frame" is asked for only when a MIME field is unsigned: NULL allowed then
 * counts as open. */
void coverage_get(struct coverage *coverage, struct arena *arena,
    const struct signature_facts *facts, const struct message *message);

#endif
