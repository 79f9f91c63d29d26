/* test_trust_anchor.c - trust anchors built in, from lines and from XML. */
#include "keysnap/base/timestamp.h"
#include "keysnap/dnssec/trust_anchor.h"

#include <glib.h>
#include <string.h>

#define DIGEST \
	"49aac11d7b6f6446702e54a1607371607a1a41855200fd2ce1cdde32f24e8fb5"
#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
#define LINE ". IN DS 19036 8 2 " DIGEST

static void
test_builtin(void)
{
	static const char *const want[] = {
		". IN DS 19036 8 2 " DIGEST " 1279152000 1547164800",
		". IN DS 20326 8 2 e06d44b80b8f1d39a95c0b0d7c65d08458e8804"
		"09bbc683457104237c7f8ec8d 1485993600 -",
		". IN DS 38696 8 2 683d2d0acb8c9b712a1948b27f741219298d0a4"
		"50d612c483af444a4c0fb2b16 1721260800 -",
	};
	struct trust_anchors *anchors = trust_anchors_builtin();

	g_assert_cmpuint(anchors->items->len, ==, G_N_ELEMENTS(want));
	for (guint i = 0; i < anchors->items->len; i++) {
		const struct trust_anchor *anchor = anchors->items->pdata[i];
		g_autofree char *text = trust_anchor_text(anchor);
		g_autofree char *until = anchor->until == TIMESTAMP_NONE
		    ? g_strdup("-")
		    : g_strdup_printf("%" PRId64, anchor->until);
		g_autofree char *got = g_strdup_printf(
		    "%s %" PRId64 " %s", text, anchor->from, until);

		g_assert_cmpstr(got, ==, want[i]);
	}
	trust_anchors_free(anchors);
}

/* "N: first anchor", or "line L: why". */
static char *
read_text(struct span text)
{
	g_autofree char *why = NULL, *first = NULL;
	unsigned line;
	struct trust_anchors *anchors = trust_anchors_read(text, &why, &line);
	char *out;

	if (anchors == NULL)
		return g_strdup_printf("line %u: %s", line, why);
	first = trust_anchor_text(anchors->items->pdata[0]);
	out = g_strdup_printf("%u: %s", anchors->items->len, first);
	trust_anchors_free(anchors);
	return out;
}

#define KEY(more)                                              \
	"<KeyDigest id='a'><KeyTag>19036</KeyTag><Algorithm>8" \
	"</Algorithm>" more "</KeyDigest>"
#define XML(inner)                                         \
	"<?xml version=\"1.0\"?>\n<TrustAnchor id='x'>\n " \
	" <Zone>.</Zone>\n" inner "</TrustAnchor>\n"
#define SHA256_DIGEST "<DigestType>2</DigestType><Digest>" DIGEST "</Digest>"

static void
test_read(void)
{
	static const struct {
		const char *name;
		struct span text;
		const char *want;
	} cases[] = {
		{ "a line", BYTES(LINE), "1: " LINE },
		{ "comments, TTL, upper case",
		    BYTES("; root\n\n# x\r\n. 172800 IN DS 19036 8 2 "
			  "49AAC11D7B6F6446702E54A1607371607A1A41"
			  "855200FD2CE1CDDE32F24E8FB5 ; KSK\r\n"),
		    "1: " LINE },
		{ "empty", BYTES(""), "line 0: no trust anchor in it" },
		{ "NUL", BYTES("a\0b"), "line 1: not a DS record" },
		{ "8-bit", BYTES("\n\xff\xfe"), "line 2: not a DS record" },
		{ "another type", BYTES(". IN A 1.2.3.4"),
		    "line 1: not a DS record" },
		{ "SHA-1",
		    BYTES(". IN DS 19036 8 1 B256BD09DC8DD59F0E0F"
			  "0D8541B8328DD986DF6E"),
		    "line 1: a digest that is neither SHA-256 (2) nor SHA-384 "
		    "(4)" },
		{ "too short", BYTES(". IN DS 19036 8 2 49AA"),
		    "line 1: a digest of the wrong length" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got = read_text(cases[i].text);

		if (g_strcmp0(got, cases[i].want) != 0) {
			g_test_message("%s: %s", cases[i].name, got);
			g_test_fail();
		}
	}
}

static void
test_xml(void)
{
	static const struct {
		const char *name, *text, *want;
	} cases[] = {
		{ "one", XML(KEY(SHA256_DIGEST)), "1: " LINE },
		{ "two, and what is not read",
		    XML(KEY("<PublicKey>AwEA+/=</PublicKey><Flags>257</Flags>" SHA256_DIGEST) "<!-- x -->" KEY(
			SHA256_DIGEST)),
		    "2: " LINE },
		{ "without digest", XML(KEY("")),
		    "line 0: KeyDigest lacks an element" },
		{ "without keys", XML(""), "line 0: no trust anchor in it" },
		{ "digest twice", XML(KEY(SHA256_DIGEST SHA256_DIGEST)),
		    "line 0: an element of KeyDigest is there twice" },
		{ "another document", "<html></html>",
		    "line 0: not TrustAnchor of RFC 9718" },
		{ "two words", XML(KEY("<DigestType>2 3</DigestType>")),
		    "line 0: text that no DS record has" },
		{ "a time that is none",
		    XML("<KeyDigest validFrom='soon'></KeyDigest>"),
		    "line 0: validFrom or validUntil is not a time" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *got =
		    read_text(span_from_string(cases[i].text));

		/* GMarkup puts the position before what is wrong. */
		if (g_strcmp0(got, cases[i].want) != 0 &&
		    (!g_str_has_prefix(got, "line 0: ") ||
			strstr(got, cases[i].want + strlen("line 0: ")) ==
			    NULL)) {
			g_test_message("%s: %s", cases[i].name, got);
			g_test_fail();
		}
	}
}

static void
test_limits(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *got = NULL, *long_line = NULL, *large = NULL;

	for (int i = 0; i <= TRUST_ANCHORS_MAX; i++)
		g_string_append(text, LINE "\n");
	got = read_text(span_from_string(text->str));
	g_assert_cmpstr(
	    got, ==, "line 65: more trust anchors than a file may have");
	g_string_set_size(text, TRUST_ANCHOR_LINE_MAX + 1);
	memset(text->str, 'a', text->len);
	long_line = read_text(span_from_string(text->str));
	g_assert_cmpstr(long_line, ==, "line 1: a line that is too long");
	g_string_set_size(text, TRUST_ANCHOR_FILE_MAX + 1);
	memset(text->str, '\n', text->len);
	large = read_text(span_from_string(text->str));
	g_assert_cmpstr(large, ==, "line 0: larger than such a file may be");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/trust-anchor/builtin", test_builtin);
	g_test_add_func("/trust-anchor/lines", test_read);
	g_test_add_func("/trust-anchor/xml", test_xml);
	g_test_add_func("/trust-anchor/limits", test_limits);
	return g_test_run();
}
