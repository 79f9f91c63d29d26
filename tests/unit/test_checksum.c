/* test_checksum.c - four digests in one pass, their names and their hex. */
#include "verifier/archive/checksum.h"

#include "keysnap/base/digest.h"

#include <glib.h>
#include <string.h>

/* The digests of "abc": RFC 1321 appendix A.5, FIPS 180 examples. */
static const char *const abc[CHECKSUM_ALGORITHMS] = {
	[CHECKSUM_MD5] = "900150983cd24fb0d6963f7d28e17f72",
	[CHECKSUM_SHA1] = "a9993e364706816aba3e25717850c26c9cd0d89d",
	[CHECKSUM_SHA256] =
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	[CHECKSUM_SHA512] =
	    ("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"),
};

static void
test_digests(void)
{
	struct crypto *crypto = crypto_open(NULL);

	for (unsigned wanted = 0; wanted < 1u << CHECKSUM_ALGORITHMS;
	     wanted++) {
		uint8_t out[CHECKSUM_ALGORITHMS][CHECKSUM_SIZE_MAX];
		struct checksums checksums;
		char hex[CHECKSUM_HEX_SIZE];

		checksums_init(&checksums, crypto, wanted);
		checksums_add(&checksums, SPAN("forgotten"));
		checksums_reset(&checksums);
		checksums_add(&checksums, SPAN("ab"));
		checksums_add(&checksums, SPAN(""));
		checksums_add(&checksums, SPAN("c"));
		checksums_finish(&checksums, out);
		checksums_clear(&checksums);
		for (int i = 0; i < CHECKSUM_ALGORITHMS; i++) {
			if ((wanted & 1u << i) == 0)
				continue;
			digest_to_hex(
			    (struct span){ out[i],
				checksum_size((enum checksum_algorithm)i) },
			    hex);
			g_assert_cmpstr(hex, ==, abc[i]);
		}
	}
	crypto_close(crypto);
}

static void
test_hex(void)
{
	for (int i = 0; i < CHECKSUM_ALGORITHMS; i++) {
		g_autofree char *upper = g_ascii_strup(abc[i], -1);
		g_autofree char *bad = g_strdup(abc[i]);
		uint8_t out[CHECKSUM_SIZE_MAX], same[CHECKSUM_SIZE_MAX];
		enum checksum_algorithm algorithm = CHECKSUM_ALGORITHMS;
		struct span hex = span_from_string(abc[i]);
		char again[CHECKSUM_HEX_SIZE];

		g_assert_true(checksum_from_hex(hex, &algorithm, out));
		g_assert_cmpint((int)algorithm, ==, i);
		digest_to_hex(
		    (struct span){ out, checksum_size(algorithm) }, again);
		g_assert_cmpstr(again, ==, abc[i]);
		g_assert_true(checksum_from_hex(
		    span_from_string(upper), &algorithm, same));
		g_assert_true(memcmp(out, same, checksum_size(algorithm)) == 0);
		g_assert_false(
		    checksum_from_hex(span_from(hex, 1), &algorithm, out));
		g_assert_false(
		    checksum_from_hex(span_from(hex, 2), &algorithm, out));
		bad[7] = 'g';
		g_assert_false(
		    checksum_from_hex(span_from_string(bad), &algorithm, out));
	}
}

static void
test_names(void)
{
	enum checksum_algorithm got;

	for (int i = 0; i < CHECKSUM_ALGORITHMS; i++) {
		const char *name = checksum_name((enum checksum_algorithm)i);
		g_autofree char *upper = g_ascii_strup(name, -1);
		g_assert_true(
		    checksum_algorithm_of(span_from_string(name), &got));
		g_assert_cmpint((int)got, ==, i);
		g_assert_true(
		    checksum_algorithm_of(span_from_string(upper), &got));
		g_assert_cmpint((int)got, ==, i);
	}
	g_assert_true(checksum_algorithm_of(SPAN("SHA2-256"), &got));
	g_assert_cmpint(got, ==, CHECKSUM_SHA256);
	g_assert_true(checksum_algorithm_of(SPAN("SHA-1"), &got));
	g_assert_cmpint(got, ==, CHECKSUM_SHA1);
	g_assert_false(checksum_algorithm_of(SPAN("BLAKE2b"), &got));
	g_assert_false(checksum_algorithm_of(SPAN("SHA3-256"), &got));
	g_assert_false(checksum_algorithm_of(SPAN("sha"), &got));
	g_assert_false(checksum_algorithm_of(SPAN(""), &got));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/checksum/digests", test_digests);
	g_test_add_func("/checksum/hex", test_hex);
	g_test_add_func("/checksum/names", test_names);
	return g_test_run();
}
