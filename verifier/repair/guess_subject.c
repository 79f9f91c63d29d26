/*
 * guess_subject.c - what lists, filters and programs put before a Subject and
 * behind it, taken off word by word; and "Re:".
 */
#include "verifier/repair/guess.h"

#include "keysnap/base/rfc5234.h"

#define WORDS_BEFORE 8
#define WORDS_BEHIND 4

static const char *const replies[] = { "Re:", "RE:", "Fwd:", "FW:", "Fw:",
	"AW:", "WG:", "TR:", "SV:", "RV:", NULL };

static bool
is_space(uint8_t octet)
{
	return rfc5234_is(octet, RFC5234_WSP | RFC5234_CRLF);
}

/* Octets of the word and the white space behind it at "at". */
static size_t
word_at(struct span text, size_t at)
{
	size_t n = 0;

	while (at + n < text.n && !is_space(text.p[at + n]))
		n++;
	while (at + n < text.n && is_space(text.p[at + n]))
		n++;
	return n;
}

/* Octets of the last word of "text" and the white space before it. */
static size_t
last_word(struct span text)
{
	size_t n = 0;

	while (n < text.n && !is_space(text.p[text.n - 1 - n]))
		n++;
	while (n < text.n && is_space(text.p[text.n - 1 - n]))
		n++;
	return n;
}

static void
add_cut(struct guess_list *list, struct span text, size_t at, size_t n,
    enum signed_origin origin)
{
	g_autoptr(GString) out =
	    g_string_new_len((const char *)text.p, (gssize)at);
	struct span rest = span_from(text, at + n);

	if (n == 0 || at + rest.n == 0)
		return;
	g_string_append_len(out, (const char *)rest.p, (gssize)rest.n);
	guess_add_text(list, out, origin, GUESS_ALONE, false);
}

/* Octets of the words "Re:" and the like before "text". */
static size_t
replies_at(struct span text)
{
	size_t at = 0, n;

	while ((n = word_at(text, at)) > 0 &&
	    guess_name_in(span_trim_fws(span_sub(text, at, n)), replies))
		at += n;
	return at;
}

static void
take_words(struct guess_list *list, struct span text)
{
	size_t start = replies_at(text), n = 0;

	for (size_t i = 0; i < WORDS_BEFORE && start + n < text.n; i++) {
		n += word_at(text, start + n);
		add_cut(list, text, start, n, SIGNED_TAG);
	}
	n = 0;
	for (size_t i = 0; i < WORDS_BEHIND && n < text.n; i++) {
		n += last_word(span_sub(text, 0, text.n - n));
		add_cut(list, text, text.n - n, n, SIGNED_TAG);
	}
}

void
guess_subject(struct guess_list *list, struct span value)
{
	struct span text = span_trim_fws(value);
	size_t start;

	if (!guess_fits(list, text))
		return;
	take_words(list, text);
	start = replies_at(text);
	for (size_t at = 0; at < start;) {
		at += word_at(text, at);
		add_cut(list, text, 0, at, SIGNED_REPLY);
	}
	for (size_t i = 0; replies[i] != NULL; i++) {
		g_autoptr(GString) out = g_string_new(replies[i]);

		g_string_append_c(out, ' ');
		g_string_append_len(out, (const char *)text.p, (gssize)text.n);
		guess_add_text(list, out, SIGNED_REPLY, GUESS_ALONE, false);
	}
}
