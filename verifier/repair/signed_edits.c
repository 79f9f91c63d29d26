/* signed_edits.c - what was found, as edits over the stored octets. */
#include "verifier/repair/signed_search.h"

#include "verifier/repair/stored.h"

/* The field number "at" of the stored octets. */
static bool
get_stored(
    struct stored_field *stored, const struct message *message, size_t at)
{
	size_t offset = 0;

	for (size_t i = 0; i <= at; i++) {
		if (!stored_field_next(
			stored, message->raw, message->body_at, &offset))
			return false;
	}
	return true;
}

bool
signed_search_edits(const struct repair_search *search,
    const struct signed_found *found, struct edit_list *edits_out)
{
	const struct message *message = search->message;
	const struct header_index *header = &message->header;
	size_t n = found->fields.n;

	if (search->base->edits.n > 0)
		return false;
	edit_list_init(edits_out, search->tools->arena);
	for (size_t i = 0; i < header->n && n > 0; i++) {
		for (size_t j = 0; j < found->fields.n; j++) {
			const struct signed_field *field =
			    &found->fields.list[j];
			struct stored_field stored;

			if (found->places[j] != &header->fields[i])
				continue;
			if (!get_stored(&stored, message, i) ||
			    !span_equal(stored.name, field->name))
				return false;
			edit_list_add(edits_out, stored.value_at,
			    stored.value.n, field->value);
			n--;
		}
	}
	return n == 0 && !edits_out->full;
}
