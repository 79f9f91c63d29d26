/*
 * provenance_case.h - a log of one name in short tables, and what is derived
 * from it.
 */
#ifndef TESTS_UNIT_PROVENANCE_CASE_H
#define TESTS_UNIT_PROVENANCE_CASE_H

#include "keysnap/store/provenance.h"

#define CASE_STEPS 10
#define CASE_NAME  "s._domainkey.example.com"

/* Days since 2016-01-01, for short tables. */
#define EPOCH	INT64_C(1451606400)
#define AT(day) (EPOCH + (day)*TIMESTAMP_DAY)
#define NONE	(-9999)

/* Records: an RSA key of 1024 bits and one of Ed25519. */
extern const char record_a[], record_a_testing[], record_b[];
extern const char record_512[], record_revoked[];

enum step_what {
	STEP_END,
	SOURCE,	 /* text: observer, word: format, more: lineage */
	SEE,	 /* text: record (NULL: absent), word: method, of: source,
		    more: where a CNAME led */
	AGAIN,	 /* a sighting; of: observation, source: source */
	RETRACT, /* of */
	TAKEN,	 /* compromise of the key in "text"; first: since; more: name */
	HEALTH,	 /* the same; word: check */
	CHAIN,	 /* of: observation; first, last: its window; word: result */
	STAMP,	 /* of: size of the state; first: time; word: kind */
	STAMP_OF, /* the same of what entry "of" has as evidence, or is */
	MERGED	 /* a note on "of"; text: who vouches */
};

enum step_option {
	SEEN = 1 << 0,	      /* observed; else claimed */
	SECOND = 1 << 1,      /* precision; else day */
	COMPLETE = 1 << 2,
	KEPT = 1 << 3,	      /* evidence */
	SIGNED = 1 << 4,      /* signer and two pieces of evidence */
	AMBIGUOUS = 1 << 5,
	CUT = 1 << 6,	      /* warning "truncated" */
	DAY_TTL = 1 << 7,
	ELSEWHERE = 1 << 8,   /* behind a CNAME */
	SAME_FILE = 1 << 9,   /* of a source */
	RECOVERED = 1 << 10,  /* from messages of one collection */
	CORPORA = 1 << 11,    /* of two */
	GOOD = 1 << 12,	      /* of a finding */
	SAME_OCTETS = 1 << 13, /* the same evidence in all */
	MAIL_TIME = 1 << 14,
	RRSIG_TIME = 1 << 15,
	FIRST_FILE = 1 << 16  /* the evidence is the file of entry 1 */
};

/* An entry; its number is its place, from 1. */
struct step {
	enum step_what what;
	const char *text;
	int of, first, last; /* days, or NONE */
	const char *word;
	unsigned options;
	int source;
	const char *more;
};

struct provenance_case {
	struct arena *arena;
	struct crypto *crypto;
	struct entry *entries;
	struct known_name known;
};

/* Derive from "steps", of CASE_STEPS at most. */
void case_derive(struct provenance_case *given, const struct step *steps,
    bool vouched);
void case_clear(struct provenance_case *given);

int64_t case_day(int day);

#endif
