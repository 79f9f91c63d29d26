/* test_weak_list.c - lists of weak moduli, and the sample keys of RFCs. */
#include "keysnap/key/public_key.h"
#include "keysnap/key/sample_key.h"
#include "keysnap/key/weak_list.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define DEBIAN    "0123456789abcdef0123"
#define PUBLISHED "0123456789abcdef;rsa/1.key"
#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static const struct {
	const char *name;
	struct span text;
	size_t line; /* bad one; NONE when it is good */
	bool debian, published;
} cases[] = {
#define GOOD 999
	{ "empty", BYTES(""), 0, false, false },
	{ "comments only", BYTES("# a\n\n  \n"), 0, false, false },
	{ "debian", BYTES("# a\n" DEBIAN "\n"), GOOD, true, false },
	{ "no last line end", BYTES(DEBIAN), GOOD, true, false },
	{ "CRLF, upper case", BYTES("0123456789ABCDEF0123\r\n"), GOOD, true,
	    false },
	{ "19 digits", BYTES("0123456789abcdef012\n"), 1, false, false },
	{ "21 digits", BYTES("\n" DEBIAN "4\n"), 2, false, false },
	{ "no digit", BYTES("0123456789abcdef012g\n"), 1, false, false },
	{ "NUL", BYTES("0123456789abcdef012\0\n"), 1, false, false },
	{ "8-bit", BYTES("0123456789abcdef012\xff\n"), 1, false, false },
	{ "published", BYTES(PUBLISHED "\n"), GOOD, false, true },
	{ "both", BYTES(PUBLISHED "\n" DEBIAN "\n"), GOOD, true, true },
	{ "no path", BYTES("0123456789abcdef;\n"), GOOD, false, true },
	{ "no semicolon", BYTES("0123456789abcdef:x\n"), 1, false, false },
	{ "15 digits", BYTES("0123456789abcde;x\n"), 1, false, false },
	{ "a control in the path", BYTES("0123456789abcdef;x\x1b[m\n"), 1,
	    false, false },
	{ "a bad one behind good ones", BYTES(DEBIAN "\n" DEBIAN "\nx\n"), 3,
	    false, false },
};

static void
test_lines(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		size_t line = 0;
		struct weak_list *list = weak_list_new(cases[i].text, &line);

		g_test_message("%s", cases[i].name);
		g_assert_cmpint(list != NULL, ==, cases[i].line == GOOD);
		if (list == NULL) {
			g_assert_cmpuint(line, ==, cases[i].line);
			continue;
		}
		g_assert_cmpint(
		    weak_list_has_debian(list), ==, cases[i].debian);
		g_assert_cmpint(
		    weak_list_has_published(list), ==, cases[i].published);
		weak_list_free(list);
	}
}

static void
test_long_line(void)
{
	for (size_t extra = 0; extra < 2; extra++) {
		g_autoptr(GString) text = g_string_new("0123456789abcdef;");
		struct weak_list *list;
		size_t line;

		while (text->len < WEAK_LIST_LINE_MAX + extra)
			g_string_append_c(text, 'x');
		list = weak_list_new(
		    (struct span){ (const uint8_t *)text->str, text->len },
		    &line);
		g_assert_cmpint(list != NULL, ==, extra == 0);
		weak_list_free(list);
	}
}

/* Hashes as openssl and sha1sum, sha256sum make them of modulus 0x0f0001:
 * printf 'Modulus=F0001\n' | sha1sum; printf '\017\0\1' | sha256sum */
static void
test_hashes(void)
{
	static const char text[] = "# first\n"
				   "ffffffffffffffffffff\n"
				   "d9bebd84e5dc7f3b5b6d\n"
				   "0000000000000000;a\n"
				   "0000000000000001;b\n";
	struct crypto *crypto = crypto_open(NULL);
	struct weak_hashes hashes;
	g_autoptr(GString) list_text = g_string_new(text);
	struct weak_list *list;
	struct span where;
	size_t line;

	weak_hashes_make(crypto, SPAN("\x0f\x00\x01"), &hashes);
	for (size_t i = 0; i < sizeof(hashes.debian); i++)
		g_string_append_printf(list_text, "%02x", hashes.debian[i]);
	g_string_append_c(list_text, '\n');
	span_assert_equal("debian",
	    (struct span){ hashes.debian, sizeof(hashes.debian) },
	    SPAN("\xcc\x2b\x0b\xd4\x8d\xe7\x71\xfe\x6f\x55"));
	span_assert_equal("published",
	    (struct span){ hashes.published, sizeof(hashes.published) },
	    SPAN("\xfe\x08\x66\xe7\x39\xa4\xe4\x50"));
	list = weak_list_new(
	    (struct span){ (const uint8_t *)list_text->str, list_text->len },
	    &line);
	g_assert_nonnull(list);
	g_assert_true(weak_list_find_debian(list, &hashes));
	g_assert_false(weak_list_find_published(list, &hashes, &where));
	weak_hashes_make(crypto, SPAN("\x0f\x00\x03"), &hashes);
	g_assert_false(weak_list_find_debian(list, &hashes));
	memset(hashes.published, 0, sizeof(hashes.published));
	g_assert_true(weak_list_find_published(list, &hashes, &where));
	span_assert_equal("where", where, SPAN("a"));
	hashes.published[7] = 1;
	g_assert_true(weak_list_find_published(list, &hashes, &where));
	span_assert_equal("where", where, SPAN("b"));
	hashes.published[7] = 2;
	g_assert_false(weak_list_find_published(list, &hashes, &where));
	weak_list_free(list);
	crypto_close(crypto);
}

/* Every key of data/rfc-keys.jsonl is a sample key. */
static void
test_samples(void)
{
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	const struct sample_key *seen[3];
	guint n = 0;

	g_assert_true(
	    g_file_get_contents("data/rfc-keys.jsonl", &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	for (char **at = lines; *at != NULL && **at != '\0'; at++) {
		const char *txt = strstr(*at, "\"txt\": \"") + 8;
		struct key_record record;
		struct public_key key;

		key_record_parse(&record, arena,
		    (struct span){ (const uint8_t *)txt, strcspn(txt, "\"") });
		public_key_parse(&key, arena, crypto, &record);
		g_assert_cmpint(key.status, ==, PUBLIC_KEY_OK);
		g_assert_cmpuint(n, <, 3);
		seen[n] = sample_key_find(key.sha256);
		g_assert_nonnull(seen[n]);
		for (guint i = 0; i < n; i++)
			g_assert_true(seen[i] != seen[n]);
		n++;
		key.sha256[31] ^= 1;
		g_assert_null(sample_key_find(key.sha256));
	}
	g_assert_cmpuint(n, ==, 3);
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/weak-list/lines", test_lines);
	g_test_add_func("/weak-list/long-line", test_long_line);
	g_test_add_func("/weak-list/hashes", test_hashes);
	g_test_add_func("/weak-list/samples", test_samples);
	return g_test_run();
}
