/*
 * cmd_compare.c - verifier compare: why two runs count differently.
 */
#include "verifier/cmd.h"
#include "verifier/cmd_compare_write.h"

struct comparing {
	gboolean json, summary;
};

static enum exit_code
write_all(struct comparison *comparison, const struct comparing *choice)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct difference difference;
	GError *error = NULL;
	int got = 0;

	(choice->json ? compare_write_tables_json : compare_write_tables)(
	    out, comparison);
	if (!choice->json && !choice->summary &&
	    sorter_count(comparison->differences) > 0)
		g_string_append(out, "\nmessages\n");
	command_print(out);
	while (!choice->summary &&
	    (got = comparison_next(comparison, &difference, &error)) == 1) {
		(choice->json ? compare_write_line_json : compare_write_line)(
		    out, &difference);
		command_print(out);
		difference_clear(&difference);
	}
	if (got < 0) {
		difference_clear(&difference);
		return command_error(error, EXIT_INPUT);
	}
	if (comparison->a.altered || comparison->b.altered) {
		command_say("a case is not what its run wrote");
		return EXIT_INTEGRITY;
	}
	return sorter_count(comparison->differences) > 0 ? EXIT_NO : EXIT_DONE;
}

static enum exit_code
run_compare(struct command_line *line)
{
	struct comparing choice = { .json = FALSE };
	const GOptionEntry options[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &choice.json,
		    "print lines of JSON", NULL },
		{ "summary", 0, 0, G_OPTION_ARG_NONE, &choice.summary,
		    "print the tables, not the messages", NULL },
		G_OPTION_ENTRY_NULL,
	};
	struct comparison comparison;
	GError *error = NULL;
	enum exit_code code;

	if (!command_parse(line, options, &code))
		return code;
	if (comparison_make(&comparison, line->arguments[0], line->arguments[1],
		line->crypto, &error))
		code = write_all(&comparison, &choice);
	else
		code = command_error(error, EXIT_INPUT);
	comparison_clear(&comparison);
	return code;
}

const struct command command_compare = {
	.name = "compare",
	.arguments = "CASE_A CASE_B|LIST",
	.summary = "explain why two runs, or another tool, count differently",
	.examples = "  verifier compare case1 case2\n"
		    "  verifier compare case1 their-results.csv --json\n",
	.min_arguments = 2,
	.max_arguments = 2,
	.run = run_compare,
};
