/*
 * test_file_sum.c - sums of files, however batches cut them, and of their
 * beginnings.
 */
#include "verifier/archive/file_sum.h"

#include <string.h>

/* Two files of ten octets, one batch behind another that cut them at "cut". */
#define FILES  2
#define OCTETS 10

static uint8_t octets[FILES][OCTETS];

static void
fill(void)
{
	for (size_t i = 0; i < FILES * OCTETS; i++)
		octets[i / OCTETS][i % OCTETS] = (uint8_t)i;
}

/* Octets "from" to "to" of one file. */
static void
add_part(struct file_sum *sum, size_t file, size_t from, size_t to)
{
	struct batch *batch = batch_new();

	batch->buffer = g_memdup2(octets[file], OCTETS);
	batch->stretches[0] = (struct stretch){
		.at = from,
		.n = to - from,
		.begins = from == 0,
		.ends = to == OCTETS,
	};
	batch->n_stretches = batch->n_files = 1;
	file_sum_add(sum, batch);
	if (to == OCTETS) {
		struct crypto *crypto = crypto_open(NULL);
		uint8_t want[DIGEST_SHA256_SIZE];

		digest_sha256(
		    crypto, (struct span){ octets[file], OCTETS }, want);
		g_assert_true(memcmp(batch->files[0].sha256, want,
				  DIGEST_SHA256_SIZE) == 0);
		crypto_close(crypto);
	}
	batch_free(batch);
}

static void
add_all(struct file_sum *sum, size_t cut)
{
	for (size_t file = 0; file < FILES; file++) {
		add_part(sum, file, 0, cut);
		add_part(sum, file, cut, OCTETS);
	}
}

/* Every beginning is found again, wherever the batches are cut. */
static void
test_prefix(void)
{
	struct crypto *crypto = crypto_open(NULL);

	fill();
	for (size_t n = 1; n < OCTETS; n++) {
		struct archive_prefix prefix;
		struct file_sum sum;

		file_sum_init(&sum, crypto);
		add_part(&sum, 0, 0, OCTETS);
		file_sum_prefix(&sum, &prefix);
		g_assert_cmpuint(prefix.file, ==, 0);
		add_part(&sum, 1, 0, n);
		file_sum_prefix(&sum, &prefix);
		g_assert_cmpuint(prefix.file, ==, 2);
		g_assert_cmpuint(prefix.octets, ==, n);
		file_sum_clear(&sum);
		for (size_t cut = 1; cut < OCTETS; cut++) {
			file_sum_init(&sum, crypto);
			file_sum_expect(&sum, &prefix);
			g_assert_cmpint(sum.state, ==, ARCHIVE_PREFIX_AHEAD);
			add_all(&sum, cut);
			g_assert_cmpint(sum.state, ==, ARCHIVE_PREFIX_SEEN);
			file_sum_clear(&sum);
		}
	}
	crypto_close(crypto);
}

static void
test_differs(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct archive_prefix prefix = { .file = 2, .octets = 4 };
	struct file_sum sum;

	fill();
	/* other octets */
	file_sum_init(&sum, crypto);
	file_sum_expect(&sum, &prefix);
	add_all(&sum, 3);
	g_assert_cmpint(sum.state, ==, ARCHIVE_PREFIX_DIFFERS);
	file_sum_clear(&sum);
	/* a shorter file */
	prefix.octets = OCTETS + 1;
	file_sum_init(&sum, crypto);
	file_sum_expect(&sum, &prefix);
	add_all(&sum, 3);
	g_assert_cmpint(sum.state, ==, ARCHIVE_PREFIX_DIFFERS);
	file_sum_clear(&sum);
	/* fewer files: the caller sees that it never came */
	prefix.file = 3;
	file_sum_init(&sum, crypto);
	file_sum_expect(&sum, &prefix);
	add_all(&sum, 3);
	g_assert_cmpint(sum.state, ==, ARCHIVE_PREFIX_AHEAD);
	file_sum_clear(&sum);
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/file-sum/prefix", test_prefix);
	g_test_add_func("/file-sum/differs", test_differs);
	return g_test_run();
}
