/*
 * regrade_scan.h - what a record of results.jsonl depends on, and what it
 * tells a tally, without parsing it as a whole.  Inside of regrade.c.
 */
#ifndef VERIFIER_RUN_REGRADE_SCAN_H
#define VERIFIER_RUN_REGRADE_SCAN_H

#include "verifier/run/judge.h"

/* Signatures of a record, and names that it was judged with; one with more is
 * not scanned. */
#define REGRADE_SIGNATURES 64

/* A signature, of the message or of one attached to it. */
struct regrade_signature {
	bool attached;
	struct span key_name, kind, domain, verdict, result;
	struct span key; /* the value as it stands; p NULL: null */
	int64_t from, to; /* of its interval, or TIMESTAMP_NONE */
};

struct regrade_scan {
	struct arena *arena;
	uint64_t seq, offset, length;
	struct span path;
	struct span dialect, line_ends; /* p NULL: absent */
	bool repaired;
	int64_t anchored; /* the earliest proof, or TIMESTAMP_NONE */
	struct regrade_signature *signatures; /* in the order of the line */
	size_t n_signatures;
	struct span *other_names;
	size_t n_other_names;
	/* What a tally takes; line, file_sha256 and how are not set. */
	struct judgement judgement;
};

/*
 * Scan "line" (without line feed); what *scan_out borrows lives as long as the
 * line and in "arena".  False when the line has something that takes a parser:
 * a text with escapes or exact octets beside it, a record that is cut or
 * unreadable, or anything that is not expected.
 */
bool regrade_scan(struct arena *arena, struct span line,
    struct regrade_scan *scan_out);

/* A text of an object, p NULL for null and where it is absent; false where it
 * is something else. */
bool regrade_scan_text(
    struct span object, struct span name, struct span *text_out);

#endif
