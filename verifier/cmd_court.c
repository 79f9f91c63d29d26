/*
 * cmd_court.c - opening what a judge needs, from the command line.
 */
#include "verifier/cmd_anchors.h"

#include "keysnap/base/file.h"
#include "keysnap/base/installed.h"
#include "keysnap/base/text.h"

#include <stdlib.h>
#include <string.h>

#define KEY_FILE_MAX 4096 /* a vkey line has under 400 octets */
#define MAX_GAP_DAYS 1826 /* five years */

bool
court_read_trust(const struct command_line *line, struct note_key *key,
    uint8_t root[DIGEST_SHA256_SIZE], struct snapshot_trust *trust,
    enum exit_code *code_out)
{
	GError *error = NULL;

	*trust = (struct snapshot_trust){ .root = NULL };
	if (line->root != NULL) {
		if (!digest_from_hex(span_from_string(line->root), root)) {
			*code_out = command_usage(
			    line, "--root takes 64 lower-case hex digits");
			return false;
		}
		trust->root = root;
	}
	if (line->public_key != NULL) {
		g_autoptr(GBytes) octets =
		    file_read(line->public_key, KEY_FILE_MAX, &error);
		struct span text;

		if (octets == NULL) {
			*code_out = command_error(error, EXIT_INPUT);
			return false;
		}
		text.p = g_bytes_get_data(octets, &text.n);
		if (!note_key_parse(key, line->crypto, text)) {
			command_say("%s: not a public key; \"keysnap keygen\" "
				    "writes one into FILE.pub",
			    line->public_key);
			*code_out = EXIT_INPUT;
			return false;
		}
		trust->public_key = key;
	}
	return true;
}

static bool
open_snapshot(struct court *court, const struct command_line *line,
    enum exit_code *code_out)
{
	struct note_key key;
	uint8_t root[DIGEST_SHA256_SIZE];
	struct snapshot_trust trust;
	const struct checkpoint *checkpoint;
	struct snapshot *snapshot;
	GError *error = NULL;

	if (!court_read_trust(line, &key, root, &trust, code_out))
		return false;
	snapshot = snapshot_open(line->snapshot, &trust, line->crypto, &error);
	if (snapshot == NULL) {
		*code_out = command_error(error, EXIT_INPUT);
		return false;
	}
	checkpoint = snapshot_checkpoint(snapshot);
	court->context.snapshot = snapshot;
	court->header.origin = checkpoint->origin;
	court->header.entries = checkpoint->size;
	court->header.root = checkpoint->root;
	court->header.vouched =
	    snapshot_vouched_name(snapshot_vouched(snapshot));
	if (snapshot_vouched(snapshot) == SNAPSHOT_BY_NOBODY)
		command_say("nobody vouches for the snapshot %s: give "
			    "--public-key or --root",
		    line->snapshot);
	return true;
}

bool
court_open_alignment(struct court *court, const struct command_line *line,
    enum exit_code *code_out)
{
	g_autofree char *path = line->suffix_list != NULL
	    ? g_strdup(line->suffix_list)
	    : installed_data("public_suffix_list.dat");
	GError *error = NULL;

	court->context.alignment =
	    alignment_open(path, line->equivalences, line->crypto, &error);
	if (court->context.alignment == NULL) {
		*code_out = command_error(error, EXIT_INPUT);
		return false;
	}
	court->header.suffix_list = alignment_list(court->context.alignment);
	return true;
}

bool
court_read_policy(struct court *court, const struct command_line *line,
    enum exit_code *code_out)
{
	struct policy *policy = &court->context.policy;

	policy->min_grade = GRADE_D;
	policy->max_gap_days =
	    line->max_gap >= 0 ? line->max_gap : MAX_GAP_DAYS;
	policy->repairs = REPAIRS_ALL;
	if (line->min_grade != NULL &&
	    !grade_from_name(
		span_from_string(line->min_grade), &policy->min_grade)) {
		*code_out = command_usage(
		    line, "--min-grade is one of A1 A2 B C1 C2 D E1 E2 F");
		return false;
	}
	if (line->repairs != NULL &&
	    !repair_scope_from_name(
		span_from_string(line->repairs), &policy->repairs)) {
		*code_out = command_usage(
		    line, "--repairs is one of none container all");
		return false;
	}
	return true;
}

bool
court_open(struct court *court, const struct command_line *line,
    bool snapshot_needed, enum exit_code *code_out)
{
	*court = (struct court){ .context.crypto = line->crypto };
	court->header.tool = "verifier " PROGRAM_VERSION;
	court->header.vouched = snapshot_vouched_name(SNAPSHOT_BY_NOBODY);
	if (snapshot_needed && line->snapshot == NULL) {
		*code_out = command_usage(line, "-s SNAPSHOT is missing");
		return false;
	}
	if (line->snapshot == NULL &&
	    (line->public_key != NULL || line->root != NULL)) {
		*code_out = command_usage(
		    line, "--public-key and --root go with -s SNAPSHOT");
		return false;
	}
	if (court_read_policy(court, line, code_out) &&
	    court_open_alignment(court, line, code_out) &&
	    anchors_choose(court, line, code_out) &&
	    (line->snapshot == NULL || open_snapshot(court, line, code_out)))
		return true;
	court_close(court);
	return false;
}

void
court_close(struct court *court)
{
	snapshot_close(court->context.snapshot);
	alignment_close((struct alignment *)court->context.alignment);
	court->context.snapshot = NULL;
	court->context.alignment = NULL;
	court->header.suffix_list = NULL;
	anchor_files_free(court->context.anchor_files);
	court->context.anchor_files = NULL;
	anchors_close(court->anchors);
	court->anchors = NULL;
}
