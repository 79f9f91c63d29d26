/*
 * dnssec_chain.h - a stored DNSSEC chain: records with their signatures.
 *
 * As evidence it is the AuthenticationChain of RFC 9102 section 3, without the
 * two octets of the extension before it: records in wire form (RFC 1035
 * section 3.2.1) with uncompressed names, each RRset followed by its RRSIGs.
 * It starts with what was asked for; the trust anchor is not in it.
 *
 * A chain has one spelling for its sets, in the order in which they stand: what
 * is read is written back octet for octet, or it is refused.
 */
#ifndef KEYSNAP_DNSSEC_DNSSEC_CHAIN_H
#define KEYSNAP_DNSSEC_DNSSEC_CHAIN_H

#include "keysnap/dnssec/zone_name.h"

#define DNSSEC_CHAIN_MAX (256 << 10) /* octets: four of the largest messages;
				real chains take 2 to 10 KB */
#define DNSSEC_SETS_MAX 256 /* a name of 16 CNAMEs, each in a zone of its own
				below a TLD, takes under 100 */
#define DNSSEC_SET_RECORDS_MAX 256 /* as many as an answer of 64 KB holds of
				keys */
#define DNSSEC_SET_SIGNATURES_MAX 16 /* a set in the middle of changing its
				algorithm has 2 to 4 */

/* The records of one owner and type, all of class IN, and the RRSIG records
 * over that type.  A set in a chain being made may still lack its records. */
struct dnssec_set {
	ldns_rdf *owner;
	ldns_rr_type type;
	ldns_rr_list *records, *signatures;
};

struct dnssec_chain {
	GPtrArray *sets; /* struct dnssec_set */
	size_t octets;	 /* of all records, written */
};

struct dnssec_chain *dnssec_chain_new(void);
void dnssec_chain_free(struct dnssec_chain *chain);

typedef struct dnssec_chain dnssec_chain_auto;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(dnssec_chain_auto, dnssec_chain_free)

/* Is this a record that a chain can need: class IN, one of TXT, CNAME, DNAME,
 * SOA, DNSKEY, DS, NSEC, NSEC3, or RRSIG over one of these, and whole? */
bool dnssec_chain_takes(const ldns_rr *record);

/*
 * Add a copy of a record that dnssec_chain_takes(), to the set that it belongs
 * to; one that is there already (but for the TTL) is not added again.  False
 * when the chain, or the set, is full.
 */
bool dnssec_chain_add(struct dnssec_chain *chain, const ldns_rr *record);

/* Add all that "other" holds. */
bool dnssec_chain_join(
    struct dnssec_chain *chain, const struct dnssec_chain *other);

/*
 * Make a chain from records that came in any order, and from caches, one that
 * can be written: sets without records go, and every TTL becomes the original
 * one, of the first signature of its set (RFC 4034 section 3.1.4), where there
 * is one.
 */
void dnssec_chain_settle(struct dnssec_chain *chain);

/* The set of that owner and type, or NULL. */
const struct dnssec_set *dnssec_chain_find(const struct dnssec_chain *chain,
    const ldns_rdf *owner, ldns_rr_type type);

/* Append the octets of a settled chain. */
void dnssec_chain_write(const struct dnssec_chain *chain, GString *out);

/*
 * Read the octets of a chain.  NULL with the reason when they are none: not
 * well formed to the end, a record that no chain needs, over a limit above, or
 * another spelling (compressed names, a set in two places, a record twice).
 */
struct dnssec_chain *dnssec_chain_read(struct span octets, const char **why_out);

#endif
