/*
 * reading.h - how the stored octets of a message are read.
 *
 * A mailbox stores a message changed: line ends converted, "From " lines
 * quoted.  A reading names what is undone, and reading_push() pushes the
 * message as the reading has it, span by span, into a sink.  Spans that need
 * no change are passed on as they are, without a copy; small pieces are
 * gathered in one buffer, so that a sink sees few and large spans.
 *
 * The wire form (READING_WIRE) is the identity of a message: mboxrd quoting
 * undone (mbox only), every LF without CR made CRLF, and a final CRLF added
 * when the message does not end with one.  Nothing is taken away, and a bare
 * CR is kept.
 */
#ifndef VERIFIER_MESSAGE_READING_H
#define VERIFIER_MESSAGE_READING_H

#include "keysnap/base/sink.h"
#include "keysnap/base/span.h"

enum reading_quoting {
	QUOTING_KEPT,	/* nothing undone */
	QUOTING_MBOXRD, /* one ">" off every line ^>+From_ */
	QUOTING_MBOXO	/* one ">" off every line ^>From_ */
};

enum reading_line_ends {
	LINE_ENDS_CRLF, /* LF without CR becomes CRLF */
	LINE_ENDS_KEPT	/* as stored: a bare LF is an octet like others */
};

/*
 * One change to the raw octets: at offset "at" take "remove" octets away and
 * put "insert" there.  Sorted by "at", not overlapping.  Applied before
 * quoting and line ends.
 */
struct edit {
	size_t at;
	size_t remove;
	struct span insert;
};

struct reading {
	enum reading_quoting quoting;
	enum reading_line_ends line_ends;
	const struct edit *edits;
	size_t n_edits;
	bool verbatim; /* known to change nothing, edits and a final CRLF set
			  aside: octets need not be looked at */
};

/* What raw octets leave open: found in one pass, so that readings that would
 * give the same octets are not tried twice. */
struct reading_traits {
	bool crlf;	 /* a CRLF is there */
	bool bare_lf;	 /* an LF without CR is there */
	bool quoted;	 /* a line ^>+From_ is there */
	bool quoted_deep;/* a line ^>>+From_ is there */
	bool final_crlf; /* ends with CRLF */
};
void reading_traits_get(struct reading_traits *traits, struct span raw);

/*
 * The readings to try, in the fixed order: wire form, as stored, mboxo, then
 * the other combinations of kept line ends; only those that give other
 * octets than all before (a final CRLF set aside: every canonicalisation
 * makes it).  Line ends are kept only where CRLF and LF are mixed: nothing
 * signed has lines without CRLF throughout.  Returns the count (at least 1).
 */
#define READINGS_MAX 6
size_t reading_candidates(const struct reading_traits *traits, bool mbox,
    struct reading out[READINGS_MAX]);

/* The word of the record's source.dialect: "mboxrd", "mboxo" or "mbox" (no
 * quoting undone). */
const char *reading_dialect(const struct reading *reading);

/*
 * A stream: raw spans in, the reading's octets out.  "offset" counts raw
 * octets, so edits fit.  Any cutting of the input gives the same output.
 */
#define READING_BUFFER 65536
struct reading_stream {
	const struct reading *reading;
	struct sink *out;
	uint64_t offset;      /* raw octets taken so far */
	size_t next_edit;
	size_t removing;      /* raw octets that an edit still takes away */
	bool at_line_start;   /* quoting is looked for here */
	bool fed_cr;	      /* the last octet before conversion was CR */
	bool out_cr;	      /* the last octet out is CR */
	bool ends_crlf;	      /* the last two octets out are CRLF */
	uint64_t n_out;	      /* octets that came out */
	unsigned quote_depth; /* ">" at this line's start; 2 is "more".  The
				 last of them is held back until it is known
				 whether "From " follows */
	unsigned n_matched;   /* octets of "From " seen and held after it */
	uint8_t *buffer;      /* READING_BUFFER octets, the caller's */
	size_t n_buffer;
};

/* "buffer" has READING_BUFFER octets and outlives the stream. */
void reading_start(struct reading_stream *stream,
    const struct reading *reading, uint8_t *buffer, struct sink *out);
void reading_push(struct reading_stream *stream, struct span raw);

/* Right after the start: the first raw octet to come is the one at "offset",
 * the start of a line.  Edits before it are left out. */
void reading_seek(struct reading_stream *stream, uint64_t offset);

/* Push what is held; with "final_crlf" add CRLF when octets came out and the
 * last two are not CRLF. */
void reading_finish(struct reading_stream *stream, bool final_crlf);

#endif
