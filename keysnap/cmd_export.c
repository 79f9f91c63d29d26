/*
 * cmd_export.c - keysnap export: the log as it is, lines that "import
 * --format jsonl" reads again, files of other tools, a bag.
 */
#include "keysnap/base/base64.h"
#include "keysnap/base/clock.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd_entry.h"
#include "keysnap/cmd_export.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/store/snapshot_bag.h"
#include "keysnap/store/retraction.h"

#include <string.h>

static void
export_line(
    struct exporting *exporting, uint64_t number, const struct entry *entry)
{
	(void)number;
	g_string_append_len(
	    exporting->out, (const char *)entry->line.p, (gssize)entry->line.n);
	g_string_append_c(exporting->out, '\n');
}

const struct export_format export_log = { .name = "log", .entry = export_line };
const struct export_format export_canonical = { .name = "canonical",
	.entry = export_line };

bool
export_is_retracted(
    struct exporting *exporting, uint64_t number, const struct entry *entry)
{
	uint64_t by;

	if (!retractions_has(exporting->retractions, number, entry, &by))
		return false;
	exporting->retracted++;
	return true;
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

/* "txt" or "txt_b64": a list of strings when they are exact; else one string,
 * which claims no more than what it is. */
static void
write_txt(
    struct json_writer *writer, const struct entry_observation *observation)
{
	g_autoptr(arena_auto) arena = arena_new();
	bool base64 = !is_text(observation);
	const char *name = base64 ? "txt_b64" : "txt";

	if (observation->joined != JOIN_EXACT) {
		write_string(
		    writer, name, entry_joined(arena, observation), base64);
		return;
	}
	json_open_array(writer, name);
	for (size_t i = 0; i < observation->n_strings; i++)
		write_string(writer, NULL, observation->strings[i], base64);
	json_close_array(writer);
}

static void
write_observation(struct exporting *exporting,
    const struct entry_observation *observation, struct span selector,
    struct span domain)
{
	const struct entry_source *source =
	    view_source(exporting->view, observation->source);
	struct span observer = observation->observer;
	struct json_writer writer;

	if (observer.n == 0 && source != NULL)
		observer = source->observer;
	json_writer_init(&writer, exporting->out);
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
	g_string_append_c(exporting->out, '\n');
}

static void
export_jsonl_entry(
    struct exporting *exporting, uint64_t number, const struct entry *entry)
{
	struct span selector, domain;

	if (entry->type == ENTRY_STORE || entry->type == ENTRY_SOURCE)
		return;
	if (entry->type != ENTRY_OBSERVATION ||
	    entry->observation.kind == OBSERVATION_RECOVERED ||
	    !dns_name_split_key(entry->observation.name, &selector, &domain))
		exporting->others++;
	else if (!export_is_retracted(exporting, number, entry))
		write_observation(
		    exporting, &entry->observation, selector, domain);
}

const struct export_format export_jsonl = { .name = "jsonl",
	.entry = export_jsonl_entry };

static const struct export_format *const formats[] = { &export_canonical,
	&export_log, &export_jsonl, &export_csv, &export_zone, &export_opendkim,
	&export_mailauth };

/* The annotations of a log, and the entries that they are about. */
static void
take_annotation(void *user, uint64_t number, const struct entry *entry)
{
	GArray *numbers = user;
	struct entry_numbers target = entry->annotation.target;

	if (entry->type != ENTRY_ANNOTATION || target.n == 0)
		return;
	g_array_append_val(numbers, number);
	if (entry->annotation.kind == ANNOTATION_RETRACT)
		g_array_append_vals(numbers, target.items, (guint)target.n);
}

static int
compare_numbers(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* What bears on retractions, as if all of it bore on one name. */
static bool
read_bearing(struct view *view, struct arena *arena, GArray *numbers,
    struct bearing *all, GError **error)
{
	const uint64_t *items = (const uint64_t *)(void *)numbers->data;

	g_array_sort(numbers, compare_numbers);
	all->entries =
	    arena_alloc_array(arena, numbers->len, sizeof(*all->entries));
	all->numbers =
	    arena_alloc_array(arena, numbers->len, sizeof(*all->numbers));
	all->n = 0;
	for (guint i = 0; i < numbers->len; i++) {
		if (i > 0 && items[i] == items[i - 1])
			continue;
		if (!view_get(
			view, arena, items[i], &all->entries[all->n], error))
			return false;
		all->numbers[all->n++] = items[i];
	}
	return true;
}

static GHashTable *
find_retractions(struct view *view, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	struct bearing all;

	return view_each(view, take_annotation, numbers, error) &&
		read_bearing(view, arena, numbers, &all, error)
	    ? retractions_new(&all, NULL)
	    : NULL;
}

struct visiting {
	struct exporting *exporting;
	const struct export_format *format;
};

static void
visit_entry(void *user, uint64_t number, const struct entry *entry)
{
	struct visiting *visiting = user;

	visiting->format->entry(visiting->exporting, number, entry);
	command_print(visiting->exporting->out);
}

static void
say_left_out(uint64_t n, const char *what)
{
	if (n > 0)
		command_say("%" PRIu64 " %s, and left out", n, what);
}

static enum exit_code
export_view(struct view *view, const struct export_format *format)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct exporting exporting = { .view = view, .out = out };
	struct visiting visiting = { &exporting, format };
	GError *error = NULL;
	bool ok;

	exporting.retractions = find_retractions(view, &error);
	if (exporting.retractions == NULL)
		return command_error(error, false);
	if (format->begin != NULL)
		format->begin(&exporting);
	ok = format->keys != NULL
	    ? export_each_name(&exporting, format->keys, &error)
	    : view_each(view, visit_entry, &visiting, &error);
	command_print(out);
	g_hash_table_unref(exporting.retractions);
	if (!ok)
		return command_error(error, false);
	say_left_out(exporting.others,
	    format->keys != NULL
		? "entries under these names are no TXT records that were seen"
		: "entries are no observations of keys");
	say_left_out(exporting.retracted, "observations are retracted");
	say_left_out(exporting.unfit,
	    "records hold octets that this format cannot write");
	return EXIT_DONE;
}

/* A snapshot as a bag; "made" is its date, or NULL for today. */
static enum exit_code
export_bag(struct command_line *line, struct view *view, const char *output,
    const char *made)
{
	struct snapshot *snapshot = view_snapshot(view);
	enum timestamp_precision ignored;
	int64_t date = clock_now();
	GError *error = NULL;

	if (made != NULL &&
	    !timestamp_parse_lenient(span_from_string(made), &date, &ignored))
		return command_usage(line, "--made \"%s\" is not a time", made);
	if (snapshot == NULL)
		return command_usage(line,
		    "%s is not frozen: a bag holds a snapshot "
		    "(\"keysnap freeze\" makes one)",
		    line->arguments[0]);
	if (snapshot_bag_write(snapshot, line->arguments[0], output, date,
		line->crypto, &error))
		return EXIT_DONE;
	return command_error(error, true);
}

static const struct export_format *
find_format(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	}
	return NULL;
}

/* Open it and write; "format" NULL is a bag. */
static enum exit_code
export_to(struct command_line *line, const struct export_format *format,
    const char *output, const char *made)
{
	enum exit_code code;
	struct view *view = view_open(line, &code);

	if (view == NULL)
		return code;
	code = format == NULL ? export_bag(line, view, output, made)
			      : export_view(view, format);
	view_close(view);
	return code;
}

static enum exit_code
run_export(struct command_line *line)
{
	g_autofree char *name = NULL, *output = NULL, *made = NULL;
	const GOptionEntry options[] = {
		{ "format", 0, 0, G_OPTION_ARG_STRING, &name,
		    "canonical, jsonl, csv, zone, opendkim, mailauth or bagit",
		    "FORMAT" },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
		    "folder of the bag", "FOLDER" },
		{ "made", 0, 0, G_OPTION_ARG_STRING, &made,
		    "date of the bag, else today", "TIME" },
		G_OPTION_ENTRY_NULL,
	};
	const struct export_format *format;
	bool bag;

	if (!command_parse(line, options))
		return line->code;
	if (name == NULL)
		return command_usage(line, "--format is missing");
	bag = strcmp(name, "bagit") == 0;
	format = find_format(name);
	if (!bag && format == NULL)
		return command_usage(line,
		    "no format \"%s\"; there are canonical, jsonl, csv, zone, "
		    "opendkim, mailauth and bagit",
		    name);
	if (made != NULL && !bag)
		return command_usage(line, "--made is for bagit");
	if (bag != (output != NULL))
		return command_usage(line,
		    bag ? "bagit needs -o, the folder to make"
			: "-o is for bagit; others go to standard output");
	return export_to(line, format, output, made);
}

const struct command command_export = {
	.name = "export",
	.arguments = "STORE|SNAPSHOT",
	.summary = "print the log, or what other tools read",
	.examples = "  keysnap export keys.store --format canonical\n"
		    "  keysnap export keys.snap --format jsonl > keys.jsonl\n"
		    "  keysnap export keys.snap --format zone > keys.zone\n"
		    "  keysnap export keys.snap --format bagit -o keys.bag",
	.trusts = true,
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_export,
};
