/*
 * canon_body.h - body canonicalisation, RFC 6376 sections 3.4.3 and 3.4.4,
 * and those that came before: RFC 4870 section 3.4.2 and "nowsp" of the
 * first drafts of DKIM.
 *
 * A sink that feeds a sink: octets of the body in, canonical octets out.  Any
 * cutting of the input gives the same output.  CRLF is the only line end; a
 * bare CR or LF is an octet like others.
 */
#ifndef VERIFIER_DKIM_CANON_BODY_H
#define VERIFIER_DKIM_CANON_BODY_H

#include "keysnap/base/sink.h"
#include "verifier/dkim/gather.h"

enum canonicalization {
	CANON_SIMPLE,
	CANON_RELAXED,
	CANON_NOWSP,	 /* draft-allman-dkim-base: no white space at all, no
			    line ends */
	CANON_DK_SIMPLE, /* RFC 4870 3.4.2.1; begins with the empty line that
			    ends the header */
	CANON_DK_NOFWS,	 /* RFC 4870 3.4.2.2: line ends, but no other white
			    space; begins like CANON_DK_SIMPLE */
	CANONS
};

#define CANON_BUFFER 16384

/* What is held back stands in the order of the fields: CRLFs, WSP, CR. */
struct canon_body {
	struct sink sink; /* first */
	struct gather gather;
	enum canonicalization algorithm;
	uint64_t empty_lines; /* CRLFs held back: perhaps the end of the body */
	bool held_wsp;	      /* relaxed: WSP seen, not yet written */
	bool held_cr;	      /* a CR whose LF may come */
	bool any;	      /* some octet was written */
	uint8_t buffer[CANON_BUFFER];
};

/* "out" gets the canonical octets; push the body into &canon->sink.  For
 * DomainKeys, whose digest runs on from the header into the body, the empty
 * line between them counts as the first line of the body. */
void canon_body_start(struct canon_body *canon,
    enum canonicalization algorithm, struct sink *out);

/* The end of the body: the final CRLF of "simple" (an empty body becomes one
 * CRLF) and of the others (an empty body stays empty; with DomainKeys the
 * empty line before it goes too), or nothing for "nowsp". */
void canon_body_finish(struct canon_body *canon);

#endif
