/*
 * dns_answer.h - the answer to one question for the TXT records of a name,
 * whatever it was written in, and what it says of a key.
 */
#ifndef KEYSNAP_IMPORT_DNS_ANSWER_H
#define KEYSNAP_IMPORT_DNS_ANSWER_H

#include "keysnap/import/dns_flags.h"
#include "keysnap/import/importer.h"

#define DNS_ANSWER_CHAIN_MAX 16 /* CNAMEs to follow; resolvers stop at 8 to 16 */

#define DNS_RCODE_NOERROR  0
#define DNS_RCODE_NXDOMAIN 3

/* A TXT or CNAME record of the answer section. */
struct dns_answer_record {
	struct span owner;  /* canonical */
	struct span target; /* of a CNAME, canonical; else empty */
	const struct span *strings; /* of a TXT: one or more */
	size_t n_strings;
	enum observation_join joined;
	int64_t ttl; /* -1: none */
	struct entry_texts warnings;
};

struct dns_answer {
	struct span name; /* asked for: canonical, and a key's */
	unsigned rcode, flags; /* enum dns_flag */
	bool soa; /* in the authority section: with NOERROR and no record,
		     there is none (RFC 2308 section 2.2) */
	const struct dns_answer_record *records;
	size_t n_records;
};

/*
 * Emit what the answer says: one observation for each TXT record, or one that
 * there is none.  "observation" has what all of them have: time, method,
 * place, vantage; flags are added here.  NULL with the number of observations
 * (0: it says nothing, as with SERVFAIL, a referral, or when it was cut), or
 * why the records are no answer to the question; then nothing is emitted.
 */
const char *dns_answer_emit(struct arena *arena,
    const struct dns_answer *answer,
    const struct entry_observation *observation,
    const struct import_output *output, size_t *n_out);

#endif
