/* test_manifest.c - MANIFEST has one spelling. */
#include "keysnap/store/manifest.h"

#include <string.h>

#define H       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define KEYS    H "  keys.mdb\n"
#define LOG     H "  log.jsonl\n"
#define PACK(n) H "  evidence/pack-00000" n "\n"

static const struct {
	const char *name, *text;
	size_t want; /* files; 0: refused */
} cases[] = {
	{ "without packs", KEYS LOG, 2 },
	{ "packs", PACK("0") PACK("1") KEYS LOG, 4 },
	{ "empty", "", 0 },
	{ "line feed", "\n", 0 },
	{ "no last line feed", KEYS H "  log.jsonl", 0 },
	{ "wrong order", LOG KEYS, 0 },
	{ "packs last", KEYS LOG PACK("0"), 0 },
	{ "packs not from 0", PACK("1") KEYS LOG, 0 },
	{ "gap", PACK("0") PACK("2") KEYS LOG, 0 },
	{ "twice", KEYS KEYS LOG, 0 },
	{ "log missing", KEYS, 0 },
	{ "other file", H "  a\n" KEYS LOG, 0 },
	{ "parent", H "  ../keys.mdb\n" KEYS LOG, 0 },
	{ "upper case",
	    "0123456789ABCDEF0123456789abcdef0123456789abcdef01234"
	    "56789abcdef  keys.mdb\n" LOG,
	    0 },
	{ "binary mark", H " *keys.mdb\n" LOG, 0 },
	{ "one space", H " keys.mdb\n" LOG, 0 },
	{ "CR", H "  keys.mdb\r\n" LOG, 0 },
	{ "empty line", KEYS LOG "\n", 0 },
	{ "empty line first", "\n" KEYS LOG, 0 },
};

static bool
parse(struct manifest *manifest, struct arena *arena, struct span text)
{
	const char *why = NULL;
	bool ok = manifest_parse(manifest, arena, text, &why);

	g_assert_true(ok == (why == NULL));
	return ok;
}

static void
test_cases(void)
{
	struct arena *arena = arena_new();
	struct manifest manifest;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_true(
		    parse(&manifest, arena, span_from_string(cases[i].text)) ==
		    (cases[i].want > 0));
		if (cases[i].want > 0)
			g_assert_cmpuint(manifest.n, ==, cases[i].want);
	}
	g_assert_false(parse(&manifest, arena, SPAN(H "  keys.mdb\0\n" LOG)));
	arena_free(arena);
}

/* What is written is read back, up to the limit of files. */
static void
test_round_trip(void)
{
	struct arena *arena = arena_new();
	GString *text = g_string_new(NULL);
	uint8_t sha256[32] = { 0xab };
	struct manifest manifest;

	for (int i = 0; i < MANIFEST_FILES_MAX - 2; i++) {
		g_autofree char *name =
		    g_strdup_printf("evidence/pack-%06d", i);

		manifest_append(text, name, sha256);
	}
	sha256[31] = 1;
	manifest_append(text, "keys.mdb", sha256);
	sha256[31] = 2;
	manifest_append(text, "log.jsonl", sha256);
	g_assert_true(parse(&manifest, arena,
	    (struct span){ (uint8_t *)text->str, text->len }));
	g_assert_cmpuint(manifest.n, ==, MANIFEST_FILES_MAX);
	g_assert_true(memcmp(manifest_get(&manifest, "log.jsonl")->sha256,
			  sha256, 32) == 0);
	g_assert_null(manifest_get(&manifest, "log"));
	g_string_prepend(text, PACK("0"));
	g_assert_false(parse(&manifest, arena,
	    (struct span){ (uint8_t *)text->str, text->len }));
	g_string_free(text, TRUE);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/manifest/cases", test_cases);
	g_test_add_func("/manifest/round-trip", test_round_trip);
	return g_test_run();
}
