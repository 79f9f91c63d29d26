/* fuzz_dnssec_chain.c - any octets as a chain, and what it proves. */
#include "keysnap/dnssec/dnssec_validate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any root key of the chain is trusted, so that what is below is reached. */
static void
trust_root(struct trust_anchors *anchors, const struct dnssec_chain *chain)
{
	g_autoptr(ldns_rdf) root = zone_name_new((struct span){ NULL, 0 });
	const struct dnssec_set *keys =
	    dnssec_chain_find(chain, root, LDNS_RR_TYPE_DNSKEY);
	struct trust_anchor *anchor = anchors->items->pdata[0];
	ldns_rr *ds = NULL;

	if (keys != NULL)
		ds = ldns_key_rr2ds(
		    ldns_rr_list_rr(keys->records, 0), LDNS_SHA256);
	if (ds == NULL)
		return;
	ldns_rr_free(anchor->ds);
	*anchor = (struct trust_anchor){ ds, TIMESTAMP_NONE, TIMESTAMP_NONE };
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct span names[] = {
		{ (const uint8_t *)"s1._domainkey.example.test", 26 },
		{ (const uint8_t *)"s2._domainkey.example.test", 26 },
		{ (const uint8_t *)"s3.x.example.test", 17 },
		{ (const uint8_t *)"s4._domainkey.example.test", 26 },
	};
	struct trust_anchors *anchors = trust_anchors_builtin();
	struct dnssec_finding finding;
	struct dnssec_chain *chain;
	const char *why;

	chain = dnssec_chain_read((struct span){ data, size }, &why);
	if (chain != NULL) {
		trust_root(anchors, chain);
		for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
			dnssec_validate(
			    chain, names[i], anchors, TIMESTAMP_NONE, &finding);
			g_assert((finding.from != TIMESTAMP_NONE) ==
			    (finding.status == CHAIN_SECURE ||
				finding.status == CHAIN_INSECURE));
			dnssec_finding_clear(&finding);
		}
	}
	dnssec_chain_free(chain);
	trust_anchors_free(anchors);
	return 0;
}
