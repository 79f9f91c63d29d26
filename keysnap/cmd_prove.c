/*
 * cmd_prove.c - keysnap prove: what a snapshot holds on a name, as a file that
 * proves itself.
 */
#include "keysnap/base/file.h"
#include "keysnap/base/text.h"
#include "keysnap/cmd.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/store/exhibit_make.h"

static void
say_made(const struct exhibit *exhibit)
{
	g_autoptr(GString) out = g_string_new(NULL);

	text_append_terminal(out, exhibit->name);
	g_string_append_printf(out,
	    "\nentries  %zu\nseals    %zu files\nevidence %zu pieces",
	    exhibit->n_entries, exhibit->seals.n, exhibit->n_pieces);
	if (exhibit->n_left_out > 0)
		g_string_append_printf(
		    out, ", %zu left out", exhibit->n_left_out);
	g_string_append_c(out, '\n');
	command_print(out);
}

static enum exit_code
write_exhibit(const struct exhibit *exhibit, const char *output)
{
	g_autoptr(GString) text = g_string_new(NULL);
	GError *error = NULL;

	exhibit_write(text, exhibit);
	if (text->len > EXHIBIT_MAX) {
		command_say("the exhibit would be larger than %d octets; give "
			    "--no-evidence",
		    EXHIBIT_MAX);
		return EXIT_INPUT;
	}
	if (!file_write(output,
		(struct span){ (const uint8_t *)text->str, text->len }, false,
		&error))
		return command_error(error, true);
	say_made(exhibit);
	return EXIT_DONE;
}

static enum exit_code
prove(struct command_line *line, const char *output, bool no_evidence)
{
	struct snapshot_seals seals;
	struct exhibit_choice choice = {
		.evidence = no_evidence ? 0 : EXHIBIT_EVIDENCE_MAX
	};
	struct exhibit exhibit;
	GError *error = NULL;
	enum exit_code code;

	if (!snapshot_seals_read(
		&seals, line->arguments[0], line->crypto, &error)) {
		code = command_error(error, false);
	} else if (dns_name_canonical(seals.folder.arena,
		       span_from_string(line->arguments[1]),
		       &choice.name) != DNS_NAME_OK) {
		code = command_usage(
		    line, "%s is no name of a key", line->arguments[1]);
	} else if (exhibit_make(
		       &exhibit, &seals, &choice, line->crypto, &error)) {
		code = write_exhibit(&exhibit, output);
	} else if (error != NULL) {
		code = command_error(error, false);
	} else {
		command_say("%s holds nothing under %s", line->arguments[0],
		    line->arguments[1]);
		code = EXIT_NO;
	}
	snapshot_seals_clear(&seals);
	return code;
}

static enum exit_code
run_prove(struct command_line *line)
{
	g_autofree char *output = NULL;
	gboolean no_evidence = FALSE;
	const GOptionEntry options[] = {
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &output,
		    "the exhibit", "FILE" },
		{ "no-evidence", 0, 0, G_OPTION_ARG_NONE, &no_evidence,
		    "leave all evidence out", NULL },
		G_OPTION_ENTRY_NULL,
	};

	if (!command_parse(line, options))
		return line->code;
	if (output == NULL)
		return command_usage(line, "-o FILE is missing");
	return prove(line, output, no_evidence);
}

const struct command command_prove = {
	.name = "prove",
	.arguments = "SNAPSHOT NAME",
	.summary = "write what is known of a name as an exhibit",
	.examples = "  keysnap prove keys.snap s1._domainkey.example.org "
		    "-o s1.exhibit\n"
		    "  keysnap verify s1.exhibit --public-key signing.key.pub",
	.min_arguments = 2,
	.max_arguments = 2,
	.run = run_prove,
};
