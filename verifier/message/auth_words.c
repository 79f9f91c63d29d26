/* auth_words.c - see auth_words.h. */
#include "verifier/message/auth_words.h"

#include "keysnap/base/rfc5234.h"

#define TEXT (RFC5234_VCHAR | RFC5234_UTF8)

size_t
auth_fws_length(struct span text)
{
	size_t n = 0;

	for (;;) {
		while (n < text.n && rfc5234_is(text.p[n], RFC5234_WSP))
			n++;
		if (text.n - n < 3 || text.p[n] != '\r' ||
		    text.p[n + 1] != '\n' ||
		    !rfc5234_is(text.p[n + 2], RFC5234_WSP))
			return n;
		n += 3;
	}
}

/* Length of the next piece of a comment or quoted string: white space, an
 * octet, or "\" and what it quotes; 0: none. */
static size_t
piece_length(struct span text)
{
	size_t n = auth_fws_length(text);

	if (n > 0 || text.n == 0)
		return n;
	if (text.p[0] != '\\')
		return rfc5234_is(text.p[0], TEXT) ? 1 : 0;
	return text.n >= 2 && rfc5234_is(text.p[1], TEXT | RFC5234_WSP) ? 2 : 0;
}

/* comment = "(" *([FWS] ccontent) [FWS] ")", nested */
size_t
auth_comment_length(struct span text, enum auth_defect *defect_out)
{
	size_t depth = 0, at = 0;

	*defect_out = AUTH_BAD_COMMENT;
	do {
		size_t n = piece_length(span_from(text, at));

		if (n == 0)
			return 0;
		if (text.p[at] == '(' && ++depth > AUTH_COMMENT_DEPTH) {
			*defect_out = AUTH_DEEP_COMMENT;
			return 0;
		}
		if (text.p[at] == ')')
			depth--;
		at += n;
	} while (depth > 0);
	return at;
}

size_t
auth_quoted_length(struct span text)
{
	size_t at = 1;

	for (;;) {
		size_t n = piece_length(span_from(text, at));

		if (n == 0)
			return 0;
		if (text.p[at] == '"')
			return at + 1;
		at += n;
	}
}

size_t
auth_run_length(struct span text)
{
	size_t n = 0;

	while (n < text.n && rfc5234_is(text.p[n], TEXT) && text.p[n] != ';' &&
	    text.p[n] != '(' && text.p[n] != '"')
		n++;
	return n;
}

static bool
is_token_octet(uint8_t octet)
{
	return rfc5234_is(octet, RFC5234_VCHAR) &&
	    memchr("()<>@,;:\\\"/[]?=", octet, 15) == NULL;
}

size_t
auth_name_length(struct span text, bool dots)
{
	size_t n = 0;

	while (n < text.n && is_token_octet(text.p[n]) &&
	    (dots || text.p[n] != '.'))
		n++;
	return n;
}

size_t
auth_digits_length(struct span text)
{
	size_t n = 0;

	while (n < text.n && rfc5234_is(text.p[n], RFC5234_DIGIT))
		n++;
	return n;
}

struct span
auth_unfold(struct arena *arena, struct span text)
{
	uint8_t *out;
	size_t n = 0;

	if (span_find(text, '\r') == text.n)
		return text;
	out = arena_alloc(arena, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (!rfc5234_is(text.p[i], RFC5234_CRLF))
			out[n++] = text.p[i];
	}
	return (struct span){ out, n };
}

struct span
auth_quoted_decode(struct arena *arena, struct span inner)
{
	struct span text = auth_unfold(arena, inner);
	uint8_t *out;
	size_t n = 0;

	if (span_find(text, '\\') == text.n)
		return text;
	out = arena_alloc(arena, text.n);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\\')
			i++;
		out[n++] = text.p[i];
	}
	return (struct span){ out, n };
}

bool
auth_is_keyword(struct span word)
{
	for (size_t i = 0; i < word.n; i++) {
		if (!rfc5234_is(word.p[i], RFC6376_HYPHENATED) &&
		    word.p[i] != '.')
			return false;
	}
	return word.n > 0 && word.p[word.n - 1] != '-';
}

static bool
is_token(struct span word)
{
	return word.n > 0 && auth_name_length(word, true) == word.n;
}

static bool
all_in(struct span word, unsigned classes, uint8_t also)
{
	for (size_t i = 0; i < word.n; i++) {
		if (!rfc5234_is(word.p[i], classes) && word.p[i] != '.' &&
		    word.p[i] != also)
			return false;
	}
	return true;
}

bool
auth_is_value(struct span word)
{
	size_t at = span_find(word, '@');
	struct span domain = span_from(word, at + 1);

	if (at == word.n)
		return is_token(word);
	return domain.n > 0 &&
	    all_in(span_sub(word, 0, at), RFC5322_ATEXT | RFC5234_UTF8, '.') &&
	    all_in(domain, RFC6376_HYPHENATED | RFC5234_UTF8, '_');
}

size_t
auth_count(struct span text, uint8_t octet)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == octet;
	return n;
}
