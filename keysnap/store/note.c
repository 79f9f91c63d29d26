/*
 * note.c - reading and checking signed notes (C2SP signed-note).
 *
 * Every part has one spelling: UTF-8 without control characters but line
 * feeds, one empty line before the signatures (the last one of the note),
 * strict base64.  Signatures are Ed25519 (RFC 8032) through EVP.
 */
#include "keysnap/store/note.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/digest.h"
#include "keysnap/base/text.h"
#include "keysnap/store/note_key.h"

#include <string.h>

#define DASH "\xe2\x80\x94 " /* U+2014 and a space */

static bool
has_control(struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((text.p[i] < 0x20 && text.p[i] != '\n') ||
		    text.p[i] == 0x7f)
			return true;
	}
	return false;
}

/* Is there white space of Unicode (the property White_Space) in "name"? */
static bool
has_white_space(struct span name)
{
	const char *at = (const char *)name.p, *end = at + name.n;

	for (; at < end; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);

		if (g_unichar_isspace(c) || c == 0x85 || c == 0x0b)
			return true;
	}
	return false;
}

bool
note_name_is_valid(struct span name)
{
	return name.n > 0 && name.n <= NOTE_NAME_MAX && text_is_utf8(name) &&
	    span_find(name, '+') == name.n && !has_control(name) &&
	    !has_white_space(name);
}

/* "line" without its line feed. */
static bool
parse_signature(
    struct note_signature *signature, struct arena *arena, struct span line)
{
	struct span octets;
	size_t space;

	if (!span_starts_with(line, SPAN(DASH)))
		return false;
	line = span_from(line, sizeof(DASH) - 1);
	space = span_find(line, ' ');
	signature->name = span_sub(line, 0, space);
	if (!note_name_is_valid(signature->name) ||
	    !base64_decode_strict(arena, span_from(line, space + 1), &octets) ||
	    octets.n <= sizeof(signature->id))
		return false;
	memcpy(signature->id, octets.p, sizeof(signature->id));
	signature->octets = span_from(octets, sizeof(signature->id));
	return true;
}

static bool
parse_signatures(struct note *note, struct arena *arena, struct span lines,
    const char **why_out)
{
	while (lines.n > 0) {
		size_t end = span_find(lines, '\n');

		if (note->n_signatures == NOTE_SIGNATURES_MAX) {
			*why_out = "too many signatures";
			return false;
		}
		if (!parse_signature(&note->signatures[note->n_signatures],
			arena, span_sub(lines, 0, end))) {
			*why_out = "a signature line is not of its form";
			return false;
		}
		note->n_signatures++;
		lines = span_from(lines, end + 1);
	}
	return true;
}

/* Offset of the last empty line's own line feed, or the length. */
static size_t
find_split(struct span octets)
{
	for (size_t i = octets.n; i-- > 1;) {
		if (octets.p[i] == '\n' && octets.p[i - 1] == '\n')
			return i;
	}
	return octets.n;
}

bool
note_parse(struct note *note, struct arena *arena, struct span octets,
    const char **why_out)
{
	size_t split;

	memset(note, 0, sizeof(*note));
	*why_out = NULL;
	if (octets.n > NOTE_MAX)
		*why_out = "too long";
	else if (octets.n == 0 || octets.p[octets.n - 1] != '\n')
		*why_out = "does not end with a line feed";
	else if (!text_is_utf8(octets) || has_control(octets))
		*why_out = "not UTF-8, or holds a control character";
	if (*why_out != NULL)
		return false;
	split = find_split(octets);
	note->text = span_sub(octets, 0, split);
	if (split < octets.n && split + 1 == octets.n)
		*why_out = "an empty line, but no signature";
	if (note->text.p[0] == '\n')
		*why_out = "an empty text";
	return *why_out == NULL &&
	    parse_signatures(
		note, arena, span_from(octets, split + 1), why_out);
}

enum note_check
note_check(const struct note *note, size_t i, const struct crypto *crypto,
    const struct note_key *key)
{
	const struct note_signature *signature = &note->signatures[i];

	if (!span_equal(signature->name, span_from_string(key->name)) ||
	    memcmp(signature->id, key->id, sizeof(key->id)) != 0)
		return NOTE_CHECK_OTHER_KEY;
	return note_key_verifies(crypto, key, note->text, signature->octets)
	    ? NOTE_CHECK_GOOD
	    : NOTE_CHECK_BAD;
}

bool
note_verify(const struct note *note, const struct crypto *crypto,
    const struct note_key *key)
{
	bool found = false;

	for (size_t i = 0; i < note->n_signatures; i++) {
		enum note_check check = note_check(note, i, crypto, key);

		if (check == NOTE_CHECK_BAD)
			return false;
		found = found || check == NOTE_CHECK_GOOD;
	}
	return found;
}
