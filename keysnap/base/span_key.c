/*
 * span_key.c - spans and strings as the keys of a GHashTable.
 */
#include "keysnap/base/span_key.h"

#include "keysnap/base/siphash.h"

#include <string.h>
#include <sys/random.h>

/* Of the process; the kernel gives so few octets at once and whole. */
static const uint8_t *
secret(void)
{
	static uint8_t key[SIPHASH_KEY_SIZE];
	static gsize ready;

	if (g_once_init_enter(&ready)) {
		if (getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key))
			g_error("no random octets: getrandom() failed");
		g_once_init_leave(&ready, 1);
	}
	return key;
}

guint
span_key_hash(gconstpointer key)
{
	return (guint)siphash(secret(), *(const struct span *)key);
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

guint
string_key_hash(gconstpointer key)
{
	const struct span text = { key, strlen(key) };

	return (guint)siphash(secret(), text);
}

guint
bytes_key_hash(gconstpointer key)
{
	struct span octets;

	octets.p = g_bytes_get_data((GBytes *)key, &octets.n);
	return (guint)siphash(secret(), octets);
}
