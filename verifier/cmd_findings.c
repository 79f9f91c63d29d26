/* cmd_findings.c - what a check found, as lines. */
#include "verifier/cmd_findings.h"

#include "keysnap/base/clock.h"
#include "keysnap/base/file.h"
#include "keysnap/base/text.h"

#include <stdarg.h>

static void
append_text(GString *out, const struct snapshot_finding *finding, bool color)
{
	const char *word = finding->noted ? "-- "
	    : finding->good               ? "ok "
					  : "BAD";

	if (color && !finding->noted)
		g_string_append_printf(out, "%s%s\033[0m",
		    finding->good ? "\033[32m" : "\033[1;31m", word);
	else
		g_string_append(out, word);
	g_string_append_printf(out, "  %-10s ", finding->check);
	if (finding->file != NULL) {
		text_append_terminal(out, span_from_string(finding->file));
		g_string_append(out, ": ");
	}
	if (finding->text != NULL)
		text_append_terminal(out, span_from_string(finding->text));
}

static void
append_json(GString *out, const struct snapshot_finding *finding)
{
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_string(&writer, "check", finding->check);
	if (finding->file != NULL)
		json_write_text(&writer, "file", "file_b64",
		    span_from_string(finding->file));
	if (finding->noted)
		json_write_null(&writer, "good");
	else
		json_write_bool(&writer, "good", finding->good);
	json_write_string(&writer, "schema", "verifier-finding/1");
	if (finding->text != NULL)
		json_write_text(&writer, "text", "text_b64",
		    span_from_string(finding->text));
	json_write_string(&writer, "type", "finding");
	json_close_object(&writer);
}

void
findings_report(void *user, const struct snapshot_finding *finding)
{
	struct findings *findings = user;
	g_autoptr(GString) out = g_string_new(NULL);

	findings->bad |= !finding->good && !finding->noted;
	if (findings->silent && (finding->good || finding->noted))
		return;
	if (findings->json)
		append_json(out, finding);
	else
		append_text(out, finding, findings->color);
	g_string_append_c(out, '\n');
	command_print(out);
}

void
findings_tell(struct findings *findings, enum finding_word word,
    const char *check, const char *file, const char *format, ...)
{
	struct snapshot_finding finding = {
		.good = word == FINDING_GOOD,
		.noted = word == FINDING_NOTED,
		.check = check,
		.file = file,
	};
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	finding.text = text;
	findings_report(findings, &finding);
}

bool
findings_seal_trust(struct seal_trust *trust, const struct note_key *key,
    const char *tsa_ca, GBytes **pem_out, enum exit_code *code_out)
{
	GError *error = NULL;

	*trust = (struct seal_trust){
		.keys = key,
		.n_keys = key != NULL,
		.now = clock_now(),
	};
	*pem_out = NULL;
	if (tsa_ca == NULL)
		return true;
	*pem_out = file_read(tsa_ca, SEAL_FILE_MAX, &error);
	if (*pem_out == NULL) {
		*code_out = command_error(error, EXIT_INPUT);
		return false;
	}
	trust->tsa_ca.p = g_bytes_get_data(*pem_out, &trust->tsa_ca.n);
	return true;
}
