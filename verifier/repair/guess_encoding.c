/*
 * guess_encoding.c - the same text with other encoded words (RFC 2047), as
 * octets above 127, or as plain words; of addresses the display names only.
 *
 * Limits: CHARSETS_MAX charsets that have all characters of the text, and
 * PHRASES_MAX display names of a field.
 */
#include "verifier/repair/guess.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"
#include "verifier/message/encoded_word.h"

#define CHARSETS_MAX   8
#define CHARSETS_PLAIN 2 /* of a text without octets above 127 */
#define CHARSET_STYLES (4 * 2 * ENCODED_SCOPES * 2 * 2)
#define PHRASES_MAX    64
#define WORD_MAX       75    /* RFC 2047 2 */
#define NO_LIMIT       10000 /* more than ENCODED_TEXT_MAX takes in one word */

/* As programs write them, the common ones first. */
static const char *const charsets[] = { "UTF-8", "utf-8", "iso-8859-1",
	"ISO-8859-1", "Windows-1252", "windows-1252", "US-ASCII", "us-ascii",
	"iso-8859-15", "ISO-8859-15", "iso-8859-2", "ISO-8859-2", "KOI8-R",
	"koi8-r", "Windows-1251", "windows-1251", "windows-1250", "ISO-2022-JP",
	"iso-2022-jp", "Shift_JIS", "GB2312", "gb2312", "gb18030", "Big5",
	"big5", "EUC-KR", "euc-kr" };

/* A part of a value that can be encoded: a text, or a display name. */
struct phrase {
	size_t at, n;     /* of the value */
	struct span text; /* decoded, without quotes */
};

struct phrases {
	struct span value;
	struct phrase list[PHRASES_MAX];
	size_t n;
	bool names; /* display names */
	bool coded; /* one of them is encoded, or has octets above 127 */
	bool cut;   /* there are too many of them, or one is too long */
};

/* ---- reading ------------------------------------------------------------- */

static bool
has_code(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] >= 0x80 ||
		    (text.p[i] == '=' && i + 1 < text.n &&
			text.p[i + 1] == '?'))
			return true;
	}
	return false;
}

/* A quoted string that is all of "text", without its quotes; else "text". */
static struct span
unquote(struct arena *arena, struct span text)
{
	uint8_t *p;
	size_t n = 0;

	if (text.n < 2 || text.p[0] != '"' || text.p[text.n - 1] != '"')
		return text;
	p = arena_alloc(arena, text.n);
	for (size_t i = 1; i + 1 < text.n; i++) {
		if (text.p[i] == '"')
			return text;
		if (text.p[i] == '\\' && i + 2 < text.n)
			i++;
		p[n++] = text.p[i];
	}
	return (struct span){ p, n };
}

static bool
add_phrase(struct phrases *phrases, struct arena *arena, size_t at, size_t end)
{
	struct span part = span_sub(phrases->value, at, end - at);
	struct span text = span_trim_fws(part);
	struct phrase *phrase = &phrases->list[phrases->n];

	if (text.n == 0)
		return true;
	phrases->cut = phrases->n == PHRASES_MAX || text.n > ENCODED_TEXT_MAX;
	if (phrases->cut)
		return false;
	phrase->at = (size_t)(text.p - phrases->value.p);
	phrase->n = text.n;
	phrases->coded |= has_code(text);
	if (!encoded_word_decode(arena, unquote(arena, text), &phrase->text))
		return false;
	phrases->n++;
	return true;
}

/* Where the quoted string that begins at "at" ends. */
static size_t
quoted_end(struct span value, size_t at)
{
	for (at++; at < value.n && value.p[at] != '"'; at++) {
		if (value.p[at] == '\\')
			at++;
	}
	return MIN(at + 1, value.n);
}

/* The display names: what stands before each "<". */
static bool
find_names(struct phrases *phrases, struct arena *arena)
{
	struct span value = phrases->value;
	size_t start = 0;

	for (size_t at = 0; at < value.n;) {
		uint8_t octet = value.p[at];

		if (octet == '"') {
			at = quoted_end(value, at);
			continue;
		}
		if (octet == '<' && !add_phrase(phrases, arena, start, at))
			return false;
		if (octet == ',' || octet == ';' || octet == ':' ||
		    octet == '<' || octet == '>')
			start = at + 1;
		at++;
	}
	return true;
}

/* The lines of a folded text, each by itself: folds stay where they are. */
static bool
find_lines(struct phrases *phrases, struct arena *arena)
{
	struct span value = phrases->value;

	for (size_t at = 0; at < value.n;) {
		size_t n = span_find(span_from(value, at), '\n');

		n = MIN(n + 1, value.n - at);
		if (!add_phrase(phrases, arena, at, at + n))
			return false;
		at += n;
	}
	return true;
}

static bool
phrases_find(struct phrases *phrases, struct arena *arena, struct span name,
    struct span value, bool folding)
{
	bool good;

	phrases->value = value;
	phrases->n = 0;
	phrases->coded = phrases->cut = false;
	phrases->names = guess_is_address(name);
	if (phrases->names)
		good = find_names(phrases, arena);
	else if (folding)
		good = find_lines(phrases, arena);
	else
		good = add_phrase(phrases, arena, 0, value.n);
	return good && phrases->n > 0;
}

/* ---- writing ------------------------------------------------------------- */

/* Append the text of one phrase; false when it cannot be written so. */
typedef bool (*phrase_writer)(GString *out, const struct phrases *phrases,
    struct span text, const void *how);

/* The value with its phrases written anew. */
static void
add_written(struct guess_list *list, const struct phrases *phrases,
    phrase_writer writer, const void *how, unsigned group)
{
	struct span value = span_trim_fws(phrases->value);
	size_t at = (size_t)(value.p - phrases->value.p);
	g_autoptr(GString) out = g_string_new(NULL);

	for (size_t i = 0; i < phrases->n; i++) {
		const struct phrase *phrase = &phrases->list[i];
		struct span before =
		    span_sub(phrases->value, at, phrase->at - at);

		g_string_append_len(
		    out, (const char *)before.p, (gssize)before.n);
		if (!writer(out, phrases, phrase->text, how))
			return;
		at = phrase->at + phrase->n;
	}
	value = span_trim_fws(span_from(phrases->value, at));
	if (value.n > 0 && phrases->names)
		g_string_append_c(out, ' ');
	g_string_append_len(out, (const char *)value.p, (gssize)value.n);
	guess_add_text(list, out, SIGNED_ENCODING, group, true);
}

/* Is a display name of atoms and spaces only? */
static bool
is_atoms(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5322_ATEXT) && text.p[i] != ' ')
			return false;
	}
	return text.n > 0;
}

static void
append_quoted(GString *out, struct span text)
{
	g_string_append_c(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, (char)text.p[i]);
	}
	g_string_append_c(out, '"');
}

/* How text is written without encoded words. */
struct plain_style {
	const char *charset; /* of octets above 127 */
	enum { QUOTES_NEEDED, QUOTES_ALWAYS, QUOTES_NEVER } quotes;
};

static bool
write_plain(GString *out, const struct phrases *phrases, struct span text,
    const void *how)
{
	const struct plain_style *style = how;
	g_autoptr(GString) octets = g_string_new(NULL);
	struct span written;
	bool quoted = style->quotes == QUOTES_ALWAYS ||
	    (style->quotes == QUOTES_NEEDED && !is_atoms(text));

	if (!encoded_word_convert(octets, text, style->charset))
		return false;
	written = (struct span){ (const uint8_t *)octets->str, octets->len };
	if (phrases->names && quoted)
		append_quoted(out, written);
	else
		g_string_append_len(
		    out, (const char *)written.p, (gssize)written.n);
	return true;
}

/* How text is written with them; names that need none may be quoted. */
struct coded_style {
	struct encoded_style encoded;
	bool forced;
	bool quoted;
};

static bool
write_coded(GString *out, const struct phrases *phrases, struct span text,
    const void *how)
{
	const struct coded_style *style = how;

	if (phrases->names && !style->forced && text_is_ascii(text)) {
		if (style->quoted || !is_atoms(text))
			append_quoted(out, text);
		else
			g_string_append_len(
			    out, (const char *)text.p, (gssize)text.n);
		return true;
	}
	return encoded_word_append(out, text, &style->encoded, style->forced);
}

/* ---- the styles ---------------------------------------------------------- */

static bool
has_all(const struct phrases *phrases, const char *charset)
{
	g_autoptr(GString) scratch = g_string_new(NULL);

	for (size_t i = 0; i < phrases->n; i++) {
		g_string_truncate(scratch, 0);
		if (!encoded_word_convert(
			scratch, phrases->list[i].text, charset))
			return false;
	}
	return true;
}

/* Is some phrase longer than one encoded word holds? */
static bool
is_long(const struct phrases *phrases)
{
	for (size_t i = 0; i < phrases->n; i++) {
		if (phrases->list[i].text.n > 15)
			return true;
	}
	return false;
}

/* Would the style make nothing that another does not make? */
static bool
is_idle(const struct phrases *phrases, const struct coded_style *style,
    bool all_short)
{
	char encoding = style->encoded.encoding;

	if ((encoding == 'B' || encoding == 'b') && !style->encoded.strict)
		return true;
	if (all_short && style->encoded.length == NO_LIMIT)
		return true;
	if (!style->forced)
		return style->quoted && !phrases->names;
	/* Plain words are encoded by few programs, and as a whole. */
	return style->quoted || !style->encoded.strict ||
	    style->encoded.scope != ENCODE_ALL ||
	    style->encoded.length == NO_LIMIT || encoding == 'b' ||
	    encoding == 'q';
}

/* All ways to write it with one charset and one way to fold. */
static void
add_charset(struct guess_list *list, const struct phrases *phrases,
    const char *charset, const char *separator, unsigned group)
{
	static const char encodings[] = { 'Q', 'B', 'q', 'b' };
	bool plain = true, all_short = !is_long(phrases);

	for (size_t i = 0; i < phrases->n; i++)
		plain = plain && text_is_ascii(phrases->list[i].text);
	for (unsigned i = 0; i < CHARSET_STYLES; i++) {
		const struct coded_style style = {
			.encoded = { .charset = charset,
			    .encoding = encodings[i % 4],
			    .strict = i / 4 % 2 == 0,
			    .scope =
				(enum encoded_scope)(i / 8 % ENCODED_SCOPES),
			    .length = i / 24 % 2 == 0 ? WORD_MAX : NO_LIMIT,
			    .separator = separator },
			.forced = plain,
			.quoted = i / 48 == 1,
		};

		if (!is_idle(phrases, &style, all_short))
			add_written(
			    list, phrases, write_coded, &style, group + i);
	}
}

static void
add_plain(struct guess_list *list, const struct phrases *phrases)
{
	static const char *const raw[] = { "UTF-8", "ISO-8859-1",
		"WINDOWS-1252" };

	for (unsigned i = 0; i < 3 * G_N_ELEMENTS(raw); i++) {
		const struct plain_style style = { raw[i / 3], i % 3 };

		if ((!phrases->names && style.quotes != QUOTES_NEVER) ||
		    (!phrases->coded && i >= 3))
			continue;
		add_written(
		    list, phrases, write_plain, &style, GUESS_STYLES + i);
	}
}

void
guess_encodings(
    struct guess_list *list, struct span name, struct span value, bool folding)
{
	static const char *const separators[] = { " ", "\r\n ", "\r\n\t" };
	struct phrases *phrases = arena_alloc(list->arena, sizeof(*phrases));
	unsigned group = GUESS_STYLES + 16;
	size_t n = 0, most;

	if (!guess_fits(list, value))
		return;
	if (!phrases_find(phrases, list->arena, name, value, folding)) {
		list->cut |= phrases->cut;
		return;
	}
	most = phrases->coded ? CHARSETS_MAX : CHARSETS_PLAIN;
	add_plain(list, phrases);
	for (size_t i = 0; i < G_N_ELEMENTS(charsets) && n < most; i++) {
		bool fits = has_all(phrases, charsets[i]);

		n += fits;
		for (size_t j = 0; j < (folding ? 3 : 1); j++) {
			if (fits)
				add_charset(list, phrases, charsets[i],
				    separators[j], group);
			group += CHARSET_STYLES;
		}
	}
}
