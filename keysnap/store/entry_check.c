/*
 * entry_check.c - would an entry that is yet to be written be read back?
 *
 * Most types are rare: they are written and read back.  Observations come in
 * millions; their members are looked at one by one.
 */
#include "keysnap/store/entry_form.h"

#include <string.h>

static bool
check_text(
    const struct entry_reading *reading, const char *member, struct span text)
{
	return text.n <= ENTRY_TEXT_MAX ||
	    entry_form_fail(reading, member, "too long");
}

static bool
check_name(
    const struct entry_reading *reading, const char *member, struct span name)
{
	return name.n == 0 || entry_form_is_name(reading->arena, name) ||
	    entry_form_fail(reading, member, "not of its form");
}

static bool
check_number(
    const struct entry_reading *reading, const char *member, uint64_t number)
{
	return number <= JSON_INTEGER_MAX ||
	    entry_form_fail(reading, member, "too large");
}

static bool
check_time(const struct entry_reading *reading, const char *member, int64_t at)
{
	return at == TIMESTAMP_NONE ||
	    (at >= TIMESTAMP_MIN && at <= TIMESTAMP_MAX) ||
	    entry_form_fail(reading, member, "out of range");
}

/* A set of texts, or of words. */
static bool
check_set(const struct entry_reading *reading, const char *member,
    struct entry_texts set, bool words)
{
	if (set.n > ENTRY_LIST_MAX)
		return entry_form_fail(reading, member, "too long");
	for (size_t i = 0; i < set.n; i++) {
		struct span text = set.items[i];

		if (words ? !entry_form_is_word(text)
			  : text.n == 0 || text.n > ENTRY_TEXT_MAX)
			return entry_form_fail(
			    reading, member, "not of its form");
		if (i > 0 && span_compare(set.items[i - 1], text) >= 0)
			return entry_form_fail(
			    reading, member, "not in ascending order");
	}
	return true;
}

static bool
check_vantage(
    const struct entry_reading *reading, const struct entry_vantage *vantage)
{
	return check_set(reading, "flags", vantage->flags, true) &&
	    check_text(reading, "place", vantage->place) &&
	    check_text(reading, "server", vantage->server) &&
	    (vantage->transport.n == 0 ||
		entry_form_is_word(vantage->transport) ||
		entry_form_fail(reading, "transport", "not of its form"));
}

static bool
check_cname(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	if (observation->n_cname > ENTRY_LIST_MAX)
		return entry_form_fail(reading, "cname", "too long");
	for (size_t i = 0; i < observation->n_cname; i++) {
		if (observation->cname[i].n == 0 ||
		    !check_name(reading, "cname", observation->cname[i]))
			return entry_form_fail(
			    reading, "cname", "not of its form");
	}
	return true;
}

static bool
check_messages(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	if (observation->n_messages > ENTRY_LIST_MAX)
		return entry_form_fail(reading, "messages", "too long");
	for (size_t i = 0; i < observation->n_messages; i++) {
		const struct entry_message *message = &observation->messages[i];

		if (!check_text(reading, "corpus", message->corpus) ||
		    !check_text(reading, "custody", message->custody))
			return false;
	}
	return observation->public_key.n == 0 ||
	    entry_form_is_key(reading->arena, observation->public_key) ||
	    entry_form_fail(reading, "public_key", "not of its form");
}

static bool
check_numbers(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	if (observation->source >= reading->index)
		return entry_form_fail(reading, "source", "not of its form");
	return check_number(reading, "line", observation->line) &&
	    check_number(reading, "item", observation->item) &&
	    check_number(reading, "offset",
		observation->has_offset ? observation->offset : 0) &&
	    check_number(reading, "count", observation->count) &&
	    check_number(reading, "ttl",
		observation->ttl >= 0 ? (uint64_t)observation->ttl : 0) &&
	    check_time(reading, "first", observation->first) &&
	    check_time(reading, "last", observation->last);
}

static bool
check_texts(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	if (observation->name.n == 0 ||
	    !entry_form_is_word(observation->method))
		return entry_form_fail(
		    reading, "method", "missing, or not of its form");
	return check_name(reading, "name", observation->name) &&
	    check_name(reading, "owner", observation->owner) &&
	    check_name(reading, "bailiwick", observation->bailiwick) &&
	    check_text(reading, "observer", observation->observer) &&
	    check_text(reading, "record", observation->record) &&
	    check_set(reading, "lineage", observation->lineage, false) &&
	    check_set(reading, "warnings", observation->warnings, true) &&
	    check_vantage(reading, &observation->vantage) &&
	    check_cname(reading, observation) &&
	    check_messages(reading, observation);
}

static bool
check_observation(const struct entry_reading *reading,
    const struct entry_observation *observation)
{
	if (observation->evidence.n > ENTRY_LIST_MAX)
		return entry_form_fail(reading, "evidence", "too long");
	return check_numbers(reading, observation) &&
	    check_texts(reading, observation) &&
	    entry_rules_observation(reading, observation);
}

static bool
check_read_back(const struct entry_reading *reading, const struct entry *entry)
{
	g_autoptr(GString) line = g_string_new(NULL);
	g_autoptr(GString) again = g_string_new(NULL);
	struct entry read;
	struct span leaf;

	entry_write(line, entry);
	leaf = (struct span){ (const uint8_t *)line->str, line->len };
	if (!entry_parse(
		&read, reading->arena, leaf, reading->index, reading->why_out))
		return false;
	entry_write(again, &read);
	return g_string_equal(line, again) ||
	    entry_form_fail(reading, entry_type_name(entry->type),
		"not read back as it is");
}

bool
entry_check(const struct entry *entry, struct arena *arena, uint64_t index,
    const char **why_out)
{
	const struct entry_reading reading = { arena, index, why_out };

	if (entry->type == ENTRY_OBSERVATION)
		return check_observation(&reading, &entry->observation);
	return check_read_back(&reading, entry);
}
