/*
 * cmd_import.c - keysnap import: files of other tools into a store.
 */
#include "keysnap/base/clock.h"
#include "keysnap/base/file.h"
#include "keysnap/cmd.h"
#include "keysnap/cmd_anchors.h"
#include "keysnap/import/importer.h"
#include "keysnap/import/table_map.h"
#include "keysnap/store/pack.h"

#include <string.h>

#define LINEAGE_MAX 64 /* times --lineage is given */

/* The options as given; NULL where not. */
struct given {
	char *format, *source, *observed_at, *domain, *operator, * imported_at,
	    *jwks, *issuer, *map, *trust_anchor;
	char **lineage;
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

/* The formats of a NULL-ended table, for messages. */
static char *
format_names(const struct importer *const *table)
{
	GString *out = g_string_new(NULL);

	for (; *table != NULL; table++)
		g_string_append_printf(
		    out, "%s%s", out->len > 0 ? ", " : "", (*table)->name);
	return g_string_free(out, FALSE);
}

static enum exit_code
no_format(struct command_line *line, const char *why)
{
	g_autofree char *names = format_names(importers);

	return command_usage(line, "%s; the formats are auto, %s", why, names);
}

static enum exit_code
read_format(struct command_line *line, const struct given *given,
    struct import_request *request)
{
	g_autofree char *why = NULL;

	if (given->format == NULL)
		return no_format(line, "--format is missing");
	if (strcmp(given->format, "auto") == 0)
		return EXIT_DONE;
	request->importer = importer_get(given->format);
	if (request->importer != NULL)
		return EXIT_DONE;
	why = g_strdup_printf("no format \"%s\"", given->format);
	return no_format(line, why);
}

/* Parse --map, which the format "table" needs and no other has. */
static enum exit_code
read_map(struct command_line *line, const struct given *given,
    struct import_request *request, struct table_map *map)
{
	bool table = request->importer != NULL &&
	    strcmp(request->importer->name, "table") == 0;
	const char *why;

	if (table != (given->map != NULL))
		return command_usage(line,
		    table ? "--format table needs --map"
			  : "--map is for --format table");
	if (!table)
		return EXIT_DONE;
	if (!table_map_parse(span_from_string(given->map), map, &why))
		return command_usage(line, "--map: %s", why);
	request->options.map = map;
	return EXIT_DONE;
}

/* Who the source has it from: "lineage" is filled, and must live on. */
static enum exit_code
read_lineage(struct command_line *line, const struct given *given,
    struct span lineage[LINEAGE_MAX], struct import_request *request)
{
	size_t n = given->lineage == NULL ? 0 : g_strv_length(given->lineage);

	if (n > 0 && given->source == NULL)
		return command_usage(line, "--lineage needs --source");
	if (n > LINEAGE_MAX)
		return command_usage(
		    line, "--lineage is given more than %d times", LINEAGE_MAX);
	for (size_t i = 0; i < n; i++) {
		if (!is_text(given->lineage[i]) ||
		    strcmp(given->lineage[i], given->source) == 0)
			return command_usage(line,
			    "--lineage is the source itself, empty or over %d "
			    "octets",
			    IMPORT_TEXT_MAX);
		lineage[i] = span_from_string(given->lineage[i]);
	}
	request->lineage =
	    (struct entry_texts){ lineage, entry_sort_texts(lineage, n) };
	return EXIT_DONE;
}

/* Fill "request" from the options; EXIT_DONE, or what is wrong. */
static enum exit_code
read_options(struct command_line *line, const struct given *given,
    struct import_request *request)
{
	struct import_options *options = &request->options;
	enum timestamp_precision ignored;
	const char *at = given->observed_at;

	if (!is_text(given->source) || !is_text(given->operator) ||
	    !is_text(given->domain) || !is_text(given->issuer))
		return command_usage(
		    line, "a name is empty or over %d octets", IMPORT_TEXT_MAX);
	options->observed_at = TIMESTAMP_NONE;
	options->no_time = at != NULL && strcmp(at, "none") == 0;
	options->file_time = at != NULL && strcmp(at, "file") == 0;
	if (at != NULL && !options->no_time && !options->file_time &&
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
	options->issuer = span_from_string(given->issuer);
	options->origin = span_from_string(given->domain);
	request->operator= span_from_string(given->operator);
	request->skip_bad = given->skip_bad;
	request->keep_evidence = !given->no_evidence;
	return EXIT_DONE;
}

static void
print_result(const struct import_request *request, bool recognised,
    const struct import_result *result)
{
	const char *path = request->path;
	g_autoptr(GString) out = g_string_new(path);
	g_autofree char *taken = recognised
	    ? g_strdup_printf(", taken as %s", request->importer->name)
	    : g_strdup("");

	if (result->known) {
		g_string_append_printf(out,
		    ": imported before as entry %" PRIu64 ", nothing added%s\n",
		    result->source, taken);
		command_print(out);
		return;
	}
	g_string_append_printf(out,
	    ": %" PRIu64 " observations added, source is entry %" PRIu64,
	    result->observations, result->source);
	if (result->annotations > 0)
		g_string_append_printf(out,
		    ", %" PRIu64 " statements about keys added",
		    result->annotations);
	if (result->others > 0)
		g_string_append_printf(out,
		    ", %" PRIu64 " other records passed over", result->others);
	if (result->chains > 0)
		g_string_append_printf(out,
		    ", %" PRIu64 " DNSSEC chains looked at", result->chains);
	if (result->bad > 0)
		g_string_append_printf(
		    out, ", %" PRIu64 " bad lines left out", result->bad);
	g_string_append_printf(out, "%s\n", taken);
	command_print(out);
	if (result->left_out > 0)
		command_say("%s holds more DNSSEC records than can be looked "
			    "at together: %" PRIu64 " were left out of its "
			    "chains; split it",
		    path, result->left_out);
	if (request->keep_evidence && !result->evidence_kept)
		command_say("%s is over %d octets: its hash is kept, the "
			    "file itself is not",
		    path, EVIDENCE_MAX);
}

/* Set the importer that the file looks like one for. */
static enum exit_code
recognise(struct command_line *line, struct import_request *request)
{
	GError *error = NULL;
	g_autofree const struct importer **found =
	    importer_recognise(request->path, line->crypto, &error);
	g_autofree char *names = NULL, *why = NULL;

	if (found == NULL)
		return command_error(error, false);
	if (found[0] != NULL && found[1] == NULL) {
		request->importer = found[0];
		return EXIT_DONE;
	}
	names = format_names(found);
	why = found[0] == NULL
	    ? g_strdup_printf("%s looks like no format", request->path)
	    : g_strdup_printf("%s may be %s", request->path, names);
	return no_format(line, why);
}

static enum exit_code
import_one(struct command_line *line, struct store *store,
    struct import_request *request, bool recognised)
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
		print_result(request, recognised, &result);
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
	struct table_map map;
	bool automatic;
	struct span lineage[LINEAGE_MAX];
	g_autoptr(trust_anchors_auto) anchors = NULL;
	g_autoptr(GBytes) keys = NULL;

	if (code == EXIT_DONE)
		code = read_lineage(line, given, lineage, &request);
	if (code == EXIT_DONE)
		code = read_format(line, given, &request);
	if (code == EXIT_DONE)
		code = read_map(line, given, &request, &map);
	if (code != EXIT_DONE)
		return code;
	if (given->jwks != NULL) {
		keys = file_read(given->jwks, IMPORT_KEYS_MAX, &error);
		if (keys == NULL)
			return command_error(error, false);
		request.options.jwks.p =
		    g_bytes_get_data(keys, &request.options.jwks.n);
	}
	anchors = command_anchors_read(given->trust_anchor);
	if (anchors == NULL)
		return EXIT_INPUT;
	request.anchors = anchors;
	request.options.observer = span_from_string(given->source);
	store = store_open(line->arguments[0], true, line->crypto, &error);
	if (store == NULL)
		return command_error(error, false);
	automatic = request.importer == NULL;
	for (char **file = line->arguments + 1; *file != NULL; file++) {
		request.path = *file;
		one = automatic ? recognise(line, &request) : EXIT_DONE;
		if (one == EXIT_DONE)
			one = import_one(line, store, &request, automatic);
		code = MAX(code, one);
	}
	store_close(store);
	return code;
}

static enum exit_code
run_import(struct command_line *line)
{
	struct given given = { 0 };
	g_autofree char *names = format_names(importers);
	g_autofree char *formats = g_strdup_printf("auto, %s", names);
	const GOptionEntry options[] = {
		{ "format", 0, 0, G_OPTION_ARG_STRING, &given.format, formats,
		    "FORMAT" },
		{ "source", 0, 0, G_OPTION_ARG_STRING, &given.source,
		    "who says so; else the file's name", "NAME" },
		{ "lineage", 0, 0, G_OPTION_ARG_STRING_ARRAY, &given.lineage,
		    "who that one has it from; may be given more than once",
		    "NAME" },
		{ "observed-at", 0, 0, G_OPTION_ARG_STRING, &given.observed_at,
		    "time of records without one; \"file\": when it was "
		    "changed; \"none\": not known",
		    "TIME" },
		{ "domain", 0, 0, G_OPTION_ARG_STRING, &given.domain,
		    "zone: what relative names are under", "NAME" },
		{ "jwks", 0, 0, G_OPTION_ARG_FILENAME, &given.jwks,
		    "jws: the keys that statements must be signed with",
		    "FILE" },
		{ "issuer", 0, 0, G_OPTION_ARG_STRING, &given.issuer,
		    "jws: who must have issued them", "NAME" },
		{ "map", 0, 0, G_OPTION_ARG_STRING, &given.map,
		    "table: name=COLUMN,txt=COLUMN,first=COLUMN,...", "MAP" },
		{ "trust-anchor", 0, 0, G_OPTION_ARG_FILENAME,
		    &given.trust_anchor,
		    "DS records that DNSSEC chains must end at, else those of "
		    "the root",
		    "FILE" },
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
	g_strfreev(given.lineage);
	g_free(given.observed_at);
	g_free(given.domain);
	g_free(given.map);
	g_free(given.trust_anchor);
	g_free(given.operator);
	g_free(given.imported_at);
	g_free(given.jwks);
	g_free(given.issuer);
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
