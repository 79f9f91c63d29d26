/* cmd_check_exhibit.c - see cmd_check_exhibit.h. */
#include "verifier/cmd_check_exhibit.h"

#include "verifier/case/message_exhibit.h"
#include "verifier/cmd_anchors.h"
#include "verifier/cmd_findings.h"
#include "verifier/report/person.h"
#include "verifier/sandbox.h"

#include "keysnap/base/file.h"
#include "keysnap/base/text.h"

#include <stdio.h>

bool
exhibit_is_file(const char *path)
{
	char head[sizeof(MESSAGE_EXHIBIT_HEAD) - 1] = { 0 };
	FILE *stream = g_file_test(path, G_FILE_TEST_IS_REGULAR)
	    ? fopen(path, "rbe")
	    : NULL;
	struct span got = { (const uint8_t *)head, 0 };

	if (stream == NULL)
		return false;
	got.n = fread(head, 1, sizeof(head), stream);
	fclose(stream);
	return span_equal(got, SPAN(MESSAGE_EXHIBIT_HEAD));
}

static void
show_for_people(GString *out, const struct command_line *line,
    const struct record_view *view, bool all)
{
	g_string_append_printf(
	    out, "\nrecord %" G_GUINT64_FORMAT "  ", view->seq);
	text_append_terminal(out, view->path);
	g_string_append_c(out, '\n');
	if (line->public_key == NULL && line->root == NULL)
		g_string_append(out,
		    "NOTE  nobody vouches for the snapshot: who made this "
		    "file could have put any key into it\n");
	person_write(out, view, line->color, all);
}

/* The record, which the check has just made itself. */
static enum exit_code
show_record(const struct command_line *line,
    const struct message_exhibit *exhibit, enum verdict verdict, bool json,
    bool all)
{
	bool vouched = line->public_key != NULL || line->root != NULL;
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) out = g_string_new(NULL);
	struct record_view view;
	enum record_kind kind;
	const char *why;

	if (!record_read(&view, &kind, arena, exhibit->record, &why))
		return EXIT_INTEGRITY;
	if (json)
		g_string_append_printf(out, "%.*s\n", (int)exhibit->record.n,
		    (const char *)exhibit->record.p);
	else
		show_for_people(out, line, &view, all);
	command_print(out);
	record_view_clear(&view);
	/* Whoever made the file may have made up the snapshot, too. */
	return vouched &&
		(verdict == VERDICT_VERIFIED ||
		    verdict == VERDICT_VERIFIED_REPAIRED)
	    ? EXIT_DONE
	    : EXIT_NO;
}

static enum exit_code
check_octets(const struct command_line *line, struct span octets,
    const struct message_exhibit_trust *trust, bool json, bool all)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct findings findings = { .json = json, .color = line->color };
	struct message_exhibit exhibit;
	enum verdict verdict;
	const char *why;

	if (!message_exhibit_parse(
		&exhibit, arena, line->crypto, octets, &why)) {
		findings_tell(&findings, FINDING_BAD, "form", NULL, "%s", why);
	} else if (message_exhibit_check(&exhibit, line->crypto, trust,
		       findings_report, &findings, &verdict)) {
		return show_record(line, &exhibit, verdict, json, all);
	}
	command_say("%s does not hold: nothing of it is to be relied on",
	    line->arguments[0]);
	return EXIT_INTEGRITY;
}

enum exit_code
exhibit_check_file(const struct command_line *line, bool json, bool all)
{
	struct court court = { .context.crypto = line->crypto };
	struct message_exhibit_trust trust = { .root = NULL };
	struct snapshot_trust given;
	struct note_key key;
	uint8_t root[DIGEST_SHA256_SIZE];
	GError *error = NULL;
	g_autoptr(GBytes) pem = NULL;
	g_autoptr(GBytes) bytes = NULL;
	struct span octets;
	enum exit_code code;

	if (line->n_arguments != 1)
		return command_usage(line, "exhibits are checked one by one");
	if (line->snapshot != NULL)
		return command_usage(
		    line, "an exhibit has its keys with it: no -s");
	if (line->anchors->paths.proofs != NULL ||
	    line->anchors->paths.lists != NULL)
		return command_usage(
		    line, "exhibits are checked without --anchor");
	if (!court_read_policy(&court, line, &code) ||
	    !court_read_trust(line, &key, root, &given, &code) ||
	    !findings_seal_trust(&trust.seals, given.public_key,
		line->anchors->paths.trust.tsa_ca, &pem, &code) ||
	    !court_open_alignment(&court, line, &code))
		return code;
	trust.public_key = given.public_key;
	trust.root = given.root;
	trust.alignment = court.context.alignment;
	trust.policy = &court.context.policy;
	sandbox_limit_files(line->arguments, NULL);
	bytes = file_read(line->arguments[0], MESSAGE_EXHIBIT_MAX, &error);
	if (bytes == NULL) {
		code = command_error(error, EXIT_INPUT);
	} else {
		octets.p = g_bytes_get_data(bytes, &octets.n);
		code = check_octets(line, octets, &trust, json, all);
	}
	court_close(&court);
	return code;
}
