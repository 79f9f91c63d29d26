/*
 * entry_parse.c - reading entries, once their members have the right form.
 * Bounds: the line (ENTRY_LINE_MAX) and with it every array in it, the
 * strings of a TXT record (ENTRY_STRINGS_MAX, ENTRY_TXT_MAX).
 */
#include "keysnap/store/entry_form.h"

#include "keysnap/base/digest.h"

#include <string.h>

/* The readers below take members that were checked; an absent text is empty. */
static struct span
get_octets(struct arena *arena, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	struct span octets = { NULL, 0 };

	if (value != NULL)
		json_read_octets(arena, entry_form_text(value), &octets);
	return octets;
}

static int64_t
get_time(const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	int64_t at = TIMESTAMP_NONE;

	if (value != NULL)
		timestamp_parse(entry_form_text(value), &at);
	return at;
}

static uint64_t
get_number(const json_t *object, const char *name)
{
	return (uint64_t)json_integer_value(json_object_get(object, name));
}

static size_t
get_array(struct arena *arena, const json_t *object, const char *name,
    const struct span **items_out)
{
	const json_t *array = json_object_get(object, name);
	size_t n = json_array_size(array);
	struct span *items = arena_alloc_array(arena, n, sizeof(*items));

	for (size_t i = 0; i < n; i++)
		json_read_octets(arena,
		    entry_form_text(json_array_get(array, i)), &items[i]);
	*items_out = items;
	return n;
}

static size_t
get_evidence(struct arena *arena, const json_t *object,
    const uint8_t (**digests_out)[32])
{
	const json_t *array = json_object_get(object, "evidence");
	size_t n = json_array_size(array);
	uint8_t(*digests)[32] = arena_alloc_array(arena, n, 32);

	for (size_t i = 0; i < n; i++)
		digest_from_hex(
		    entry_form_text(json_array_get(array, i)), digests[i]);
	*digests_out = (const uint8_t(*)[32])digests;
	return n;
}

static void
read_source(
    struct entry_source *source, struct arena *arena, const json_t *object)
{
	source->file = get_octets(arena, object, "file");
	source->format = get_octets(arena, object, "format");
	source->observer = get_octets(arena, object, "observer");
	source->operator= get_octets(arena, object, "operator");
	source->tool = get_octets(arena, object, "tool");
	source->imported = get_time(object, "imported");
	source->size = get_number(object, "size");
	digest_from_hex(
	    entry_form_text(json_object_get(object, "sha256")), source->sha256);
	source->n_evidence = get_evidence(arena, object, &source->evidence);
}

static void
read_observation(struct entry_observation *observation, struct arena *arena,
    const json_t *object)
{
	const json_t *ttl = json_object_get(object, "ttl");
	const json_t *joined = json_object_get(object, "joined");

	observation->source = get_number(object, "source");
	observation->name = get_octets(arena, object, "name");
	observation->kind = (enum observation_kind)entry_form_choice(
	    json_object_get(object, "kind"), entry_form_kinds);
	if (joined != NULL)
		observation->joined = (enum observation_join)entry_form_choice(
		    joined, entry_form_joins);
	observation->time_kind = (enum observation_time_kind)entry_form_choice(
	    json_object_get(object, "time_kind"), entry_form_time_kinds);
	observation->n_strings =
	    get_array(arena, object, "strings", &observation->strings);
	observation->first = get_time(object, "first");
	observation->last = get_time(object, "last");
	timestamp_precision_from_name(
	    entry_form_text(json_object_get(object, "precision")),
	    &observation->precision);
	observation->method = get_octets(arena, object, "method");
	observation->observer = get_octets(arena, object, "observer");
	observation->owner = get_octets(arena, object, "owner");
	observation->line = get_number(object, "line");
	observation->ttl = ttl != NULL ? json_integer_value(ttl) : -1;
	observation->complete = json_object_get(object, "complete") != NULL;
	observation->n_cname =
	    get_array(arena, object, "cname", &observation->cname);
}

/* What the table cannot say of an observation. */
static bool
check_observation(const struct entry_reading *reading,
    const struct entry_observation *observation, const json_t *object)
{
	bool timed = observation->first != TIMESTAMP_NONE;
	size_t n = 0;

	if ((observation->kind == OBSERVATION_PRESENT) !=
	    (observation->n_strings > 0))
		return entry_form_fail(
		    reading, "strings", "does not fit the kind");
	if (observation->n_strings > ENTRY_STRINGS_MAX)
		return entry_form_fail(reading, "strings", "too many");
	for (size_t i = 0; i < observation->n_strings; i++)
		n += observation->strings[i].n;
	if (n > ENTRY_TXT_MAX)
		return entry_form_fail(
		    reading, "strings", "longer than a TXT record");
	if (timed != (observation->last != TIMESTAMP_NONE) ||
	    timed != (json_object_get(object, "precision") != NULL))
		return entry_form_fail(
		    reading, "first", "not with last and precision");
	if (timed == (observation->time_kind == TIME_NO_TIME))
		return entry_form_fail(
		    reading, "time_kind", "does not fit the times");
	if (observation->last < observation->first)
		return entry_form_fail(reading, "last", "before first");
	return true;
}

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
	if (entry->type == ENTRY_STORE)
		entry->store.origin =
		    get_octets(reading->arena, object, "origin");
	if (entry->type == ENTRY_SOURCE)
		read_source(&entry->source, reading->arena, object);
	if (entry->type == ENTRY_ANNOTATION)
		entry->name = get_octets(reading->arena, object, "name");
	if (entry->type != ENTRY_OBSERVATION)
		return true;
	read_observation(&entry->observation, reading->arena, object);
	entry->name = entry->observation.name;
	return check_observation(reading, &entry->observation, object);
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
	n = get_evidence(arena, object, digests_out);
	json_decref(object);
	return n;
}
