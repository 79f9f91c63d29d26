/*
 * chain_case.h - run a chain through validation, and write down what comes of
 * it: "STATUS REASON FOUND".
 */
#ifndef TESTS_UNIT_CHAIN_CASE_H
#define TESTS_UNIT_CHAIN_CASE_H

#include "keysnap/dnssec/dnssec_validate.h"
#include "tests/unit/dnssec_case.h"

#define TXT  "s1._domainkey.example.test. TXT \"v=DKIM1; p=AAAA\"\n"
#define NAME "s1._domainkey.example.test."

/* One case: records to add before all is signed, what is done after, and what
 * comes of it. */
struct chain_case {
	const char *name, *records;
	void (*before)(struct dnssec_case *world); /* it is signed */
	void (*after)(struct dnssec_case *world);
	bool esp;
	const char *want; /* status, reason, found */
};

/* What is found of the chain, after a way through its octets; g_free(). */
char *chain_case_validate(const struct dnssec_case *world,
    struct dnssec_finding *finding);

void chain_case_check(const struct chain_case *c);
void chain_case_check_all(const struct chain_case *cases, size_t n);

/* Take the signatures off the TXT set. */
void chain_case_strip(struct dnssec_case *world);

/* Leave a zone's own file: with the DS that its parent has, not signed, and
 * nothing of the zones above. */
void chain_case_alone(struct dnssec_case *world);

#endif
