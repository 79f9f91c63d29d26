/*
 * bag_manifest.c - a sorted array of path keys and digests.
 */
#include "verifier/archive/bag_manifest.h"

#include "keysnap/base/digest.h"

#include <stdlib.h>
#include <string.h>

static const struct span tag_start = { (const uint8_t *)"tagmanifest-", 12 };
static const struct span payload_start = { (const uint8_t *)"manifest-", 9 };
static const struct span ending = { (const uint8_t *)".txt", 4 };

/* The algorithm in the name of a manifest; empty when it is no manifest's. */
static struct span
algorithm_in(struct span name, bool *payload_out)
{
	*payload_out = span_starts_with(name, payload_start);
	if (*payload_out)
		name = span_from(name, payload_start.n);
	else if (span_starts_with(name, tag_start))
		name = span_from(name, tag_start.n);
	else
		return (struct span){ NULL, 0 };
	if (!span_ends_with(name, ending))
		return (struct span){ NULL, 0 };
	return span_sub(name, 0, name.n - ending.n);
}

bool
bag_manifest_is_name(const char *name)
{
	bool payload;

	return algorithm_in(span_from_string(name), &payload).n > 0;
}

struct bag_manifest *
bag_manifest_new(const char *name)
{
	bool payload;
	enum checksum_algorithm algorithm;

	if (!checksum_algorithm_of(
		algorithm_in(span_from_string(name), &payload), &algorithm))
		return NULL;
	struct bag_manifest *manifest = g_new0(struct bag_manifest, 1);
	manifest->algorithm = algorithm;
	manifest->payload = payload;
	manifest->name = g_strdup(name);
	manifest->width = sizeof(struct bag_entry) + checksum_size(algorithm);
	manifest->data = g_byte_array_new();
	return manifest;
}

void
bag_manifest_free(struct bag_manifest *manifest)
{
	if (manifest == NULL)
		return;
	g_byte_array_unref(manifest->data);
	g_free(manifest->name);
	g_free(manifest);
}

static void
make_key(const struct crypto *crypto, struct span path,
    uint8_t out[DIGEST_SHA256_SIZE])
{
	digest_sha256(crypto, path, out);
}

bool
bag_manifest_add(struct bag_manifest *manifest, const struct crypto *crypto,
    struct span path, const uint8_t *digest)
{
	static const uint8_t marks[2] = { 0, 0 };
	uint8_t key[DIGEST_SHA256_SIZE];

	if (manifest->n == BAG_FILES_MAX)
		return false;
	make_key(crypto, path, key);
	g_byte_array_append(manifest->data, key, BAG_KEY_SIZE);
	g_byte_array_append(manifest->data, marks, sizeof(marks));
	g_byte_array_append(
	    manifest->data, digest, (guint)checksum_size(manifest->algorithm));
	manifest->n++;
	return true;
}

static int
compare_keys(const void *a, const void *b)
{
	return memcmp(a, b, BAG_KEY_SIZE);
}

void
bag_manifest_sort(struct bag_manifest *manifest)
{
	if (manifest->n > 0)
		qsort(manifest->data->data, manifest->n, manifest->width,
		    compare_keys);
}

struct bag_entry *
bag_manifest_find(struct bag_manifest *manifest, const struct crypto *crypto,
    struct span path)
{
	uint8_t key[DIGEST_SHA256_SIZE];

	make_key(crypto, path, key);
	if (manifest->n == 0)
		return NULL;
	return bsearch(key, manifest->data->data, manifest->n, manifest->width,
	    compare_keys);
}
