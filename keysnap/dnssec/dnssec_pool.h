/*
 * dnssec_pool.h - records that came in any order, of any names, and the chains
 * that can be made of them.
 */
#ifndef KEYSNAP_DNSSEC_DNSSEC_POOL_H
#define KEYSNAP_DNSSEC_DNSSEC_POOL_H

#include "keysnap/dnssec/dnssec_chain.h"

#define DNSSEC_POOL_RECORDS_MAX (1 << 18) /* about 150 MB; a file of answers
				has some tens for each name */
#define DNSSEC_POOL_DENIALS_MAX 4096 /* NSEC and NSEC3 sets: each is looked at
				for each name that needs one.  A whole zone has
				more, but its names are there and need none */

struct dnssec_pool;

struct dnssec_pool *dnssec_pool_new(void);
void dnssec_pool_free(struct dnssec_pool *pool);

/* Add a copy of a record; one that no chain needs is passed over.  False when
 * the pool is full. */
bool dnssec_pool_add(struct dnssec_pool *pool, const ldns_rr *record);

/* Is there any signature in it? */
bool dnssec_pool_is_signed(const struct dnssec_pool *pool);

/* The set of that owner and type, or NULL. */
const struct dnssec_set *dnssec_pool_find(const struct dnssec_pool *pool,
    const ldns_rdf *owner, ldns_rr_type type);

/*
 * The chain for the TXT records of the canonical "name": the answer and the
 * aliases to it, the keys and DS of every zone on the way that the pool has,
 * and the denials that concern these names.  Settled.  NULL when nothing of it
 * is signed, or it would be larger than a chain may be.
 */
struct dnssec_chain *dnssec_pool_chain(const struct dnssec_pool *pool,
    struct span name);

/*
 * Can a record of type NSEC or NSEC3, of a zone, say something of "name": does
 * it stand there, or in the gap where the name would be?  Not whether that
 * proves anything.
 */
bool denial_concerns(const ldns_rr *record, const ldns_rdf *zone,
    const ldns_rdf *name);

#endif
