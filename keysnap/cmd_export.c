/*
 * cmd_export.c - keysnap export: the log as it is, or lines that "import
 * --format jsonl" reads again.
 */
#include "keysnap/base/base64.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd_view.h"
#include "keysnap/key/dns_name.h"

#include <string.h>

struct export
{
	struct view *view;
	GString *out;
	uint64_t left_out;
};

static void
export_log(void *user, uint64_t number, const struct entry *entry)
{
	struct export *export = user;

	(void)number;
	g_string_append_len(
	    export->out, (const char *)entry->line.p, (gssize)entry->line.n);
	g_string_append_c(export->out, '\n');
	command_print(export->out);
}

static void
write_time(struct json_writer *writer, const char *name, int64_t at,
    enum timestamp_precision precision)
{
	g_autoptr(GString) text = g_string_new(NULL);

	command_append_time(text, at, precision);
	json_write_string(writer, name, text->str);
}

static bool
is_text(const struct entry_observation *observation)
{
	for (size_t i = 0; i < observation->n_strings; i++) {
		if (!text_is_utf8(observation->strings[i]))
			return false;
	}
	return true;
}

static void
write_string(struct json_writer *writer, const char *name, struct span octets,
    bool base64)
{
	g_autoptr(GString) text = g_string_new(NULL);

	if (!base64) {
		json_write_text(writer, name, NULL, octets);
		return;
	}
	base64_append(text, octets);
	json_write_string(writer, name, text->str);
}

/* "txt" or "txt_b64": a string when the source had joined it, else a list. */
static void
write_txt(
    struct json_writer *writer, const struct entry_observation *observation)
{
	bool base64 = !is_text(observation);
	const char *name = base64 ? "txt_b64" : "txt";

	if (observation->joined != JOIN_EXACT && observation->n_strings == 1) {
		write_string(writer, name, observation->strings[0], base64);
		return;
	}
	json_open_array(writer, name);
	for (size_t i = 0; i < observation->n_strings; i++)
		write_string(writer, NULL, observation->strings[i], base64);
	json_close_array(writer);
}

static void
write_observation(struct export *export,
    const struct entry_observation *observation, struct span selector,
    struct span domain)
{
	const struct entry_source *source =
	    view_source(export->view, observation->source);
	struct span observer = observation->observer;
	struct json_writer writer;

	if (observer.n == 0 && source != NULL)
		observer = source->observer;
	json_writer_init(&writer, export->out);
	json_open_object(&writer, NULL);
	json_write_octets(&writer, "domain", domain);
	if (observation->first != TIMESTAMP_NONE)
		write_time(&writer, "first_seen", observation->first,
		    observation->precision);
	if (observation->kind != OBSERVATION_PRESENT)
		json_write_string(
		    &writer, "kind", observation_kind_name(observation->kind));
	if (observation->last != TIMESTAMP_NONE)
		write_time(&writer, "last_seen", observation->last,
		    observation->precision);
	json_write_octets(&writer, "method", observation->method);
	json_write_octets(&writer, "selector", selector);
	json_write_text(&writer, "source", "source_b64", observer);
	if (observation->kind == OBSERVATION_PRESENT)
		write_txt(&writer, observation);
	json_close_object(&writer);
	g_string_append_c(export->out, '\n');
	command_print(export->out);
}

static void
export_jsonl(void *user, uint64_t number, const struct entry *entry)
{
	struct export *export = user;
	struct span selector, domain;

	(void)number;
	if (entry->type == ENTRY_STORE || entry->type == ENTRY_SOURCE)
		return;
	if (entry->type == ENTRY_OBSERVATION &&
	    dns_name_split_key(entry->observation.name, &selector, &domain))
		write_observation(
		    export, &entry->observation, selector, domain);
	else
		export->left_out++;
}

static enum exit_code
export_view(struct view *view, bool log)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct export export = { .view = view, .out = out };
	GError *error = NULL;

	if (!view_each(view, log ? export_log : export_jsonl, &export, &error))
		return command_error(error, false);
	if (export.left_out > 0)
		command_say("%" PRIu64 " entries are no observations of keys, "
			    "and left out",
		    export.left_out);
	return EXIT_DONE;
}

static enum exit_code
run_export(struct command_line *line)
{
	g_autofree char *format = NULL;
	const GOptionEntry options[] = {
		{ "format", 0, 0, G_OPTION_ARG_STRING, &format, "log or jsonl",
		    "FORMAT" },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;
	struct view *view;
	bool log;

	if (!command_parse(line, options))
		return line->code;
	if (format == NULL)
		return command_usage(line, "--format is missing");
	log = strcmp(format, "log") == 0;
	if (!log && strcmp(format, "jsonl") != 0)
		return command_usage(line, "--format is log or jsonl");
	view = view_open(line, &code);
	if (view == NULL)
		return code;
	code = export_view(view, log);
	view_close(view);
	return code;
}

const struct command command_export = {
	.name = "export",
	.arguments = "STORE|SNAPSHOT",
	.summary = "print the log, or lines to import elsewhere",
	.examples = "  keysnap export keys.store --format log\n"
		    "  keysnap export keys.snap --format jsonl > keys.jsonl",
	.trusts = true,
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_export,
};
