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

enum canonicalization { CANON_SIMPLE, CANON_RELAXED };

#define CANON_BUFFER 16384

struct canon_body {
	struct sink sink; /* first */
	struct sink *out;
	enum canonicalization algorithm;
	uint64_t empty_lines; /* CRLFs held back: perhaps the end of the body */
	bool any;	      /* some line was not empty */
	bool line_open;	      /* octets since the last CRLF */
	bool held_cr;	      /* a CR whose LF may come */
	bool held_wsp;	      /* relaxed: WSP seen, not yet written */
	uint8_t buffer[CANON_BUFFER];
	size_t n_buffer;
};

void canon_body_start(struct canon_body *canon,
    enum canonicalization algorithm, struct sink *out);

/* The end of the body: the final CRLF of "simple" (an empty body becomes one
 * CRLF) and of "relaxed" (an empty body stays empty). */
void canon_body_finish(struct canon_body *canon);

#endif
