/*
 * display.c - header text for people (RFC 2047), with GMime.
 *
 * GMime is only given valid UTF-8 without NUL, and its own fallback charsets
 * are fixed, so neither the locale nor its defaults decide anything.
 * DISPLAY_MAX octets of a value are shown.
 */
#include "verifier/message/display.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"

#include <gmime/gmime.h>
#include <iconv.h>
#include <string.h>

#define DISPLAY_MAX (64u << 10) /* no field that people read is longer */
#define REPLACEMENT "\xef\xbf\xbd"

static const char *const charsets[] = { "utf-8", "us-ascii", "iso-8859-1",
	"iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6",
	"iso-8859-7", "iso-8859-8", "iso-8859-9", "iso-8859-10", "iso-8859-11",
	"iso-8859-13", "iso-8859-14", "iso-8859-15", "iso-8859-16",
	"windows-1250", "windows-1251", "windows-1252", "windows-1253",
	"windows-1254", "windows-1255", "windows-1256", "windows-1257",
	"windows-1258", "koi8-r", "koi8-u", "shift_jis", "iso-2022-jp",
	"euc-jp", "gb2312", "gb18030", "gbk", "big5", "euc-kr", "utf-16",
	"utf-7" };

const char *
display_init(void)
{
	/*
	 * Not const, against the house rule: which modules the C library has
	 * loaded is a state of the process, and closing a converter lets it
	 * unload the module.  So they stay open, and this remembers them.
	 */
	static iconv_t held[G_N_ELEMENTS(charsets)];

	g_mime_init();
	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++) {
		if (held[i] == NULL)
			held[i] = iconv_open("utf-8", charsets[i]);
		if (held[i] == (iconv_t)-1)
			return charsets[i];
	}
	return NULL;
}

bool
display_has_charset(struct span name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++) {
		if (span_equal_nocase(name, span_from_string(charsets[i])))
			return true;
	}
	return false;
}

/* ---- to UTF-8 ------------------------------------------------------------ */

/* %x80-9F of Windows-1252; 0 where it has nothing. */
static const uint16_t windows_1252[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e,
	0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0,
	0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
	0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178 };

static gunichar
from_windows_1252(uint8_t octet)
{
	if (octet < 0x80 || octet >= 0xa0)
		return octet;
	gunichar c = windows_1252[octet - 0x80];
	return c != 0 ? c : 0xfffd;
}

void
display_append_unfolded(GString *out, struct span text)
{
	bool utf8 = text_is_utf8(text);

	for (size_t i = 0; i < text.n; i++) {
		uint8_t octet = text.p[i];
		if (octet == '\r' || octet == '\n')
			continue;
		if (octet == 0)
			g_string_append(out, REPLACEMENT);
		else if (utf8 || octet < 0x80)
			g_string_append_c(out, (char)octet);
		else
			g_string_append_unichar(out, from_windows_1252(octet));
	}
}

/* ---- encoded words ------------------------------------------------------- */

/*
 * Where the text must be cut: behind a padded base64 word that another
 * encoded word follows.  GMime 3.2 joins such words before it decodes them,
 * stops at the padding and loses the second.  NULL: no cut.  *next_out is
 * where the second begins: the white space between two goes (RFC 2047 6.2).
 */
static const char *
find_cut(const char *text, const char **next_out)
{
	const char *end = text;

	while ((end = strstr(end, "=?=")) != NULL) {
		end += 3;
		*next_out = end + strspn(end, " \t");
		if (*next_out > end && strncmp(*next_out, "=?", 2) == 0)
			return end;
	}
	return NULL;
}

static void
decode_piece(
    GString *out, GMimeParserOptions *options, const char *text, size_t n)
{
	g_autofree char *piece = g_strndup(text, n);
	g_autofree char *decoded =
	    g_mime_utils_header_decode_text(options, piece);

	text_append_utf8(out, span_from_string(decoded));
}

GMimeParserOptions *
display_parser_options(void)
{
	const char *fallback[] = { "utf-8", "windows-1252", NULL };
	GMimeParserOptions *options = g_mime_parser_options_new();

	g_mime_parser_options_set_fallback_charsets(options, fallback);
	return options;
}

static void
decode_words(GString *out, const char *text)
{
	GMimeParserOptions *options = display_parser_options();
	const char *end, *next = NULL;

	while ((end = find_cut(text, &next)) != NULL) {
		decode_piece(out, options, text, (size_t)(end - text));
		text = next;
	}
	decode_piece(out, options, text, strlen(text));
	g_mime_parser_options_free(options);
}

/* ---- public -------------------------------------------------------------- */

static bool
is_plain(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_VCHAR | RFC5234_WSP))
			return false;
		if (text.p[i] == '=' && i + 1 < text.n && text.p[i + 1] == '?')
			return false;
	}
	return true;
}

struct span
display_text(struct arena *arena, struct span value)
{
	struct span text = span_trim_fws(span_sub(value, 0, DISPLAY_MAX));

	if (is_plain(text))
		return arena_copy(arena, text);
	g_autoptr(GString) out = g_string_sized_new(text.n);
	display_append_unfolded(out, text);
	if (strstr(out->str, "=?") != NULL) {
		g_autofree char *encoded =
		    g_string_free(g_steal_pointer(&out), FALSE);
		out = g_string_sized_new(text.n);
		decode_words(out, encoded);
	}
	return arena_copy(
	    arena, (struct span){ (const uint8_t *)out->str, out->len });
}

char *
display_library_version(void)
{
	return g_strdup_printf("%u.%u.%u", gmime_major_version,
	    gmime_minor_version, gmime_micro_version);
}
