/*
 * verdict.h - facts, provenance and policy to a verdict: pure functions.
 *
 * Reads no clock, no file, no environment.  A pass is a "struct pass"
 * (pass.h), which cannot be made without the provenance of its key.
 */
#ifndef VERIFIER_VERDICT_VERDICT_H
#define VERIFIER_VERDICT_VERDICT_H

#include "keysnap/store/provenance.h"
#include "verifier/repair/repair.h"
#include "verifier/verdict/alignment.h"
#include "verifier/verdict/coverage.h"
#include "verifier/verdict/message_time.h"
#include "verifier/verdict/pass.h"
#include "verifier/verdict/reason.h"

struct policy {
	enum grade min_grade;  /* GRADE_D */
	int64_t max_gap_days;  /* 5 years: 1826 */
	enum repair_scope repairs; /* for whoever makes the message facts */
};

/* Each reason at most once.  The first one decides: its row names the verdict
 * and the result. */
struct reasons {
	enum reason list[REASONS];
	size_t n;
};

/* Add "reason" unless it is there. */
void reasons_add(struct reasons *reasons, enum reason reason);

/* What is the same for all signatures of a message. */
struct message_facts {
	const struct message *message;
	size_t from_fields;
	struct from_list from; /* of the last From field when there is one */
	struct message_times times;
	bool split_heuristic;
	size_t signatures_left_out;
	enum repair_effect repaired; /* what was undone before it was read */
	/*
	 * A time proved from outside: the octets of the message existed at the
	 * latest then (the last second that the proof's precision allows), or
	 * TIMESTAMP_NONE when nothing of the kind was checked.  It counts for
	 * all signatures, as all were there.  verdict_key.h says what for.
	 */
	int64_t anchored_time;
};

/* What "message" and its From_ line (empty: none) say; the members behind
 * "times" are the caller's to set ("anchored_time" is TIMESTAMP_NONE). */
void message_facts_get(struct message_facts *facts, struct arena *arena,
    const struct message *message, struct span envelope);

struct coverage_fields; /* coverage_fields.h */
struct left_out;	/* left_out.h */

struct signature_verdict {
	const struct signature_facts *facts;
	const struct known_name *known; /* NULL: name not in the snapshot */
	enum result result;
	enum verdict verdict;
	struct reasons reasons;
	struct coverage coverage;
	/* For the record, not for the verdict; the caller's to set, or NULL. */
	const struct coverage_fields *fields;
	const struct left_out *left_out;
	enum alignment_state alignment;
	struct span organisation; /* of the signing domain; may be empty */
	struct time_interval interval;
	const struct pass *pass; /* of RESULT_PASS, else NULL; in the arena */
	/* The key that the result rests on: the one that the signature was
	 * made with; NULL when none is known. */
	const struct known_key *key;
	struct time_standing standing; /* of that key */
};

struct arc_verdict;

struct message_verdict {
	enum verdict verdict;
	struct reasons reasons;
	ssize_t best; /* index of the deciding signature, or -1 */
	struct signature_verdict *signatures;
	size_t n_signatures;
	const struct arc_verdict *arc; /* the caller's to set; NULL: no ARC */
};

/* Judge one signature.  The keys of "known" are the candidates that "facts"
 * was checked with, in this order. */
void verdict_of_signature(struct signature_verdict *verdict,
    struct arena *arena,
    const struct signature_facts *facts, const struct known_name *known,
    const struct message_facts *message, const struct alignment *alignment,
    const struct policy *policy);

/* The best of those of DKIM and DomainKeys, ties to the aligned, then to the
 * first; ARC decides nothing.  The message's
 * reasons are the best signature's, then its own. */
void verdict_of_message(struct message_verdict *verdict,
    struct signature_verdict *signatures, size_t n,
    const struct message_facts *message);

/* A thing that is no message. */
void verdict_unreadable(struct message_verdict *verdict, enum reason reason);

#endif
