/* test_pack.c - packs of evidence: written, read, cut, damaged. */
#include "keysnap/store/pack.h"

#include "keysnap/store/store.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static uint8_t *
make_blob(size_t n, uint8_t seed)
{
	uint8_t *octets = g_malloc(n + 1);

	memset(octets, seed, n);
	return octets;
}

/* Write blobs of these sizes; the number of packs. */
static size_t
write_packs(const char *folder, const struct crypto *crypto,
    const size_t *sizes, size_t n)
{
	struct pack_writer *writer = pack_writer_new(folder, crypto);
	g_autofree uint8_t(*digests)[32] = NULL;
	GError *error = NULL;
	size_t n_packs = 0;

	for (size_t i = 0; i < n; i++) {
		g_autofree uint8_t *octets = make_blob(sizes[i], (uint8_t)i);
		struct span blob = { octets, sizes[i] };
		uint8_t sha256[32];

		digest_sha256(crypto, blob, sha256);
		g_assert_true(pack_writer_add(writer, sha256, blob, &error));
		g_assert_no_error(error);
	}
	g_assert_true(pack_writer_close(writer, &n_packs, &digests, &error));
	g_assert_no_error(error);
	return n_packs;
}

/* Blobs in a pack, or -1. */
static int
count_blobs(const char *path, const struct crypto *crypto, int want_code)
{
	GError *error = NULL;
	struct pack_reader *reader = pack_reader_open(path, crypto, &error);
	uint8_t sha256[32];
	struct span blob;
	int n = 0, got;

	g_assert_no_error(error);
	while ((got = pack_reader_next(reader, sha256, &blob, &error)) > 0)
		n++;
	pack_reader_close(reader);
	if (got == 0)
		return n;
	g_assert_error(error, STORE_ERROR, want_code);
	g_clear_error(&error);
	return -1;
}

static void
remove_packs(const char *folder, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		g_autofree char *name = pack_name(i);
		g_autofree char *path = g_build_filename(folder, name, NULL);

		g_assert_cmpint(g_unlink(path), ==, 0);
	}
	g_autofree char *evidence = g_build_filename(folder, "evidence", NULL);
	g_rmdir(evidence);
}

static void
test_round_trip(void)
{
	struct crypto *crypto = crypto_open(NULL);
	g_autofree char *folder = g_dir_make_tmp("pack-XXXXXX", NULL);
	g_autofree char *path =
	    g_build_filename(folder, "evidence/pack-000000", NULL);
	const size_t sizes[] = { 0, 1, 70000 };

	g_assert_cmpuint(write_packs(folder, crypto, sizes, 0), ==, 0);
	g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	g_assert_cmpuint(write_packs(folder, crypto, sizes, 3), ==, 1);
	g_assert_cmpint(
	    count_blobs(path, crypto, STORE_ERROR_INTEGRITY), ==, 3);
	remove_packs(folder, 1);
	g_rmdir(folder);
	crypto_close(crypto);
}

/* A pack holds up to PACK_MAX; the next blob starts another. */
static void
test_rotation(void)
{
	struct crypto *crypto = crypto_open(NULL);
	g_autofree char *folder = g_dir_make_tmp("pack-XXXXXX", NULL);
	g_autofree char *path =
	    g_build_filename(folder, "evidence/pack-000001", NULL);
	size_t sizes[17];

	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
		sizes[i] = EVIDENCE_MAX;
	/* 16 times 16 MiB and the lines are more than 256 MiB. */
	g_assert_cmpuint(write_packs(folder, crypto, sizes, 17), ==, 2);
	g_assert_cmpint(
	    count_blobs(path, crypto, STORE_ERROR_INTEGRITY), ==, 2);
	remove_packs(folder, 2);
	g_rmdir(folder);
	crypto_close(crypto);
}

static void
test_damage(void)
{
	struct crypto *crypto = crypto_open(NULL);
	g_autofree char *folder = g_dir_make_tmp("pack-XXXXXX", NULL);
	g_autofree char *path =
	    g_build_filename(folder, "evidence/pack-000000", NULL);
	const size_t sizes[] = { 5, 6 };
	g_autofree char *octets = NULL;
	gsize n;

	write_packs(folder, crypto, sizes, 2);
	g_assert_true(g_file_get_contents(path, &octets, &n, NULL));
	for (size_t i = 0; i < n; i++) {
		octets[i] ^= 1;
		g_unlink(path);
		g_assert_true(
		    g_file_set_contents(path, octets, (gssize)n, NULL));
		g_assert_cmpint(
		    count_blobs(path, crypto, STORE_ERROR_INTEGRITY), ==, -1);
		octets[i] ^= 1;
	}
	for (size_t cut = 1; cut < n; cut++) {
		g_assert_true(
		    g_file_set_contents(path, octets, (gssize)cut, NULL));
		/* 64 digits, " 5", LF, five octets, LF: one whole blob. */
		g_assert_cmpint(
		    count_blobs(path, crypto, STORE_ERROR_INTEGRITY), ==,
		    cut == 73 ? 1 : -1);
	}
	remove_packs(folder, 1);
	g_rmdir(folder);
	crypto_close(crypto);
}

static const char *const heads[] = { "", " ", " 00\n", " 01\na\n",
	" 16777217\n", " 99999999\n", " 999999999999999999999\n", " -1\n", " 1",
	"\n" };

static void
test_heads(void)
{
	struct crypto *crypto = crypto_open(NULL);
	g_autofree char *folder = g_dir_make_tmp("pack-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "p", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
		g_autofree char *text = g_strdup_printf("%064d%s", 0, heads[i]);

		g_assert_true(g_file_set_contents(path, text, -1, NULL));
		g_assert_cmpint(
		    count_blobs(path, crypto, STORE_ERROR_INTEGRITY), ==, -1);
	}
	g_unlink(path);
	g_rmdir(folder);
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/pack/round-trip", test_round_trip);
	g_test_add_func("/pack/rotation", test_rotation);
	g_test_add_func("/pack/damage", test_damage);
	g_test_add_func("/pack/heads", test_heads);
	return g_test_run();
}
