/*
 * dns_hops.h - one answer in several messages: aliases that led from zone to
 * zone, each asked at servers of its own.
 */
#ifndef KEYSNAP_IMPORT_DNS_HOPS_H
#define KEYSNAP_IMPORT_DNS_HOPS_H

#include "keysnap/import/dns_answer.h"

struct dns_hop {
	struct span message;
	struct span zone; /* canonical, empty: the root; only records within it
			     count, for its servers know of no others */
};

/*
 * Emit what the messages say of the name that the first one is about
 * (dns_answer_emit()); each of the others is about a name that those before it
 * lead to.  NULL with the number of observations, or why they are no answer.
 */
const char *dns_hops_emit(struct arena *arena, const struct dns_hop *hops,
    size_t n, const struct entry_observation *observation,
    const struct import_output *output, size_t *n_out);

#endif
