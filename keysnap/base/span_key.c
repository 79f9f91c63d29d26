/*
 * span_key.c - spans as the keys of a GHashTable.
 */
#include "keysnap/base/span_key.h"

guint
span_key_hash(gconstpointer key)
{
	const struct span *span = key;
	guint hash = 5381;

	for (size_t i = 0; i < span->n; i++)
		hash = hash * 33 + span->p[i];
	return hash;
}

gboolean
span_key_equal(gconstpointer a, gconstpointer b)
{
	return span_equal(*(const struct span *)a, *(const struct span *)b);
}

struct span *
span_key_new(struct span span)
{
	struct span *key = g_malloc(sizeof(*key) + span.n);
	uint8_t *octets = (uint8_t *)(key + 1);

	if (span.n > 0)
		memcpy(octets, span.p, span.n);
	*key = (struct span){ octets, span.n };
	return key;
}
