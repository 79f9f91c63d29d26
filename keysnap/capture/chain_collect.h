/*
 * chain_collect.h - all that DNS has to prove an answer: the DNSKEY and DS sets
 * of every zone on the way, asked for once in a run.
 */
#ifndef KEYSNAP_CAPTURE_CHAIN_COLLECT_H
#define KEYSNAP_CAPTURE_CHAIN_COLLECT_H

#include "keysnap/capture/dns_query.h"
#include "keysnap/dnssec/dnssec_pool.h"
#include "keysnap/dnssec/trust_anchor.h"

#define CHAIN_COLLECT_ZONES_MAX 64 /* asked about for one name: 16 aliases of a
				few zones each share the upper ones */
#define CHAIN_CACHE_MAX (64 << 20) /* octets of answers kept in a run: those of
				some 50000 zones; others are asked for again */
#define CHAIN_FAILURES_MAX 3 /* without an answer, for one name: the rest is
				left; for one question in a run: it is not asked
				again */
#define CHAIN_SECONDS_MAX 60 /* that collecting for one name may take */

/* Answers about zones by one asker; for any number of threads. */
struct chain_cache;
struct chain_cache *chain_cache_new(void);
void chain_cache_free(struct chain_cache *cache);

/*
 * The chain for the TXT records of the canonical "name", to which "reply" is
 * the answer, by "asker", who has "cache"; NULL when nothing of it is signed,
 * or a chain cannot be so large.
 */
struct dnssec_chain *chain_collect(struct chain_cache *cache,
    const struct dns_asker *asker, const struct trust_anchors *anchors,
    struct span name, const struct dns_reply *reply);

#endif
