/* left_out.c - see left_out.h. */
#include "verifier/verdict/left_out.h"

const char *
left_out_holds_name(enum left_out_holds holds)
{
	static const char *const names[] = { [HOLDS_WHITE_SPACE] =
						 "white-space",
		[HOLDS_TEXT] = "text",
		[HOLDS_PARTS] = "parts" };

	return names[holds];
}

/* A tag of HTML that text is unlikely to have. */
static bool
begins_tag(struct span text)
{
	static const struct span tags[] = {
		{ (const uint8_t *)"<html", 5 },
		{ (const uint8_t *)"<body", 5 },
		{ (const uint8_t *)"<div", 4 },
		{ (const uint8_t *)"<table", 6 },
		{ (const uint8_t *)"<a ", 3 },
		{ (const uint8_t *)"<img", 4 },
		{ (const uint8_t *)"<p>", 3 },
		{ (const uint8_t *)"<br", 3 },
		{ (const uint8_t *)"<script", 7 },
		{ (const uint8_t *)"<style", 6 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(tags); i++) {
		if (span_equal_nocase(span_sub(text, 0, tags[i].n), tags[i]))
			return true;
	}
	return false;
}

static bool
has_tag(struct span text)
{
	for (text = span_from(text, span_find(text, '<')); text.n > 0;
	     text = span_from(text, 1 + span_find(span_from(text, 1), '<'))) {
		if (begins_tag(text))
			return true;
	}
	return false;
}

/* Do octets of the part lie behind "end"?  Where the delimiter that ends it
 * does, the part is not wholly signed, but nothing of it is left out. */
static bool
has_octets_behind(const struct part_place *place, uint64_t end)
{
	return place->at + place->n > end ||
	    (place->n == 0 && place->at >= end);
}

/* The parts of which something is left out. */
static void
take_parts(struct left_out *left_out, struct arena *arena,
    const struct attachments *attachments, uint64_t end)
{
	struct part_place *parts =
	    arena_alloc_array(arena, LEFT_OUT_PARTS_MAX, sizeof(*parts));
	enum signed_share *shares =
	    arena_alloc_array(arena, LEFT_OUT_PARTS_MAX, sizeof(*shares));

	left_out->parts = parts;
	left_out->shares = shares;
	for (size_t i = 0; i < attachments->n_places; i++) {
		const struct part_place *place = &attachments->places[i];
		enum signed_share share = signed_share_of(place, end);

		if (!has_octets_behind(place, end))
			continue;
		if (share == SHARE_PARTLY)
			left_out->begins_in = place;
		else if (left_out->holds != HOLDS_WHITE_SPACE)
			left_out->holds = HOLDS_PARTS;
		if (span_equal(place->type, SPAN("text/html")))
			left_out->html = true;
		if (left_out->n_parts == LEFT_OUT_PARTS_MAX) {
			left_out->parts_left_out++;
			continue;
		}
		parts[left_out->n_parts] = *place;
		shares[left_out->n_parts++] = share;
	}
}

/* The line end of the delimiter itself may be left out. */
static bool
is_behind_close(const struct message *message,
    const struct attachments *attachments, size_t signed_end)
{
	size_t epilogue_at = (size_t)attachments->epilogue_at;

	if (epilogue_at >= message->raw.n)
		return false;
	return signed_end >= epilogue_at ||
	    span_trim_fws(
		span_sub(message->raw, signed_end, epilogue_at - signed_end))
		.n == 0;
}

const struct left_out *
left_out_get(struct arena *arena, const struct message *message,
    const struct attachments *attachments, const struct body_facts *body,
    size_t signed_end)
{
	struct left_out *left_out = arena_alloc(arena, sizeof(*left_out));
	struct span text = span_from(message->raw, signed_end);
	bool blank = span_trim_fws(text).n == 0;

	left_out->at = signed_end;
	left_out->offset = attachments->offset;
	left_out->n = text.n;
	left_out->canonical = body->total - body->covered;
	left_out->holds = blank ? HOLDS_WHITE_SPACE : HOLDS_TEXT;
	left_out->html = has_tag(text);
	left_out->behind_close =
	    is_behind_close(message, attachments, signed_end);
	take_parts(left_out, arena, attachments, signed_end);
	return left_out;
}
