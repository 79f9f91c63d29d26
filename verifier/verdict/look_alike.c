/*
 * look_alike.c - names that look like others.
 *
 * The table has the characters that a domain name may hold (IDNA2008: lower
 * case, normalised) and that Unicode's confusables.txt (UTS #39) gives one
 * ASCII letter as their prototype: those of Latin, Greek, Coptic, Cyrillic,
 * Armenian, Hebrew, Arabic, Georgian and Cherokee.  It is not the whole of
 * that file: a name that it says nothing of can still look like another.  The
 * palochka (U+04CF) is l here, as it looks; the file has i, in the same class.
 * Scripts come from the Unicode tables of GLib.
 */
#include "verifier/verdict/look_alike.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"

static const struct letter {
	uint16_t code;
	char ascii;
} letters[] = {
	/* Latin, in ascending order as all that follows */
	{ 0x0131, 'i' },
	{ 0x0185, 'b' },
	{ 0x018d, 'g' },
	{ 0x01bd, 's' },
	{ 0x0251, 'a' },
	{ 0x0261, 'g' },
	{ 0x0263, 'y' },
	{ 0x0269, 'i' },
	{ 0x026a, 'i' },
	{ 0x026f, 'w' },
	{ 0x028b, 'u' },
	{ 0x028f, 'y' },
	/* Greek */
	{ 0x03b1, 'a' },
	{ 0x03b3, 'y' },
	{ 0x03b9, 'i' },
	{ 0x03bd, 'v' },
	{ 0x03bf, 'o' },
	{ 0x03c1, 'p' },
	{ 0x03c3, 'o' },
	{ 0x03c5, 'u' },
	{ 0x03f3, 'j' },
	/* Cyrillic */
	{ 0x0430, 'a' },
	{ 0x0433, 'r' },
	{ 0x0435, 'e' },
	{ 0x043e, 'o' },
	{ 0x0440, 'p' },
	{ 0x0441, 'c' },
	{ 0x0443, 'y' },
	{ 0x0445, 'x' },
	{ 0x0455, 's' },
	{ 0x0456, 'i' },
	{ 0x0458, 'j' },
	{ 0x0461, 'w' },
	{ 0x0475, 'v' },
	{ 0x04af, 'y' },
	{ 0x04bb, 'h' },
	{ 0x04bd, 'e' },
	{ 0x04cf, 'l' },
	{ 0x0501, 'd' },
	{ 0x051b, 'q' },
	{ 0x051d, 'w' },
	/* Armenian */
	{ 0x0561, 'w' },
	{ 0x0563, 'q' },
	{ 0x0566, 'q' },
	{ 0x0570, 'h' },
	{ 0x0578, 'n' },
	{ 0x057c, 'n' },
	{ 0x057d, 'u' },
	{ 0x0581, 'g' },
	{ 0x0584, 'f' },
	{ 0x0585, 'o' },
	/* Hebrew, Arabic */
	{ 0x05d5, 'l' },
	{ 0x05d8, 'v' },
	{ 0x05df, 'l' },
	{ 0x05e1, 'o' },
	{ 0x0627, 'l' },
	{ 0x0647, 'o' },
	{ 0x0661, 'l' },
	{ 0x0665, 'o' },
	{ 0x06d5, 'o' },
	/* Georgian */
	{ 0x10e7, 'y' },
	{ 0x10ff, 'o' },
	/* Latin: small capitals and letters of phonetic alphabets */
	{ 0x1d04, 'c' },
	{ 0x1d0f, 'o' },
	{ 0x1d11, 'o' },
	{ 0x1d1c, 'u' },
	{ 0x1d20, 'v' },
	{ 0x1d21, 'w' },
	{ 0x1d22, 'z' },
	{ 0x1d26, 'r' },
	{ 0x1d83, 'g' },
	{ 0x1d8c, 'y' },
	{ 0x1e9d, 'f' },
	{ 0x1eff, 'y' },
	/* Coptic */
	{ 0x2c9f, 'o' },
	{ 0x2ca3, 'p' },
	{ 0x2ca5, 'c' },
	/* Cyrillic, Latin */
	{ 0xa647, 'i' },
	{ 0xa731, 's' },
	{ 0xab35, 'f' },
	{ 0xab47, 'r' },
	{ 0xab48, 'r' },
	{ 0xab4e, 'u' },
	{ 0xab52, 'u' },
	{ 0xab5a, 'y' },
	/* Cherokee */
	{ 0xab75, 'i' },
	{ 0xab81, 'r' },
	{ 0xab83, 'w' },
	{ 0xab93, 'z' },
	{ 0xaba9, 'v' },
	{ 0xabaa, 's' },
	{ 0xabaf, 'c' },
};

/* The letter that "c" looks like, or 0. */
static char
letter_of(gunichar c)
{
	size_t low = 0, high = G_N_ELEMENTS(letters);

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (letters[middle].code == c)
			return letters[middle].ascii;
		if (letters[middle].code < c)
			low = middle + 1;
		else
			high = middle;
	}
	return '\0';
}

/* The character at "at" in valid UTF-8; *n_out: its octets. */
static gunichar
character(struct span text, size_t at, size_t *n_out)
{
	const char *p = (const char *)text.p + at;

	*n_out = (size_t)(g_utf8_next_char(p) - p);
	return g_utf8_get_char(p);
}

static GString *
to_letters(struct span text)
{
	GString *out = g_string_sized_new(text.n + 1);

	if (!text_is_utf8(text))
		return g_string_append_len(
		    out, (const char *)text.p, (gssize)text.n);
	for (size_t at = 0, n; at < text.n; at += n) {
		gunichar c = character(text, at, &n);
		char letter = letter_of(c);

		if (letter != '\0')
			g_string_append_c(out, letter);
		else
			g_string_append_unichar(out, c);
	}
	return out;
}

static struct span
keep(struct arena *arena, const GString *text)
{
	return arena_copy(
	    arena, (struct span){ (const uint8_t *)text->str, text->len });
}

struct span
look_alike_letters(struct arena *arena, struct span text)
{
	g_autoptr(GString) out = to_letters(text);

	return keep(arena, out);
}

struct span
look_alike_skeleton(struct arena *arena, struct span text)
{
	g_autoptr(GString) from = to_letters(text);
	g_autoptr(GString) out = g_string_sized_new(from->len + 1);

	/* The NUL behind the text ends the pairs. */
	for (size_t i = 0; i < from->len; i++) {
		char c = from->str[i], next = from->str[i + 1];

		if (c == 'r' && next == 'n') {
			c = 'm';
			i++;
		} else if (c == 'v' && next == 'v') {
			c = 'w';
			i++;
		} else if (c == '0') {
			c = 'o';
		} else if (c == '1' || c == 'i') {
			c = 'l';
		}
		g_string_append_c(out, c);
	}
	return keep(arena, out);
}

/* ---- scripts ------------------------------------------------------------- */

enum {
	LATIN = 1 << 0,
	HAN = 1 << 1,
	KANA = 1 << 2,
	BOPOMOFO = 1 << 3,
	HANGUL = 1 << 4,
	OTHER = 1 << 5,  /* one script that goes with no other */
	OTHERS = 1 << 6, /* two of them */
};

struct scripts {
	unsigned seen;
	GUnicodeScript other;
};

static void
see(struct scripts *scripts, GUnicodeScript script)
{
	switch (script) {
	case G_UNICODE_SCRIPT_COMMON:
	case G_UNICODE_SCRIPT_INHERITED:
		return;
	case G_UNICODE_SCRIPT_LATIN:
		scripts->seen |= LATIN;
		return;
	case G_UNICODE_SCRIPT_HAN:
		scripts->seen |= HAN;
		return;
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
		scripts->seen |= KANA;
		return;
	case G_UNICODE_SCRIPT_BOPOMOFO:
		scripts->seen |= BOPOMOFO;
		return;
	case G_UNICODE_SCRIPT_HANGUL:
		scripts->seen |= HANGUL;
		return;
	default:
		if ((scripts->seen & OTHER) != 0 && scripts->other != script)
			scripts->seen |= OTHERS;
		scripts->seen |= OTHER;
		scripts->other = script;
	}
}

static bool
is_mixed(unsigned seen)
{
	return seen != OTHER && (seen & ~(unsigned)(LATIN | HAN | KANA)) != 0 &&
	    (seen & ~(unsigned)(LATIN | HAN | BOPOMOFO)) != 0 &&
	    (seen & ~(unsigned)(LATIN | HAN | HANGUL)) != 0;
}

bool
look_alike_mixes_scripts(struct span text)
{
	struct scripts scripts = { .seen = 0 };

	if (text_is_ascii(text) || !text_is_utf8(text))
		return false;
	for (size_t at = 0, n; at < text.n; at += n) {
		gunichar c = character(text, at, &n);

		if (c == '.')
			scripts = (struct scripts){ .seen = 0 };
		else
			see(&scripts, g_unichar_get_script(c));
		if (is_mixed(scripts.seen))
			return true;
	}
	return false;
}
