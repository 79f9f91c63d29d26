/*
 * canon_body.h - body canonicalisation, RFC 6376 sections 3.4.3 and 3.4.4.
 *
 * A sink that feeds a sink: octets of the body in, canonical octets out.  Any
 * cutting of the input gives the same output.  CRLF is the only line end; a
 * bare CR or LF is an octet like others.
 */
#ifndef VERIFIER_DKIM_CANON_BODY_H
#define VERIFIER_DKIM_CANON_BODY_H

#include "keysnap/base/sink.h"
#include "verifier/dkim/gather.h"

enum canonicalization { CANON_SIMPLE, CANON_RELAXED };

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

/* "out" gets the canonical octets; push the body into &canon->sink. */
void canon_body_start(struct canon_body *canon,
    enum canonicalization algorithm, struct sink *out);

/* The end of the body: the final CRLF of "simple" (an empty body becomes one
 * CRLF) and of "relaxed" (an empty body stays empty). */
void canon_body_finish(struct canon_body *canon);

#endif
