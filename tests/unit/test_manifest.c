/* test_manifest.c - MANIFEST has one spelling. */
#include "keysnap/store/manifest.h"

#include <string.h>

#define H        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define KEYS     H "  keys.mdb\n"
#define LOG      H "  log.jsonl\n"
#define PIECE(n) "# " H " piece 00000" n "\n"
#define PACK(n)  H "  evidence/pack-00000" n "\n"

static const struct {
	const char *name, *text;
	size_t want;   /* files; 0: refused */
	size_t pieces; /* of keys.mdb */
} cases[] = {
	{ "without packs", KEYS LOG, 2, 0 },
	{ "packs", PACK("0") PACK("1") KEYS LOG, 4, 0 },
	{ "empty", "", 0, 0 },
	{ "line feed", "\n", 0, 0 },
	{ "no last line feed", KEYS H "  log.jsonl", 0, 0 },
	{ "wrong order", LOG KEYS, 0, 0 },
	{ "packs last", KEYS LOG PACK("0"), 0, 0 },
	{ "packs not from 0", PACK("1") KEYS LOG, 0, 0 },
	{ "gap", PACK("0") PACK("2") KEYS LOG, 0, 0 },
	{ "twice", KEYS KEYS LOG, 0, 0 },
	{ "log missing", KEYS, 0, 0 },
	{ "other file", H "  a\n" KEYS LOG, 0, 0 },
	{ "parent", H "  ../keys.mdb\n" KEYS LOG, 0, 0 },
	{ "upper case",
	    "0123456789ABCDEF0123456789abcdef0123456789abcdef01234"
	    "56789abcdef  keys.mdb\n" LOG,
	    0, 0 },
	{ "binary mark", H " *keys.mdb\n" LOG, 0, 0 },
	{ "one space", H " keys.mdb\n" LOG, 0, 0 },
	{ "CR", H "  keys.mdb\r\n" LOG, 0, 0 },
	{ "pieces", KEYS PIECE("0") PIECE("1") LOG, 2, 2 },
	{ "pieces and packs",
	    PACK("0") KEYS PIECE("0") PIECE("1") PIECE("2") LOG, 3, 3 },
	{ "one piece", KEYS PIECE("0") LOG, 0, 0 },
	{ "pieces from 1", KEYS PIECE("1") PIECE("2") LOG, 0, 0 },
	{ "a gap between pieces", KEYS PIECE("0") PIECE("2") LOG, 0, 0 },
	{ "a piece twice", KEYS PIECE("0") PIECE("0") LOG, 0, 0 },
	{ "pieces of the log", KEYS LOG PIECE("0") PIECE("1"), 0, 0 },
	{ "pieces first", PIECE("0") PIECE("1") KEYS LOG, 0, 0 },
	{ "pieces of a pack", PACK("0") PIECE("0") PIECE("1") KEYS LOG, 0, 0 },
	{ "pieces in two places", KEYS PIECE("0") LOG PIECE("1"), 0, 0 },
	{ "a comment", KEYS "# x\n" PIECE("0") LOG, 0, 0 },
	{ "no space in a piece", KEYS "#" H " piece 000000\n" PIECE("1") LOG, 0,
	    0 },
	{ "two spaces in a piece",
	    KEYS "# " H "  piece 000000\n" PIECE("1") LOG, 0, 0 },
	{ "five digits", KEYS "# " H " piece 00000\n" PIECE("1") LOG, 0, 0 },
	{ "octets behind a piece",
	    KEYS "# " H " piece 000000 \n" PIECE("1") LOG, 0, 0 },
	{ "upper case in a piece",
	    KEYS "# 0123456789ABCDEF0123456789abcdef0123456789abcdef01234"
		 "56789abcdef piece 000000\n" PIECE("1") LOG,
	    0, 0 },
	{ "empty line", KEYS LOG "\n", 0, 0 },
	{ "empty line first", "\n" KEYS LOG, 0, 0 },
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
		if (cases[i].want == 0)
			continue;
		g_assert_cmpuint(manifest.n, ==, cases[i].want);
		g_assert_cmpuint(manifest.n_pieces, ==, cases[i].pieces);
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
	uint8_t(*pieces)[32] = g_malloc0(MANIFEST_PIECES_MAX * 32);
	struct manifest manifest;

	for (int i = 0; i < MANIFEST_FILES_MAX - 2; i++) {
		g_autofree char *name =
		    g_strdup_printf("evidence/pack-%06d", i);

		manifest_append(text, name, sha256);
	}
	sha256[31] = 1;
	manifest_append(text, "keys.mdb", sha256);
	for (size_t i = 0; i < MANIFEST_PIECES_MAX; i++)
		pieces[i][0] = (uint8_t)i;
	manifest_append_pieces(
	    text, (const uint8_t(*)[32])pieces, MANIFEST_PIECES_MAX);
	sha256[31] = 2;
	manifest_append(text, "log.jsonl", sha256);
	g_assert_true(parse(&manifest, arena,
	    (struct span){ (uint8_t *)text->str, text->len }));
	g_assert_cmpuint(manifest.n, ==, MANIFEST_FILES_MAX);
	g_assert_true(memcmp(manifest_get(&manifest, "log.jsonl")->sha256,
			  sha256, 32) == 0);
	g_assert_null(manifest_get(&manifest, "log"));
	g_assert_cmpuint(manifest.n_pieces, ==, MANIFEST_PIECES_MAX);
	g_assert_true(
	    memcmp(manifest.pieces, pieces, MANIFEST_PIECES_MAX * 32) == 0);
	g_free(pieces);
	/* Less than two are none. */
	size_t n = text->len;
	manifest_append_pieces(text, (const uint8_t(*)[32])sha256, 1);
	g_assert_cmpuint(text->len, ==, n);
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
