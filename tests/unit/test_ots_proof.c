/* test_ots_proof.c - proofs of OpenTimestamps, read and calculated. */
#include "keysnap/store/ots_proof.h"

#include "keysnap/base/digest.h"
#include "tests/unit/ots_case.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define ROOT_OFFSET 36 /* in a block's header */

struct fixture {
	struct crypto *crypto;
	struct arena *arena;
	GByteArray *proof;
	uint8_t digest[32]; /* of the first transaction */
	uint8_t root[32];   /* of the first block */
};

static void
setup(struct fixture *f, gconstpointer unused)
{
	g_autoptr(GByteArray) transaction = ots_case_first_transaction();
	g_autoptr(GByteArray) header = ots_case_first_header();

	(void)unused;
	f->crypto = crypto_open(NULL);
	f->arena = arena_new();
	f->proof = g_byte_array_new();
	digest_sha256(f->crypto, ots_case_span(transaction), f->digest);
	memcpy(f->root, header->data + ROOT_OFFSET, 32);
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	g_byte_array_unref(f->proof);
	arena_free(f->arena);
	crypto_close(f->crypto);
}

static void
begin(struct fixture *f)
{
	g_byte_array_set_size(f->proof, 0);
	ots_case_begin(f->proof, OTS_SHA256, (struct span){ f->digest, 32 });
}

static const char *
parse_octets(struct fixture *f, struct span octets, struct ots_proof *proof)
{
	const char *why = NULL;
	size_t offset;
	bool ok =
	    ots_proof_parse(proof, f->arena, f->crypto, octets, &why, &offset);

	g_assert_true(ok == (why == NULL));
	g_assert_cmpuint(offset, <=, octets.n);
	return why;
}

static const char *
parse(struct fixture *f, struct ots_proof *proof)
{
	return parse_octets(f, ots_case_span(f->proof), proof);
}

/* The Merkle root of Bitcoin's first block, calculated from the one
 * transaction in it. */
static void
test_first_block(struct fixture *f, gconstpointer unused)
{
	struct ots_proof proof;

	(void)unused;
	begin(f);
	ots_case_tag(f->proof, OTS_SHA256);
	ots_case_bitcoin(f->proof, 0);
	g_assert_cmpstr(parse(f, &proof), ==, NULL);
	g_assert_cmpint(proof.hash, ==, OTS_SHA256);
	span_assert_equal(
	    "digest", proof.digest, (struct span){ f->digest, 32 });
	g_assert_cmpuint(proof.n, ==, 1);
	g_assert_cmpint(proof.attestations[0].kind, ==, OTS_BITCOIN);
	g_assert_cmpuint(proof.attestations[0].height, ==, 0);
	g_assert_null(proof.attestations[0].why);
	g_assert_false(proof.attestations[0].sha1);
	span_assert_equal("root", proof.attestations[0].message,
	    (struct span){ f->root, 32 });
}

/* What each operation does to the SHA-256 of nothing, as sha1sum and others
 * say; the digests of hex are those of its text. */
static void
test_operations(struct fixture *f, gconstpointer unused)
{
	static const struct {
		const char *name;
		struct span operations, want; /* want: in hex */
		bool sha1;
	} cases[] = {
		{ "append", SPAN("\xf0\x03xyz\xf3"),
		    SPAN("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca4959"
			 "91b7852b85578797a"),
		    false },
		{ "prepend", SPAN("\xf1\x03xyz\xf3"),
		    SPAN("78797ae3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934"
			 "ca495991b7852b855"),
		    false },
		{ "reverse", SPAN("\xf2\xf3"),
		    SPAN("55b852781b9995a44c939b64e441ae2724b96f99c8f4fb9a141cf"
			 "c9842c4b0e3"),
		    false },
		{ "SHA-256", SPAN("\x08\xf3"),
		    SPAN("5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e419"
			 "83f5d4c9456"),
		    false },
		{ "SHA-1", SPAN("\x02\xf3"),
		    SPAN("d28e8abdbd777a482ce0ee5c24814acae52aabfe"), true },
		{ "SHA-1 before SHA-256", SPAN("\x02\x08\xf3"),
		    SPAN("8c95efe77b69367563fee70400b557f013265f861bd57bb37ec0d"
			 "71ef304d9a3"),
		    true },
		{ "RIPEMD-160", SPAN("\x03\xf3"),
		    SPAN("b472a266d0bd89c13706a4132ccfb16f7c3b9fcb"), true },
	};
	struct ots_proof proof;

	(void)unused;
	digest_sha256(f->crypto, SPAN(""), f->digest);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		begin(f);
		g_byte_array_append(f->proof, cases[i].operations.p,
		    (guint)cases[i].operations.n);
		ots_case_pending(f->proof, SPAN("https://x/"));
		g_assert_cmpstr(parse(f, &proof), ==, NULL);
		span_assert_equal(cases[i].name, proof.attestations[0].message,
		    cases[i].want);
		g_assert_true(proof.attestations[0].sha1 == cases[i].sha1);
		span_assert_equal(
		    "uri", proof.attestations[0].uri, SPAN("https://x/"));
	}
}

/* Branches, one of which nobody can calculate. */
static void
test_branches(struct fixture *f, gconstpointer unused)
{
	struct ots_proof proof;

	(void)unused;
	begin(f);
	ots_case_tag(f->proof, 0xff);
	ots_case_tag(f->proof, OTS_KECCAK256);
	ots_case_tag(f->proof, 0xff);
	ots_case_string(f->proof, 0xf0, SPAN("x"));
	ots_case_bitcoin(f->proof, 7);
	ots_case_tag(f->proof, OTS_SHA256);
	ots_case_attestation(f->proof, SPAN("12345678"), SPAN("\xff\xff"));
	ots_case_tag(f->proof, 0xff);
	ots_case_tag(f->proof, 0xf2);
	ots_case_pending(f->proof, SPAN("a"));
	ots_case_tag(f->proof, OTS_SHA256);
	ots_case_bitcoin(f->proof, 300);
	g_assert_cmpstr(parse(f, &proof), ==, NULL);
	g_assert_cmpuint(proof.n, ==, 4);
	for (size_t i = 0; i < 2; i++) {
		g_assert_nonnull(strstr(proof.attestations[i].why, "Keccak"));
		g_assert_cmpuint(proof.attestations[i].message.n, ==, 0);
	}
	g_assert_cmpint(proof.attestations[1].kind, ==, OTS_OTHER);
	g_assert_cmpint(proof.attestations[2].kind, ==, OTS_PENDING);
	g_assert_cmpuint(proof.attestations[3].height, ==, 300);
	span_assert_equal("the branch begins where it forked",
	    proof.attestations[3].message, (struct span){ f->root, 32 });
}

/* Cut anywhere, or with anything behind it, it is none. */
static void
test_ends(struct fixture *f, gconstpointer unused)
{
	struct ots_proof proof;

	(void)unused;
	begin(f);
	ots_case_tag(f->proof, 0xff);
	ots_case_string(f->proof, 0xf1, SPAN("abc"));
	ots_case_pending(f->proof, SPAN("https://calendar.example"));
	ots_case_tag(f->proof, OTS_SHA256);
	ots_case_bitcoin(f->proof, 358391);
	g_assert_cmpstr(parse(f, &proof), ==, NULL);
	for (guint n = 0; n < f->proof->len; n++)
		g_assert_nonnull(parse_octets(
		    f, (struct span){ f->proof->data, n }, &proof));
	ots_case_tag(f->proof, 0x00);
	g_assert_cmpstr(parse(f, &proof), ==, "something follows its end");
}

static const struct {
	const char *name;
	struct span octets; /* behind version, hash and digest */
	const char *want;   /* NULL: it is one */
} cases[] = {
	{ "nothing", SPAN(""), "it ends too soon" },
	{ "two forks", SPAN("\xff\xff"), "an operation that is not known" },
	{ "unknown operation", SPAN("\x09"), "an operation that is not known" },
	{ "SHA-512", SPAN("\x0a"), "an operation that is not known" },
	{ "append nothing", SPAN("\xf0\x00\x00"),
	    "an operation with an empty string" },
	{ "number without end",
	    SPAN("\xf0\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
	    "a number is too large" },
	{ "string past the end",
	    SPAN("\xf0\x05"
		 "abcd"),
	    "it ends too soon" },
	{ "string of 4097", SPAN("\xf0\x81\x20"), "a string is too long" },
	{ "payload of 8193",
	    SPAN("\x00"
		 "12345678\x81\x40"),
	    "a string is too long" },
	{ "height and more",
	    SPAN("\x00\x05\x88\x96\x0d\x73\xd7\x19\x01\x02\x07\x07"),
	    "an attestation says more than it should" },
	{ "no height", SPAN("\x00\x05\x88\x96\x0d\x73\xd7\x19\x01\x00"),
	    "it ends too soon" },
	{ "calendar and more",
	    SPAN("\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x03\x01"
		 "ab"),
	    "an attestation says more than it should" },
	{ "calendar longer than its payload",
	    SPAN("\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x02\x02"
		 "ab"),
	    "it ends too soon" },
	{ "calendar with NUL and 8-bit",
	    SPAN("\x00\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e\x03\x02\x00\xff"),
	    NULL },
};

static void
test_cases(struct fixture *f, gconstpointer unused)
{
	struct ots_proof proof;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		begin(f);
		g_byte_array_append(
		    f->proof, cases[i].octets.p, (guint)cases[i].octets.n);
		g_assert_cmpstr(parse(f, &proof), ==, cases[i].want);
	}
}

static void
test_heads(struct fixture *f, gconstpointer unused)
{
	struct ots_proof proof;

	(void)unused;
	g_assert_false(ots_proof_is(SPAN("")));
	begin(f);
	ots_case_bitcoin(f->proof, 1);
	g_assert_true(ots_proof_is(ots_case_span(f->proof)));
	g_assert_cmpstr(parse(f, &proof), ==, NULL);
	f->proof->data[31] = 2;
	g_assert_cmpstr(parse(f, &proof), ==, "its version is not 1");
	f->proof->data[31] = 1;
	f->proof->data[32] = 0x0a;
	g_assert_cmpstr(parse(f, &proof), ==, "its hash is not known");
	f->proof->data[32] = OTS_SHA1; /* 20 octets: twelve are left over */
	g_assert_nonnull(parse(f, &proof));
	f->proof->data[0] = 'x';
	g_assert_false(ots_proof_is(ots_case_span(f->proof)));
	g_assert_cmpstr(
	    parse(f, &proof), ==, "it does not begin as a proof does");
}

/* Each bound, and one past it. */
static void
test_bounds(struct fixture *f, gconstpointer unused)
{
	struct ots_proof proof;

	(void)unused;
	for (unsigned more = 0; more < 2; more++) {
		begin(f);
		for (unsigned i = 0; i < OTS_DEPTH_MAX + more; i++)
			ots_case_tag(f->proof, OTS_SHA256);
		ots_case_bitcoin(f->proof, 1);
		g_assert_cmpstr(parse(f, &proof), ==,
		    more ? "too many operations in a row" : NULL);

		begin(f);
		for (unsigned i = 1; i < OTS_ATTESTATIONS_MAX + more; i++) {
			ots_case_tag(f->proof, 0xff);
			ots_case_bitcoin(f->proof, i);
		}
		ots_case_bitcoin(f->proof, 0);
		g_assert_cmpstr(parse(f, &proof), ==,
		    more ? "too many attestations" : NULL);

		begin(f);
		for (unsigned i = 0; i < 7; i++)
			ots_case_tag(f->proof, 0xf3); /* 32 to 4096 octets */
		if (more)
			ots_case_string(f->proof, 0xf1, SPAN("x"));
		ots_case_bitcoin(f->proof, 1);
		g_assert_cmpstr(parse(f, &proof), ==,
		    more ? "an operation leads to too many octets" : NULL);
	}
	begin(f);
	for (unsigned i = 0; i < 8; i++)
		ots_case_tag(f->proof, 0xf3);
	g_assert_cmpstr(
	    parse(f, &proof), ==, "an operation leads to too many octets");
}

static void
test_steps(struct fixture *f, gconstpointer unused)
{
	struct ots_proof proof;

	(void)unused;
	for (unsigned more = 0; more < 2; more++) {
		begin(f);
		/* 63 branches of 256 operations, then as many as are left. */
		for (unsigned i = 0; i < OTS_STEPS_MAX / 256 - 1; i++) {
			ots_case_tag(f->proof, 0xff);
			for (unsigned j = 0; j < 255; j++)
				ots_case_tag(f->proof, 0xf2);
			ots_case_bitcoin(f->proof, 1);
		}
		for (unsigned j = 0; j < 255 + more; j++)
			ots_case_tag(f->proof, 0xf2);
		ots_case_bitcoin(f->proof, 1);
		g_assert_cmpstr(
		    parse(f, &proof), ==, more ? "too many operations" : NULL);
	}
	g_byte_array_set_size(f->proof, OTS_PROOF_MAX + 1);
	g_assert_cmpstr(parse(f, &proof), ==, "it is too large");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
#define ADD(name)                                                    \
	g_test_add("/ots_proof/" #name, struct fixture, NULL, setup, \
	    test_##name, teardown)
	ADD(first_block);
	ADD(operations);
	ADD(branches);
	ADD(ends);
	ADD(cases);
	ADD(heads);
	ADD(bounds);
	ADD(steps);
	return g_test_run();
}
