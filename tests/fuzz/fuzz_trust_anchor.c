/* fuzz_trust_anchor.c - any octets as a file of trust anchors. */
#include "keysnap/dnssec/trust_anchor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct trust_anchors *anchors;
	char *why;
	unsigned line;

	anchors = trust_anchors_read((struct span){ data, size }, &why, &line);
	g_assert((anchors == NULL) == (why != NULL));
	for (guint i = 0; anchors != NULL && i < anchors->items->len; i++)
		g_free(trust_anchor_text(anchors->items->pdata[i]));
	trust_anchors_free(anchors);
	g_free(why);
	return 0;
}
