/*
 * cof_record.c - a record of the Passive DNS Common Output Format.
 */
#include "keysnap/import/cof_record.h"
#include "keysnap/import/import_records.h"
#include "keysnap/import/txt_dialect.h"
#include "keysnap/base/json.h"
#include "keysnap/key/dns_name.h"

#define TYPE_TXT 16 /* RFC 1035 3.2.2 */

struct record {
	struct arena *arena;
	const struct json_node *object;
	const struct import_options *options;
	struct entry_observation observation; /* what all values share */
	unsigned warnings;
	struct txt_dialect *values;
	size_t n;
	struct {
		const char *method;
		struct import_time first, last;
	} windows[2];
	size_t n_windows;
};

static const struct json_node *
get(const struct record *record, const char *name)
{
	return json_tree_get(record->object, name);
}

/* The text of a member, empty when it is absent; false when it is not a
 * string. */
static bool
get_text(const struct record *record, const char *name, struct span *text_out)
{
	const struct json_node *node = get(record, name);

	*text_out = (struct span){ NULL, 0 };
	if (json_tree_is_string(node))
		*text_out = node->text;
	return node == NULL || json_tree_is_string(node);
}

/* Seconds from "name", or from milliseconds when it has only those. */
static const char *
read_time(const struct record *record, const char *name, const char *name_ms,
    struct import_time *time_out)
{
	const struct json_node *node = get(record, name_ms);
	int64_t seconds;

	if (!import_time_from_json(get(record, name), time_out))
		return "a time that is none";
	if (node == NULL)
		return NULL;
	if (node->type != JSON_NODE_INTEGER || node->integer <= 0 ||
	    node->integer / 1000 > TIMESTAMP_MAX)
		return "a time in milliseconds that is none";
	seconds = node->integer / 1000;
	if (time_out->at == TIMESTAMP_NONE)
		time_out->at = seconds;
	/* Some round and some cut. */
	if (time_out->precision == TIMESTAMP_SECOND &&
	    (time_out->at < seconds || time_out->at > seconds + 1))
		return "a time that differs from its milliseconds";
	return NULL;
}

/* A pair of times, when the record has it. */
static const char *
read_window(struct record *record, const char *method,
    const char *const names[2], const char *const names_ms[2])
{
	struct import_time first, last;
	const char *fault = read_time(record, names[0], names_ms[0], &first);

	if (fault == NULL)
		fault = read_time(record, names[1], names_ms[1], &last);
	if (fault != NULL ||
	    (first.at == TIMESTAMP_NONE && last.at == TIMESTAMP_NONE))
		return fault;
	record->windows[record->n_windows].method = method;
	record->windows[record->n_windows].first = first;
	record->windows[record->n_windows++].last = last;
	return NULL;
}

static const char *
read_times(struct record *record)
{
	static const char *const seen[] = { "time_first", "time_last" };
	static const char *const seen_ms[] = { "time_first_ms",
		"time_last_ms" };
	static const char *const zone[] = { "zone_time_first",
		"zone_time_last" };
	static const char *const zone_ms[] = { "zone_time_first_ms",
		"zone_time_last_ms" };
	const char *fault = read_window(record, "pdns", seen, seen_ms);

	if (fault == NULL)
		fault = read_window(record, "pdns-zone", zone, zone_ms);
	if (fault == NULL && record->n_windows == 0) {
		/* The times of the options, if they give any. */
		record->windows[0].method = "pdns";
		record->windows[0].first.at = TIMESTAMP_NONE;
		record->windows[0].last.at = TIMESTAMP_NONE;
		record->n_windows = 1;
	}
	return fault;
}

static const char *
read_count(struct record *record)
{
	const struct json_node *node = get(record, "count");

	if (node == NULL)
		return NULL;
	if (node->type != JSON_NODE_INTEGER || node->integer < 0 ||
	    node->integer > JSON_INTEGER_MAX)
		return "count is not a number of sightings";
	record->observation.count = (uint64_t)node->integer;
	return NULL;
}

static const char *
read_bailiwick(struct record *record)
{
	struct span text, *zone = &record->observation.bailiwick;

	if (!get_text(record, "bailiwick", &text))
		return "bailiwick is not a string";
	/* The root has no name in the log, and says nothing. */
	if (text.n == 0 || span_equal(text, SPAN(".")))
		return NULL;
	if (dns_name_canonical(record->arena, text, zone) != DNS_NAME_OK)
		return "bailiwick is not a name";
	if (!dns_name_is_within(record->observation.name, *zone))
		record->warnings |= IMPORT_WARNING_BAILIWICK;
	return NULL;
}

static const char *
read_observer(struct record *record)
{
	struct span sensor, origin;

	if (!get_text(record, "sensor_id", &sensor) ||
	    !get_text(record, "origin", &origin))
		return "sensor_id or origin is not a string";
	return import_observer_set(record->arena, &record->observation,
	    record->options, sensor, origin);
}

static const char *
read_values(struct record *record)
{
	const struct json_node *rdata = get(record, "rdata"), *value = rdata;
	const char *fault = NULL;

	record->n = 1;
	if (rdata != NULL && rdata->type == JSON_NODE_ARRAY) {
		value = rdata->first;
		record->n = rdata->n;
	}
	if (value == NULL)
		return "no rdata";
	record->values = arena_alloc_array(
	    record->arena, record->n, sizeof(*record->values));
	for (size_t i = 0; i < record->n && fault == NULL; i++) {
		if (!json_tree_is_string(value))
			return "rdata is neither a string nor a list of them";
		fault = txt_dialect_read(
		    record->arena, value->text, &record->values[i]);
		value = value->next;
	}
	return fault;
}

static void
emit(struct record *record, size_t i, const struct import_output *output)
{
	struct entry_observation *observation = &record->observation;
	const struct txt_dialect *value = &record->values[i];

	observation->strings = value->strings;
	observation->n_strings = value->n;
	observation->joined = value->joined;
	observation->item = record->n > 1 ? i + 1 : 0;
	observation->warnings = import_warning_words(
	    record->arena, record->warnings | value->warnings);
	output->observation(output->user, observation);
}

/* All values in each window; all windows are good, or none is given. */
static const char *
emit_all(struct record *record, const struct import_output *output)
{
	for (size_t w = 0; w < record->n_windows; w++) {
		const char *fault =
		    import_times_set(record->options, record->windows[w].first,
			record->windows[w].last, &record->observation);

		if (fault != NULL)
			return fault;
	}
	for (size_t w = 0; w < record->n_windows; w++) {
		import_times_set(record->options, record->windows[w].first,
		    record->windows[w].last, &record->observation);
		record->observation.method =
		    span_from_string(record->windows[w].method);
		for (size_t i = 0; i < record->n; i++)
			emit(record, i, output);
	}
	return NULL;
}

/* Is it a TXT record of a key's name?  False with *fault_out when that cannot
 * be said. */
static bool
is_key_record(struct record *record, const char **fault_out)
{
	const struct json_node *type = get(record, "rrtype");
	struct span name;

	if (!get_text(record, "rrname", &name) || name.n == 0) {
		*fault_out = "no rrname";
		return false;
	}
	if (type == NULL ||
	    (type->type != JSON_NODE_STRING &&
		type->type != JSON_NODE_INTEGER)) {
		*fault_out = "rrtype is neither a string nor a number";
		return false;
	}
	if (type->type == JSON_NODE_STRING ? !import_is_txt(type->text)
					   : type->integer != TYPE_TXT)
		return false;
	return import_name_read(record->arena, name, &record->observation.name,
		   fault_out) == IMPORT_NAME_KEY;
}

/* Hand on what DNSSEC chains can be made of: rows of type RRSIG and so on. */
static void
hand_on(const struct record *record, const struct import_output *output)
{
	const struct json_node *rdata = get(record, "rdata"), *value = rdata;
	struct import_record_text text = { .ttl = -1 };
	size_t n = 1;

	if (!get_text(record, "rrname", &text.owner) ||
	    !get_text(record, "rrtype", &text.type) || text.owner.n == 0 ||
	    text.type.n == 0)
		return;
	if (rdata != NULL && rdata->type == JSON_NODE_ARRAY) {
		value = rdata->first;
		n = rdata->n;
	}
	for (; n > 0 && value != NULL; n--, value = value->next) {
		if (!json_tree_is_string(value))
			return;
		text.rdata = value->text;
		import_records_text(&text, output);
	}
}

void
cof_record_take(struct arena *arena, const struct json_node *object,
    uint64_t number, const struct import_options *options,
    const struct import_output *output)
{
	static const char *(*const steps[])(struct record *) = { read_times,
		read_count, read_bailiwick, read_observer, read_values };
	struct record record = {
		.arena = arena,
		.object = object,
		.options = options,
		.observation = { .line = number, .ttl = -1 },
	};
	const char *fault = NULL;

	hand_on(&record, output);
	if (!is_key_record(&record, &fault)) {
		if (fault != NULL)
			output->bad(output->user, number, fault);
		else
			output->other(output->user, number);
		return;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(steps) && fault == NULL; i++)
		fault = steps[i](&record);
	if (fault == NULL)
		fault = emit_all(&record, output);
	if (fault != NULL)
		output->bad(output->user, number, fault);
}
