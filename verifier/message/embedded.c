/*
 * embedded.c - see embedded.h.
 *
 * Limits: EMBEDDED_MAX, and those of mime_parts.h.
 */
#include "verifier/message/embedded.h"

static bool
begins_nocase(struct span text, struct span start)
{
	return span_equal_nocase(span_sub(text, 0, start.n), start);
}

/* Is "text", behind the name Content-Type, a type that can be or hold a
 * message? */
static bool
is_message_type(struct span text)
{
	text = span_trim_fws(span_sub(text, 0, MIME_PART_HEADER_MAX));
	if (!span_starts_with(text, SPAN(":")))
		return false;
	text = span_trim_fws(span_from(text, 1));
	return begins_nocase(text, SPAN("message/")) ||
	    begins_nocase(text, SPAN("multipart/digest"));
}

/* Does a Content-Type in the body name such a type?  Hyphens are looked for,
 * as base64, which most octets of mail are, has none. */
static bool
names_message(struct span body)
{
	const struct span before = SPAN("content"), behind = SPAN("-type");

	for (size_t at = 0;; at++) {
		at += span_find(span_from(body, at), '-');
		if (at >= body.n)
			return false;
		if (at >= before.n &&
		    begins_nocase(span_from(body, at), behind) &&
		    begins_nocase(span_from(body, at - before.n), before) &&
		    is_message_type(span_from(body, at + behind.n)))
			return true;
	}
}

static void
add_part(struct embedded_list *list, const struct mime_part *part)
{
	if (list->n == EMBEDDED_MAX) {
		list->left_out++;
		return;
	}
	list->parts[list->n++] = (struct embedded_part){ part->body,
		mime_part_encoding(&part->header) != MIME_IDENTITY };
}

static void
walk(struct embedded_list *list, struct arena *arena,
    const struct message *message)
{
	struct mime_parts parts;
	struct mime_part part;

	mime_parts_start(&parts, arena, message);
	while (mime_parts_next(&parts, &part)) {
		if (mime_part_is_message(&part))
			add_part(list, &part);
	}
	list->cut = parts.cut;
}

void
embedded_find(struct embedded_list *list, struct arena *arena,
    const struct message *message)
{
	struct span media;

	*list = (struct embedded_list){ .n = 0 };
	mime_content_type(&message->header, &media);
	if (begins_nocase(media, SPAN("message/")) ||
	    span_equal_nocase(media, SPAN("multipart/digest")) ||
	    (begins_nocase(media, SPAN("multipart/")) &&
		names_message(span_from(message->raw, message->body_at))))
		walk(list, arena, message);
}
