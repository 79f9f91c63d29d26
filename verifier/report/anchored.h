/*
 * anchored.h - proofs from outside that messages existed, as records and
 * run.json tell of them.  verifier.5 is normative.
 */
#ifndef VERIFIER_REPORT_ANCHORED_H
#define VERIFIER_REPORT_ANCHORED_H

#include "keysnap/base/json.h"
#include "keysnap/store/time_proof.h"

/* One proof that was given. */
struct anchor {
	struct span name;   /* base name of its file */
	uint8_t sha256[32]; /* of its file */
	struct time_proof proof;
	bool counts; /* its state, or another one renewed it in time */
	const struct anchor *renewed_by; /* or NULL */
};

/* A list of digests that was given; a proof may be over it. */
struct anchor_list {
	struct span name;
	uint8_t sha256[32];
	const uint8_t (*digests)[32]; /* sorted */
	size_t n;
};

/* What of a message it is whose digest a proof, or a list, holds. */
enum anchored_what {
	ANCHORED_MESSAGE, /* its wire form */
	ANCHORED_FILE,	  /* the file that is this message */
	ANCHORED_ARCHIVE  /* a file that it lies in */
};

struct anchored_by {
	const struct anchor *anchor;
	const struct anchor_list *list; /* or NULL */
	enum anchored_what over;
};

/* The proofs that count and cover a message, the earliest first. */
struct anchored {
	int64_t time; /* it existed then at the latest; TIMESTAMP_NONE */
	const struct anchored_by *by;
	size_t n;
};

/* The member "anchors" of a record. */
void anchored_write(struct json_writer *writer,
    const struct anchored *anchored);

/* A file that proofs are checked against. */
struct anchor_trust {
	const char *option; /* "tsa-ca"; static */
	struct span name;
	uint8_t sha256[32];
};

/* All that was given: the members "anchors", "hash_lists" and "trusted" of the
 * first record and of run.json. */
struct anchors_given {
	const struct anchor *anchors;
	size_t n;
	const struct anchor_list *lists;
	size_t n_lists;
	const struct anchor_trust *trusted;
	size_t n_trusted;
};
void anchors_write_given(struct json_writer *writer,
    const struct anchors_given *given);
void anchors_write_lists(struct json_writer *writer,
    const struct anchors_given *given);
void anchors_write_trusted(struct json_writer *writer,
    const struct anchors_given *given);

#endif
