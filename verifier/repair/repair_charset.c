/*
 * repair_charset.c - 8-bit text that was turned from one character set into
 * another without a word in the header: ISO 8859-1 or Windows-1252 into
 * UTF-8, and back.
 */
#include "verifier/repair/repair.h"

#include <glib.h>

enum {
	LATIN1_OF_UTF8,
	CP1252_OF_UTF8,
	UTF8_OF_LATIN1,
	UTF8_OF_CP1252,
	CHARSET_VARIANTS
};

/* Windows-1252 at 0x80 to 0x9f (WHATWG Encoding, index windows-1252); 0: the
 * octet stands for nothing. */
static const uint16_t cp1252[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026,
	0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0,
	0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122,
	0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178 };

/* The octet of "c", or -1. */
static int
octet_of(gunichar c, bool windows)
{
	if (windows) {
		for (int i = 0; i < 32; i++)
			if (cp1252[i] == c)
				return 0x80 + i;
		return c >= 0xa0 && c <= 0xff ? (int)c : -1;
	}
	return c >= 0x80 && c <= 0xff ? (int)c : -1;
}

static gunichar
character_of(uint8_t octet, bool windows)
{
	return windows && octet < 0xa0 ? cp1252[octet - 0x80] : octet;
}

static struct span
one_octet(struct arena *arena, int octet)
{
	uint8_t *p = arena_alloc(arena, 1);

	*p = (uint8_t)octet;
	return (struct span){ p, 1 };
}

/* Each character above 127 to its octet; false when one has none, or the body
 * is not UTF-8: then this is not what was done. */
static bool
from_utf8(
    struct edit_list *edits, const struct repair_subject *subject, bool windows)
{
	struct span raw = subject->message->raw;
	size_t at = subject->message->body_at;

	while (at < raw.n && !edits->full) {
		if (raw.p[at] < 0x80) {
			at++;
			continue;
		}
		gunichar c = g_utf8_get_char_validated(
		    (const char *)raw.p + at, (gssize)(raw.n - at));
		int octet = c >= (gunichar)-2 ? -1 : octet_of(c, windows);
		size_t n = c < 0x800 ? 2 : 3;

		if (octet < 0)
			return false;
		edit_list_add(edits, at, n, one_octet(subject->arena, octet));
		at += n;
	}
	return true;
}

static bool
to_utf8(
    struct edit_list *edits, const struct repair_subject *subject, bool windows)
{
	struct span raw = subject->message->raw;

	for (size_t at = subject->message->body_at; at < raw.n && !edits->full;
	     at++) {
		gunichar c;
		char *text;

		if (raw.p[at] < 0x80)
			continue;
		c = character_of(raw.p[at], windows);
		if (c == 0)
			return false;
		text = arena_alloc(subject->arena, 6);
		edit_list_add(edits, at, 1,
		    (struct span){ (const uint8_t *)text,
			(size_t)g_unichar_to_utf8(c, text) });
	}
	return true;
}

static bool
propose_charset(struct edit_list *edits, const struct repair_subject *subject,
    unsigned variant)
{
	bool windows = variant == CP1252_OF_UTF8 || variant == UTF8_OF_CP1252;
	bool fits;

	if (variant >= CHARSET_VARIANTS || !subject->traits->high_octets)
		return false;
	if (variant == LATIN1_OF_UTF8 || variant == CP1252_OF_UTF8)
		fits = from_utf8(edits, subject, windows);
	else
		fits = to_utf8(edits, subject, windows);
	if (!fits)
		edit_list_init(edits, subject->arena);
	return true;
}

const struct repair repair_charset = { "charset", REPAIR_BODY, REPAIR_SEEN,
	propose_charset };
