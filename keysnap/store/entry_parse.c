/*
 * entry_parse.c - from a line to an entry.
 * Bounds: the line (ENTRY_LINE_MAX) and with it every array in it, and those
 * of entry_form.c and entry_rules.c.
 */
#include "keysnap/store/entry_form.h"

#include "keysnap/base/digest.h"

#include <string.h>

static enum entry_type
type_of(const json_t *object)
{
	struct span text = entry_form_text(json_object_get(object, "type"));

	for (int i = 0; i < ENTRY_UNKNOWN; i++) {
		if (span_equal(text,
			span_from_string(entry_type_name((enum entry_type)i))))
			return (enum entry_type)i;
	}
	return ENTRY_UNKNOWN;
}

static bool
read_entry(const struct entry_reading *reading, struct entry *entry,
    const json_t *object)
{
	if (!json_is_string(json_object_get(object, "type")))
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
	json_t *object;
	bool ok;

	memset(entry, 0, sizeof(*entry));
	entry->line = line;
	entry->type = ENTRY_UNKNOWN;
	if (line.n > ENTRY_LINE_MAX) {
		*why_out = "longer than an entry may be";
		return false;
	}
	object = json_parse_line(arena, line, true, why_out);
	if (object == NULL)
		return false;
	ok = read_entry(&reading, entry, object);
	json_decref(object);
	return ok;
}

static size_t
read_digests(
    struct arena *arena, const json_t *array, const uint8_t (**digests_out)[32])
{
	size_t n = json_array_size(array);
	uint8_t(*digests)[32] = arena_alloc_array(arena, n, 32);

	for (size_t i = 0; i < n; i++)
		digest_from_hex(
		    entry_form_text(json_array_get(array, i)), digests[i]);
	*digests_out = (const uint8_t(*)[32])digests;
	return n;
}

size_t
entry_evidence(
    struct arena *arena, struct span line, const uint8_t (**digests_out)[32])
{
	static const char member[] = "\"evidence\":[";
	const char *why;
	json_t *object;
	size_t n;

	*digests_out = NULL;
	/* Most entries have none, and need no parsing: in canonical JSON a
	 * quote inside a string has a backslash before it, so nothing else
	 * can look like the member. */
	if (line.n == 0 ||
	    memmem(line.p, line.n, member, sizeof(member) - 1) == NULL)
		return 0;
	object = json_parse_line(arena, line, true, &why);
	if (object == NULL)
		return 0;
	n = read_digests(
	    arena, json_object_get(object, "evidence"), digests_out);
	json_decref(object);
	return n;
}
