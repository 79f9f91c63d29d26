/* attachments.c - see attachments.h. */
#include "verifier/verdict/attachments.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/message/mime_name.h"

const char *
signed_share_name(enum signed_share share)
{
	static const char *const names[] = { [SHARE_ALL] = "all",
		[SHARE_PARTLY] = "partly",
		[SHARE_NONE] = "none" };

	return names[share];
}

static const char *
encoding_name(enum mime_encoding encoding)
{
	static const char *const names[] = { [MIME_IDENTITY] = "identity",
		[MIME_QUOTED_PRINTABLE] = "quoted-printable",
		[MIME_BASE64] = "base64",
		[MIME_ENCODING_UNKNOWN] = "unknown" };

	return names[encoding];
}

enum signed_share
signed_share_of(const struct part_place *place, uint64_t signed_end)
{
	if (place->behind <= signed_end)
		return SHARE_ALL;
	return place->at < signed_end ? SHARE_PARTLY : SHARE_NONE;
}

/* A word of a field, lower case and cut; p NULL when it is empty. */
static struct span
take_word(struct arena *arena, struct span word)
{
	size_t n = MIN(word.n, ATTACHMENT_WORD_MAX);
	uint8_t *text;

	if (n == 0)
		return (struct span){ NULL, 0 };
	text = arena_alloc(arena, n);
	for (size_t i = 0; i < n; i++)
		text[i] = rfc5234_lower(word.p[i]);
	return (struct span){ text, n };
}

static bool
is_text(struct span type)
{
	return type.p == NULL || span_starts_with(type, SPAN("text/")) ||
	    span_equal(type, SPAN("text"));
}

static struct part_place
get_place(struct arena *arena, const struct message *message,
    const struct mime_part *part)
{
	struct part_place place = { .n = part->body.n,
		.at = (uint64_t)(part->body.p - message->raw.p),
		.behind = part->behind,
		.type = take_word(arena, part->media) };

	if (place.type.p == NULL && part->in_digest)
		place.type = SPAN("message/rfc822");
	return place;
}

/* Is "part" an attachment?  Then "attachment" is filled in but for its
 * content. */
static bool
open_attachment(struct attachment *attachment, struct arena *arena,
    const struct mime_part *part, const struct part_place *place,
    size_t signed_end)
{
	*attachment = (struct attachment){
		.place = *place,
		.name = mime_name_get(arena, part),
		.disposition = take_word(arena, mime_disposition(part)),
		.encoding = encoding_name(mime_part_encoding(&part->header)),
		.share = signed_share_of(place, signed_end),
	};
	/* RFC 2183 2.8: what is not known is an attachment. */
	return attachment->name.p != NULL || !is_text(place->type) ||
	    (attachment->disposition.p != NULL &&
		!span_equal(attachment->disposition, SPAN("inline")));
}

bool
part_is_exact(enum part_decode decode, const struct mime_part *part,
    enum canonicalization canon)
{
	if (decode != PART_CLEAN)
		return false;
	if (mime_part_encoding(&part->header) == MIME_BASE64)
		return canon == CANON_SIMPLE || canon == CANON_RELAXED;
	return canon == CANON_SIMPLE && part->delimited;
}

struct attachments *
attachments_get(struct arena *arena, struct digest *digest,
    const struct message *message, enum canonicalization canon,
    size_t signed_end)
{
	struct attachments *found = arena_alloc(arena, sizeof(*found));
	struct mime_parts parts;
	struct mime_part part;
	struct attachment one;

	found->places = arena_alloc_array(
	    arena, MIME_PARTS_MAX + 1, sizeof(*found->places));
	mime_parts_start(&parts, arena, message);
	while (mime_parts_next(&parts, &part)) {
		struct part_place *place = &found->places[found->n_places++];

		*place = get_place(arena, message, &part);
		if (!open_attachment(&one, arena, &part, place, signed_end))
			continue;
		if (found->list == NULL)
			found->list = arena_alloc_array(
			    arena, MIME_PARTS_MAX + 1, sizeof(*found->list));
		part_content_hash(&one.content, digest, message, &part);
		one.exact = one.share == SHARE_ALL &&
		    part_is_exact(one.content.decode, &part, canon);
		found->list[found->n++] = one;
	}
	found->left_out = parts.left_out;
	found->cut = parts.cut;
	found->unclear = parts.unclear;
	found->epilogue_at = parts.epilogue.n == 0
	    ? message->raw.n
	    : (uint64_t)(parts.epilogue.p - message->raw.p);
	return found;
}
