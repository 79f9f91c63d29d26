/*
 * entry_parse.c - from a line to an entry.
 * Bounds: the line (ENTRY_LINE_MAX) and with it every array in it, and those
 * of entry_form.c and entry_rules.c.
 */
#include "keysnap/store/entry_form.h"

#include "keysnap/base/digest.h"

#include <string.h>

static enum entry_type
type_of(const struct json_node *object)
{
	struct span text = entry_form_text(json_tree_get(object, "type"));

	for (int i = 0; i < ENTRY_UNKNOWN; i++) {
		if (span_equal(text,
			span_from_string(entry_type_name((enum entry_type)i))))
			return (enum entry_type)i;
	}
	return ENTRY_UNKNOWN;
}

static bool
read_entry(const struct entry_reading *reading, struct entry *entry,
    const struct json_node *object)
{
	if (!json_tree_is_string(json_tree_get(object, "type")))
		return entry_form_fail(reading, "type", "missing");
	entry->type = type_of(object);
	if ((entry->type == ENTRY_STORE) != (reading->index == 0))
		return entry_form_fail(reading, "type",
		    "the first entry, and no other, is \"store\"");
	if (!entry_form_check(reading, entry->type, object))
		return false;
	entry_read(entry, reading->arena, object);
	return entry_rules_check(reading, entry, object);
}

bool
entry_parse(struct entry *entry, struct arena *arena, struct span line,
    uint64_t index, const char **why_out)
{
	struct entry_reading reading = { arena, index, why_out };
	const struct json_node *object;

	memset(entry, 0, sizeof(*entry));
	entry->line = line;
	entry->type = ENTRY_UNKNOWN;
	if (line.n > ENTRY_LINE_MAX) {
		*why_out = "longer than an entry may be";
		return false;
	}
	object = json_tree_parse_canonical(arena, line, why_out);
	return object != NULL && read_entry(&reading, entry, object);
}

static size_t
read_digests(struct arena *arena, const struct json_node *array,
    const uint8_t (**digests_out)[32])
{
	size_t n = entry_form_count(array);
	uint8_t(*digests)[32] = arena_alloc_array(arena, n, 32);

	*digests_out = (const uint8_t(*)[32])digests;
	for (const struct json_node *item = n > 0 ? array->first : NULL;
	     item != NULL; item = item->next)
		digest_from_hex(entry_form_text(item), *digests++);
	return n;
}

size_t
entry_evidence(
    struct arena *arena, struct span line, const uint8_t (**digests_out)[32])
{
	static const char member[] = "\"evidence\":[";
	const char *why;
	const struct json_node *object;

	*digests_out = NULL;
	/* Most entries have none, and need no parsing: in canonical JSON a
	 * quote inside a string has a backslash before it, so nothing else
	 * can look like the member. */
	if (line.n == 0 ||
	    memmem(line.p, line.n, member, sizeof(member) - 1) == NULL)
		return 0;
	object = json_tree_parse_canonical(arena, line, &why);
	return object == NULL
	    ? 0
	    : read_digests(
		  arena, json_tree_get(object, "evidence"), digests_out);
}
