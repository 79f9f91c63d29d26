/*
 * encoded_word.c - RFC 2047 sections 2, 4 and 6.2.
 *
 * Limits: ENCODED_TEXT_MAX octets of text.  Charsets are those whose converters
 * display_init() holds open: another could be there on one machine only.
 */
#include "verifier/message/encoded_word.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"
#include "verifier/message/display.h"

#include <iconv.h>

/* An encoded word, cut up. */
struct word {
	struct span charset, text;
	uint8_t encoding; /* 'b' or 'q' */
	size_t n;         /* octets of all of it */
};

/* ---- charsets ------------------------------------------------------------ */

/* Are the octets below 128 those of ASCII, in every place? */
static bool
extends_ascii(const char *charset)
{
	static const char *const names[] = { "UTF-8", "US-ASCII", "ISO-8859-",
		"WINDOWS-125", "KOI8-" };

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (g_ascii_strncasecmp(charset, names[i], strlen(names[i])) ==
		    0)
			return true;
	}
	return false;
}

static bool
is_same_text(struct span text, const char *to, const char *from)
{
	if (g_ascii_strcasecmp(to, from) == 0 &&
	    g_ascii_strcasecmp(to, "UTF-8") == 0)
		return text_is_utf8(text);
	return extends_ascii(to) && extends_ascii(from) && text_is_ascii(text);
}

/* Append "text" in "to"; false, and "out" as it was, on any octet that cannot
 * be converted. */
static bool
convert(GString *out, struct span text, const char *to, const char *from)
{
	gsize start = out->len, room = 4 * text.n + 16;
	char *in = (char *)text.p, *put;
	size_t left = text.n, left_out = room;
	iconv_t converter;
	bool good;

	if (is_same_text(text, to, from)) {
		g_string_append_len(out, (const char *)text.p, (gssize)text.n);
		return true;
	}
	converter = iconv_open(to, from);
	if (converter == (iconv_t)-1)
		return false;
	g_string_set_size(out, start + room);
	put = out->str + start;
	good = text.n == 0 ||
	    (iconv(converter, &in, &left, &put, &left_out) == 0 && left == 0);
	good =
	    good && iconv(converter, NULL, NULL, &put, &left_out) != (size_t)-1;
	iconv_close(converter);
	g_string_set_size(out, good ? start + room - left_out : start);
	return good;
}

bool
encoded_word_convert(GString *out, struct span text, const char *charset)
{
	return display_has_charset(span_from_string(charset)) &&
	    convert(out, text, charset, "UTF-8");
}

/* ---- reading ------------------------------------------------------------- */

/* encoded-word = "=?" charset ["*" language] "?" encoding "?" text "?=" */
static bool
cut_word(struct span text, struct word *word)
{
	struct span rest = span_from(text, 2);
	size_t mark = span_find(rest, '?'), end;

	if (!span_starts_with(text, SPAN("=?")) || mark + 3 > rest.n ||
	    rest.p[mark + 2] != '?')
		return false;
	word->charset = span_sub(rest, 0, mark);
	word->charset.n = span_find(word->charset, '*');
	word->encoding = rfc5234_lower(rest.p[mark + 1]);
	word->text = span_from(rest, mark + 3);
	end = span_find(word->text, '?');
	if (end + 1 >= word->text.n || word->text.p[end + 1] != '=' ||
	    (word->encoding != 'b' && word->encoding != 'q') ||
	    !display_has_charset(word->charset))
		return false;
	word->n = 2 + mark + 3 + end + 2;
	word->text.n = end;
	return true;
}

static int
digit_of(uint8_t octet)
{
	if (!rfc5234_is(octet, RFC5234_HEXDIG))
		return -1;
	return rfc5234_is(octet, RFC5234_DIGIT)
	    ? octet - '0'
	    : rfc5234_lower(octet) - 'a' + 10;
}

static bool
decode_q(GString *out, struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		uint8_t octet = text.p[i];

		if (octet == '_') {
			octet = ' ';
		} else if (octet == '=') {
			if (i + 2 >= text.n || digit_of(text.p[i + 1]) < 0 ||
			    digit_of(text.p[i + 2]) < 0)
				return false;
			octet = (uint8_t)(digit_of(text.p[i + 1]) * 16 +
			    digit_of(text.p[i + 2]));
			i += 2;
		} else if (!rfc5234_is(octet, RFC5234_VCHAR)) {
			return false;
		}
		g_string_append_c(out, (char)octet);
	}
	return true;
}

static bool
decode_word(struct arena *arena, GString *out, const struct word *word)
{
	g_autoptr(GString) octets = g_string_new(NULL);
	g_autofree char *charset = span_dup(word->charset);
	struct span decoded;

	if (word->encoding == 'b') {
		if (!base64_decode_strict(arena, word->text, &decoded))
			return false;
	} else {
		if (!decode_q(octets, word->text))
			return false;
		decoded =
		    (struct span){ (const uint8_t *)octets->str, octets->len };
	}
	return convert(out, decoded, "UTF-8", charset);
}

/* Octets of white space and folding at "at". */
static size_t
space_at(struct span text, size_t at)
{
	size_t n = 0;

	while (at + n < text.n &&
	    rfc5234_is(text.p[at + n], RFC5234_WSP | RFC5234_CRLF))
		n++;
	return n;
}

/* White space as it is read: without line ends; none between two encoded
 * words. */
static void
append_space(GString *out, struct span space)
{
	for (size_t i = 0; i < space.n; i++) {
		if (rfc5234_is(space.p[i], RFC5234_WSP))
			g_string_append_c(out, (char)space.p[i]);
	}
}

static bool
append_decoded(struct arena *arena, GString *out, struct span text)
{
	bool word_before = false;
	struct word word;

	for (size_t at = 0; at < text.n;) {
		size_t space = space_at(text, at);
		struct span rest = span_from(text, at + space);
		bool is_word = span_starts_with(rest, SPAN("=?"));
		size_t n = 1;

		if (is_word && !cut_word(rest, &word))
			return false;
		if (!is_word || !word_before)
			append_space(out, span_sub(text, at, space));
		if (is_word && !decode_word(arena, out, &word))
			return false;
		if (!is_word && rest.n > 0)
			g_string_append_c(out, (char)rest.p[0]);
		if (is_word)
			n = word.n;
		word_before = is_word;
		at += space + n;
	}
	return true;
}

static bool
has_controls(const GString *text)
{
	for (gsize i = 0; i < text->len; i++) {
		uint8_t octet = (uint8_t)text->str[i];

		if ((octet < 0x20 && octet != '\t') || octet == 0x7f)
			return true;
	}
	return false;
}

bool
encoded_word_decode(
    struct arena *arena, struct span text, struct span *text_out)
{
	g_autoptr(GString) out = g_string_new(NULL);
	g_autoptr(GString) raw = g_string_new(NULL);

	if (text.n > ENCODED_TEXT_MAX)
		return false;
	if (text_is_utf8(text))
		g_string_append_len(raw, (const char *)text.p, (gssize)text.n);
	else if (!convert(raw, text, "UTF-8", "WINDOWS-1252"))
		return false;
	if (!append_decoded(arena, out,
		(struct span){ (const uint8_t *)raw->str, raw->len }) ||
	    has_controls(out))
		return false;
	*text_out = arena_copy(
	    arena, (struct span){ (const uint8_t *)out->str, out->len });
	return true;
}

/* ---- writing ------------------------------------------------------------- */

static bool
stays_in_q(const struct encoded_style *style, uint8_t octet)
{
	if (rfc5234_is(octet, RFC5234_ALPHA | RFC5234_DIGIT))
		return true;
	if (octet == '!' || octet == '*' || octet == '+' || octet == '-' ||
	    octet == '/')
		return true;
	return !style->strict && rfc5234_is(octet, RFC5234_VCHAR) &&
	    octet != '=' && octet != '?' && octet != '_';
}

/* Append the text of one encoded word. */
static void
append_coded(
    GString *out, const GString *octets, const struct encoded_style *style)
{
	if (style->encoding == 'B' || style->encoding == 'b') {
		base64_append(out,
		    (struct span){ (const uint8_t *)octets->str, octets->len });
		return;
	}
	for (gsize i = 0; i < octets->len; i++) {
		uint8_t octet = (uint8_t)octets->str[i];

		if (octet == ' ')
			g_string_append_c(out, '_');
		else if (stays_in_q(style, octet))
			g_string_append_c(out, (char)octet);
		else
			g_string_append_printf(out, "=%02X", octet);
	}
}

/* Octets that the first "n" octets of "text" take as one encoded word; 0 when
 * they cannot be converted. */
static size_t
append_word(GString *out, struct span text, const struct encoded_style *style)
{
	g_autoptr(GString) octets = g_string_new(NULL);
	gsize start = out->len;

	if (!encoded_word_convert(octets, text, style->charset))
		return 0;
	g_string_append_printf(
	    out, "=?%s?%c?", style->charset, style->encoding);
	append_coded(out, octets, style);
	g_string_append(out, "?=");
	return out->len - start;
}

/* Octets of the character at "at" of UTF-8. */
static size_t
character_at(struct span text, size_t at)
{
	size_t n = 1;

	while (at + n < text.n && (text.p[at + n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* How much of "text" one encoded word of the style holds: characters are
 * counted as if each took its own octets, so nothing is converted twice. */
static size_t
fitting(struct span text, const struct encoded_style *style)
{
	bool base64 = style->encoding == 'B' || style->encoding == 'b';
	size_t fixed = strlen(style->charset) + 7, used = 0, at = 0;

	while (at < text.n) {
		size_t n = character_at(text, at), cost = n;

		if (!base64 && text.p[at] != ' ' &&
		    !stays_in_q(style, text.p[at]))
			cost = 3 * n;
		used += cost;
		if (fixed + (base64 ? (used + 2) / 3 * 4 : used) >
			style->length &&
		    at > 0)
			return at;
		at += n;
	}
	return text.n;
}

/* "text" as one or more encoded words. */
static bool
append_words(GString *out, struct span text, const struct encoded_style *style)
{
	for (size_t at = 0; at < text.n;) {
		size_t n = fitting(span_from(text, at), style);

		if (at > 0)
			g_string_append(out, style->separator);
		if (append_word(out, span_sub(text, at, n), style) == 0)
			return false;
		at += n;
	}
	return true;
}

/* Octets of the word at "at", to the next space. */
static size_t
word_at(struct span text, size_t at)
{
	return span_find(span_from(text, at), ' ');
}

/* Where the run of words that are encoded together ends, which begins at "at":
 * behind the last that must be, of all or of those that follow at once. */
static size_t
run_end(struct span text, size_t at, enum encoded_scope scope)
{
	size_t end = at;

	while (at < text.n) {
		size_t n = word_at(text, at);

		if (!text_is_ascii(span_sub(text, at, n)))
			end = at + n;
		else if (scope == ENCODE_WORDS)
			break;
		at += n + 1;
	}
	return end;
}

static bool
append_runs(GString *out, struct span text, const struct encoded_style *style)
{
	size_t at = 0;

	while (at < text.n) {
		size_t n = word_at(text, at);
		struct span word = span_sub(text, at, n);

		if (text_is_ascii(word)) {
			g_string_append_len(
			    out, (const char *)word.p, (gssize)n);
		} else {
			n = run_end(text, at, style->scope) - at;
			if (!append_words(out, span_sub(text, at, n), style))
				return false;
		}
		at += n;
		if (at < text.n)
			g_string_append_c(out, ' ');
		at++;
	}
	return true;
}

bool
encoded_word_append(GString *out, struct span text,
    const struct encoded_style *style, bool forced)
{
	gsize start = out->len;
	bool good;

	if (text.n > ENCODED_TEXT_MAX)
		return false;
	if (style->scope == ENCODE_ALL && (forced || !text_is_ascii(text)))
		good = append_words(out, text, style);
	else
		good = append_runs(out, text, style);
	if (!good)
		g_string_truncate(out, start);
	return good;
}
