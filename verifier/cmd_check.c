/*
 * cmd_check.c - verifier check: one or a few messages, the result on stdout.
 */
#include "verifier/cmd_anchors.h"
#include "verifier/cmd_check_exhibit.h"
#include "verifier/report/auth_field.h"
#include "verifier/report/person.h"
#include "verifier/report/person_key.h"
#include "verifier/run/attempt.h"
#include "verifier/sandbox.h"

#include "keysnap/base/text.h"

#include <stdio.h>
#include <string.h>

enum check_format { FORMAT_TEXT, FORMAT_JSON, FORMAT_AR, FORMATS };

struct check {
	struct command_line *line;
	struct court court;
	struct archive *archive;
	enum check_format format;
	gboolean all;
	bool unreadable, not_green;
};

static bool
is_green(enum verdict verdict)
{
	return verdict == VERDICT_VERIFIED ||
	    verdict == VERDICT_VERIFIED_REPAIRED;
}

static void
print_for_people(const struct check *check, struct arena *arena,
    struct span line, GString *out)
{
	struct record_view view;
	enum record_kind kind;
	const char *why;

	/* The record was written by this program a moment ago. */
	if (!record_read(
		&view, &kind, arena, span_sub(line, 0, line.n - 1), &why))
		g_error("record: %s", why);
	if (check->line->n_arguments > 1) {
		text_append_terminal(out, view.path);
		g_string_append_c(out, '\n');
	}
	if (strcmp(check->court.header.vouched, "nobody") == 0)
		g_string_append(out, "NOTE  nobody vouches for the snapshot\n");
	person_write(out, &view, check->line->color, check->all);
	record_view_clear(&view);
}

/* "attempt" is what the judgement is of; NULL: there was no message. */
static void
print_judgement(struct check *check, struct arena *arena,
    const struct judgement *judgement, const struct attempt *attempt)
{
	g_autoptr(GString) out = g_string_new(NULL);

	switch (check->format) {
	case FORMAT_JSON:
		g_string_append_len(out, (const char *)judgement->line.p,
		    (gssize)judgement->line.n);
		break;
	case FORMAT_AR:
		auth_field_write(
		    out, attempt == NULL ? NULL : &attempt->verdict);
		break;
	default:
		print_for_people(check, arena, judgement->line, out);
	}
	command_print(out);
	check->unreadable |= judgement->verdict == VERDICT_UNREADABLE;
	check->not_green |= !is_green(judgement->verdict);
}

static bool
judge_batch(struct check *check, struct judge *judge, struct arena *arena,
    const struct batch *batch, uint64_t *seq, GError **error)
{
	for (size_t i = 0; i < batch->n_items; i++) {
		struct judgement judgement;

		if (!judge_item(
			judge, &batch->items[i], (*seq)++, &judgement, error))
			return false;
		arena_reset(arena);
		print_judgement(check, arena, &judgement, judge_attempt(judge));
	}
	return true;
}

/* With proofs over files: are these what they were? */
static bool
check_files(struct check *check, struct batch *batch, bool last, GError **error)
{
	if (check->court.context.anchor_files == NULL)
		return true;
	archive_hash(check->archive, batch);
	return anchor_files_check(
	    check->court.context.anchor_files, batch, last, error);
}

static enum exit_code
check_messages(struct check *check)
{
	struct judge *judge = judge_new(&check->court.context);
	struct batch *batch = batch_new();
	struct arena *arena = arena_new();
	GError *error = NULL;
	uint64_t seq = 1;
	int more = 1;

	while (more == 1 && error == NULL) {
		GError *later = NULL;

		more = archive_next(check->archive, batch, &later);
		if (later == NULL &&
		    !check_files(check, batch, more == 0, &error))
			break;
		if (!judge_batch(check, judge, arena, batch, &seq, &error))
			g_clear_error(&later);
		else
			error = later;
	}
	arena_free(arena);
	batch_free(batch);
	judge_free(judge);
	if (error != NULL)
		return command_error(error, EXIT_INPUT);
	return check->unreadable ? EXIT_INPUT
	    : check->not_green   ? EXIT_NO
				 : EXIT_DONE;
}

/* Which log the entries that were named are of. */
static void
print_log(const struct check *check)
{
	const struct record_header *header = &check->court.header;
	g_autoptr(GString) out = g_string_new(NULL);
	char hex[DIGEST_HEX_SIZE];

	if (check->format != FORMAT_TEXT || header->root == NULL)
		return;
	digest_to_hex((struct span){ header->root, DIGEST_SHA256_SIZE }, hex);
	person_append_log(out, span_from_string(hex), header->entries,
	    span_from_string(header->vouched));
	command_print(out);
}

static void
print_json_header(const struct check *check)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (check->format != FORMAT_JSON || !check->all)
		return;
	record_write_header(out, &check->court.header);
	command_print(out);
}

/* Which files do proofs cover?  Standard input is one message, and known by its
 * digest alone. */
static bool
look_through(
    struct check *check, const struct archive_options *options, GError **error)
{
	struct archive *before = NULL;
	bool ok = true;

	for (size_t i = 0; i < options->n_paths; i++) {
		if (strcmp(options->paths[i], "-") == 0)
			return true;
	}
	if (check->court.anchors != NULL) {
		before = archive_open(options, check->line->crypto, error);
		ok = before != NULL &&
		    anchors_look_through(&check->court, before, NULL, error);
		archive_close(before);
	}
	return ok;
}

/* --json is --format json; false when both are given and disagree. */
static bool
choose_format(struct check *check, const char *word, bool json)
{
	static const char *const words[FORMATS] = { "text", "json", "ar" };
	int at = 0;

	check->format = json ? FORMAT_JSON : FORMAT_TEXT;
	if (word == NULL)
		return true;
	while (at < FORMATS && strcmp(word, words[at]) != 0)
		at++;
	check->format = (enum check_format)at;
	return at < FORMATS && (!json || at == FORMAT_JSON);
}

static enum exit_code
check_exhibit(const struct check *check)
{
	if (check->format == FORMAT_AR)
		return command_usage(check->line,
		    "--format ar is for messages, not for exhibits");
	return exhibit_check_file(
	    check->line, check->format == FORMAT_JSON, check->all);
}

static enum exit_code
run_check(struct command_line *line)
{
	struct check check = { .line = line };
	g_autofree char *format = NULL;
	gboolean json = FALSE;
	const GOptionEntry options[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json,
		    "print records, one line of JSON per message", NULL },
		{ "format", 0, 0, G_OPTION_ARG_STRING, &format,
		    "print text (default), json, or ar: an "
		    "Authentication-Results field per message",
		    "text|json|ar" },
		{ "all", 'a', 0, G_OPTION_ARG_NONE, &check.all,
		    "show every signature; with --json, the header line too",
		    NULL },
		G_OPTION_ENTRY_NULL,
	};
	struct archive_options archive = { .files_only = true };
	GError *error = NULL;
	enum exit_code code;

	if (!command_parse(line, options, &code))
		return code;
	if (!choose_format(&check, format, json))
		return command_usage(line,
		    "--format is text, json or ar, and not beside --json");
	if (exhibit_is_file(line->arguments[0]))
		return check_exhibit(&check);
	if (!court_open(&check.court, line, true, &code))
		return code;
	archive.paths = line->arguments;
	archive.n_paths = line->n_arguments;
	sandbox_limit_files(line->arguments, NULL);
	check.archive = archive_open(&archive, line->crypto, &error);
	if (check.archive == NULL || !look_through(&check, &archive, &error)) {
		code = command_error(error, EXIT_INPUT);
	} else {
		print_json_header(&check);
		code = check_messages(&check);
		print_log(&check);
	}
	archive_close(check.archive);
	court_close(&check.court);
	return code;
}

const struct command command_check = {
	.name = "check",
	.arguments = "-s SNAPSHOT MESSAGE... | EXHIBIT",
	.summary = "check one or a few messages, or an exhibit",
	.examples = "  verifier check -s campaign.snap mail.eml\n"
		    "  verifier check -s campaign.snap --json - < mail.eml\n"
		    "  verifier check -s campaign.snap --format ar mail.eml\n"
		    "  verifier check 17.exhibit --public-key lab.pub\n",
	.judges = true,
	.anchors = true,
	.min_arguments = 1,
	.max_arguments = UINT_MAX,
	.run = run_check,
};
