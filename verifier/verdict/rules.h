/*
 * rules.h - the rules of the time and the rules of today.
 *
 * What a DKIM signature comes to under the documents that were in force at the
 * message's time, and under all of them.  They stand in one table: document,
 * month of publication, and what it says about a fact.  Nothing here changes a
 * verdict or a result: those follow RFC 6376 and the facts alone.
 *
 * "Today" is the last document of the table, whatever the clock says.  The
 * outcome follows from the facts, the key records of the name and the
 * interval; what else is known of the keys plays no part.
 *
 * The documents say the same of what is not in the table: i= and t=s (RFC 4871
 * and 6376 3.6.1), h= and s= of the key record, x= (which a verifier MAY
 * heed), the tags that must be there.  RFC 5672 (2009) changed no result.
 */
#ifndef VERIFIER_VERDICT_RULES_H
#define VERIFIER_VERDICT_RULES_H

#include "verifier/verdict/verdict.h"

/* The documents, by date. */
enum rules_document {
	RULES_RFC4871, /* 2007-05: DKIM */
	RULES_RFC6376, /* 2011-09: DKIM, again */
	RULES_RFC8301, /* 2018-01: no SHA-1, no RSA below 1024 bits */
	RULES_RFC8463, /* 2018-09: Ed25519 */
	RULES_RFC8616, /* 2019-06: names and tags in UTF-8 */
	RULES_DOCUMENTS
};

/* What they disagree about, or agree about against RFC 8601's "pass"; ORed.
 * The higher bit decides, as it is met first when a field is checked. */
enum rules_fact {
	RULES_SHORT_KEY = 1 << 0,   /* RSA below 1024 bits */
	RULES_SHA1 = 1 << 1,	    /* a=rsa-sha1 */
	RULES_TESTING = 1 << 2,	    /* t=y in the key record */
	RULES_GRANULARITY = 1 << 3, /* g= in it is not the local part of i= */
	RULES_ED25519 = 1 << 4,	    /* a=ed25519-sha256 */
	RULES_UTF8 = 1 << 5	    /* octets over 127 in the field */
};

/* "RFC 4871", ... */
const char *rules_document_name(enum rules_document document);

/* The month of publication: its first second, and the first one after it.
 * Within it either the new or the old rules may be those of the time. */
int64_t rules_document_from(enum rules_document document);
int64_t rules_document_until(enum rules_document document);

/* What a signature comes to under the documents up to one of them. */
struct rules_outcome {
	enum result result; /* RESULT_POLICY among them */
	/* The first one decides; REASON_PASS alone for a pass. */
	struct reasons reasons;
	enum rules_document document; /* that says so */
};

struct rules {
	/* Of the message's time, the earliest first; where its interval
	 * reaches over a change, more than one, no two in a row the same.
	 * None: no time is stated, or one before RULES_RFC4871. */
	struct rules_outcome then[RULES_DOCUMENTS];
	size_t n_then;
	struct rules_outcome today;
	/* Is any outcome of then or today (or, without a stated time, of any
	 * document) another than the verdict's result? */
	bool differ;
};

/* Judge "verdict", which verdict_of_signature() made.  False, and nothing else,
 * for a kind of signature that these documents are not about. */
bool rules_judge(struct rules *rules, const struct signature_verdict *verdict);

/* The same for the documents up to "last" alone. */
void rules_judge_under(struct rules_outcome *outcome,
    const struct signature_verdict *verdict, enum rules_document last);

#endif
