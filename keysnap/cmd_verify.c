/*
 * cmd_verify.c - keysnap verify: check everything in a snapshot.
 */
#include "keysnap/base/text.h"
#include "keysnap/cmd_view.h"

static void
append_word(GString *out, bool good, bool color)
{
	if (color)
		g_string_append(out, good ? "\033[32m" : "\033[1;31m");
	g_string_append(out, good ? "ok " : "BAD");
	if (color)
		g_string_append(out, "\033[0m");
}

static void
report_text(void *user, const struct snapshot_finding *finding)
{
	const struct command_line *line = user;
	g_autoptr(GString) out = g_string_new(NULL);

	append_word(out, finding->good, line->color);
	g_string_append_printf(out, "  %-10s ", finding->check);
	if (finding->file != NULL) {
		text_append_terminal(out, span_from_string(finding->file));
		g_string_append(out, finding->text != NULL ? ": " : "");
	}
	if (finding->text != NULL)
		text_append_terminal(out, span_from_string(finding->text));
	g_string_append_c(out, '\n');
	command_print(out);
}

static void
report_json(void *user, const struct snapshot_finding *finding)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer writer;

	(void)user;
	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_string(&writer, "check", finding->check);
	if (finding->file != NULL)
		json_write_octets(
		    &writer, "file", span_from_string(finding->file));
	json_write_bool(&writer, "good", finding->good);
	json_write_string(&writer, "schema", "keysnap-finding 1");
	if (finding->text != NULL)
		json_write_octets(
		    &writer, "text", span_from_string(finding->text));
	json_close_object(&writer);
	g_string_append_c(out, '\n');
	command_print(out);
}

static enum exit_code
verify(struct command_line *line, bool json)
{
	struct view_trust trust;
	enum exit_code code = view_trust_read(line, &trust);
	GError *error = NULL;
	bool good;

	if (code != EXIT_DONE)
		return code;
	good = snapshot_verify(line->arguments[0], &trust.trust, line->crypto,
	    json ? report_json : report_text, line, &error);
	if (error != NULL)
		return command_error(error, false);
	if (!good) {
		command_say("%s is not as it was frozen", line->arguments[0]);
		return EXIT_INTEGRITY;
	}
	if (line->public_key == NULL && line->root == NULL)
		command_say("%s is whole, but neither --public-key nor --root "
			    "was given: nobody vouches for it",
		    line->arguments[0]);
	return EXIT_DONE;
}

static enum exit_code
run_verify(struct command_line *line)
{
	gboolean json = FALSE;
	const GOptionEntry options[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "JSON lines, see keysnap(5)", NULL },
		G_OPTION_ENTRY_NULL,
	};

	return command_parse(line, options) ? verify(line, json) : line->code;
}

const struct command command_verify = {
	.name = "verify",
	.arguments = "SNAPSHOT",
	.summary = "check every file of a snapshot",
	.examples = "  keysnap verify keys.snap --public-key signing.key.pub\n"
		    "  keysnap verify keys.snap --root 5d0a...e1",
	.trusts = true,
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_verify,
};
