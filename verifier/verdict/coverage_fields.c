/*
 * coverage_fields.c - see coverage_fields.h.
 *
 * Limits: COVERAGE_NAMES_MAX names, so linear in the fields and in h=.
 */
#include "verifier/verdict/coverage_fields.h"

#include "verifier/message/display.h"

struct count {
	struct span name;
	uint32_t name_hash;
	size_t present, is_signed;
};

struct counts {
	struct count list[COVERAGE_NAMES_MAX];
	size_t n;
	bool cut;
};

static struct count *
find_count(struct counts *counts, struct span name)
{
	uint32_t hash = header_name_hash(name);

	for (size_t i = 0; i < counts->n; i++) {
		if (counts->list[i].name_hash == hash &&
		    span_equal_nocase(counts->list[i].name, name))
			return &counts->list[i];
	}
	return NULL;
}

static void
count_field(struct counts *counts, struct span name, bool is_signed)
{
	struct count *count = find_count(counts, name);

	if (count == NULL) {
		if (counts->n == COVERAGE_NAMES_MAX) {
			counts->cut = true;
			return;
		}
		count = &counts->list[counts->n++];
		*count = (struct count){ .name = name,
			.name_hash = header_name_hash(name) };
	}
	count->present++;
	count->is_signed += is_signed ? 1 : 0;
}

/* The first octets of the text of a field. */
static struct span
show(struct arena *arena, struct span value)
{
	struct span text = display_text(arena, value);
	size_t n = MIN(text.n, COVERAGE_TEXT_MAX);

	while (n < text.n && n > 0 && (text.p[n] & 0xc0) == 0x80)
		n--;
	return span_sub(text, 0, n);
}

static void
fill_surplus(struct field_surplus *surplus, struct arena *arena,
    const struct count *count, const struct header_index *header,
    const uint8_t *is_signed)
{
	surplus->name = header_name_lower(arena, count->name);
	surplus->present = count->present;
	surplus->is_signed = count->is_signed;
	size_t at = 0; /* of those of this name, from 1 */
	for (size_t i = 0; i < header->n; i++) {
		const struct header_field *field = &header->fields[i];

		if (field->name_hash != count->name_hash ||
		    !span_equal_nocase(field->name, count->name))
			continue;
		/* The lowest are those that h= takes first. */
		at++;
		if (at > COVERAGE_INSTANCES_MAX / 2 &&
		    at + COVERAGE_INSTANCES_MAX / 2 <= count->present)
			continue;
		surplus->instances[surplus->n++] =
		    (struct field_instance){ show(arena, field->value),
			    is_signed[i] != 0 };
	}
}

static void
sort_counts(struct coverage_fields *fields, struct arena *arena,
    const struct counts *counts, const struct header_index *header,
    const uint8_t *is_signed)
{
	struct field_surplus *surplus =
	    arena_alloc_array(arena, counts->n, sizeof(*surplus));

	fields->surplus = surplus;
	for (size_t i = 0; i < counts->n; i++) {
		const struct count *count = &counts->list[i];

		if (count->is_signed == count->present)
			fields->covered[fields->n_covered++] =
			    header_name_lower(arena, count->name);
		else if (count->present > 1)
			fill_surplus(&surplus[fields->n_surplus++], arena,
			    count, header, is_signed);
	}
}

static bool
is_among(const struct span *list, size_t n, struct span name)
{
	for (size_t i = 0; i < n; i++) {
		if (span_equal_nocase(list[i], name))
			return true;
	}
	return false;
}

static void
add_oversigned(struct coverage_fields *fields, struct arena *arena,
    const struct signature_facts *facts)
{
	const struct signature *signature = facts->signature;
	size_t n = MIN(signature->n_names, facts->selection.n);

	for (size_t i = 0; i < n; i++) {
		struct span name = signature->names[i];

		if (facts->selection.fields[i] != NULL ||
		    !coverage_is_displayed(name) ||
		    is_among(fields->oversigned, fields->n_oversigned, name))
			continue;
		if (fields->n_oversigned == COVERAGE_NAMES_MAX) {
			fields->cut = true;
			return;
		}
		fields->oversigned[fields->n_oversigned++] =
		    header_name_lower(arena, name);
	}
}

const struct coverage_fields *
coverage_fields_get(struct arena *arena, const struct signature_facts *facts,
    const struct header_index *header)
{
	const uint8_t *is_signed = facts->selection.signed_fields;
	struct counts counts = { .n = 0 };
	struct coverage_fields *fields;

	if (!facts->header_hashed || is_signed == NULL)
		return NULL;
	fields = arena_alloc(arena, sizeof(*fields));
	for (size_t i = 0; i < header->n; i++) {
		if (coverage_is_displayed(header->fields[i].name))
			count_field(
			    &counts, header->fields[i].name, is_signed[i] != 0);
	}
	fields->cut = counts.cut;
	sort_counts(fields, arena, &counts, header, is_signed);
	add_oversigned(fields, arena, facts);
	return fields;
}
