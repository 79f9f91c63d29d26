/*
 * import_chains.h - the DNSSEC chains of one import: from the records that
 * came along to chain-result entries for its observations.
 */
#ifndef KEYSNAP_IMPORT_IMPORT_CHAINS_H
#define KEYSNAP_IMPORT_IMPORT_CHAINS_H

#include "keysnap/dnssec/dnssec_pool.h"
#include "keysnap/dnssec/trust_anchor.h"
#include "keysnap/store/store.h"

struct import_chains {
	struct dnssec_pool *pool;
	uint64_t left_out; /* records past the limits of a pool */
	uint64_t results;  /* entries added */
};

void import_chains_init(struct import_chains *chains);
void import_chains_clear(struct import_chains *chains);
void import_chains_take(struct import_chains *chains, const ldns_rr *record);

/*
 * For each observation of the open transaction from entry "from" on of whose
 * answer anything is signed: keep its chain as evidence, and add what it
 * proves under "anchors".
 */
bool import_chains_add(struct import_chains *chains, struct store *store,
    const struct crypto *crypto, const struct trust_anchors *anchors,
    int64_t made, uint64_t from, GError **error);

/* Keep a chain as evidence for an observation, and add what it proves. */
bool import_chains_add_one(struct store *store, const struct crypto *crypto,
    const struct dnssec_chain *chain, const struct entry_observation *observation,
    uint64_t number, const struct trust_anchors *anchors, int64_t made,
    GError **error);

#endif
