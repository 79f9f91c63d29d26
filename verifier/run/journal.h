/*
 * journal.h - the journal of an unfinished run: what --resume needs beside
 * results.jsonl; verifier.5 describes it.
 *
 * Lines of canonical JSON.  The first says what decides the results.  Then
 * come blocks, one for each point of the run at which results.jsonl was
 * synced: what the run found since the point before, the point itself, and an
 * end line with the SHA-256 of the block.  A block without its end line, or
 * with one that does not fit, was torn and counts for nothing, nor does what
 * follows it.
 */
#ifndef VERIFIER_RUN_JOURNAL_H
#define VERIFIER_RUN_JOURNAL_H

#include "verifier/run/tally.h"

#define JOURNAL_SCHEMA	 "verifier-journal/1"
#define JOURNAL_LINE_MAX RECORD_LINE_MAX

/* What decides the octets of the results, beside the input. */
struct journal_run {
	const struct record_header *header;
	const struct policy *policy;
	const uint8_t *public_suffix_list; /* SHA-256 */
	const uint8_t *equivalences;	   /* SHA-256, or NULL */
	const uint8_t *anchors; /* SHA-256 of the first record, which holds
				   them; NULL: none was given */
	const struct container_limits *limits;
	uint64_t arguments;		  /* their number */
	const uint8_t *arguments_sha256; /* archive_labels_sha256() */
	const uint8_t *update; /* SHA-256 of the results of the case that is
				  brought up to date; NULL: none is */
};

/* All of it but "update", as the member "basis" of run.json. */
void journal_write_basis(
    struct json_writer *writer, const struct journal_run *run);

/* How far a run has come, and what it counted since the point before. */
struct journal_point {
	uint64_t records;	   /* in results.jsonl */
	uint64_t octets;	   /* of results.jsonl */
	uint8_t results_sha256[DIGEST_SHA256_SIZE]; /* of these octets */
	uint8_t items_sha256[DIGEST_SHA256_SIZE];   /* of all traces so far */
	struct span path;	   /* of the last item */
	struct archive_prefix prefix;
	struct span prefix_path;
	struct run_counts counts;  /* verdicts, wanted_signatures and dates */
};

enum journal_kind {
	JOURNAL_RUN,
	JOURNAL_INPUT,	/* a line of "inputs" of run.json */
	JOURNAL_NOTE,	/* a line of "notes" */
	JOURNAL_SENDER,
	JOURNAL_DOMAIN, /* a signing domain */
	JOURNAL_WANT,
	JOURNAL_POINT,
	JOURNAL_END,
	JOURNAL_KINDS
};

/* One line; the spans live as long as the line and the arena do. */
struct journal_line {
	enum journal_kind kind;
	struct span text;     /* run, input, note: the value as it stands;
				 sender, domain: the octets */
	struct want want;
	uint64_t want_count;
	struct journal_point point;
	uint8_t sha256[DIGEST_SHA256_SIZE]; /* end */
};

/* Append the first line. */
void journal_write_run(GString *out, const struct journal_run *run);

/* Append one line for each of "lines", which are values as in run.json. */
void journal_write_lines(
    GString *out, enum journal_kind kind, struct span lines);

/* Append what "more" holds: senders and domains that "known" has not, and
 * wants. */
void journal_write_tally(
    GString *out, const struct tally *more, const struct tally *known);

void journal_write_point(GString *out, const struct journal_point *point);

/* End the block that is all of "out". */
void journal_write_end(GString *out, const struct crypto *crypto);

/* Does "line" begin like one of "kind"?  Every line does like one at most. */
bool journal_is(struct span line, enum journal_kind kind);

/* Take one line (without line feed) back; false with *why_out when it is
 * none. */
bool journal_read_line(struct journal_line *line_out, struct arena *arena,
    struct span line, const char **why_out);

/* The word for the first thing that "run" (the value of a first line) and
 * "other" do not agree on: static, for people; NULL when they agree. */
const char *journal_run_difference(struct span run, struct span other);

#endif
