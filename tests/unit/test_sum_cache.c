/* test_sum_cache.c - what is found is what was put, and nothing else. */
#include "verifier/archive/sum_cache.h"

#include <glib.h>
#include <string.h>

static void
fill(uint8_t sum[CHECKSUM_SIZE_MAX], int octet)
{
	memset(sum, octet, CHECKSUM_SIZE_MAX);
}

static void
test_get(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct sum_cache *cache = sum_cache_new(crypto);
	uint8_t sum[CHECKSUM_SIZE_MAX], got[CHECKSUM_SIZE_MAX];

	g_assert_false(sum_cache_get(cache, SPAN("a"), CHECKSUM_MD5, got));
	fill(sum, 1);
	sum_cache_put(cache, SPAN("a"), CHECKSUM_MD5, sum);
	g_assert_true(sum_cache_get(cache, SPAN("a"), CHECKSUM_MD5, got));
	g_assert_true(memcmp(got, sum, sizeof(sum)) == 0);
	g_assert_false(sum_cache_get(cache, SPAN("a"), CHECKSUM_SHA1, got));
	g_assert_false(sum_cache_get(cache, SPAN("b"), CHECKSUM_MD5, got));
	g_assert_false(sum_cache_get(cache, SPAN(""), CHECKSUM_MD5, got));
	fill(sum, 2);
	sum_cache_put(cache, SPAN("a"), CHECKSUM_MD5, sum);
	g_assert_true(sum_cache_get(cache, SPAN("a"), CHECKSUM_MD5, got));
	g_assert_true(memcmp(got, sum, sizeof(sum)) == 0);
	sum_cache_free(cache);
	sum_cache_free(NULL);
	crypto_close(crypto);
}

/* More files than slots: each is found as it was put, or not at all. */
static void
test_many(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct sum_cache *cache = sum_cache_new(crypto);
	uint8_t sum[CHECKSUM_SIZE_MAX], got[CHECKSUM_SIZE_MAX];
	unsigned found = 0;

	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < 2 * SUM_CACHE_SLOTS; i++) {
			g_autofree char *path = g_strdup_printf("d/%d", i);
			struct span span = span_from_string(path);

			fill(sum, i % 251);
			if (pass == 0) {
				sum_cache_put(cache, span, CHECKSUM_MD5, sum);
			} else if (sum_cache_get(
				       cache, span, CHECKSUM_MD5, got)) {
				g_assert_true(
				    memcmp(got, sum, sizeof(sum)) == 0);
				found++;
			}
		}
	}
	g_assert_cmpuint(found, >, SUM_CACHE_SLOTS / 2);
	g_assert_cmpuint(found, <=, SUM_CACHE_SLOTS);
	sum_cache_free(cache);
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/sum-cache/get", test_get);
	g_test_add_func("/sum-cache/many", test_many);
	return g_test_run();
}
