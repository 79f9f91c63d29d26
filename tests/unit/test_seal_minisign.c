/* test_seal_minisign.c - signatures that minisign 0.11 made over "hi\n". */
#include "keysnap/store/seal_minisign.h"

#include <string.h>

#define KEY_LINE "RWQcGA7aHZZZlvu3hHQH7471Ch6xHbxBJwLGIM2pidS98iBzWztuFN72"
#define KEY_FILE                                                             \
	"untrusted comment: minisign public key 9659961DDA0E181C\n" KEY_LINE \
	"\n"
#define FIRST "untrusted comment: signature from minisign secret key\n"
#define HASHED                                                          \
	"RUQcGA7aHZZZll6/ByWRsxJmRyIt6HQVQqaRdfqc9Q8PaM8oRcTDW2To1Zqlc" \
	"LHebqd8A93eDY3pg/TNiKJibV3/kX9lOM7yIgY="
#define HASHED_COMMENT "trusted comment: timestamp:1795475656\tfile:f\thashed"
#define HASHED_GLOBAL                                                   \
	"+RCNTN/bRo9LGTsQIgoefKs8Bzof8ACgAnT2R3NTVtWJCedIoSX7vLbfCvW1L" \
	"o3SlOcjNk6AvlLGFOoG7m8VCQ=="
#define LEGACY                                                          \
	"RWQcGA7aHZZZlgqSkZQSyYzZ80OFu1OEX2hfr+X8Susn8hefViRg+Pdjn5PrG" \
	"vwSNm0sjHZ1SlUqeHIL0B+i4lvIvuOado4IpAw="
#define LEGACY_COMMENT "trusted comment: timestamp:1795475656\tfile:f"
#define LEGACY_GLOBAL                                                   \
	"9V8MuZ///FbnHBbGSINwQcUwuwozc4MJclSuTkB71ZDRP/Muya6d0OTH8qpvb" \
	"14Pb2jcHaS83a7A23yQ63qXBA=="
#define NEW FIRST HASHED "\n" HASHED_COMMENT "\n" HASHED_GLOBAL "\n"
#define OLD FIRST LEGACY "\n" LEGACY_COMMENT "\n" LEGACY_GLOBAL "\n"

struct fixture {
	struct crypto *crypto;
	struct arena *arena;
	struct minisign_key key;
};

static void
setup(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	f->crypto = crypto_open(NULL);
	f->arena = arena_new();
	g_assert_true(minisign_key_parse(&f->key, SPAN(KEY_FILE)));
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	arena_free(f->arena);
	crypto_close(f->crypto);
}

/* 2: holds, 1: of the right form, 0: not even that. */
static int
try(struct fixture *f, struct span text, struct span file)
{
	struct minisign_signature signature;
	const char *why = NULL;

	if (!minisign_parse(&signature, f->arena, text, &why)) {
		g_assert_nonnull(why);
		return 0;
	}
	return minisign_verify(&signature, f->crypto, &f->key, file, &why) ? 2
									   : 1;
}

static const struct {
	const char *name, *text;
	int want;
} cases[] = {
	{ "prehashed", NEW, 2 },
	{ "legacy", OLD, 2 },
	{ "CRLF",
	    FIRST HASHED "\r\n" HASHED_COMMENT "\r\n" HASHED_GLOBAL "\r\n", 2 },
	{ "other untrusted comment",
	    "untrusted comment: \n" HASHED "\n" HASHED_COMMENT
	    "\n" HASHED_GLOBAL "\n",
	    2 },
	{ "other trusted comment",
	    FIRST HASHED "\ntrusted comment: x\n" HASHED_GLOBAL "\n", 1 },
	{ "comment of the other",
	    FIRST HASHED "\n" LEGACY_COMMENT "\n" LEGACY_GLOBAL "\n", 1 },
	{ "empty", "", 0 },
	{ "three lines", FIRST HASHED "\n" HASHED_COMMENT "\n", 0 },
	{ "no last line feed",
	    FIRST HASHED "\n" HASHED_COMMENT "\n" HASHED_GLOBAL, 0 },
	{ "five lines", NEW "\n", 0 },
	{ "no untrusted comment",
	    "comment: x\n" HASHED "\n" HASHED_COMMENT "\n" HASHED_GLOBAL "\n",
	    0 },
	{ "no trusted comment",
	    FIRST HASHED "\nuntrusted comment: x\n" HASHED_GLOBAL "\n", 0 },
	{ "a key", FIRST KEY_LINE "\n" HASHED_COMMENT "\n" HASHED_GLOBAL "\n",
	    0 },
	{ "space in base64",
	    FIRST HASHED " \n" HASHED_COMMENT "\n" HASHED_GLOBAL "\n", 0 },
};

static void
test_cases(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		g_assert_cmpint(
		    try(f, span_from_string(cases[i].text), SPAN("hi\n")), ==,
		    cases[i].want);
	}
	g_assert_cmpint(try(f, SPAN(NEW), SPAN("ho\n")), ==, 1);
	g_assert_cmpint(try(f, SPAN(OLD), SPAN("")), ==, 1);
	f->key.public_key[0] ^= 1;
	g_assert_cmpint(try(f, SPAN(NEW), SPAN("hi\n")), ==, 1);
	f->key.public_key[0] ^= 1;
	f->key.id[7] ^= 1;
	g_assert_cmpint(try(f, SPAN(NEW), SPAN("hi\n")), ==, 1);
}

/* No changed octet behind the untrusted comment leaves it valid. */
static void
test_flips(struct fixture *f, gconstpointer unused)
{
	uint8_t octets[sizeof(NEW) - 1];

	(void)unused;
	for (size_t i = (sizeof(FIRST) - 1) * 8; i < sizeof(octets) * 8; i++) {
		memcpy(octets, NEW, sizeof(octets));
		octets[i / 8] ^= (uint8_t)(1 << i % 8);
		g_assert_cmpint(try(f, (struct span){ octets, sizeof(octets) },
				    SPAN("hi\n")),
		    <, 2);
	}
}

static const struct {
	const char *text;
	bool want;
} keys[] = {
	{ KEY_FILE, true },
	{ KEY_LINE, true },
	{ KEY_LINE "\n", true },
	{ "untrusted comment: x\n" KEY_LINE, true },
	{ "untrusted comment: x\r\n" KEY_LINE "\r\n", true },
	{ "", false },
	{ "\n", false },
	{ "untrusted comment: x\n", false },
	{ "untrusted comment: x", false },
	{ "comment: x\n" KEY_LINE "\n", false },
	{ KEY_LINE "\n\n", false },
	{ KEY_LINE "\n" KEY_LINE "\n", false },
	{ HASHED "\n", false },
};

static void
test_keys(struct fixture *f, gconstpointer unused)
{
	GString *again = g_string_new(NULL);

	(void)unused;
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		struct minisign_key key;

		g_test_message("%s", keys[i].text);
		g_assert_true(
		    minisign_key_parse(&key, span_from_string(keys[i].text)) ==
		    keys[i].want);
		if (keys[i].want)
			g_assert_true(memcmp(&key, &f->key, sizeof(key)) == 0);
	}
	minisign_key_append(again, &f->key);
	g_assert_cmpstr(again->str, ==, KEY_FILE);
	g_string_free(again, TRUE);
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/seal-minisign/cases", test_cases);
	ADD("/seal-minisign/flips", test_flips);
	ADD("/seal-minisign/keys", test_keys);
	return g_test_run();
}
