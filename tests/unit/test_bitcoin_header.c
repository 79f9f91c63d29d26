/* test_bitcoin_header.c - the first three blocks of Bitcoin, which anybody can
 * look up, and what becomes of them when they are changed. */
#include "keysnap/store/bitcoin_header.h"

#include "keysnap/base/digest.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define ZEROS "00000000000000000000000000000000"
#define HEX_0                                                              \
	"01000000" ZEROS ZEROS                                             \
	"3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a" \
	"29ab5f49ffff001d1dac2b7c"
#define HEX_1                                                              \
	"01000000"                                                         \
	"6fe28c0ab6f1b372c1a6a246ae63f74f931e8365e15a089c68d6190000000000" \
	"982051fd1e4ba744bbbe680e1fee14677ba1a3c3540bf7b1cdb606e857233e0e" \
	"61bc6649ffff001d01e36299"
#define HEX_2                                                              \
	"01000000"                                                         \
	"4860eb18bf1b1620e37e9490fc8a427514416fd75159ab86688e9a8300000000" \
	"d5fdcc541e25de1c7a5addedf24858b8bb665c9f36ef744ee42c316022c90f9b" \
	"b0bc6649ffff001d08d2bd61"
#define HASH_0 \
	"000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f"
#define HASH_1 \
	"00000000839a8e6886ab5951d76f411475428afc90947ee320161bbf18eb6048"

struct fixture {
	struct crypto *crypto;
	struct arena *arena;
	uint8_t octets[3 * BITCOIN_HEADER_SIZE];
};

static void
read_hex(const char *hex, uint8_t *out)
{
	for (size_t i = 0; hex[2 * i] != '\0'; i++) {
		char digits[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		out[i] = (uint8_t)g_ascii_strtoull(digits, NULL, 16);
	}
}

static void
setup(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	f->crypto = crypto_open(NULL);
	f->arena = arena_new();
	read_hex(HEX_0 HEX_1 HEX_2, f->octets);
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	arena_free(f->arena);
	crypto_close(f->crypto);
}

static bool
parse(struct fixture *f, struct span file, struct bitcoin_headers *headers_out)
{
	const char *why = NULL;
	bool ok =
	    bitcoin_headers_parse(headers_out, f->arena, f->crypto, file, &why);

	g_assert_true(ok == (why == NULL));
	return ok;
}

static void
test_forms(struct fixture *f, gconstpointer unused)
{
	static const struct {
		const char *name, *text;
		bool want;
	} cases[] = {
		{ "hex", HEX_0, true },
		{ "hex and line end", HEX_1 "\r\n", true },
		{ "two headers in hex", HEX_0 HEX_1, false },
		{ "a digit too few", &("0" HEX_0)[2], false },
		{ "no digit",
		    "g1000000" ZEROS ZEROS ZEROS ZEROS "0000000"
		    "000000000000000000",
		    false },
		{ "empty", "", false },
	};
	struct bitcoin_headers headers;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_true(parse(f, span_from_string(cases[i].text),
				  &headers) == cases[i].want);
	}
	for (size_t n = 0; n <= sizeof(f->octets); n++) {
		bool ok = parse(f, (struct span){ f->octets, n }, &headers);

		g_assert_true(ok == (n > 0 && n % BITCOIN_HEADER_SIZE == 0));
		g_assert_true(!ok || headers.from_first);
	}
}

/* No changed bit of any octet leaves the work or the order as it was. */
static void
test_flips(struct fixture *f, gconstpointer unused)
{
	struct bitcoin_headers headers;
	struct span all = { f->octets, sizeof(f->octets) };

	(void)unused;
	for (size_t i = 0; i < sizeof(f->octets); i++) {
		f->octets[i] ^= (uint8_t)(1u << (i % 8));
		g_assert_false(parse(f, all, &headers));
		f->octets[i] ^= (uint8_t)(1u << (i % 8));
	}
	g_assert_true(parse(f, all, &headers));
}

/* Targets that are none, or too easy. */
static void
test_targets(struct fixture *f, gconstpointer unused)
{
	static const char *const bits[] = { "\xff\xff\x7f\x20",
		"\x00\x00\x01\x1d", "\xff\xff\x00\x1e", "\xff\xff\x80\x1d",
		"\x00\x00\x00\x1d", "\xff\xff\x00\x21", "\xff\xff\x00\xff",
		"\xff\xff\x00\x02", "\xff\xff\x00\x00", "\xff\xff\x00\x03" };
	struct bitcoin_headers headers;

	(void)unused;
	/* Of the first one every other hash would do. */
	for (size_t i = 0; i < G_N_ELEMENTS(bits); i++) {
		memcpy(f->octets + 72, bits[i], 4);
		for (unsigned nonce = 0; nonce < 64; nonce++) {
			f->octets[76] = (uint8_t)nonce;
			g_assert_false(
			    parse(f, (struct span){ f->octets, 80 }, &headers));
		}
	}
}

static void
test_find(struct fixture *f, gconstpointer unused)
{
	struct bitcoin_headers headers;
	struct bitcoin_block block;
	const uint8_t *root = f->octets + 80 + 36;
	uint8_t want[32], other[32];

	(void)unused;
	g_assert_true(
	    parse(f, (struct span){ f->octets, sizeof(f->octets) }, &headers));
	g_assert_true(headers.from_first);
	g_assert_true(
	    bitcoin_headers_find(&headers, f->crypto, root, 1, &block));
	g_assert_cmpint(block.time, ==, 1231469665);
	g_assert_true(block.height_checked);
	g_assert_cmpuint(block.before, ==, 1);
	g_assert_cmpuint(block.work, ==, 32);
	g_assert_true(digest_from_hex(SPAN(HASH_1), want));
	span_assert_equal(
	    "hash", (struct span){ block.hash, 32 }, (struct span){ want, 32 });
	/* At another height it is not. */
	g_assert_false(
	    bitcoin_headers_find(&headers, f->crypto, root, 0, &block));
	g_assert_false(
	    bitcoin_headers_find(&headers, f->crypto, root, 3, &block));
	g_assert_false(bitcoin_headers_find(
	    &headers, f->crypto, root, UINT64_MAX, &block));
	memcpy(other, root, 32);
	other[31] ^= 1;
	g_assert_false(
	    bitcoin_headers_find(&headers, f->crypto, other, 1, &block));
	/* Without the first block the height is the proof's word. */
	g_assert_true(parse(f, (struct span){ f->octets + 80, 160 }, &headers));
	g_assert_false(headers.from_first);
	g_assert_true(
	    bitcoin_headers_find(&headers, f->crypto, root, 77, &block));
	g_assert_false(block.height_checked);
	g_assert_cmpuint(block.before, ==, 0);
	g_assert_true(digest_from_hex(SPAN(HASH_0), want));
	g_assert_cmpint(memcmp(block.hash, want, 32), !=, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
#define ADD(name)                                                         \
	g_test_add("/bitcoin_header/" #name, struct fixture, NULL, setup, \
	    test_##name, teardown)
	ADD(forms);
	ADD(flips);
	ADD(targets);
	ADD(find);
	return g_test_run();
}
