/*
 * cmd_explain.c - verifier explain: how the verdict on one message came about,
 * and with --emit-openssl the files that redo it.
 */
#include "verifier/case/case_message.h"
#include "verifier/case/explain.h"
#include "verifier/case/openssl_kit.h"
#include "verifier/cmd_show_octets.h"
#include "verifier/report/person.h"
#include "verifier/report/person_claims.h"
#include "verifier/report/person_coverage.h"
#include "verifier/report/person_senders.h"
#include "verifier/run/results.h"
#include "verifier/sandbox.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct explaining {
	struct command_line *line;
	struct court court;
	char *kit;      /* --emit-openssl */
	char **archive; /* --archive */
	gboolean json;
	struct arena *arena;
};

/* ---- the message is judged ------------------------------------------------ */

static void
view_line(struct record_view *view, struct arena *arena, struct span line)
{
	enum record_kind kind;
	const char *why;

	/* The record was written by this program a moment ago. */
	if (!record_read(
		view, &kind, arena, span_sub(line, 0, line.n - 1), &why))
		g_error("record: %s", why);
}

/* Members that the record of the case has otherwise than is found now. */
struct otherwise {
	const char *members[9]; /* NULL-ended */
};

static void
find_otherwise(struct otherwise *otherwise, const json_t *now,
    const struct record_view *recorded)
{
	static const char *const members[] = { "verdict", "reasons", "repairs",
		"sha256", "message", "senders", "signatures", "best" };
	size_t n = 0;

	G_STATIC_ASSERT(
	    G_N_ELEMENTS(members) < G_N_ELEMENTS(otherwise->members));
	for (size_t i = 0; recorded != NULL && i < G_N_ELEMENTS(members); i++) {
		if (!json_equal(json_object_get(now, members[i]),
			json_object_get(recorded->json, members[i])))
			otherwise->members[n++] = members[i];
	}
	otherwise->members[n] = NULL;
}

static void
note_otherwise(GString *out, const struct otherwise *otherwise)
{
	for (const char *const *at = otherwise->members; *at != NULL; at++)
		g_string_append_printf(out,
		    "NOTE  the record of the case has another \"%s\": it was "
		    "made with other options or another version, or was "
		    "changed since\n",
		    *at);
}

static void
write_list(GString *out, const struct suffix_list *list)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ list->sha256, DIGEST_SHA256_SIZE }, hex);
	person_append_suffix_list(
	    out, span_from_string(list->version), span_from_string(hex));
}

static void
write_text(GString *out, struct explaining *explaining, const struct item *item,
    const struct judgement *judgement, const struct attempt *attempt,
    const struct record_view *recorded, bool color)
{
	struct otherwise otherwise;
	struct record_view view;

	view_line(&view, explaining->arena, judgement->line);
	find_otherwise(&otherwise, view.json, recorded);
	if (strcmp(explaining->court.header.vouched, "nobody") == 0)
		g_string_append(out, "NOTE  nobody vouches for the snapshot\n");
	note_otherwise(out, &otherwise);
	person_write(out, &view, color, false);
	write_list(out, explaining->court.header.suffix_list);
	if (attempt != NULL)
		explain_write(out, attempt, item, explaining->arena);
	if (json_is_array(json_object_get(view.json, "claims"))) {
		g_string_append_c(out, '\n');
		person_append_claims(out, view.json, true);
	}
	if (json_array_size(json_object_get(view.json, "attachments")) > 0) {
		g_string_append_c(out, '\n');
		person_append_attachments(out, view.json, true);
	}
	record_view_clear(&view);
}

static void
write_json(GString *out, struct explaining *explaining,
    const struct judgement *judgement, const struct attempt *attempt,
    const struct record_view *recorded)
{
	struct span line = judgement->line;
	struct otherwise otherwise;
	struct explained explained = {
		.record = span_sub(line, 0, line.n - 1),
		.otherwise = otherwise.members,
		.vouched = explaining->court.header.vouched,
	};
	struct record_view view;

	view_line(&view, explaining->arena, line);
	find_otherwise(&otherwise, view.json, recorded);
	record_view_clear(&view);
	explain_write_json(out, attempt, &explained, explaining->arena);
}

static enum exit_code
write_kit(struct explaining *explaining, const struct item *item,
    const struct judgement *judgement, const struct attempt *attempt,
    const struct record_view *recorded)
{
	g_autoptr(GString) text = g_string_new(NULL);
	GError *error = NULL;

	if (attempt == NULL) {
		command_say("%s: there is no message to write files of",
		    explaining->kit);
		return EXIT_INPUT;
	}
	write_text(text, explaining, item, judgement, attempt, recorded, false);
	if (openssl_kit_write(explaining->kit, attempt, item,
		explaining->court.header.tool,
		(struct span){ (const uint8_t *)text->str, text->len },
		explaining->arena, &error))
		return EXIT_DONE;
	command_say("%s", error->message);
	g_error_free(error);
	return EXIT_OUTPUT;
}

/* Explain "item"; "recorded" is its record in the case, or NULL. */
static enum exit_code
explain_item(struct explaining *explaining, const struct item *item,
    const struct record_view *recorded)
{
	struct judge *judge = judge_new(&explaining->court.context);
	g_autoptr(GString) out = g_string_new(NULL);
	struct judgement judgement;
	enum exit_code code = EXIT_DONE;
	GError *error = NULL;

	if (!judge_item(judge, item, recorded != NULL ? recorded->seq : 1,
		&judgement, &error)) {
		judge_free(judge);
		return command_error(error, EXIT_INPUT);
	}
	if (explaining->json)
		write_json(out, explaining, &judgement, judge_attempt(judge),
		    recorded);
	else
		write_text(out, explaining, item, &judgement,
		    judge_attempt(judge), recorded, explaining->line->color);
	command_print(out);
	if (explaining->kit != NULL)
		code = write_kit(explaining, item, &judgement,
		    judge_attempt(judge), recorded);
	else if (judgement.verdict == VERDICT_UNREADABLE)
		code = EXIT_INPUT;
	judge_free(judge);
	return code;
}

/* ---- a message of a case -------------------------------------------------- */

/* The keys must be those of the run. */
static bool
same_snapshot(struct explaining *explaining, struct results *results)
{
	char hex[DIGEST_HEX_SIZE];
	const char *root =
	    json_string_value(json_object_get(results_header(results), "root"));

	digest_to_hex(
	    (struct span){ explaining->court.header.root, DIGEST_SHA256_SIZE },
	    hex);
	if (root != NULL && strcmp(root, hex) == 0)
		return true;
	command_usage(explaining->line,
	    "the case was made with the snapshot of root %s; -s names one of "
	    "root %s",
	    root != NULL ? root : "(none)", hex);
	return false;
}

static enum exit_code
explain_record(struct explaining *explaining, const struct record_view *record)
{
	const struct octets_place place = { explaining->line->arguments[0],
		explaining->archive, explaining->kit };
	enum exit_code code;
	struct case_message *message =
	    octets_find(&place, explaining->line->crypto, record, &code);

	if (message == NULL)
		return code;
	code = explain_item(explaining, case_message_item(message), record);
	case_message_close(message);
	return code;
}

static enum exit_code
find_record(struct explaining *explaining, struct results *results)
{
	const char *id = explaining->line->arguments[1];
	struct record_view view;
	struct span line;
	GError *error = NULL;
	int got;

	while ((got = results_next(results, &view, &line, &error)) == 1) {
		if (command_id_matches(id, &view))
			return explain_record(explaining, &view);
	}
	if (got < 0)
		return command_error(error, EXIT_INPUT);
	command_say("%s: no record with this number or identity", id);
	return EXIT_NO;
}

static enum exit_code
explain_case(struct explaining *explaining)
{
	GError *error = NULL;
	struct results *results = results_open(
	    explaining->line->arguments[0], explaining->line->crypto, &error);
	enum exit_code code;

	if (results == NULL)
		return command_error(error, EXIT_INPUT);
	code = same_snapshot(explaining, results)
	    ? find_record(explaining, results)
	    : EXIT_USAGE;
	if (code == EXIT_DONE || code == EXIT_NO)
		code = command_check_results(
		    results, explaining->line->arguments[0], code);
	results_close(results);
	return code;
}

/* ---- a file ------------------------------------------------------ */

static enum exit_code
explain_archive(struct explaining *explaining, struct archive *archive)
{
	struct batch *batch = batch_new();
	GError *error = NULL;
	enum exit_code code = EXIT_INPUT;
	int more = archive_next(archive, batch, &error);

	if (more < 0 || batch->n_items == 0) {
		if (error != NULL)
			code = command_error(error, EXIT_INPUT);
	} else {
		code = explain_item(explaining, &batch->items[0], NULL);
	}
	batch_free(batch);
	return code;
}

static enum exit_code
explain_file(struct explaining *explaining)
{
	struct archive_options options = {
		.files_only = true,
		.paths = explaining->line->arguments,
		.n_paths = 1,
	};
	GError *error = NULL;
	struct archive *archive;
	enum exit_code code;

	sandbox_limit_files(options.paths, explaining->kit);
	archive = archive_open(&options, explaining->line->crypto, &error);
	if (archive == NULL)
		return command_error(error, EXIT_INPUT);
	code = explain_archive(explaining, archive);
	archive_close(archive);
	return code;
}

/* ---- the command ---------------------------------------------------------- */

/* A new folder: nothing is written between other files. */
static bool
make_kit(const struct explaining *explaining, enum exit_code *code_out)
{
	if (explaining->kit == NULL || mkdir(explaining->kit, 0777) == 0)
		return true;
	*code_out = errno == EEXIST ? EXIT_USAGE : EXIT_OUTPUT;
	command_say("%s: a new folder cannot be made: %s", explaining->kit,
	    g_strerror(errno));
	return false;
}

static enum exit_code
run_explain(struct command_line *line)
{
	struct explaining explaining = { .line = line };
	const GOptionEntry options[] = {
		{ "emit-openssl", 0, 0, G_OPTION_ARG_FILENAME, &explaining.kit,
		    "write files and a script that redo the check with openssl",
		    "FOLDER" },
		{ "archive", 0, 0, G_OPTION_ARG_FILENAME_ARRAY,
		    &explaining.archive,
		    "where the archive lies, if not where it was; repeatable",
		    "PATH" },
		{ "json", 0, 0, G_OPTION_ARG_NONE, &explaining.json,
		    "print one JSON object", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	if (!command_parse(line, options, &code) ||
	    !court_open(&explaining.court, line, true, &code))
		return code;
	explaining.arena = arena_new();
	if (line->n_arguments == 1 && explaining.archive != NULL)
		code = command_usage(line, "--archive goes with CASE and ID");
	else if (make_kit(&explaining, &code))
		code = line->n_arguments == 2 ? explain_case(&explaining)
					      : explain_file(&explaining);
	arena_free(explaining.arena);
	court_close(&explaining.court);
	g_strfreev(explaining.archive);
	g_free(explaining.kit);
	return code;
}

const struct command command_explain = {
	.name = "explain",
	.arguments = "-s SNAPSHOT MESSAGE | CASE ID",
	.summary = "say step by step how a verdict came about",
	.examples =
	    "  verifier explain -s campaign.snap mail.eml\n"
	    "  verifier explain -s campaign.snap case1 17\n"
	    "  verifier explain -s campaign.snap case1 17 --emit-openssl kit\n"
	    "  sh kit/check.sh\n",
	.judges = true,
	.min_arguments = 1,
	.max_arguments = 2,
	.run = run_explain,
};
