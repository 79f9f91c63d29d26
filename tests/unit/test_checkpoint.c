/* test_checkpoint.c - spelling and signatures of checkpoints. */
#include "keysnap/store/checkpoint.h"

#include <string.h>

#define ROOT "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define DIGEST \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define BODY "origin.example\n17\n" ROOT "\nmanifest-sha256 " DIGEST "\n"
#define SIGNER                                                               \
	"signer PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4i" \
	"zWy10TW\n"
#define SECRET                                                               \
	"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx0" \
	"9iUvxdXHKDFz"
#define LINE "\n\xe2\x80\x94 PeterNeumann x08goAAA\n"

static const struct {
	const char *name, *text;
	bool want;
} cases[] = {
	{ "unsigned", BODY, true },
	{ "empty log", "o\n0\n" ROOT "\nmanifest-sha256 " DIGEST "\n", true },
	{ "signer without signature", BODY SIGNER, false },
	{ "signature without signer", BODY LINE, false },
	{ "signed, in form", BODY SIGNER LINE, true },
	{ "signed twice",
	    BODY SIGNER LINE "\xe2\x80\x94 PeterNeumann x08goAAB\n", false },
	{ "empty", "", false },
	{ "three lines", "o\n17\n" ROOT "\n", false },
	{ "another line", BODY "more\n", false },
	{ "six lines", BODY SIGNER SIGNER LINE, false },
	{ "empty origin", "\n17\n" ROOT "\nmanifest-sha256 " DIGEST "\n",
	    false },
	{ "space in origin", "o o\n17\n" ROOT "\nmanifest-sha256 " DIGEST "\n",
	    false },
	{ "leading zero", "o\n017\n" ROOT "\nmanifest-sha256 " DIGEST "\n",
	    false },
	{ "negative", "o\n-1\n" ROOT "\nmanifest-sha256 " DIGEST "\n", false },
	{ "size past 2^53-1",
	    "o\n9007199254740992\n" ROOT "\nmanifest-sha256 " DIGEST "\n",
	    false },
	{ "size past 2^64",
	    "o\n18446744073709551617\n" ROOT "\nmanifest-sha256 " DIGEST "\n",
	    false },
	{ "short root", "o\n1\nAAAA\nmanifest-sha256 " DIGEST "\n", false },
	{ "no word", "o\n1\n" ROOT "\n" DIGEST "\n", false },
	{ "CR", "o\n1\r\n" ROOT "\nmanifest-sha256 " DIGEST "\n", false },
};

static bool
parse(struct checkpoint *checkpoint, struct arena *arena,
    const struct crypto *crypto, struct span text)
{
	const char *why = NULL;
	bool ok = checkpoint_parse(checkpoint, arena, crypto, text, &why);

	g_assert_true(ok == (why == NULL));
	return ok;
}

static void
test_cases(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct arena *arena = arena_new();
	struct checkpoint checkpoint;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_true(
		    parse(&checkpoint, arena, crypto,
			span_from_string(cases[i].text)) == cases[i].want);
		if (!cases[i].want || checkpoint.is_signed)
			continue;
		GString *again = g_string_new(NULL);
		checkpoint_append(again, &checkpoint);
		g_assert_cmpstr(again->str, ==, cases[i].text);
		g_string_free(again, TRUE);
	}
	arena_free(arena);
	crypto_close(crypto);
}

static bool
holds(const struct checkpoint *checkpoint, const struct crypto *crypto,
    const struct note_key *key)
{
	const char *why = NULL;
	bool ok = checkpoint_check_signatures(checkpoint, crypto, key, &why);

	g_assert_true(ok == (why == NULL));
	return ok;
}

static GString *
make_signed(const struct crypto *crypto)
{
	GString *text = g_string_new(BODY SIGNER);

	g_assert_true(note_sign(text, crypto, SPAN(SECRET), NULL));
	return text;
}

static void
test_signatures(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct arena *arena = arena_new();
	GString *text = make_signed(crypto), *secret = g_string_new(NULL);
	struct checkpoint checkpoint;
	struct note_key peter, other;

	g_assert_true(
	    note_key_generate(&other, secret, crypto, SPAN("other"), NULL));
	g_assert_true(note_private_key_parse(&peter, crypto, SPAN(SECRET)));
	g_assert_true(parse(&checkpoint, arena, crypto, SPAN(BODY)));
	g_assert_true(holds(&checkpoint, crypto, NULL));
	g_assert_false(holds(&checkpoint, crypto, &peter));
	struct span octets = { (uint8_t *)text->str, text->len };
	g_assert_true(parse(&checkpoint, arena, crypto, octets));
	g_assert_true(holds(&checkpoint, crypto, NULL));
	g_assert_true(holds(&checkpoint, crypto, &peter));
	g_assert_false(holds(&checkpoint, crypto, &other));
	/* A second signature needs its key to be given. */
	g_assert_true(note_sign(text, crypto,
	    (struct span){ (uint8_t *)secret->str, secret->len }, NULL));
	octets = (struct span){ (uint8_t *)text->str, text->len };
	g_assert_true(parse(&checkpoint, arena, crypto, octets));
	g_assert_false(holds(&checkpoint, crypto, NULL));
	g_assert_false(holds(&checkpoint, crypto, &peter));
	g_assert_true(holds(&checkpoint, crypto, &other));
	g_string_free(text, TRUE);
	g_string_free(secret, TRUE);
	arena_free(arena);
	crypto_close(crypto);
}

/* Any changed bit of a signed checkpoint is found, with no key given. */
static void
test_flips(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct arena *arena = arena_new();
	GString *text = make_signed(crypto);
	struct checkpoint checkpoint;

	for (size_t i = 0; i < text->len * 8; i++) {
		text->str[i / 8] = (char)(text->str[i / 8] ^ 1 << i % 8);
		g_assert_false(
		    parse(&checkpoint, arena, crypto,
			(struct span){ (uint8_t *)text->str, text->len }) &&
		    holds(&checkpoint, crypto, NULL));
		text->str[i / 8] = (char)(text->str[i / 8] ^ 1 << i % 8);
		arena_reset(arena);
	}
	g_string_free(text, TRUE);
	arena_free(arena);
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/checkpoint/cases", test_cases);
	g_test_add_func("/checkpoint/signatures", test_signatures);
	g_test_add_func("/checkpoint/flips", test_flips);
	return g_test_run();
}
