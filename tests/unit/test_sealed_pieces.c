/* test_sealed_pieces.c - a file hashed and copied piece by piece. */
#include "keysnap/store/sealed_file.h"

#include "keysnap/store/store.h"

#include <string.h>
#include <unistd.h>

#define SIZE 1000003 /* octets of the file */

struct fixture {
	struct crypto *crypto;
	uint8_t *octets;
	int fd;
	uint8_t sha256[32];
};

static void
setup(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	fixture->crypto = crypto_open(NULL);
	fixture->fd = sealed_file_new(SIZE, NULL);
	fixture->octets = g_malloc(SIZE);
	for (size_t i = 0; i < SIZE; i++)
		fixture->octets[i] = (uint8_t)(i * i >> 7);
	g_assert_cmpint(write(fixture->fd, fixture->octets, SIZE), ==, SIZE);
}

static void
teardown(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	close(fixture->fd);
	g_free(fixture->octets);
	crypto_close(fixture->crypto);
}

static void
check_copy(struct fixture *fixture, const struct sealed_pieces *pieces)
{
	g_autofree uint8_t *octets = g_malloc(SIZE + 1);
	GError *error = NULL;
	int copy = sealed_file_copy_pieces(
	    fixture->fd, "file", pieces, fixture->crypto, &error);

	g_assert_no_error(error);
	g_assert_cmpint(pread(copy, octets, SIZE + 1, 0), ==, SIZE);
	g_assert_true(memcmp(octets, fixture->octets, SIZE) == 0);
	g_assert_cmpint(pwrite(copy, "x", 1, 0), ==, -1);
	g_assert_cmpint(ftruncate(copy, 1), ==, -1);
	close(copy);
}

static void
check_refused(struct fixture *fixture, const struct sealed_pieces *pieces)
{
	GError *error = NULL;

	g_assert_cmpint(sealed_file_copy_pieces(fixture->fd, "file", pieces,
			    fixture->crypto, &error),
	    ==, -1);
	g_assert_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY);
	g_assert_nonnull(strstr(error->message, "file"));
	g_clear_error(&error);
}

/* Pieces that end with the file, behind and before it. */
static void
test_sizes(struct fixture *fixture, gconstpointer unused)
{
	static const size_t sizes[] = { 4096, 5000, 65536, 1 << 18, 300000,
		SIZE - 1, SIZE, SIZE + 1 };

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		g_autoptr(GByteArray) digests = g_byte_array_new();
		uint8_t whole[32], one[32];

		g_assert_true(sealed_file_digests(fixture->fd, "file",
		    fixture->crypto, sizes[i], one, digests, NULL));
		g_assert_true(sealed_file_digest(
		    fixture->fd, "file", fixture->crypto, whole, NULL));
		g_assert_true(memcmp(whole, one, 32) == 0);
		struct sealed_pieces pieces = { sizes[i],
			(const uint8_t(*)[32])digests->data,
			digests->len / 32 };
		g_assert_cmpuint(pieces.n, ==, (SIZE - 1) / sizes[i] + 1);
		check_copy(fixture, &pieces);
		for (size_t j = 0; j < pieces.n; j += 1 + pieces.n / 5) {
			digests->data[32 * j + 31] ^= 1;
			check_refused(fixture, &pieces);
			digests->data[32 * j + 31] ^= 1;
		}
		pieces.n--;
		check_refused(fixture, &pieces);
	}
}

/* A hole of terabytes ends at its first piece. */
static void
test_hole(struct fixture *fixture, gconstpointer unused)
{
	const size_t n = 1 << 16;
	g_autofree uint8_t *digests = g_malloc0(n * 32);
	struct sealed_pieces pieces = { 16 << 20, (const uint8_t(*)[32])digests,
		n };

	(void)unused;
	g_assert_cmpint(
	    ftruncate(fixture->fd, (off_t)(n * pieces.size)), ==, 0);
	check_refused(fixture, &pieces);
	g_assert_cmpint(ftruncate(fixture->fd, 0), ==, 0);
	check_refused(fixture, &pieces);
	pieces.n = 0;
	check_refused(fixture, &pieces);
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/sealed-pieces/sizes", test_sizes);
	ADD("/sealed-pieces/hole", test_hole);
	return g_test_run();
}
