/*
 * entry.c - writing entries; their words.
 */
#include "keysnap/store/entry.h"

#include "keysnap/base/digest.h"
#include "keysnap/store/entry_form.h"

#include <string.h>

static const char *const type_names[] = { "store", "source", "observation",
	"sighting", "annotation", "anchor", "chain-result", "key-health",
	"audit", "unknown" };

const char *
entry_type_name(enum entry_type type)
{
	return type_names[type];
}

const char *
observation_kind_name(enum observation_kind kind)
{
	return entry_form_kinds[kind];
}

const char *
observation_time_kind_name(enum observation_time_kind kind)
{
	return entry_form_time_kinds[kind];
}

void
entry_write_store(GString *out, const struct entry_store *store)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_string(&writer, "format", ENTRY_LOG_FORMAT);
	json_write_octets(&writer, "origin", store->origin);
	json_write_string(&writer, "type", type_names[ENTRY_STORE]);
	json_close_object(&writer);
}

static void
write_digests(struct json_writer *writer, const char *name,
    const uint8_t (*digests)[32], size_t n)
{
	json_open_array(writer, name);
	for (size_t i = 0; i < n; i++)
		json_write_hex(writer, NULL, (struct span){ digests[i], 32 });
	json_close_array(writer);
}

static void
write_octets_array(struct json_writer *writer, const char *name,
    const struct span *items, size_t n)
{
	json_open_array(writer, name);
	for (size_t i = 0; i < n; i++)
		json_write_octets(writer, NULL, items[i]);
	json_close_array(writer);
}

/* An optional text: absent when empty. */
static void
write_optional(struct json_writer *writer, const char *name, struct span text)
{
	if (text.n > 0)
		json_write_octets(writer, name, text);
}

void
entry_write_source(GString *out, const struct entry_source *source)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	if (source->n_evidence > 0)
		write_digests(
		    &writer, "evidence", source->evidence, source->n_evidence);
	json_write_octets(&writer, "file", source->file);
	json_write_octets(&writer, "format", source->format);
	json_write_time(&writer, "imported", source->imported);
	json_write_octets(&writer, "observer", source->observer);
	write_optional(&writer, "operator", source->operator);
	json_write_hex(&writer, "sha256", (struct span){ source->sha256, 32 });
	json_write_integer(&writer, "size", (int64_t)source->size);
	json_write_octets(&writer, "tool", source->tool);
	json_write_string(&writer, "type", type_names[ENTRY_SOURCE]);
	json_close_object(&writer);
}

/* Members of an observation up to "method". */
static void
write_first_half(
    struct json_writer *writer, const struct entry_observation *observation)
{
	bool timed = observation->first != TIMESTAMP_NONE;

	if (observation->n_cname > 0)
		write_octets_array(
		    writer, "cname", observation->cname, observation->n_cname);
	if (observation->complete)
		json_write_bool(writer, "complete", true);
	if (timed)
		json_write_time(writer, "first", observation->first);
	if (observation->kind == OBSERVATION_PRESENT)
		json_write_string(
		    writer, "joined", entry_form_joins[observation->joined]);
	json_write_string(writer, "kind", entry_form_kinds[observation->kind]);
	if (timed)
		json_write_time(writer, "last", observation->last);
	if (observation->line > 0)
		json_write_integer(writer, "line", (int64_t)observation->line);
	json_write_octets(writer, "method", observation->method);
}

static void
write_second_half(
    struct json_writer *writer, const struct entry_observation *observation)
{
	json_write_octets(writer, "name", observation->name);
	write_optional(writer, "observer", observation->observer);
	write_optional(writer, "owner", observation->owner);
	if (observation->first != TIMESTAMP_NONE)
		json_write_string(writer, "precision",
		    timestamp_precision_name(observation->precision));
	json_write_integer(writer, "source", (int64_t)observation->source);
	if (observation->kind == OBSERVATION_PRESENT)
		write_octets_array(writer, "strings", observation->strings,
		    observation->n_strings);
	json_write_string(
	    writer, "time_kind", entry_form_time_kinds[observation->time_kind]);
	if (observation->ttl >= 0)
		json_write_integer(writer, "ttl", observation->ttl);
	json_write_string(writer, "type", type_names[ENTRY_OBSERVATION]);
}

void
entry_write_observation(
    GString *out, const struct entry_observation *observation)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	write_first_half(&writer, observation);
	write_second_half(&writer, observation);
	json_close_object(&writer);
}

struct span
entry_joined(struct arena *arena, const struct entry_observation *observation)
{
	size_t n = 0;
	uint8_t *octets;

	for (size_t i = 0; i < observation->n_strings; i++)
		n += observation->strings[i].n;
	octets = arena_alloc(arena, n + 1);
	n = 0;
	for (size_t i = 0; i < observation->n_strings; i++) {
		struct span string = observation->strings[i];

		if (string.n > 0)
			memcpy(octets + n, string.p, string.n);
		n += string.n;
	}
	return (struct span){ octets, n };
}
