/*
 * cmd_show.c - verifier show: records of a case.
 */
#include "verifier/cmd_show_octets.h"
#include "verifier/report/person.h"
#include "verifier/report/person_key.h"
#include "verifier/run/results.h"
#include "verifier/sandbox.h"

#include "keysnap/base/text.h"

#include <stdio.h>
#include <string.h>

struct show {
	struct command_line *line;
	struct results *results;
	gboolean json, all;
	struct octets_choice octets;
	bool *found; /* per ID */
};

static bool
is_wanted(struct show *show, const struct record_view *view)
{
	bool wanted = show->line->n_arguments == 1;

	for (size_t i = 1; i < show->line->n_arguments; i++) {
		if (!command_id_matches(show->line->arguments[i], view))
			continue;
		show->found[i] = true;
		wanted = true;
	}
	return wanted;
}

static void
print_record(
    const struct show *show, const struct record_view *view, struct span line)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (show->json) {
		g_string_append_len(out, (const char *)line.p, (gssize)line.n);
		g_string_append_c(out, '\n');
	} else {
		g_string_append_printf(
		    out, "%" G_GUINT64_FORMAT "  ", view->seq);
		text_append_terminal(out, view->path);
		g_string_append_c(out, '\n');
		person_write(out, view, show->line->color, show->all);
	}
	command_print(out);
}

static enum exit_code
report_missing(const struct show *show)
{
	enum exit_code code = EXIT_DONE;

	for (size_t i = 1; i < show->line->n_arguments; i++) {
		if (show->found[i])
			continue;
		command_say("%s: no record with this number or identity",
		    show->line->arguments[i]);
		code = EXIT_NO;
	}
	return code;
}

static void
note_vouched(const struct show *show)
{
	const char *vouched = json_string_value(
	    json_object_get(results_header(show->results), "vouched"));

	if (vouched != NULL && strcmp(vouched, "nobody") == 0)
		command_say("nobody vouched for the snapshot of this run");
}

/* Which log the entries that were named are of. */
static void
print_log(const struct show *show)
{
	const json_t *header = results_header(show->results);
	g_autoptr(GString) out = g_string_new(NULL);

	if (show->json || octets_wanted(&show->octets))
		return;
	person_append_log(out, record_get_string(header, "root"),
	    (uint64_t)json_integer_value(json_object_get(header, "entries")),
	    record_get_string(header, "vouched"));
	command_print(out);
}

/* Were the octets that are wanted found?  The same message may be there
 * again. */
static bool
octets_found(const struct show *show)
{
	return octets_wanted(&show->octets) && show->found[1];
}

/* The record is printed, or the octets of its message are written. */
static enum exit_code
show_record(
    const struct show *show, const struct record_view *view, struct span line)
{
	if (octets_wanted(&show->octets))
		return octets_write(&show->octets, show->line, view);
	print_record(show, view, line);
	return EXIT_DONE;
}

static enum exit_code
show_records(struct show *show)
{
	enum exit_code code = EXIT_DONE;
	struct record_view view;
	struct span line;
	GError *error = NULL;
	int got = 0;

	note_vouched(show);
	while (code == EXIT_DONE && !octets_found(show) &&
	    (got = results_next(show->results, &view, &line, &error)) == 1) {
		if (is_wanted(show, &view))
			code = show_record(show, &view, line);
	}
	if (code != EXIT_DONE)
		return code;
	if (got < 0)
		return command_error(error, EXIT_INPUT);
	print_log(show);
	return report_missing(show);
}

static enum exit_code
run_show(struct command_line *line)
{
	struct show show = { .line = line };
	const GOptionEntry options[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &show.json,
		    "print the records as they are", NULL },
		{ "all", 'a', 0, G_OPTION_ARG_NONE, &show.all,
		    "show every signature", NULL },
		{ "raw", 0, 0, G_OPTION_ARG_NONE, &show.octets.raw,
		    "write the message as it is stored", NULL },
		{ "wire", 0, 0, G_OPTION_ARG_NONE, &show.octets.wire,
		    "write the octets of which sha256 is the hash", NULL },
		{ "repaired", 0, 0, G_OPTION_ARG_NONE, &show.octets.repaired,
		    "write the message as it was judged, repairs applied",
		    NULL },
		{ "archive", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &show.octets.archive,
		    "where the archive lies, if not where it was; repeatable",
		    "PATH" },
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &show.octets.output,
		    "write these octets to a new file", "FILE" },
		G_OPTION_ENTRY_NULL,
	};
	g_autofree bool *found = NULL;
	GError *error = NULL;
	enum exit_code code;

	if (!command_parse(line, options, &code) ||
	    !octets_choose(&show.octets, line, &code))
		return code;
	show.results = results_open(line->arguments[0], line->crypto, &error);
	if (show.results == NULL)
		return command_error(error, EXIT_INPUT);
	if (!octets_wanted(&show.octets))
		sandbox_limit_files(NULL, NULL);
	show.found = found = g_new0(bool, line->n_arguments);
	code = show_records(&show);
	if (code == EXIT_DONE || code == EXIT_NO)
		code = command_check_results(
		    show.results, line->arguments[0], code);
	results_close(show.results);
	octets_choice_clear(&show.octets);
	return code;
}

const struct command command_show = {
	.name = "show",
	.arguments = "CASE [ID...]",
	.summary = "show records of a case",
	.examples = "  verifier show case1 17\n"
		    "  verifier show case1 --json 9f86d081884c7d65\n"
		    "  verifier show case1 17 --repaired -o 17.eml\n",
	.min_arguments = 1,
	.max_arguments = UINT_MAX,
	.run = run_show,
};
