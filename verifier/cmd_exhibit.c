/*
 * cmd_exhibit.c - verifier exhibit: a message with its record and its keys in
 * one file.
 */
#include "verifier/case/case_message.h"
#include "verifier/case/message_exhibit.h"
#include "verifier/cmd_findings.h"
#include "verifier/cmd_recorded.h"
#include "verifier/report/person.h"
#include "verifier/run/results.h"

#include "keysnap/base/file.h"
#include "keysnap/store/exhibit_make.h"

#include <string.h>

struct exhibiting {
	struct command_line *line;
	struct recorded_places places;
	struct recorded recorded;
	struct court court;
	struct replay *replay; /* the case, to know how it was made */
	struct arena *arena;
	struct message_exhibit exhibit;
	char *output;
};

static enum exit_code
say_error(GError *error)
{
	if (g_error_matches(error, CASE_ERROR, CASE_ERROR_CHANGED)) {
		command_error(error, EXIT_INPUT);
		return EXIT_INTEGRITY;
	}
	return command_error(error, EXIT_INPUT);
}

static struct span
keep(const struct exhibiting *exhibiting, const GString *text)
{
	return arena_copy(exhibiting->arena,
	    (struct span){ (const uint8_t *)text->str, text->len });
}

/* The record, kept in the arena. */
static enum exit_code
find_record(struct exhibiting *exhibiting, struct results *results)
{
	const char *id = exhibiting->line->arguments[1];
	struct record_view view;
	struct span line;
	GError *error = NULL;
	int got;

	while ((got = results_next(results, &view, &line, &error)) == 1) {
		if (!command_id_matches(id, &view))
			continue;
		exhibiting->exhibit.record =
		    arena_copy(exhibiting->arena, line);
		return EXIT_DONE;
	}
	if (got < 0)
		return command_error(error, EXIT_INPUT);
	command_say("%s: no record with this number or identity", id);
	return EXIT_NO;
}

static enum exit_code
take_record(struct exhibiting *exhibiting)
{
	g_autoptr(GString) header = g_string_new(NULL);
	struct json_writer writer;
	GError *error = NULL;
	struct results *results = results_open(
	    exhibiting->line->arguments[0], exhibiting->line->crypto, &error);
	enum exit_code code;

	if (results == NULL)
		return command_error(error, EXIT_INPUT);
	json_writer_init(&writer, header);
	json_write_value(&writer, NULL, results_header(results));
	exhibiting->exhibit.header = keep(exhibiting, header);
	code = find_record(exhibiting, results);
	if (code == EXIT_DONE)
		code = command_check_results(
		    results, exhibiting->line->arguments[0], code);
	results_close(results);
	return code;
}

static void
take_options(struct exhibiting *exhibiting)
{
	struct message_exhibit *exhibit = &exhibiting->exhibit;
	const struct alignment *alignment = exhibiting->court.context.alignment;
	const uint8_t *equivalences = alignment_equivalences_sha256(alignment);

	exhibit->policy = exhibiting->court.context.policy;
	memcpy(exhibit->suffix_list, alignment_sha256(alignment),
	    DIGEST_SHA256_SIZE);
	exhibit->has_equivalences = equivalences != NULL;
	if (equivalences != NULL)
		memcpy(exhibit->equivalences, equivalences, DIGEST_SHA256_SIZE);
}

/* Its octets, out of the archive. */
static enum exit_code
take_message(struct exhibiting *exhibiting, const struct record_view *view)
{
	struct message_exhibit *exhibit = &exhibiting->exhibit;
	const struct item *item;
	GError *error = NULL;
	struct case_message *message = case_message_open(view,
	    &exhibiting->recorded.archive, exhibiting->line->crypto, &error);

	if (message == NULL)
		return say_error(error);
	item = case_message_item(message);
	exhibit->octets = arena_copy(exhibiting->arena, item->raw);
	exhibit->envelope = arena_copy(exhibiting->arena, item->envelope);
	case_message_close(message);
	if (exhibit->octets.n <= MESSAGE_EXHIBIT_OCTETS)
		return EXIT_DONE;
	command_say("the message has %zu octets; an exhibit takes %u",
	    exhibit->octets.n, MESSAGE_EXHIBIT_OCTETS);
	return EXIT_INPUT;
}

/* What the snapshot holds on one name; nothing is an answer too. */
static bool
take_name(struct exhibiting *exhibiting, struct snapshot_seals *seals,
    struct span name, GError **error)
{
	struct message_exhibit *exhibit = &exhibiting->exhibit;
	const struct exhibit_choice choice = {
		.name = name,
		.evidence = MESSAGE_EXHIBIT_EVIDENCE,
	};
	g_autoptr(GString) text = g_string_new(NULL);
	struct exhibit keys;

	if (!exhibit_make(
		&keys, seals, &choice, exhibiting->line->crypto, error)) {
		exhibit->absent[exhibit->n_absent++] = name;
		return *error == NULL;
	}
	exhibit_write(text, &keys);
	exhibit->keys[exhibit->n_keys].name = name;
	exhibit->keys[exhibit->n_keys++].text = keep(exhibiting, text);
	return true;
}

static bool
has_root_of_case(
    const struct exhibiting *exhibiting, const struct snapshot_seals *seals)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ seals->folder.checkpoint.root, 32 }, hex);
	return g_strcmp0(hex,
		   json_string_value(json_object_get(
		       replay_header(exhibiting->replay), "root"))) == 0;
}

static enum exit_code
take_keys(struct exhibiting *exhibiting, const struct record_view *view)
{
	struct message_exhibit *exhibit = &exhibiting->exhibit;
	const char *path = exhibiting->recorded.line.snapshot;
	struct snapshot_seals seals;
	GError *error = NULL;
	size_t n;
	struct span *names =
	    message_exhibit_names(view->json, exhibiting->arena, &n);
	bool good =
	    snapshot_seals_read(&seals, path, exhibiting->line->crypto, &error);

	exhibit->keys =
	    arena_alloc_array(exhibiting->arena, n + 1, sizeof(*exhibit->keys));
	exhibit->absent = arena_alloc_array(
	    exhibiting->arena, n + 1, sizeof(*exhibit->absent));
	if (good && !has_root_of_case(exhibiting, &seals)) {
		snapshot_seals_clear(&seals);
		command_say("%s is not the snapshot of the case", path);
		return EXIT_INTEGRITY;
	}
	for (size_t i = 0; good && i < n; i++)
		good = take_name(exhibiting, &seals, names[i], &error);
	snapshot_seals_clear(&seals);
	return good ? EXIT_DONE : command_error(error, EXIT_INPUT);
}

/* What was made must hold for somebody who has nothing else. */
static enum exit_code
check_and_write(struct exhibiting *exhibiting, const struct record_view *view)
{
	const struct crypto *crypto = exhibiting->line->crypto;
	struct message_exhibit *exhibit = &exhibiting->exhibit;
	struct message_exhibit_trust trust = {
		.alignment = exhibiting->court.context.alignment,
	};
	struct findings findings = { .silent = true };
	enum verdict verdict;
	g_autoptr(GString) out = g_string_new(NULL);
	GError *error = NULL;

	exhibit->steps = message_exhibit_steps(
	    exhibit, view->json, exhibiting->arena, crypto, &exhibit->n_steps);
	trust.seals.now = TIMESTAMP_MAX;
	if (!message_exhibit_check(exhibit, crypto, &trust, findings_report,
		&findings, &verdict)) {
		command_say("no exhibit is made: the record does not come out "
			    "of this message and these keys; \"verifier "
			    "replay\" says more");
		return EXIT_INTEGRITY;
	}
	message_exhibit_write(out, exhibit, crypto);
	if (out->len > MESSAGE_EXHIBIT_MAX) {
		command_say("the exhibit would be larger than %u octets",
		    MESSAGE_EXHIBIT_MAX);
		return EXIT_INPUT;
	}
	if (!file_write(exhibiting->output,
		(struct span){ (const uint8_t *)out->str, out->len }, false,
		&error))
		return command_error(error, EXIT_OUTPUT);
	g_string_truncate(out, 0);
	person_write(out, view, exhibiting->line->color, false);
	g_string_append_printf(out,
	    "exhibit  %zu names of keys, %zu without "
	    "keys\n",
	    exhibit->n_keys + exhibit->n_absent, exhibit->n_absent);
	command_print(out);
	return EXIT_DONE;
}

static enum exit_code
make(struct exhibiting *exhibiting)
{
	struct record_view view = { .json = NULL };
	enum record_kind kind;
	const char *why;
	enum exit_code code = take_record(exhibiting);

	if (code != EXIT_DONE)
		return code;
	if (json_object_get(replay_header(exhibiting->replay), "anchors") !=
	    NULL) {
		command_say("the run was made with --anchor, whose proofs an "
			    "exhibit does not hold");
		return EXIT_USAGE;
	}
	/* It was read a moment ago. */
	if (!record_read(&view, &kind, exhibiting->arena,
		exhibiting->exhibit.record, &why))
		g_error("record: %s", why);
	take_options(exhibiting);
	code = take_message(exhibiting, &view);
	if (code == EXIT_DONE)
		code = take_keys(exhibiting, &view);
	if (code == EXIT_DONE)
		code = check_and_write(exhibiting, &view);
	record_view_clear(&view);
	return code;
}

static enum exit_code
open_and_make(struct exhibiting *exhibiting)
{
	struct command_line *line = exhibiting->line;
	GError *error = NULL;
	enum exit_code code;

	exhibiting->replay =
	    replay_open(line->arguments[0], line->crypto, &error);
	if (exhibiting->replay == NULL)
		return command_error(error, EXIT_INPUT);
	if (recorded_read(&exhibiting->recorded, line, exhibiting->replay,
		&exhibiting->places, &code)) {
		struct command_line judging = exhibiting->recorded.line;

		/* The keys come out of the exhibit. */
		judging.snapshot = judging.root = judging.public_key = NULL;
		if (court_open(&exhibiting->court, &judging, false, &code)) {
			code = make(exhibiting);
			court_close(&exhibiting->court);
		}
	}
	recorded_clear(&exhibiting->recorded);
	replay_close(exhibiting->replay);
	return code;
}

static enum exit_code
run_exhibit(struct command_line *line)
{
	struct exhibiting exhibiting = { .line = line };
	struct recorded_places *places = &exhibiting.places;
	const GOptionEntry options[] = {
		{ "output", 'o', 0, G_OPTION_ARG_FILENAME, &exhibiting.output,
		    "the exhibit, a new file", "FILE" },
		RECORDED_PLACES_OPTIONS(places),
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	exhibiting.arena = arena_new();
	if (command_parse(line, options, &code))
		code = exhibiting.output == NULL
		    ? command_usage(line, "-o FILE is missing")
		    : open_and_make(&exhibiting);
	arena_free(exhibiting.arena);
	g_free(exhibiting.output);
	recorded_places_clear(places);
	return code;
}

const struct command command_exhibit = {
	.name = "exhibit",
	.arguments = "CASE ID",
	.summary = "pack a message, its record and its keys into one file",
	.examples = "  verifier exhibit case1 17 -o 17.exhibit\n"
		    "  verifier check 17.exhibit --public-key lab.pub\n",
	.min_arguments = 2,
	.max_arguments = 2,
	.run = run_exhibit,
};
