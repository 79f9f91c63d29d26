/* test_time_proof.c - OpenTimestamps proofs and notes against what is trusted.
 * Time stamps need certificates: tests/e2e/anchor.t has them. */
#include "keysnap/store/time_proof.h"

#include "keysnap/base/digest.h"
#include "keysnap/store/ots_proof.h"
#include "tests/unit/ots_case.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define SECRET                                                               \
	"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx0" \
	"9iUvxdXHKDFz"
#define PUBLIC \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define OTHER \
	"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define STATEMENT                                 \
	"keysnap-time 1\n2016-11-03T08:00:00Z\n"  \
	"0123456789abcdef0123456789abcdef0123456" \
	"789abcdef0123456789abcdef  a.mbox\n"

struct fixture {
	struct crypto *crypto;
	struct arena *arena;
	GByteArray *ots, *header;
	uint8_t digest[32]; /* of the first transaction */
	struct note_key keys[2];
	struct bitcoin_headers headers;
	struct time_trust trust;
	struct time_proof proof;
};

static void
setup(struct fixture *f, gconstpointer unused)
{
	g_autoptr(GByteArray) transaction = ots_case_first_transaction();
	const char *why;

	(void)unused;
	memset(f, 0, sizeof(*f));
	f->crypto = crypto_open(NULL);
	f->arena = arena_new();
	f->ots = g_byte_array_new();
	f->header = ots_case_first_header();
	digest_sha256(f->crypto, ots_case_span(transaction), f->digest);
	ots_case_begin(f->ots, OTS_SHA256, (struct span){ f->digest, 32 });
	g_assert_true(bitcoin_headers_parse(
	    &f->headers, f->arena, f->crypto, ots_case_span(f->header), &why));
	g_assert_true(note_key_parse(&f->keys[0], f->crypto, SPAN(OTHER)));
	g_assert_true(note_key_parse(&f->keys[1], f->crypto, SPAN(PUBLIC)));
	f->trust.headers = &f->headers;
	f->trust.n_headers = 1;
	f->trust.keys = f->keys;
	f->trust.n_keys = 2;
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	g_byte_array_unref(f->ots);
	g_byte_array_unref(f->header);
	arena_free(f->arena);
	crypto_close(f->crypto);
}

static bool
check(struct fixture *f, struct span octets)
{
	bool ok =
	    time_proof_check(&f->proof, f->arena, f->crypto, &f->trust, octets);

	g_assert_nonnull(f->proof.text);
	/* Nothing has a time that nobody vouches for. */
	g_assert_true(f->proof.state != TIME_PROOF_COUNTS ||
	    (f->proof.time != TIMESTAMP_NONE && f->proof.authority != NULL &&
		f->proof.n_digests > 0));
	return ok;
}

static void
test_block(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	ots_case_tag(f->ots, OTS_SHA256);
	ots_case_bitcoin(f->ots, 0);
	g_assert_true(check(f, ots_case_span(f->ots)));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_COUNTS);
	g_assert_cmpint(f->proof.kind, ==, ANCHOR_OPENTIMESTAMPS);
	g_assert_cmpint(f->proof.stated, ==, 1231006505);
	g_assert_cmpint(f->proof.time, ==, 1231006505 + 7200);
	g_assert_cmpint(f->proof.until, ==, TIMESTAMP_NONE);
	g_assert_cmpstr(f->proof.authority, ==,
	    "Bitcoin block 0 000000000019d6689c085ae165831e934ff763ae46a2a6c172"
	    "b3f1b60a8ce26f, in headers from the first block on");
	g_assert_true(time_proof_covers(&f->proof, f->digest));
	f->digest[0] ^= 1;
	g_assert_false(time_proof_covers(&f->proof, f->digest));
	/* Without the header it is a claim. */
	f->trust.n_headers = 0;
	g_assert_true(check(f, ots_case_span(f->ots)));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_UNTRUSTED);
	g_assert_cmpint(f->proof.time, ==, TIMESTAMP_NONE);
}

/* Another root, another height, or nothing but promises. */
static void
test_no_block(struct fixture *f, gconstpointer unused)
{
	guint start = f->ots->len;

	(void)unused;
	ots_case_bitcoin(f->ots, 0);
	check(f, ots_case_span(f->ots));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_UNTRUSTED);

	g_byte_array_set_size(f->ots, start);
	ots_case_tag(f->ots, OTS_SHA256);
	ots_case_bitcoin(f->ots, 1);
	check(f, ots_case_span(f->ots));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_UNTRUSTED);

	g_byte_array_set_size(f->ots, start);
	ots_case_pending(f->ots, SPAN("https://a\x1b[2J"));
	check(f, ots_case_span(f->ots));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_UNTRUSTED);
	g_assert_nonnull(strstr(f->proof.text, "https://a"));
	g_assert_null(strchr(f->proof.text, 0x1b));

	g_byte_array_set_size(f->ots, start);
	ots_case_tag(f->ots, OTS_KECCAK256);
	ots_case_bitcoin(f->ots, 0);
	check(f, ots_case_span(f->ots));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_UNABLE);
	g_assert_nonnull(strstr(f->proof.text, "Keccak"));

	g_byte_array_set_size(f->ots, start);
	ots_case_attestation(
	    f->ots, SPAN("\x06\x86\x9a\x0d\x73\xd7\x1b\x45"), SPAN("\x01"));
	check(f, ots_case_span(f->ots));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_UNABLE);

	g_byte_array_set_size(f->ots, 0);
	ots_case_begin(
	    f->ots, OTS_SHA1, span_sub((struct span){ f->digest, 32 }, 0, 20));
	ots_case_bitcoin(f->ots, 0);
	check(f, ots_case_span(f->ots));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_UNABLE);
	g_assert_cmpuint(f->proof.n_digests, ==, 0);

	g_byte_array_set_size(f->ots, f->ots->len - 1);
	check(f, ots_case_span(f->ots));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_BROKEN);
}

static void
test_note(struct fixture *f, gconstpointer unused)
{
	g_autoptr(GString) note = g_string_new(STATEMENT);
	struct span octets;
	uint8_t sha256[32];

	(void)unused;
	g_assert_true(note_sign(note, f->crypto, SPAN(SECRET), NULL));
	octets = (struct span){ (const uint8_t *)note->str, note->len };
	g_assert_true(check(f, octets));
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_COUNTS);
	g_assert_cmpint(f->proof.kind, ==, ANCHOR_NOTE);
	g_assert_cmpint(f->proof.time, ==, 1478160000);
	g_assert_cmpstr(f->proof.authority, ==, "PeterNeumann");
	g_assert_true(
	    digest_from_hex(span_sub(SPAN(STATEMENT), 36, 64), sha256));
	g_assert_true(time_proof_covers(&f->proof, sha256));

	note->str[note->len - 10] ^= 1;
	check(f, octets);
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_BROKEN);
	note->str[note->len - 10] ^= 1;
	f->trust.n_keys = 1;
	check(f, octets);
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_UNTRUSTED);
	g_assert_null(f->proof.authority);
	f->trust.n_keys = 2;
	for (size_t i = 0; i < note->len; i++) {
		note->str[i] ^= 1;
		check(f, octets);
		g_assert_cmpint(f->proof.state, !=, TIME_PROOF_COUNTS);
		note->str[i] ^= 1;
	}
	check(f, octets);
	g_assert_cmpint(f->proof.state, ==, TIME_PROOF_COUNTS);
}

/* Texts that say nothing, signed all the same. */
static void
test_statements(struct fixture *f, gconstpointer unused)
{
	static const char *const texts[] = { "keysnap-time 1\n",
		"keysnap-time 1\n2016-11-03T08:00:00Z\n",
		"keysnap-time 1\n2016-11-03\n" EMPTY "  a\n",
		"keysnap-time 1\n2016-11-03T08:00:00Z \n" EMPTY "  a\n",
		"keysnap-time 2\n2016-11-03T08:00:00Z\n" EMPTY "  a\n",
		"keysnap-time 1\n2016-11-03T08:00:00Z\n" EMPTY "  \n",
		"keysnap-time 1\n2016-11-03T08:00:00Z\n" EMPTY " a\n",
		("keysnap-time 1\n2016-11-03T08:00:00Z\nE3B0c44298fc1c149afbf4"
		 "c8996fb92427ae41e4649b934ca495991b7852b855  a\n") };

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autoptr(GString) note = g_string_new(texts[i]);

		g_assert_true(note_sign(note, f->crypto, SPAN(SECRET), NULL));
		g_assert_true(check(
		    f, (struct span){ (const uint8_t *)note->str, note->len }));
		g_assert_cmpint(f->proof.state, ==, TIME_PROOF_BROKEN);
		g_assert_cmpuint(f->proof.n_digests, ==, 0);
	}
}

static void
test_others(struct fixture *f, gconstpointer unused)
{
	static const struct {
		const char *name;
		struct span octets;
		bool want; /* is it of a kind */
	} cases[] = {
		{ "empty", SPAN(""), false },
		{ "text", SPAN("From a\n"), false },
		{ "unsigned statement", SPAN(STATEMENT), true },
		{ "a sequence", SPAN("\x30\x00"), true },
		{ "half a sequence", SPAN("\x30\x82"), true },
		{ "NUL", SPAN("\0"), false },
	};

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_true(check(f, cases[i].octets) == cases[i].want);
		g_assert_cmpint(f->proof.state, !=, TIME_PROOF_COUNTS);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
#define ADD(name)                                                     \
	g_test_add("/time_proof/" #name, struct fixture, NULL, setup, \
	    test_##name, teardown)
	ADD(block);
	ADD(no_block);
	ADD(note);
	ADD(statements);
	ADD(others);
	return g_test_run();
}
