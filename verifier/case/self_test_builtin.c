/*
 * self_test_builtin.c - examples of RFCs and of FIPS 180-4 for the parts that
 * decide: hashes, Ed25519, the canonical body, the tree of the log.
 */
#include "verifier/case/self_test.h"

#include "keysnap/base/base64.h"
#include "keysnap/store/merkle.h"
#include "verifier/dkim/canon_body.h"

#include <string.h>

/* ---- hashes -------------------------------------------------------------- */

static const struct {
	const char *id, *requirement;
	enum digest_algorithm algorithm;
	const char *text, *hex;
} hashes[] = {
	{ "sha256-abc", "FIPS 180-4, SHA-256", DIGEST_SHA256, "abc",
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "sha256-empty", "FIPS 180-4, SHA-256", DIGEST_SHA256, "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "sha1-abc", "FIPS 180-4, SHA-1", DIGEST_SHA1, "abc",
	    "a9993e364706816aba3e25717850c26c9cd0d89d" },
};

static void
run_hashes(struct self_test *test)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hashes); i++) {
		struct span text = span_from_string(hashes[i].text);
		struct digest digest;
		uint8_t out[DIGEST_MAX_SIZE];
		char hex[DIGEST_HEX_SIZE];

		digest_init(&digest, test->crypto, hashes[i].algorithm);
		digest_add(&digest, text);
		digest_finish(&digest, out);
		digest_clear(&digest);
		digest_to_hex(
		    (struct span){ out, digest_size(hashes[i].algorithm) },
		    hex);
		self_test_add(test, hashes[i].id, hashes[i].requirement, text,
		    hashes[i].hex, hex);
	}
}

/* ---- the canonical body -------------------------------------------------- */

#define BODY " C \r\nD \t E\r\n\r\n\r\n"

static const struct {
	const char *id, *requirement;
	enum canonicalization algorithm;
	const char *body, *canonical;
} bodies[] = {
	{ "body-relaxed", "RFC 6376 3.4.5, example 1", CANON_RELAXED, BODY,
	    " C\r\nD E\r\n" },
	{ "body-simple", "RFC 6376 3.4.5, example 2", CANON_SIMPLE, BODY,
	    " C \r\nD \t E\r\n" },
	{ "body-simple-empty", "RFC 6376 3.4.3", CANON_SIMPLE, "", "\r\n" },
	{ "body-relaxed-empty", "RFC 6376 3.4.4", CANON_RELAXED, "", "" },
};

struct text_sink {
	struct sink sink; /* first */
	GString *text;
};

static void
take(struct sink *self, struct span span)
{
	g_string_append_len(((struct text_sink *)self)->text,
	    (const char *)span.p, (gssize)span.n);
}

static void
run_bodies(struct self_test *test)
{
	for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
		struct span body = span_from_string(bodies[i].body);
		struct text_sink out = { .sink.push = take };
		struct canon_body canon;
		g_autofree char *expected =
		    g_strescape(bodies[i].canonical, NULL);
		g_autofree char *actual = NULL;

		out.text = g_string_new(NULL);
		canon_body_start(&canon, bodies[i].algorithm, &out.sink);
		sink_push(&canon.sink, body);
		canon_body_finish(&canon);
		actual = g_strescape(out.text->str, NULL);
		g_string_free(out.text, TRUE);
		self_test_add(test, bodies[i].id, bodies[i].requirement, body,
		    expected, actual);
	}
}

/* ---- Ed25519 ------------------------------------------------------------- */

/* RFC 8032 7.1, "SHA(abc)" left out: its message is no digest of ours. */
static const struct {
	const char *id, *key, *message, *signature;
} ed25519[] = {
	{ "ed25519-1",
	    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
	    "",
	    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
	    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b" },
	{ "ed25519-2",
	    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
	    "72",
	    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
	    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00" },
	{ "ed25519-3",
	    "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
	    "af82",
	    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
	    "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a" },
};

static size_t
from_hex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 |
		    g_ascii_xdigit_value(hex[2 * i + 1]));
	return n;
}

static const char *
check_ed25519(const struct crypto *crypto, struct span raw, struct span message,
    struct span signature)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new("v=DKIM1; k=ed25519; p=");
	struct key_record record;
	struct public_key key;
	struct key_checker *checker;
	struct key_check check = { .result = KEY_CHECK_UNUSABLE };

	base64_append(text, raw);
	key_record_parse(&record, arena,
	    (struct span){ (const uint8_t *)text->str, text->len });
	public_key_parse(&key, arena, crypto, &record);
	checker = key_checker_new(crypto, &key);
	if (checker != NULL)
		key_checker_check(
		    checker, DIGEST_SHA256, message, signature, &check);
	key_checker_free(checker);
	return check.result == KEY_CHECK_VALID   ? "holds"
	    : check.result == KEY_CHECK_MISMATCH ? "does not hold"
						 : "unusable";
}

static void
run_ed25519(struct self_test *test)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ed25519); i++) {
		uint8_t key[32], message[32], signature[64];
		struct span raw = { key, from_hex(ed25519[i].key, key) };
		struct span text = { message,
			from_hex(ed25519[i].message, message) };
		struct span mark = { signature,
			from_hex(ed25519[i].signature, signature) };
		g_autofree char *altered =
		    g_strconcat(ed25519[i].id, ", altered", NULL);

		self_test_add(test, ed25519[i].id, "RFC 8032 7.1", mark,
		    "holds", check_ed25519(test->crypto, raw, text, mark));
		signature[40] ^= 1;
		self_test_add(test, altered, "RFC 8032 7.1", mark,
		    "does not hold",
		    check_ed25519(test->crypto, raw, text, mark));
	}
}

/* ---- the log ------------------------------------------------------------- */

/* RFC 6962 2.1: the hash of no leaves, and of the leaf without octets. */
static void
run_merkle(struct self_test *test)
{
	static const char empty[] =
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	static const char one[] =
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
	const struct span nothing = { NULL, 0 };
	struct merkle merkle;
	uint8_t hash[32];
	char hex[DIGEST_HEX_SIZE];

	merkle_init(&merkle, test->crypto);
	merkle_root(&merkle, hash);
	digest_to_hex((struct span){ hash, sizeof(hash) }, hex);
	self_test_add(test, "log-empty", "RFC 6962 2.1", nothing, empty, hex);
	merkle_leaf(&merkle, nothing, hash);
	merkle_add(&merkle, hash);
	merkle_root(&merkle, hash);
	digest_to_hex((struct span){ hash, sizeof(hash) }, hex);
	self_test_add(test, "log-one", "RFC 6962 2.1", nothing, one, hex);
	merkle_clear(&merkle);
}

void
self_test_builtin(struct self_test *test)
{
	run_hashes(test);
	run_bodies(test);
	run_ed25519(test);
	run_merkle(test);
}
