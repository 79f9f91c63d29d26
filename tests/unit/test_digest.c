/* test_digest.c - FIPS 180-4 examples, and digests as sinks. */
#include "keysnap/base/digest.h"
#include "tests/unit/span_assert.h"

#include <string.h>

static const struct {
	const char *text, *sha1, *sha256;
} cases[] = {
	{ "", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
	    "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855" },
	{ "abc", "a9993e364706816aba3e25717850c26c9cd0d89d",
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad" },
	{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
	    "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1" },
};

static void
assert_hex(const uint8_t *octets, size_t n, const char *want)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ octets, n }, hex);
	g_assert_cmpstr(hex, ==, want);
}

/* Every cut of each text in two gives the one digest; one context does for
 * all of them. */
static void
test_splits(void)
{
	struct crypto *crypto = crypto_open(NULL);
	uint8_t out[DIGEST_MAX_SIZE];
	struct digest sha1, sha256;

	digest_init(&sha1, crypto, DIGEST_SHA1);
	digest_init(&sha256, crypto, DIGEST_SHA256);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct span text = span_from_string(cases[i].text);

		for (size_t at = 0; at <= text.n; at++) {
			digest_reset(&sha1);
			sink_push(&sha1.sink, span_sub(text, 0, at));
			sink_push(&sha1.sink, span_from(text, at));
			digest_finish(&sha1, out);
			assert_hex(out, sha1.size, cases[i].sha1);

			digest_reset(&sha256);
			sink_push(&sha256.sink, span_sub(text, 0, at));
			digest_add(&sha256, span_from(text, at));
			digest_finish(&sha256, out);
			assert_hex(out, sha256.size, cases[i].sha256);
		}
		digest_sha256(crypto, text, out);
		assert_hex(out, DIGEST_SHA256_SIZE, cases[i].sha256);
	}
	digest_clear(&sha1);
	digest_clear(&sha256);
	crypto_close(crypto);
}

/* What was added before a reset leaves no trace. */
static void
test_reset(void)
{
	struct crypto *crypto = crypto_open(NULL);
	uint8_t out[DIGEST_MAX_SIZE];
	struct digest digest;

	digest_init(&digest, crypto, DIGEST_SHA256);
	digest_add(&digest, SPAN("left over"));
	digest_reset(&digest);
	digest_add(&digest, SPAN("abc"));
	digest_finish(&digest, out);
	assert_hex(out, digest.size, cases[1].sha256);
	digest_clear(&digest);
	crypto_close(crypto);
}

/* A look at the middle changes nothing of the end. */
static void
test_peek(void)
{
	struct crypto *crypto = crypto_open(NULL);
	uint8_t out[DIGEST_MAX_SIZE], want[DIGEST_SHA256_SIZE];
	struct digest digest;

	digest_init(&digest, crypto, DIGEST_SHA256);
	digest_add(&digest, SPAN("a"));
	digest_peek(&digest, out);
	digest_sha256(crypto, SPAN("a"), want);
	g_assert_true(memcmp(out, want, sizeof(want)) == 0);
	digest_add(&digest, SPAN("bc"));
	digest_finish(&digest, out);
	assert_hex(out, digest.size, cases[1].sha256);
	digest_clear(&digest);
	crypto_close(crypto);
}

static void
test_hex(void)
{
	static const struct {
		const char *name, *hex;
		bool want;
	} hexes[] = {
		{ "good",
		    "00112233445566778899aabbccddeeff"
		    "00112233445566778899aabbccddeeff",
		    true },
		{ "upper case",
		    "00112233445566778899aabbccddeefF"
		    "00112233445566778899aabbccddeeff",
		    false },
		{ "one short",
		    "00112233445566778899aabbccddeef"
		    "00112233445566778899aabbccddeeff",
		    false },
		{ "one long",
		    "000112233445566778899aabbccddeeff"
		    "00112233445566778899aabbccddeeff",
		    false },
		{ "no digit",
		    "00112233445566778899aabbccddeefg"
		    "00112233445566778899aabbccddeeff",
		    false },
		{ "8-bit",
		    "00112233445566778899aabbccddeef\xe9"
		    "00112233445566778899aabbccddeeff",
		    false },
		{ "empty", "", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(hexes); i++) {
		uint8_t out[DIGEST_SHA256_SIZE];
		bool got = digest_from_hex(span_from_string(hexes[i].hex), out);

		g_test_message("%s", hexes[i].name);
		g_assert_true(got == hexes[i].want);
		if (got)
			assert_hex(out, sizeof(out), hexes[i].hex);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/digest/splits", test_splits);
	g_test_add_func("/digest/reset", test_reset);
	g_test_add_func("/digest/peek", test_peek);
	g_test_add_func("/digest/hex", test_hex);
	return g_test_run();
}
