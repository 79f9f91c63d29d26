/*
 * import_fdns.c - Rapid7 Forward DNS: one answer per line.
 *
 *   {"timestamp":"1535127239","name":"s1._domainkey.example.org",
 *    "type":"txt","value":"v=DKIM1; p=MIIB"}
 *
 * Each line is one sighting, at a time when the observer itself looked.
 */
#include "keysnap/import/import_record.h"
#include "keysnap/import/json_lines.h"
#include "keysnap/import/recognise.h"
#include "keysnap/import/txt_dialect.h"

struct fdns {
	const struct import_options *options;
	const struct import_output *output;
};

static const char *
read_value(struct arena *arena, const struct json_node *object,
    struct entry_observation *observation)
{
	const struct json_node *value = json_tree_get(object, "value");
	struct txt_dialect record;
	const char *fault;

	if (!json_tree_is_string(value))
		return "no value";
	fault = txt_dialect_read(arena, value->text, &record);
	observation->strings = record.strings;
	observation->n_strings = record.n;
	observation->joined = record.joined;
	observation->warnings = import_warning_words(arena, record.warnings);
	return fault;
}

static const char *
read_time(const struct json_node *object, const struct import_options *options,
    struct entry_observation *observation)
{
	struct import_time at;
	const char *fault;

	if (!import_time_from_json(json_tree_get(object, "timestamp"), &at))
		return "timestamp is not a time";
	fault = import_times_set(options, at, at, observation);
	if (at.at != TIMESTAMP_NONE)
		observation->time_kind = TIME_OBSERVED;
	return fault;
}

/* Is it a TXT record of a key's name?  False with *fault_out when that cannot
 * be said. */
static bool
is_key_record(struct arena *arena, const struct json_node *object,
    struct span *name_out, const char **fault_out)
{
	const struct json_node *name = json_tree_get(object, "name");
	const struct json_node *type = json_tree_get(object, "type");

	if (!json_tree_is_string(name) || !json_tree_is_string(type)) {
		*fault_out = "no name or no type";
		return false;
	}
	return import_is_txt(type->text) &&
	    import_name_read(arena, name->text, name_out, fault_out) ==
	    IMPORT_NAME_KEY;
}

static bool
take(void *user, struct arena *arena, const struct json_node *object,
    uint64_t number, GError **error)
{
	const struct fdns *fdns = user;
	const struct import_output *output = fdns->output;
	struct entry_observation observation = {
		.line = number,
		.ttl = -1,
		.method = SPAN("archive"),
	};
	const char *fault = NULL;
	bool key = is_key_record(arena, object, &observation.name, &fault);

	(void)error;
	if (key)
		fault = read_value(arena, object, &observation);
	if (key && fault == NULL)
		fault = read_time(object, fdns->options, &observation);
	if (fault != NULL)
		output->bad(output->user, number, fault);
	else if (key)
		output->observation(output->user, &observation);
	else
		output->other(output->user, number);
	return true;
}

static bool
read_fdns(FILE *stream, const char *path, const struct import_options *options,
    const struct import_output *output, GError **error)
{
	struct fdns fdns = { options, output };

	return json_lines_read(stream, path,
	    &(const struct json_lines){ &fdns, take }, output, error);
}

static bool
recognise_fdns(struct span start)
{
	static const char *const members[] = { "timestamp", "name", "type",
		"value", NULL };

	return recognise_members(start, members);
}

const struct importer import_fdns = {
	.name = "fdns",
	.description = "Rapid7 Forward DNS: one answer per line",
	.recognise = recognise_fdns,
	.read = read_fdns,
};
