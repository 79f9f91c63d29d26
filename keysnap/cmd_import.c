/*
 * cmd_import.c - keysnap import: files of other tools into a store.
 */
#include "keysnap/base/clock.h"
#include "keysnap/cmd.h"
#include "keysnap/import/importer.h"
#include "keysnap/store/pack.h"

#include <string.h>

/* The options as given; NULL where not. */
struct given {
	char *format, *source, *observed_at, *domain, *operator, * imported_at;
	gboolean skip_bad, no_evidence;
};

static void
complain(void *user, uint64_t line, const char *reason)
{
	command_say("%s:%" PRIu64 ": %s", (const char *)user, line, reason);
}

static bool
is_text(const char *option)
{
	return option == NULL ||
	    (*option != '\0' && strlen(option) <= IMPORT_TEXT_MAX);
}

/* Fill "request" from the options; EXIT_DONE, or what is wrong. */
static enum exit_code
read_options(struct command_line *line, const struct given *given,
    struct import_request *request)
{
	struct import_options *options = &request->options;
	enum timestamp_precision ignored;
	const char *at = given->observed_at;

	if (given->format == NULL)
		return command_usage(line, "--format is missing");
	request->importer = importer_get(given->format);
	if (request->importer == NULL)
		return command_usage(line, "no format \"%s\"", given->format);
	if (!is_text(given->source) || !is_text(given->operator) ||
	    !is_text(given->domain))
		return command_usage(
		    line, "a name is empty or over %d octets", IMPORT_TEXT_MAX);
	options->observed_at = TIMESTAMP_NONE;
	options->no_time = at != NULL && strcmp(at, "none") == 0;
	if (at != NULL && !options->no_time &&
	    !timestamp_parse_lenient(span_from_string(at),
		&options->observed_at, &options->precision))
		return command_usage(
		    line, "--observed-at \"%s\" is not a time", at);
	request->imported = clock_now();
	if (given->imported_at != NULL &&
	    !timestamp_parse_lenient(span_from_string(given->imported_at),
		&request->imported, &ignored))
		return command_usage(line, "--imported-at \"%s\" is not a time",
		    given->imported_at);
	options->origin = span_from_string(given->domain);
	request->operator= span_from_string(given->operator);
	request->skip_bad = given->skip_bad;
	request->keep_evidence = !given->no_evidence;
	return EXIT_DONE;
}

static void
print_result(const char *path, const struct import_request *request,
    const struct import_result *result)
{
	g_autoptr(GString) out = g_string_new(path);

	if (result->known) {
		g_string_append_printf(out,
		    ": imported before as entry %" PRIu64 ", nothing added\n",
		    result->source);
		command_print(out);
		return;
	}
	g_string_append_printf(out,
	    ": %" PRIu64 " observations added, source is entry %" PRIu64,
	    result->observations, result->source);
	if (result->others > 0)
		g_string_append_printf(out,
		    ", %" PRIu64 " other records passed over", result->others);
	if (result->bad > 0)
		g_string_append_printf(
		    out, ", %" PRIu64 " bad lines left out", result->bad);
	g_string_append_c(out, '\n');
	command_print(out);
	if (request->keep_evidence && !result->evidence_kept)
		command_say("%s is over %d octets: its hash is kept, the "
			    "file itself is not",
		    path, EVIDENCE_MAX);
}

static enum exit_code
import_one(struct command_line *line, struct store *store,
    struct import_request *request)
{
	const char *path = request->path;
	g_autofree char *base = g_path_get_basename(path);
	struct import_result result;
	GError *error = NULL;
	bool has_source = request->options.observer.n > 0;
	bool ok;

	if (!has_source)
		request->options.observer = span_from_string(base);
	ok = import_file(store, line->crypto, request, complain, (char *)path,
	    &result, &error);
	if (!has_source)
		request->options.observer.n = 0;
	if (result.bad > IMPORT_COMPLAINTS_MAX)
		command_say("%s: %" PRIu64 " more bad lines", path,
		    result.bad - IMPORT_COMPLAINTS_MAX);
	if (ok) {
		print_result(path, request, &result);
		return EXIT_DONE;
	}
	if (error != NULL)
		return command_error(error, error->domain == STORE_ERROR);
	command_say("%s: %" PRIu64 " bad lines, nothing added%s", path,
	    result.bad,
	    request->skip_bad ? ": no good one is left"
			      : " (--skip-bad leaves them out)");
	return EXIT_INPUT;
}

static enum exit_code
import_all(struct command_line *line, const struct given *given)
{
	struct import_request request = { 0 };
	enum exit_code code = read_options(line, given, &request), one;
	struct store *store;
	GError *error = NULL;

	if (code != EXIT_DONE)
		return code;
	request.options.observer = span_from_string(given->source);
	store = store_open(line->arguments[0], true, line->crypto, &error);
	if (store == NULL)
		return command_error(error, false);
	for (char **file = line->arguments + 1; *file != NULL; file++) {
		request.path = *file;
		one = import_one(line, store, &request);
		code = MAX(code, one);
	}
	store_close(store);
	return code;
}

/* "jsonl, wire, zone" */
static char *
list_formats(void)
{
	GString *out = g_string_new(NULL);

	for (size_t i = 0; importers[i] != NULL; i++)
		g_string_append_printf(
		    out, "%s%s", i > 0 ? ", " : "", importers[i]->name);
	return g_string_free(out, FALSE);
}

static enum exit_code
run_import(struct command_line *line)
{
	struct given given = { 0 };
	g_autofree char *formats = list_formats();
	const GOptionEntry options[] = {
		{ "format", 0, 0, G_OPTION_ARG_STRING, &given.format,
		    formats, "FORMAT" },
		{ "source", 0, 0, G_OPTION_ARG_STRING, &given.source,
		    "who says so; else the file's name", "NAME" },
		{ "observed-at", 0, 0, G_OPTION_ARG_STRING, &given.observed_at,
		    "time of records without one, or \"none\": not known",
		    "TIME" },
		{ "domain", 0, 0, G_OPTION_ARG_STRING, &given.domain,
		    "zone: what relative names are under", "NAME" },
		{ "skip-bad", 0, 0, G_OPTION_ARG_NONE, &given.skip_bad,
		    "leave bad lines out", NULL },
		{ "operator", 0, 0, G_OPTION_ARG_STRING, &given.operator,
		    "who runs this import", "TEXT" },
		{ "imported-at", 0, 0, G_OPTION_ARG_STRING, &given.imported_at,
		    "time of import, else now", "TIME" },
		{ "no-evidence", 0, 0, G_OPTION_ARG_NONE, &given.no_evidence,
		    "keep the file's hash only", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	code = command_parse(line, options) ? import_all(line, &given)
					    : line->code;
	g_free(given.format);
	g_free(given.source);
	g_free(given.observed_at);
	g_free(given.domain);
	g_free(given.operator);
	g_free(given.imported_at);
	return code;
}

const struct command command_import = {
	.name = "import",
	.arguments = "STORE FILE...",
	.summary = "add keys from files of other tools",
	.examples = "  keysnap import keys.store --format jsonl keys.jsonl "
		    "--source archive.example\n"
		    "  keysnap import keys.store --format zone db.example.org "
		    "--observed-at 2019-03-02\n"
		    "  keysnap import keys.store --format zone s1.txt "
		    "--domain example.org --observed-at none",
	.min_arguments = 2,
	.max_arguments = G_MAXINT,
	.run = run_import,
};
