/* test_rfc5234.c - every octet against the ABNF of its class. */
#include "keysnap/base/rfc5234.h"

#include <glib.h>
#include <string.h>

/* The members of each class, spelt out from the RFCs. */
static const struct {
	const char *name;
	unsigned class;
	const char *members;
} cases[] = {
	{ "ALPHA", RFC5234_ALPHA,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" },
	{ "DIGIT", RFC5234_DIGIT, "0123456789" },
	{ "HEXDIG", RFC5234_HEXDIG, "0123456789ABCDEFabcdef" },
	{ "WSP", RFC5234_WSP, " \t" },
	{ "CR LF", RFC5234_CRLF, "\r\n" },
	{ "VCHAR", RFC5234_VCHAR,
	    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]"
	    "^_`abcdefghijklmnopqrstuvwxyz{|}~" },
	{ "ftext", RFC5322_FTEXT,
	    "!\"#$%&'()*+,-./0123456789;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]"
	    "^_`abcdefghijklmnopqrstuvwxyz{|}~" },
	{ "VALCHAR", RFC6376_VALCHAR,
	    "!\"#$%&'()*+,-./0123456789:<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]"
	    "^_`abcdefghijklmnopqrstuvwxyz{|}~" },
	{ "atext", RFC5322_ATEXT,
	    "!#$%&'*+-/=?^_`{|}~0123456789"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" },
	{ "base64", RFC4648_BASE64,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" },
	{ "hyphenated", RFC6376_HYPHENATED,
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-" },
};

static void
test_classes(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		const char *members = cases[i].members;

		for (int octet = 0; octet < 256; octet++) {
			bool want =
			    memchr(members, octet, strlen(members)) != NULL;

			if (rfc5234_is((uint8_t)octet, cases[i].class) != want)
				g_test_message(
				    "%s: %%x%02X", cases[i].name, octet);
			g_assert_true(
			    rfc5234_is((uint8_t)octet, cases[i].class) == want);
		}
	}
}

static void
test_high(void)
{
	for (int octet = 0; octet < 256; octet++)
		g_assert_true(
		    rfc5234_is((uint8_t)octet, RFC5234_UTF8) == (octet > 127));
}

static void
test_lower(void)
{
	for (int octet = 0; octet < 256; octet++)
		g_assert_cmpuint(rfc5234_lower((uint8_t)octet), ==,
		    octet < 128 ? (uint8_t)g_ascii_tolower((char)octet)
				: (uint8_t)octet);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/rfc5234/classes", test_classes);
	g_test_add_func("/rfc5234/high", test_high);
	g_test_add_func("/rfc5234/lower", test_lower);
	return g_test_run();
}
