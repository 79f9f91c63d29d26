/*
 * cmd_self_test.c - verifier self-test: a validation report of this program on
 * this machine.
 */
#include "verifier/case/self_test.h"
#include "verifier/cmd.h"
#include "verifier/run/run_json.h"

#include "keysnap/base/clock.h"
#include "keysnap/base/file.h"
#include "keysnap/base/installed.h"
#include "keysnap/base/text.h"
#include "keysnap/base/timestamp.h"

#include <string.h>
#include <sys/utsname.h>

static const char *const limits[] = {
	"What is tested are the vectors that are listed, not all that can be "
	"in mail; the test suite of the source has many more.",
	"The vectors lie beside the program and are not protected: compare "
	"the SHA-256 of expect.tsv and log.jsonl with those that somebody else "
	"has.",
	"RSA is tested with the examples of RFC 6376 and RFC 8463 and with "
	"2048-bit keys of the damage matrix; no other sizes.",
	"Of containers only mbox is tested; not tar, zip, 7z or compression.",
	"Proofs of time, provenance grades above D, ARC and DomainKeys are not "
	"tested.",
	"A program that was changed can print any report: that it is the one "
	"that was released, its own SHA-256 shows.",
};

#define PROGRAM_MAX (1u << 30) /* octets of the program */

struct testing {
	struct command_line *line;
	struct self_test test;
	char *report, *vectors;
	gboolean json;
};

static void
append_hex(GString *out, const uint8_t sha256[DIGEST_SHA256_SIZE])
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ sha256, DIGEST_SHA256_SIZE }, hex);
	g_string_append(out, hex);
}

/* SHA-256 of the program that runs; false when it cannot be read. */
static bool
sum_program(const struct testing *testing, uint8_t out[DIGEST_SHA256_SIZE])
{
	g_autoptr(GBytes) bytes =
	    file_read("/proc/self/exe", PROGRAM_MAX, NULL);
	struct span octets;

	if (bytes == NULL)
		return false;
	octets.p = g_bytes_get_data(bytes, &octets.n);
	digest_sha256(testing->line->crypto, octets, out);
	return true;
}

/* ---- text ---------------------------------------------------------------- */

static void
write_configuration(GString *out, const struct testing *testing)
{
	uint8_t program[DIGEST_SHA256_SIZE];
	g_autoptr(GString) versions = g_string_new(NULL);
	struct json_writer writer;
	struct utsname system;
	char now[TIMESTAMP_SIZE];

	json_writer_init(&writer, versions);
	json_open_object(&writer, NULL);
	run_json_write_versions(&writer);
	json_close_object(&writer);
	timestamp_format(clock_now(), now);
	g_string_append(out, "\n3. Configuration\n\n");
	g_string_append_printf(out, "program   verifier %s\n", PROGRAM_VERSION);
	if (sum_program(testing, program)) {
		g_string_append(out, "sha256    ");
		append_hex(out, program);
		g_string_append_c(out, '\n');
	}
	g_string_append_printf(out, "time      %s\n", now);
	if (uname(&system) == 0)
		g_string_append_printf(out, "machine   %s, kernel %s\n",
		    system.machine, system.release);
	g_string_append_printf(out, "libraries %s\n", versions->str);
}

static void
write_result(GString *out, const struct self_test_result *result)
{
	g_string_append(out, result->good ? "ok    " : "FAIL  ");
	text_append_terminal(out, span_from_string(result->id));
	g_string_append(out, "  [");
	text_append_terminal(out, span_from_string(result->requirement));
	g_string_append(out, "]\n      input    ");
	append_hex(out, result->input);
	g_string_append(out, "\n      expected ");
	text_append_terminal(out, span_from_string(result->expected));
	g_string_append(out, "\n      actual   ");
	text_append_terminal(out, span_from_string(result->actual));
	g_string_append_c(out, '\n');
}

static void
write_text(GString *out, const struct testing *testing)
{
	const struct self_test *test = &testing->test;
	const GPtrArray *results = test->results;

	g_string_append_printf(out,
	    "Validation report of verifier %s\n\n1. Test plan\n\n"
	    "Every vector is run and what comes out is compared with what was "
	    "written down before.\nExamples of standards must be computed as "
	    "they state; signed messages must pass, and no more\nonce an octet "
	    "is another; the damage matrix must give the verdict and the "
	    "repairs of each cell.\n\n2. Known data\n\n%u vectors\n"
	    "expect.tsv  ",
	    PROGRAM_VERSION, results->len);
	append_hex(out, test->expect);
	g_string_append(out, "\nlog.jsonl   ");
	append_hex(out, test->log);
	g_string_append_c(out, '\n');
	write_configuration(out, testing);
	g_string_append(out, "\n4. Results\n\n");
	for (guint i = 0; i < results->len; i++)
		write_result(out, results->pdata[i]);
	g_string_append_printf(out,
	    "\n%zu of %u as expected\n\n5. Anomalies\n\n",
	    results->len - test->failed, results->len);
	if (test->failed == 0)
		g_string_append(out, "none\n");
	for (guint i = 0; i < results->len; i++) {
		const struct self_test_result *result = results->pdata[i];

		if (!result->good)
			write_result(out, result);
	}
	g_string_append(out, "\n6. Known limits\n\n");
	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++)
		g_string_append_printf(out, "- %s\n", limits[i]);
}

/* ---- JSON ---------------------------------------------------------------- */

static void
put_text(struct json_writer *writer, const char *name, const char *twin,
    const char *text)
{
	json_write_text(writer, name, twin, span_from_string(text));
}

static void
write_json(GString *out, const struct testing *testing)
{
	const struct self_test *test = &testing->test;
	uint8_t program[DIGEST_SHA256_SIZE];
	struct json_writer writer;
	struct utsname system;

	json_writer_init(&writer, out);
	json_open_object(&writer, NULL);
	json_write_hex(&writer, "expect_sha256",
	    (struct span){ test->expect, DIGEST_SHA256_SIZE });
	json_write_integer(&writer, "failed", (int64_t)test->failed);
	if (uname(&system) == 0)
		json_write_string(&writer, "kernel", system.release);
	json_open_array(&writer, "limits");
	for (size_t i = 0; i < G_N_ELEMENTS(limits); i++)
		json_write_string(&writer, NULL, limits[i]);
	json_close_array(&writer);
	json_write_hex(&writer, "log_sha256",
	    (struct span){ test->log, DIGEST_SHA256_SIZE });
	if (uname(&system) == 0)
		json_write_string(&writer, "machine", system.machine);
	if (sum_program(testing, program))
		json_write_hex(&writer, "program_sha256",
		    (struct span){ program, sizeof(program) });
	json_open_array(&writer, "results");
	for (guint i = 0; i < test->results->len; i++) {
		const struct self_test_result *result = test->results->pdata[i];

		json_open_object(&writer, NULL);
		put_text(&writer, "actual", "actual_b64", result->actual);
		put_text(&writer, "expected", "expected_b64", result->expected);
		json_write_bool(&writer, "good", result->good);
		put_text(&writer, "id", "id_b64", result->id);
		json_write_hex(&writer, "input_sha256",
		    (struct span){ result->input, DIGEST_SHA256_SIZE });
		put_text(&writer, "requirement", "requirement_b64",
		    result->requirement);
		json_close_object(&writer);
	}
	json_close_array(&writer);
	json_write_string(&writer, "schema", "verifier-self-test/1");
	json_write_time(&writer, "time", clock_now());
	json_write_string(&writer, "tool", "verifier " PROGRAM_VERSION);
	run_json_write_versions(&writer);
	json_close_object(&writer);
	g_string_append_c(out, '\n');
}

/* ---- the command --------------------------------------------------------- */

static enum exit_code
write_report(const struct testing *testing)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const struct self_test *test = &testing->test;
	GError *error = NULL;

	(testing->json ? write_json : write_text)(out, testing);
	if (testing->report == NULL) {
		command_print(out);
	} else if (!file_write(testing->report,
		       (struct span){ (const uint8_t *)out->str, out->len },
		       false, &error)) {
		return command_error(error, EXIT_OUTPUT);
	} else {
		g_string_printf(out, "%zu of %u vectors as expected\n",
		    test->results->len - test->failed, test->results->len);
		command_print(out);
	}
	if (test->failed > 0)
		command_say("%zu vectors do not come out as expected: do not "
			    "rely on this program here",
		    test->failed);
	return test->failed > 0 ? EXIT_NO : EXIT_DONE;
}

/* The folder that is installed, or was just built. */
static char *
find_vectors(void)
{
	static const char *const places[] = {
		"share/verifier/self-test/expect.tsv",
		"self-test/expect.tsv",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		g_autofree char *path = installed_path(places[i]);

		if (path != NULL)
			return g_path_get_dirname(path);
	}
	return g_strdup(DATA_FOLDER "/self-test");
}

static enum exit_code
test_and_report(struct testing *testing)
{
	struct command_line *line = testing->line;
	struct court court = { .context.crypto = line->crypto };
	GError *error = NULL;
	enum exit_code code;

	if (!court_open_alignment(&court, line, &code))
		return code;
	if (testing->vectors == NULL)
		testing->vectors = find_vectors();
	self_test_init(&testing->test, line->crypto, court.context.alignment);
	self_test_builtin(&testing->test);
	if (self_test_folder(&testing->test, testing->vectors, &error))
		code = write_report(testing);
	else
		code = command_error(error, EXIT_INPUT);
	self_test_clear(&testing->test);
	court_close(&court);
	return code;
}

static enum exit_code
run_self_test(struct command_line *line)
{
	struct testing testing = { .line = line };
	const GOptionEntry options[] = {
		{ "report", 0, 0, G_OPTION_ARG_FILENAME, &testing.report,
		    "write the report to a new file", "FILE" },
		{ "vectors", 0, 0, G_OPTION_ARG_FILENAME, &testing.vectors,
		    "other vectors than those that are installed", "FOLDER" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &testing.json,
		    "one JSON object", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	if (command_parse(line, options, &code))
		code = test_and_report(&testing);
	g_free(testing.report);
	g_free(testing.vectors);
	return code;
}

const struct command command_self_test = {
	.name = "self-test",
	.arguments = "",
	.summary = "run known vectors and write a validation report",
	.examples = "  verifier self-test --report validation.txt\n"
		    "  verifier self-test --json\n",
	.run = run_self_test,
};
