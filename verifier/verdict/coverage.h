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
	bool mime_fixed;     /* or is not, but leaves no choice */
	struct span *uncovered; /* lower-case names, distinct, sorted */
	size_t n_uncovered;
};

/* The body is looked at (mime_frame.h) only when a MIME field is unsigned.
 * Everything counts as unsigned when the header was not hashed. */
void coverage_get(struct coverage *coverage, struct arena *arena,
    const struct signature_facts *facts, const struct message *message);

/* Is a field called "name" one of the list above? */
bool coverage_is_displayed(struct span name);

#endif
