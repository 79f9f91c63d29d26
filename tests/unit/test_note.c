/*
 * test_note.c - signed notes: the examples of the specification and of the
 * format's first implementation, and every mangling of them.
 */
#include "keysnap/store/note.h"

#include <string.h>

#define DASH "\xe2\x80\x94"

/* The example of c2sp.org/signed-note. */
#define SPEC_KEY \
	"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define SPEC_NOTE                                                              \
	"This is an example message.\n\n" DASH                                 \
	" example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7" \
	"Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"

/* The example of golang.org/x/mod/sumdb/note. */
#define GO_KEY \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define GO_SECRET                                                            \
	"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx0" \
	"9iUvxdXHKDFz"
#define GO_TEXT                                                      \
	"If you think cryptography is the answer to your problem,\n" \
	"then you don't know what your problem is.\n"
#define GO_LINE                                                              \
	DASH " PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIu" \
	     "GUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

struct fixture {
	struct crypto *crypto;
	struct arena *arena;
};

static void
setup(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	fixture->crypto = crypto_open(NULL);
	fixture->arena = arena_new();
}

static void
teardown(struct fixture *fixture, gconstpointer unused)
{
	(void)unused;
	arena_free(fixture->arena);
	crypto_close(fixture->crypto);
}

static bool
parse(struct fixture *fixture, struct note *note, struct span octets)
{
	const char *why = NULL;
	bool ok = note_parse(note, fixture->arena, octets, &why);

	g_assert_true(ok == (why == NULL));
	return ok;
}

static void
test_examples(struct fixture *fixture, gconstpointer unused)
{
	struct note_key key;
	struct note note;

	(void)unused;
	g_assert_true(
	    note_key_parse(&key, fixture->crypto, SPAN(SPEC_KEY "\n")));
	g_assert_cmpstr(key.name, ==, "example.com/foo");
	g_assert_true(parse(fixture, &note, SPAN(SPEC_NOTE)));
	g_assert_cmpuint(note.n_signatures, ==, 1);
	g_assert_true(note_verify(&note, fixture->crypto, &key));
	g_assert_true(note_key_parse(&key, fixture->crypto, SPAN(GO_KEY)));
	g_assert_false(note_verify(&note, fixture->crypto, &key));
	g_assert_true(parse(fixture, &note, SPAN(GO_TEXT "\n" GO_LINE)));
	g_assert_true(note_verify(&note, fixture->crypto, &key));
}

/* Ed25519 is deterministic: the same key gives the published signature. */
static void
test_sign(struct fixture *fixture, gconstpointer unused)
{
	GString *out = g_string_new(GO_TEXT);
	GError *error = NULL;

	(void)unused;
	g_assert_true(
	    note_sign(out, fixture->crypto, SPAN(GO_SECRET "\n"), &error));
	g_assert_no_error(error);
	g_assert_cmpstr(out->str, ==, GO_TEXT "\n" GO_LINE);
	g_assert_true(note_sign(out, fixture->crypto, SPAN(GO_SECRET), &error));
	g_assert_cmpstr(out->str, ==, GO_TEXT "\n" GO_LINE GO_LINE);
	g_assert_false(note_sign(out, fixture->crypto, SPAN(GO_KEY), &error));
	g_assert_nonnull(error);
	g_clear_error(&error);
	g_string_free(out, TRUE);
}

static void
test_generate(struct fixture *fixture, gconstpointer unused)
{
	GString *secret = g_string_new(NULL), *public = g_string_new(NULL);
	GString *out = g_string_new("text\n");
	struct note_key key, again, of_secret;
	struct note note;

	(void)unused;
	g_assert_true(note_key_generate(
	    &key, secret, fixture->crypto, SPAN("a.example/\xc3\xa9"), NULL));
	note_key_append(public, &key);
	struct span text = { (uint8_t *)secret->str, secret->len };
	g_assert_true(note_key_parse(&again, fixture->crypto,
	    (struct span){ (uint8_t *)public->str, public->len }));
	g_assert_true(memcmp(&key, &again, sizeof(key)) == 0);
	g_assert_true(
	    note_private_key_parse(&of_secret, fixture->crypto, text));
	g_assert_true(memcmp(&key, &of_secret, sizeof(key)) == 0);
	g_assert_true(note_sign(out, fixture->crypto, text, NULL));
	g_assert_true(parse(
	    fixture, &note, (struct span){ (uint8_t *)out->str, out->len }));
	g_assert_true(note_verify(&note, fixture->crypto, &key));
	g_assert_false(note_key_generate(
	    &key, secret, fixture->crypto, SPAN("a b"), NULL));
	g_string_free(secret, TRUE);
	g_string_free(public, TRUE);
	g_string_free(out, TRUE);
}

/* No single changed octet leaves a signed note valid. */
static void
test_flips(struct fixture *fixture, gconstpointer unused)
{
	uint8_t octets[sizeof(SPEC_NOTE) - 1];
	struct note_key key;
	struct note note;

	(void)unused;
	g_assert_true(note_key_parse(&key, fixture->crypto, SPAN(SPEC_KEY)));
	for (size_t i = 0; i < sizeof(octets) * 8; i++) {
		memcpy(octets, SPEC_NOTE, sizeof(octets));
		octets[i / 8] ^= (uint8_t)(1 << i % 8);
		g_assert_false(parse(fixture, &note,
				   (struct span){ octets, sizeof(octets) }) &&
		    note_verify(&note, fixture->crypto, &key));
		if (i / 8 < sizeof(SPEC_KEY) - 1) {
			uint8_t text[sizeof(SPEC_KEY) - 1];

			memcpy(text, SPEC_KEY, sizeof(text));
			text[i / 8] ^= (uint8_t)(1 << i % 8);
			g_assert_false(note_key_parse(&key, fixture->crypto,
			    (struct span){ text, sizeof(text) }));
		}
	}
}

static const struct {
	const char *name, *text;
	bool want;
	size_t want_n;
} cases[] = {
	{ "empty", "", false, 0 },
	{ "line feed alone", "\n", false, 0 },
	{ "text alone", "text\n", true, 0 },
	{ "no line feed", "text", false, 0 },
	{ "empty line, no signature", "text\n\n", false, 0 },
	{ "empty text", "\n\n" DASH " a QUJDREU=\n", false, 0 },
	{ "a signature", "text\n\n" DASH " a QUJDREU=\n", true, 1 },
	{ "two", "t\n\n" DASH " a QUJDREU=\n" DASH " b QUJDREU=\n", true, 2 },
	{ "split at last empty line", "a\n\nb\n\n" DASH " a QUJDREU=\n", true,
	    1 },
	{ "hyphen", "text\n\n- a QUJDREU=\n", false, 0 },
	{ "no name", "text\n\n" DASH " QUJDREU=\n", false, 0 },
	{ "plus in name", "text\n\n" DASH " a+b QUJDREU=\n", false, 0 },
	{ "two spaces", "text\n\n" DASH " a  QUJDREU=\n", false, 0 },
	{ "short", "text\n\n" DASH " a QUJDRA==\n", false, 0 },
	{ "unused bits", "text\n\n" DASH " a QUJDREV=\n", false, 0 },
	{ "CR", "text\r\n", false, 0 },
	{ "not UTF-8", "te\xffxt\n", false, 0 },
	{ "no-break space in name", "t\n\n" DASH " a\xc2\xa0 QUJDREU=\n", false,
	    0 },
};

static void
test_cases(struct fixture *fixture, gconstpointer unused)
{
	struct note note;

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_true(
		    parse(fixture, &note, span_from_string(cases[i].text)) ==
		    cases[i].want);
		if (cases[i].want)
			g_assert_cmpuint(
			    note.n_signatures, ==, cases[i].want_n);
	}
	g_assert_false(parse(fixture, &note, SPAN("te\0xt\n")));
}

static void
test_limits(struct fixture *fixture, gconstpointer unused)
{
	GString *out = g_string_new("t\n\n");
	struct note note;

	(void)unused;
	for (int i = 0; i < NOTE_SIGNATURES_MAX; i++)
		g_string_append(out, DASH " a QUJDREU=\n");
	g_assert_true(parse(
	    fixture, &note, (struct span){ (uint8_t *)out->str, out->len }));
	g_string_append(out, DASH " a QUJDREU=\n");
	g_assert_false(parse(
	    fixture, &note, (struct span){ (uint8_t *)out->str, out->len }));
	g_string_set_size(out, NOTE_MAX);
	memset(out->str, 'a', NOTE_MAX);
	out->str[NOTE_MAX - 1] = '\n';
	g_assert_true(parse(
	    fixture, &note, (struct span){ (uint8_t *)out->str, out->len }));
	g_string_append_c(out, '\n');
	out->str[NOTE_MAX - 1] = 'a';
	g_assert_false(parse(
	    fixture, &note, (struct span){ (uint8_t *)out->str, out->len }));
	g_string_set_size(out, NOTE_NAME_MAX + 1);
	memset(out->str, 'a', out->len);
	g_assert_false(note_name_is_valid(
	    (struct span){ (uint8_t *)out->str, NOTE_NAME_MAX + 1 }));
	g_assert_true(note_name_is_valid(
	    (struct span){ (uint8_t *)out->str, NOTE_NAME_MAX }));
	g_string_free(out, TRUE);
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/note/examples", test_examples);
	ADD("/note/sign", test_sign);
	ADD("/note/generate", test_generate);
	ADD("/note/flips", test_flips);
	ADD("/note/cases", test_cases);
	ADD("/note/limits", test_limits);
	return g_test_run();
}
