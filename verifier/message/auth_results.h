/*
 * auth_results.h - what a field of results says: Authentication-Results (RFC
 * 8601 section 2.2) and ARC-Authentication-Results (RFC 8617 section 4.1.1).
 *
 * Anybody can write such a field; it is parsed, never believed.  Real fields
 * take liberties with the grammar; those that leave no doubt what is meant are
 * named ("liberties") and read.  At anything else the parser stops: "defect"
 * and "bad_at" say why and where, the results before it are kept, and the one
 * that it stands in is not.  One pass, no recursion, linear in the field.
 */
#ifndef VERIFIER_MESSAGE_AUTH_RESULTS_H
#define VERIFIER_MESSAGE_AUTH_RESULTS_H

#include "keysnap/base/arena.h"
#include "keysnap/base/span.h"

#define AUTH_RESULTS_MAX    64	 /* kept of a field; real ones have under 20 */
#define AUTH_PROPERTIES_MAX 32	 /* kept of a result; under 10 */
#define AUTH_WORD_MAX	    1000 /* octets of a name or value: a line has 998 */
#define AUTH_COMMENT_DEPTH  16	 /* comments in comments; real ones have two */

/* Why the parser stopped. */
enum auth_defect {
	AUTH_NO_DEFECT,
	AUTH_EMPTY,	   /* nothing but white space and comments */
	AUTH_BAD_INSTANCE, /* ARC: no i= of one or two digits */
	AUTH_BAD_OCTET,	   /* a control octet, or a line end that is no fold */
	AUTH_BAD_COMMENT,  /* it does not end, or quotes a control octet */
	AUTH_DEEP_COMMENT, /* over AUTH_COMMENT_DEPTH */
	AUTH_BAD_QUOTED,   /* a quoted string that does not end, or begins
			      inside of a word */
	AUTH_NO_NAME,	   /* something else where a name has to stand */
	AUTH_NO_EQUALS,	   /* a name without "=" */
	AUTH_LONG_WORD,	   /* over AUTH_WORD_MAX */
	AUTH_DEFECTS
};

/* What the field does that the grammar does not allow, ORed. */
enum auth_liberty {
	AUTH_NO_SERVER = 1 << 0,     /* no authserv-id: results at once */
	AUTH_STRAY_WORD = 1 << 1,    /* a word behind the authserv-id, or in the
					place of a result: passed over */
	AUTH_EMPTY_RESULT = 1 << 2,  /* ";" with no result behind it */
	AUTH_NO_RESULTS = 1 << 3,    /* neither a result nor "none" */
	AUTH_NONE_BESIDE = 1 << 4,   /* "none" beside results */
	AUTH_BARE_PROPERTY = 1 << 5, /* a property without a ptype */
	AUTH_ODD_NAME = 1 << 6,	     /* a name or result that is no Keyword */
	AUTH_ODD_VALUE = 1 << 7,     /* a value that had to be quoted */
	AUTH_NO_VALUE = 1 << 8,	     /* "=" with no value behind it */
	AUTH_LATE_REASON = 1 << 9,   /* reason= behind a property */
	AUTH_LIBERTIES = 10
};

/* propspec; of a bare one "ptype" has p NULL. */
struct auth_property {
	struct span ptype, name;
	struct span value; /* a quoted string without quotes and escapes */
};

/* resinfo */
struct auth_result {
	struct span method;
	struct span version; /* digits, or p NULL: none */
	struct span result;  /* as written; empty with AUTH_NO_VALUE */
	struct span reason;  /* like a value, or p NULL: none */
	struct auth_property *properties;
	size_t n_properties;
	size_t left_out; /* properties past AUTH_PROPERTIES_MAX */
};

struct auth_results {
	enum auth_defect defect;
	size_t bad_at;	    /* offset in the value, of a defect */
	unsigned liberties; /* enum auth_liberty */
	unsigned instance;  /* ARC: i=, else 0 */
	struct span server; /* authserv-id, or p NULL: none */
	struct span version; /* authres-version, or p NULL: none */
	bool none;	    /* no-result */
	struct auth_result *results;
	size_t n;
	size_t left_out; /* results past AUTH_RESULTS_MAX */
};

/* Parse the value of a field; with "arc" of ARC-Authentication-Results.  Spans
 * borrow from "value", or live in "arena" where a quoted string was decoded. */
void auth_results_parse(struct auth_results *results, struct arena *arena,
    struct span value, bool arc);

/* "bad-comment", ...; NULL for AUTH_NO_DEFECT. */
const char *auth_defect_name(enum auth_defect defect);

/* The name of bit "at", below AUTH_LIBERTIES: "no-server", ... */
const char *auth_liberty_name(unsigned at);

#endif
