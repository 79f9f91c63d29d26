/*
 * dnssec_case.h - make signed zones in memory: a root, "test" below it, and
 * below that "example.test" and "esp.test", each with one Ed25519 key made
 * from a fixed seed.  The same world is the same octets whenever it is made.
 */
#ifndef TESTS_UNIT_DNSSEC_CASE_H
#define TESTS_UNIT_DNSSEC_CASE_H

#include "keysnap/dnssec/dnssec_chain.h"
#include "keysnap/dnssec/trust_anchor.h"

#define DNSSEC_CASE_NAME "s1._domainkey.example.test"
#define DNSSEC_CASE_FROM  1451606400 /* 2016-01-01T00:00:00Z */
#define DNSSEC_CASE_UNTIL 1454284800 /* 2016-02-01T00:00:00Z */

enum { CASE_ROOT, CASE_TEST, CASE_EXAMPLE, CASE_ESP, CASE_ZONES };

struct dnssec_case {
	struct dnssec_chain *chain;
	ldns_key *keys[CASE_ZONES];
	struct trust_anchors *anchors; /* the key of the root */
};

/* The key of a seed, for a zone; 257 is a zone's entry point. */
ldns_key *dnssec_case_key(unsigned seed, const char *zone, unsigned flags);

/*
 * The sets that every chain needs, not signed yet: DNSKEY of the root, test and
 * example.test, DS of the last two.  "esp" adds those of esp.test.
 */
void dnssec_case_init(struct dnssec_case *world, bool esp);
void dnssec_case_clear(struct dnssec_case *world);

/* Add records, a line each (RFC 1035 section 5.1, absolute names). */
void dnssec_case_add(struct dnssec_case *world, const char *lines);

/* Sign what has no signature yet, each set by the zone that it is in (DS by
 * the one above). */
void dnssec_case_sign(struct dnssec_case *world);

/* Sign one set with any key. */
void dnssec_case_sign_with(struct dnssec_case *world, const char *owner,
    ldns_rr_type type, ldns_key *key);

/* A set, to be tampered with. */
struct dnssec_set *dnssec_case_set(struct dnssec_case *world,
    const char *owner, ldns_rr_type type);

/* Change its first signature; take all of them off. */
void dnssec_case_flip(struct dnssec_set *set);
void dnssec_case_strip(struct dnssec_case *world, const char *owner,
    ldns_rr_type type);

/* What the key of a zone signs from now on is valid then. */
void dnssec_case_times(struct dnssec_case *world, int zone, uint32_t from,
    uint32_t until);

/* Take a set out. */
void dnssec_case_drop(struct dnssec_case *world, const char *owner,
    ldns_rr_type type);

/* Rename a set and its signatures: what a server does that expands a
 * wildcard. */
void dnssec_case_rename(struct dnssec_case *world, const char *owner,
    ldns_rr_type type, const char *name);

#endif
