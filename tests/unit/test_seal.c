/* test_seal.c - sets of seals, their lists, and signed notes among them.  What
 * needs certificates is tested with openssl in tests/e2e/keysnap_seals.t. */
#include "keysnap/store/seal.h"
#include "keysnap/store/seal_list.h"

#include <string.h>

#define TEXT "o.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
#define SECRET                                                               \
	"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx0" \
	"9iUvxdXHKDFz"
#define PUBLIC \
	"PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define OTHER \
	"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

struct fixture {
	struct crypto *crypto;
	struct arena *arena;
	struct note_key keys[2];
	struct seal_trust trust;
	struct seal_question question;
	GString *note; /* of TEXT, by SECRET */
};

static void
setup(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	memset(f, 0, sizeof(*f));
	f->crypto = crypto_open(NULL);
	f->arena = arena_new();
	f->note = g_string_new(TEXT);
	g_assert_true(note_sign(f->note, f->crypto, SPAN(SECRET), NULL));
	g_assert_true(note_key_parse(&f->keys[0], f->crypto, SPAN(OTHER)));
	g_assert_true(note_key_parse(&f->keys[1], f->crypto, SPAN(PUBLIC)));
	f->trust.keys = f->keys;
	f->question = (struct seal_question){ .crypto = f->crypto,
		.checkpoint = SPAN(TEXT),
		.text = SPAN(TEXT),
		.trust = &f->trust };
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	g_string_free(f->note, TRUE);
	arena_free(f->arena);
	crypto_close(f->crypto);
}

static const struct {
	const char *name;
	unsigned want;
} names[] = {
	{ "0001.tsr", 1 },
	{ "9999.p7s", 9999 },
	{ "0001.abcdefghij", 1 },
	{ "0001.abcdefghijk", 0 },
	{ "0000.tsr", 0 },
	{ "001.tsr", 0 },
	{ "00001.tsr", 0 },
	{ "0001tsr", 0 },
	{ "0001.", 0 },
	{ "0001.TSR", 0 },
	{ "0001.a/b", 0 },
	{ "0001.a b", 0 },
	{ "+001.tsr", 0 },
	{ "README", 0 },
	{ "", 0 },
};

static void
test_names(struct fixture *f, gconstpointer unused)
{
	(void)f;
	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_test_message("%s", names[i].name);
		g_assert_cmpuint(seal_number(names[i].name), ==, names[i].want);
	}
}

static const struct seal_file three[] = {
	{ "0001.note", { (const uint8_t *)"a", 1 } },
	{ "0001.vkey", { (const uint8_t *)"", 0 } },
	{ "0002.ots", { (const uint8_t *)"b", 1 } },
	{ "README", { (const uint8_t *)"c", 1 } },
};

/* SHA-256 of TEXT, "a", "" and "b", by sha256sum. */
#define LINE_0                                                             \
	"ad7be774a89d486cad57ca8c6760ab90808c09d9289cc543f76243bac7d7d050" \
	"  checkpoint\n"
#define LINE_1                                                             \
	"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb" \
	"  seals/0001.note\n"
#define LINE_2                                                             \
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" \
	"  seals/0001.vkey\n"
#define LINE_3                                                             \
	"3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d" \
	"  seals/0002.ots\n"

static const struct {
	const char *name, *list;
	unsigned want; /* 0: refused */
	const char *why;
} lists[] = {
	{ "one", LINE_0 LINE_1 LINE_2, 1, NULL },
	{ "two", LINE_0 LINE_1 LINE_2 LINE_3, 2, NULL },
	{ "no seals", LINE_0, 0, NULL },
	{ "one left out", LINE_0 LINE_1 LINE_3, 0, "seals/0001.vkey" },
	{ "the last left out", LINE_0 LINE_1, 0, "seals/0001.vkey" },
	{ "no checkpoint", LINE_1 LINE_2, 0, "checkpoint" },
	{ "another order", LINE_0 LINE_2 LINE_1, 0, "seals/0001.note" },
	{ "twice", LINE_0 LINE_1 LINE_1 LINE_2, 0, "seals/0001.vkey" },
	{ "no line feed",
	    LINE_0 LINE_1
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	    "  seals/0001.vkey",
	    0, NULL },
	{ "another digest",
	    LINE_0
	    "aa978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"
	    "  seals/0001.note\n" LINE_2,
	    0, "seals/0001.note" },
	{ "a seal that is not there",
	    LINE_0 LINE_1 LINE_2 LINE_3
	    "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d"
	    "  seals/0003.ots\n",
	    0, "seals/0003.ots" },
	{ "upper case",
	    LINE_0 LINE_1
	    "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
	    "  seals/0001.vkey\n",
	    0, "seals/0001.vkey" },
	{ "empty", "", 0, NULL },
	{ "a line feed", "\n", 0, NULL },
};

static void
test_lists(struct fixture *f, gconstpointer unused)
{
	GString *list = g_string_new(NULL);

	(void)unused;
	f->question.set = (struct seal_set){ three, G_N_ELEMENTS(three) };
	g_assert_cmpuint(seal_list_last(&f->question.set), ==, 2);
	seal_list_append(list, &f->question, 2);
	g_assert_cmpstr(list->str, ==, LINE_0 LINE_1 LINE_2 LINE_3);
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		const char *why = NULL;
		unsigned last = 0;

		g_test_message("%s", lists[i].name);
		bool ok = seal_list_check(&f->question, f->arena,
		    span_from_string(lists[i].list), &last, &why);
		if (lists[i].want > 0) {
			g_assert_true(ok);
			g_assert_cmpuint(last, ==, lists[i].want);
			continue;
		}
		/* A list of no seals renews nothing. */
		g_assert_true(!ok || last == 0);
		if (lists[i].why != NULL)
			g_assert_true(
			    why != NULL && strstr(why, lists[i].why) == why);
	}
	g_string_free(list, TRUE);
}

static struct span
text_of(const GString *text)
{
	return (struct span){ (const uint8_t *)text->str, text->len };
}

/* The state of the only seal in "set". */
static enum seal_state
state_of(struct fixture *f, const struct seal_file *files, size_t n)
{
	struct seal *seals;
	size_t n_seals;

	f->question.set = (struct seal_set){ files, n };
	seals_check(&f->question, f->arena, &seals, &n_seals);
	g_assert_cmpuint(n_seals, ==, 1);
	g_assert_nonnull(seals[0].text);
	g_assert_true((seals[0].key != NULL) == (seals[0].state == SEAL_HOLDS));
	return seals[0].state;
}

static void
test_notes(struct fixture *f, gconstpointer unused)
{
	struct seal_file files[2] = { { "0001.note", text_of(f->note) },
		{ "0001.vkey", SPAN(PUBLIC "\n") } };
	g_autoptr(GString) twice = g_string_new(f->note->str);
	g_autoptr(GString) other = g_string_new("x" TEXT);

	(void)unused;
	g_assert_true(note_sign(twice, f->crypto, SPAN(SECRET), NULL));
	g_assert_true(note_sign(other, f->crypto, SPAN(SECRET), NULL));
	g_assert_cmpint(state_of(f, files, 1), ==, SEAL_UNTRUSTED);
	g_assert_cmpint(state_of(f, files, 2), ==, SEAL_UNTRUSTED);
	f->trust.n_keys = 1;
	g_assert_cmpint(state_of(f, files, 2), ==, SEAL_UNTRUSTED);
	f->trust.n_keys = 2;
	g_assert_cmpint(state_of(f, files, 1), ==, SEAL_HOLDS);
	g_assert_cmpint(state_of(f, files, 2), ==, SEAL_HOLDS);
	files[1].octets = SPAN("x\n");
	g_assert_cmpint(state_of(f, files, 2), ==, SEAL_BROKEN);
	f->trust.n_keys = 0;
	files[1].octets = SPAN(OTHER "\n");
	g_assert_cmpint(state_of(f, files, 2), ==, SEAL_BROKEN);
	files[1].octets = SPAN(PUBLIC "\n");
	files[0].octets = text_of(twice);
	g_assert_cmpint(state_of(f, files, 2), ==, SEAL_BROKEN);
	files[0].octets = text_of(other);
	g_assert_cmpint(state_of(f, files, 2), ==, SEAL_BROKEN);
	files[0].octets = SPAN(TEXT);
	g_assert_cmpint(state_of(f, files, 2), ==, SEAL_BROKEN);
}

/* No changed octet leaves a note that holds. */
static void
test_flips(struct fixture *f, gconstpointer unused)
{
	struct seal_file file = { "0001.note", text_of(f->note) };

	(void)unused;
	f->trust.n_keys = 2;
	for (size_t i = 0; i < f->note->len * 8; i++) {
		f->note->str[i / 8] ^= (char)(1 << i % 8);
		g_assert_cmpint(state_of(f, &file, 1), !=, SEAL_HOLDS);
		f->note->str[i / 8] ^= (char)(1 << i % 8);
	}
	g_assert_cmpint(state_of(f, &file, 1), ==, SEAL_HOLDS);
}

static void
test_others(struct fixture *f, gconstpointer unused)
{
	static const struct {
		const char *name;
		enum seal_state want;
	} cases[] = {
		{ "0001.ots", SEAL_UNKNOWN },
		{ "0001.vkey", SEAL_UNKNOWN }, /* beside nothing */
		{ "README", SEAL_UNKNOWN },
		{ "0001.minisig", SEAL_BROKEN },
		{ "0001.p7s", SEAL_BROKEN },
		{ "0001.tsr", SEAL_BROKEN },
		{ "0001.note", SEAL_BROKEN },
	};

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct seal_file file = { cases[i].name, SPAN("x\n") };

		g_test_message("%s", cases[i].name);
		g_assert_cmpint(state_of(f, &file, 1), ==, cases[i].want);
		file.octets = SPAN("");
		g_assert_cmpint(state_of(f, &file, 1), ==, cases[i].want);
		file.octets = SPAN("\x30\x80");
		g_assert_cmpint(state_of(f, &file, 1), ==, cases[i].want);
	}
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/seal/names", test_names);
	ADD("/seal/lists", test_lists);
	ADD("/seal/notes", test_notes);
	ADD("/seal/flips", test_flips);
	ADD("/seal/others", test_others);
	return g_test_run();
}
