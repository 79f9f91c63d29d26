/* octets_shown.c - see octets_shown.h. */
#include "verifier/case/octets_shown.h"

#include "keysnap/base/text.h"

#include <inttypes.h>

static void
add(GString *to, struct span span)
{
	if (span.n > 0)
		g_string_append_len(to, (const char *)span.p, (gssize)span.n);
}

static void
push(struct sink *self, struct span span)
{
	struct octets_shown *shown = (struct octets_shown *)self;
	size_t room = OCTETS_SHOWN_HEAD - shown->head->len;

	shown->n += span.n;
	add(shown->head, span_sub(span, 0, MIN(room, span.n)));
	span = span_from(span, MIN(room, span.n));
	if (span.n > OCTETS_SHOWN_TAIL)
		span = span_from(span, span.n - OCTETS_SHOWN_TAIL);
	add(shown->tail, span);
	/* Moved now and then, not for every piece. */
	if (shown->tail->len > 16 * OCTETS_SHOWN_TAIL)
		g_string_erase(shown->tail, 0,
		    (gssize)(shown->tail->len - OCTETS_SHOWN_TAIL));
}

void
octets_shown_start(struct octets_shown *shown)
{
	shown->sink.push = push;
	shown->n = 0;
	shown->head = g_string_new(NULL);
	shown->tail = g_string_new(NULL);
}

void
octets_shown_clear(struct octets_shown *shown)
{
	g_string_free(shown->head, TRUE);
	g_string_free(shown->tail, TRUE);
}

static struct span
span_of(const GString *text)
{
	return (struct span){ (const uint8_t *)text->str, text->len };
}

/* Octets up to the CRLF that ends the first line, or all. */
static size_t
find_line_end(struct span text)
{
	for (size_t i = 0; i + 1 < text.n; i++) {
		if (text.p[i] == '\r' && text.p[i + 1] == '\n')
			return i;
	}
	return text.n;
}

static void
write_lines(GString *out, struct span text, const char *indent)
{
	while (text.n > 0) {
		size_t n = find_line_end(text);

		g_string_append_printf(
		    out, "%s%c ", indent, n < text.n ? '|' : ':');
		text_append_terminal(out, span_sub(text, 0, n));
		g_string_append_c(out, '\n');
		text = span_from(text, MIN(n + 2, text.n));
	}
}

void
octets_shown_write(
    GString *out, const struct octets_shown *shown, const char *indent)
{
	uint64_t behind = shown->n - shown->head->len;
	struct span head = span_of(shown->head);
	struct span tail = span_of(shown->tail);
	g_autoptr(GString) whole = NULL;

	/* Not by what the tail happens to hold: that depends on the pieces. */
	if (behind <= OCTETS_SHOWN_TAIL) {
		/* All of it was kept. */
		whole = g_string_new_len(shown->head->str, (gssize)head.n);
		add(whole, tail);
		write_lines(out, span_of(whole), indent);
		return;
	}
	if (tail.n > OCTETS_SHOWN_TAIL)
		tail = span_from(tail, tail.n - OCTETS_SHOWN_TAIL);
	write_lines(out, head, indent);
	g_string_append_printf(out, "%s~ %" PRIu64 " octets are not shown\n",
	    indent, behind - tail.n);
	write_lines(out, tail, indent);
}
