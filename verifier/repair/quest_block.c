/* quest_block.c - what is hashed, and the guesses as they would be; quest.h. */
#include "verifier/repair/quest.h"

#include "verifier/dkim/canon_header.h"

struct collector {
	struct sink sink; /* first */
	GByteArray *octets;
};

static void
collect(struct sink *self, struct span span)
{
	struct collector *collector = (struct collector *)self;

	g_byte_array_append(collector->octets, span.p, (guint)span.n);
}

/* Append the canonical form of "field"; of the signature field when "cut" is
 * its b=. */
static void
append_canon(const struct quest *quest, GByteArray *out,
    const struct header_field *field, const struct span *cut)
{
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct collector collector = { { collect }, out };
	struct gather gather;

	gather_start(&gather, buffer, sizeof(buffer), &collector.sink);
	if (cut != NULL)
		canon_header_push_signature(quest->canon, field, *cut, &gather);
	else
		canon_header_push(quest->canon, field, &gather);
	gather_flush(&gather);
}

void
quest_lay_out(struct quest *quest)
{
	const struct header_selection *selection = &quest->facts->selection;
	const struct signature *signature = quest->facts->signature;

	for (size_t i = 0; i < selection->n; i++) {
		size_t at = quest->block->len;

		if (selection->fields[i] != NULL)
			append_canon(
			    quest, quest->block, selection->fields[i], NULL);
		if (i < quest->n)
			quest->places[i] = (struct place){
				.field = selection->fields[i],
				.name = signature->names[i],
				.at = at,
				.n = quest->block->len - at,
			};
	}
	append_canon(quest, quest->block, signature->field, &signature->b_raw);
}

/* The octets of the field with "value" behind its colon, as one that is read
 * from a header. */
struct header_field
quest_field(struct arena *arena, const struct place *place, struct span value)
{
	const struct header_field *stored = place->field;
	struct header_field field = { .name = place->name };
	struct span head = place->name;
	uint8_t *p;
	size_t n;

	if (stored != NULL)
		head = span_sub(stored->whole, 0,
		    (size_t)(stored->value.p - stored->whole.p));
	p = arena_alloc(arena, head.n + 1 + value.n + 2);
	memcpy(p, head.p, head.n);
	n = head.n;
	if (stored == NULL)
		p[n++] = ':';
	else
		field.name = stored->name;
	field.value = (struct span){ p + n, value.n };
	if (value.n > 0)
		memcpy(p + n, value.p, value.n);
	memcpy(p + n + value.n, "\r\n", 2);
	field.whole = (struct span){ p, n + value.n + 2 };
	return field;
}

/* Make the canonical forms of the guesses from number "from" on; those that
 * change nothing are dropped. */
void
quest_make_canons(struct quest *quest, struct place *place, size_t from)
{
	struct guess_list *guesses = &place->guesses;
	struct span stored = { quest->block->data + place->at, place->n };
	g_autoptr(GByteArray) out = g_byte_array_new();
	size_t n = from;

	for (size_t i = from; i < guesses->n; i++) {
		struct guess guess = guesses->list[i];

		g_byte_array_set_size(out, 0);
		if (guess.value.p != NULL) {
			struct header_field field =
			    quest_field(quest->arena, place, guess.value);

			append_canon(quest, out, &field, NULL);
		}
		guess.canon = (struct span){ out->data, out->len };
		if (span_equal(guess.canon, stored))
			continue;
		guess.canon = arena_copy(quest->arena, guess.canon);
		guesses->list[n++] = guess;
	}
	guesses->n = n;
}
