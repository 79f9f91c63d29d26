/* test_bag_manifest.c - finding paths in a manifest, and names of manifests. */
#include "verifier/archive/bag_manifest.h"

#include <glib.h>

/* The same entry for a path that was added twice, and none where it is not. */
static void
test_find(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct bag_manifest *manifest =
	    bag_manifest_new("tagmanifest-sha1.txt");
	static const uint8_t digest[CHECKSUM_SIZE_MAX] = { 7 };

	g_assert_false(manifest->payload);
	g_assert_cmpint(manifest->algorithm, ==, CHECKSUM_SHA1);
	g_assert_null(bag_manifest_find(manifest, crypto, SPAN("1")));
	for (int i = 0; i < 1000; i++) {
		g_autofree char *path = g_strdup_printf("%d", i % 900);
		g_assert_true(bag_manifest_add(
		    manifest, crypto, span_from_string(path), digest));
	}
	bag_manifest_sort(manifest);
	for (int i = 0; i < 900; i++) {
		g_autofree char *path = g_strdup_printf("%d", i);
		struct bag_entry *entry =
		    bag_manifest_find(manifest, crypto, span_from_string(path));
		g_assert_nonnull(entry);
		g_assert_cmpuint(entry->digest[0], ==, 7);
		g_assert_cmpuint(entry->found, ==, 0);
		entry->found = 1;
		g_assert_true(entry ==
		    bag_manifest_find(
			manifest, crypto, span_from_string(path)));
	}
	g_assert_null(bag_manifest_find(manifest, crypto, SPAN("900")));
	bag_manifest_free(manifest);
	crypto_close(crypto);
}

static void
test_names(void)
{
	g_assert_null(bag_manifest_new("manifest-x.txt"));
	g_assert_true(bag_manifest_is_name("manifest-x.txt"));
	g_assert_false(bag_manifest_is_name("manifest-.txt"));
	g_assert_false(bag_manifest_is_name("manifest-md5.txt~"));
	g_assert_false(bag_manifest_is_name("my-manifest-md5.txt"));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/bag-manifest/find", test_find);
	g_test_add_func("/bag-manifest/names", test_names);
	return g_test_run();
}
