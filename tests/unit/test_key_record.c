/* test_key_record.c - key records, RFC 6376 section 3.6.1. */
#include "keysnap/key/key_record.h"
#include "tests/unit/span_assert.h"

#include <glib.h>

#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
#define NO_V KEY_RECORD_NO_VERSION
#define BOTH (KEY_HASH_SHA1 | KEY_HASH_SHA256)

static const struct {
	const char *name;
	struct span text;
	unsigned defects;
	enum key_type type;
	unsigned hashes;
	const char *flags; /* e: for mail, y: testing, s: strict, r: revoked */
	const char *data;
} cases[] = {
	{ "full",
	    BYTES("v=DKIM1; k=rsa; h=sha256; s=email; t=y:s; n=x; "
		  "p=QUJD"),
	    0, KEY_TYPE_RSA, KEY_HASH_SHA256, "eys", "ABC" },
	{ "only p=", BYTES("p=QUJD"), NO_V, KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "folded p=", BYTES("p= QU \r\n\tJD ;"), NO_V, KEY_TYPE_RSA, BOTH, "e",
	    "ABC" },
	{ "revoked", BYTES("v=DKIM1; p="), 0, KEY_TYPE_RSA, BOTH, "er", "" },
	{ "revoked with space", BYTES("v=DKIM1; p= ;"), 0, KEY_TYPE_RSA, BOTH,
	    "er", "" },
	{ "ed25519", BYTES("v=DKIM1; k=ed25519; p=QUJD"), 0, KEY_TYPE_ED25519,
	    BOTH, "e", "ABC" },
	{ "unused bits", BYTES("p=QR=="), NO_V | KEY_RECORD_UNUSED_BITS,
	    KEY_TYPE_RSA, BOTH, "e", "A" },
	{ "no p=", BYTES("v=DKIM1; k=rsa"), KEY_RECORD_NO_KEY, KEY_TYPE_RSA,
	    BOTH, "e", "" },
	{ "only v=", BYTES("v=DKIM1"), KEY_RECORD_NO_KEY, KEY_TYPE_RSA, BOTH,
	    "e", "" },
	{ "bad base64", BYTES("p=QU\"JD"), NO_V | KEY_RECORD_BAD_BASE64,
	    KEY_TYPE_RSA, BOTH, "e", "" },
	{ "padding missing", BYTES("p=QQ"), NO_V | KEY_RECORD_BAD_BASE64,
	    KEY_TYPE_RSA, BOTH, "e", "" },
	{ "v=DKIM2", BYTES("v=DKIM2; p=QUJD"), KEY_RECORD_BAD_VERSION,
	    KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "v=dkim1", BYTES("v=dkim1; p=QUJD"), KEY_RECORD_BAD_VERSION,
	    KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "v= not first", BYTES("p=QUJD; v=DKIM1"),
	    KEY_RECORD_VERSION_NOT_FIRST, KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "k=RSA", BYTES("k=RSA; p=QUJD"), NO_V | KEY_RECORD_UNKNOWN_TYPE,
	    KEY_TYPE_UNKNOWN, BOTH, "e", "ABC" },
	{ "k= empty", BYTES("k=; p=QUJD"), NO_V | KEY_RECORD_UNKNOWN_TYPE,
	    KEY_TYPE_UNKNOWN, BOTH, "e", "ABC" },
	{ "h= with spaces", BYTES("h=sha1 : sha256; p=QUJD"), NO_V,
	    KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "h= of unknown", BYTES("h=sha512; p=QUJD"), NO_V, KEY_TYPE_RSA, 0,
	    "e", "ABC" },
	{ "h= empty", BYTES("h=; p=QUJD"), NO_V, KEY_TYPE_RSA, 0, "e", "ABC" },
	{ "s=*", BYTES("s=*; p=QUJD"), NO_V, KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "s=foo : email", BYTES("s=foo : email; p=QUJD"), NO_V, KEY_TYPE_RSA,
	    BOTH, "e", "ABC" },
	{ "s=tlsrpt", BYTES("s=tlsrpt; p=QUJD"), NO_V, KEY_TYPE_RSA, BOTH, "",
	    "ABC" },
	{ "t= of unknown", BYTES("t=s:x:; p=QUJD"),
	    NO_V | KEY_RECORD_UNKNOWN_FLAG, KEY_TYPE_RSA, BOTH, "es", "ABC" },
	{ "t= empty", BYTES("t=; p=QUJD"), NO_V, KEY_TYPE_RSA, BOTH, "e",
	    "ABC" },
	{ "g=*", BYTES("g=*; p=QUJD"), NO_V, KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "g=bob", BYTES("g=bob; p=QUJD"), NO_V | KEY_RECORD_HAS_GRANULARITY,
	    KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "g= empty", BYTES("g=; p=QUJD"), NO_V | KEY_RECORD_HAS_GRANULARITY,
	    KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "syntax behind p=", BYTES("v=DKIM1; p=QUJD; foo"), KEY_RECORD_SYNTAX,
	    KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "duplicate p=", BYTES("p=QUJD; p="), NO_V | KEY_RECORD_SYNTAX,
	    KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "8-bit note", BYTES("n=\xe4; p=QUJD"),
	    NO_V | KEY_RECORD_SYNTAX | KEY_RECORD_NOT_A_KEY, KEY_TYPE_RSA, BOTH,
	    "e", "" },
	{ "NUL", BYTES("p=QUJD\0"),
	    NO_V | KEY_RECORD_SYNTAX | KEY_RECORD_NOT_A_KEY, KEY_TYPE_RSA, BOTH,
	    "e", "" },
	{ "line feed behind", BYTES("p=QUJD\n"), NO_V | KEY_RECORD_LINE_END,
	    KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "line ends round", BYTES(" \r\np=QUJD; \r\n"),
	    NO_V | KEY_RECORD_LINE_END, KEY_TYPE_RSA, BOTH, "e", "ABC" },
	{ "spaces round", BYTES(" p=QUJD "), NO_V, KEY_TYPE_RSA, BOTH, "e",
	    "ABC" },
	{ "line feed inside", BYTES("v=DKIM1; p=QU\nJD"), KEY_RECORD_SYNTAX,
	    KEY_TYPE_RSA, BOTH, "e", "" },
	{ "only line feeds", BYTES("\n\n"),
	    NO_V | KEY_RECORD_NO_KEY | KEY_RECORD_NOT_A_KEY |
		KEY_RECORD_LINE_END,
	    KEY_TYPE_RSA, BOTH, "e", "" },
	{ "nothing", { NULL, 0 },
	    NO_V | KEY_RECORD_NO_KEY | KEY_RECORD_NOT_A_KEY, KEY_TYPE_RSA, BOTH,
	    "e", "" },
	{ "SPF", BYTES("v=spf1 include:_spf.example.com ~all"),
	    KEY_RECORD_NO_KEY | KEY_RECORD_NOT_A_KEY | KEY_RECORD_BAD_VERSION,
	    KEY_TYPE_RSA, BOTH, "e", "" },
	{ "site verification", BYTES("google-site-verification=abc"),
	    NO_V | KEY_RECORD_SYNTAX | KEY_RECORD_NOT_A_KEY, KEY_TYPE_RSA, BOTH,
	    "e", "" },
};

static void
test_parse(void)
{
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct key_record record;
		g_autofree char *flags = NULL;

		key_record_parse(&record, arena, cases[i].text);
		flags = g_strdup_printf("%s%s%s%s",
		    record.service_email ? "e" : "", record.testing ? "y" : "",
		    record.strict ? "s" : "", record.revoked ? "r" : "");
		g_test_message("%s", cases[i].name);
		g_assert_cmphex(record.defects, ==, cases[i].defects);
		g_assert_cmpint(record.type, ==, cases[i].type);
		g_assert_cmphex(record.hashes, ==, cases[i].hashes);
		g_assert_cmpstr(flags, ==, cases[i].flags);
		span_assert_equal(cases[i].name, record.key_data,
		    span_from_string(cases[i].data));
	}
}

static void
test_spans(void)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct key_record record;

	key_record_parse(&record, arena, SPAN("g=; n= a=20b ; p="));
	span_assert_equal("n=", record.notes, SPAN("a=20b"));
	g_assert_nonnull(record.granularity.p);
	key_record_parse(&record, arena, SPAN("p="));
	g_assert_null(record.granularity.p);
}

/* Every defect has a name, and no two the same. */
static void
test_names(void)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	unsigned all = KEY_RECORD_FATAL | KEY_RECORD_HAS_GRANULARITY |
	    KEY_RECORD_UNUSED_BITS | KEY_RECORD_UNKNOWN_FLAG |
	    KEY_RECORD_NO_VERSION | KEY_RECORD_LINE_END;

	for (unsigned bit = 1; bit != 0; bit <<= 1) {
		const char *name = key_record_defect_name(bit);

		g_assert_true((name != NULL) == ((all & bit) != 0));
		if (name != NULL)
			g_assert_true(g_hash_table_add(seen, (gpointer)name));
	}
	g_assert_cmpstr(key_type_name(KEY_TYPE_RSA), ==, "rsa");
	g_assert_cmpstr(key_type_name(KEY_TYPE_ED25519), ==, "ed25519");
	g_assert_cmpstr(key_type_name(KEY_TYPE_UNKNOWN), ==, "unknown");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/key_record/parse", test_parse);
	g_test_add_func("/key_record/spans", test_spans);
	g_test_add_func("/key_record/names", test_names);
	return g_test_run();
}
