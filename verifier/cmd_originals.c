/*
 * cmd_originals.c - verifier originals: what altered messages of a case were
 * when they were signed, as other messages of the archive show it.
 */
#include "verifier/case/originals.h"
#include "verifier/cmd_interrupt.h"
#include "verifier/cmd_recorded.h"
#include "verifier/sandbox.h"

struct looking {
	struct command_line *line;
	struct replay *replay; /* the case */
	struct recorded recorded;
	struct recorded_places places;
	struct court court;
	gboolean json;
};

/* ---- what came of it ----------------------------------------------------- */

static void
say_counts(const struct originals *originals)
{
	struct originals_counts counts;

	originals_count(originals, &counts);
	command_say("%" G_GUINT64_FORMAT " records with an altered header, "
		    "%" G_GUINT64_FORMAT
		    " with another body; of %" G_GUINT64_FORMAT
		    " of them the archive has no other message with the "
		    "Message-ID",
	    counts.headers, counts.bodies, counts.alone);
	command_say("what was signed was found for %" G_GUINT64_FORMAT
		    " headers and %" G_GUINT64_FORMAT " bodies",
	    counts.headers_found, counts.bodies_found);
	if (counts.parts_found > 0)
		command_say("parts that are in another message, too, were "
			    "found for %" G_GUINT64_FORMAT " records more",
		    counts.parts_found);
	if (counts.parts_left_out > 0)
		command_say("%" G_GUINT64_FORMAT
			    " parts were left out, past a bound",
		    counts.parts_left_out);
	if (counts.left_out > 0)
		command_say("%" G_GUINT64_FORMAT
			    " messages were left out, past a bound",
		    counts.left_out);
}

static enum exit_code
conclude(const struct looking *looking, const struct originals *originals)
{
	g_autoptr(GString) out = g_string_new(NULL);

	if (interrupt_came())
		return EXIT_INTERRUPTED;
	originals_write(originals, out, looking->json);
	command_print(out);
	say_counts(originals);
	return EXIT_DONE;
}

/* ---- the search ---------------------------------------------------------- */

/* One reading of the archive. */
static bool
read_archive(struct looking *looking, struct originals *originals,
    bool (*take)(
	struct originals *originals, struct archive *archive, GError **error),
    GError **error)
{
	struct archive *archive = archive_open(
	    &looking->recorded.archive, looking->line->crypto, error);
	bool good = archive != NULL && take(originals, archive, error);

	archive_close(archive);
	return good;
}

static enum exit_code
look(struct looking *looking)
{
	const struct originals_options options = {
		.folder = looking->line->arguments[0],
		.judge = &looking->court.context,
		.interrupted = interrupt_came,
	};
	GError *error = NULL;
	struct originals *originals = originals_open(&options, &error);
	enum exit_code code;

	if (originals == NULL)
		return command_error(error, EXIT_INPUT);
	sandbox_limit_files(looking->recorded.archive.paths, NULL);
	if (originals_has_work(originals) &&
	    read_archive(looking, originals, originals_take, &error) &&
	    !interrupt_came())
		read_archive(looking, originals, originals_search, &error);
	code = error != NULL ? command_error(error, EXIT_INPUT)
			     : conclude(looking, originals);
	originals_close(originals);
	return code;
}

/* The results are those of another snapshot: then nothing here would be of
 * the case. */
static bool
is_same_snapshot(struct looking *looking)
{
	const json_t *root =
	    json_object_get(replay_header(looking->replay), "root");
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex(
	    (struct span){ looking->court.header.root, DIGEST_SHA256_SIZE },
	    hex);
	return g_strcmp0(json_string_value(root), hex) == 0;
}

static enum exit_code
look_in_case(struct looking *looking)
{
	enum exit_code code;
	GError *error = NULL;

	looking->replay = replay_open(
	    looking->line->arguments[0], looking->line->crypto, &error);
	if (looking->replay == NULL)
		return command_error(error, EXIT_INPUT);
	if (recorded_read(&looking->recorded, looking->line, looking->replay,
		&looking->places, &code) &&
	    court_open(&looking->court, &looking->recorded.line, true, &code)) {
		interrupt_catch();
		if (is_same_snapshot(looking)) {
			code = look(looking);
		} else {
			command_say("%s: not the snapshot of the case",
			    looking->recorded.line.snapshot);
			code = EXIT_INTEGRITY;
		}
		court_close(&looking->court);
	}
	recorded_clear(&looking->recorded);
	replay_close(looking->replay);
	return code;
}

static enum exit_code
run_originals(struct command_line *line)
{
	struct looking looking = { .line = line };
	struct recorded_places *places = &looking.places;
	const GOptionEntry options[] = {
		RECORDED_PLACES_OPTIONS(places),
		RECORDED_PUBLIC_KEY_OPTION(places),
		{ "json", 0, 0, G_OPTION_ARG_NONE, &looking.json,
		    "print one JSON object a line", NULL },
		G_OPTION_ENTRY_NULL,
	};
	enum exit_code code;

	if (command_parse(line, options, &code))
		code = look_in_case(&looking);
	recorded_places_clear(places);
	return code;
}

const struct command command_originals = {
	.name = "originals",
	.arguments = "CASE",
	.summary = "what was signed, as other messages of the archive show",
	.examples = "  verifier originals case1\n"
		    "  verifier originals --json case1 --archive /media/mail\n",
	.min_arguments = 1,
	.max_arguments = 1,
	.run = run_originals,
};
