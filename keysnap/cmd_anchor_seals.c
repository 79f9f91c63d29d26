/*
 * cmd_anchor_seals.c - the time stamps over a snapshot, as anchors of the store
 * that it was made of.
 */
#include "keysnap/cmd_anchor.h"
#include "keysnap/store/seal_timestamp.h"
#include "keysnap/store/snapshot_seals.h"

/* The files that it takes to check seal "number": those beside it, and where
 * one renews another, all. */
static void
keep_seals(struct anchoring *anchoring, const struct seal_set *set,
    const struct seal *seal)
{
	bool all = seal->renews > 0 || seal->renewed_by > 0;

	for (size_t i = 0; i < set->n; i++) {
		const struct seal_file *file = &set->files[i];

		if (file != seal->file &&
		    (all || seal_number(file->name) == seal->number))
			anchor_writer_keep(&anchoring->writer, file->octets);
	}
}

/* Until when it is good: as long as the last of those that renewed it. */
static int64_t
find_end(const struct seal *list, size_t n, const struct seal *seal)
{
	for (size_t i = 0; i < n; i++) {
		if (seal->renewed_by > 0 &&
		    list[i].number == seal->renewed_by &&
		    list[i].kind == SEAL_TIMESTAMP)
			return find_end(list, n, &list[i]);
	}
	return seal->expires;
}

static enum exit_code
add_seal(struct anchoring *anchoring, const struct snapshot_seals *seals,
    const struct seal *seal, int64_t until)
{
	struct seal_timestamp_content content;
	struct time_proof proof = { .kind = ANCHOR_RFC3161,
		.authority = seal->authority,
		.until = until };
	struct entry entry;
	GError *error = NULL;
	enum exit_code code;

	if (!seal_timestamp_read(
		anchoring->line->crypto, seal->file->octets, &content))
		return EXIT_INPUT;
	proof.time = timestamp_clamp(seal->time + content.accuracy);
	entry_init(&entry, ENTRY_ANCHOR);
	anchoring_fill(anchoring, &entry.anchor, &proof);
	code = anchoring_take_state(anchoring, &seals->folder.checkpoint,
	    seals->folder.path, &entry.anchor);
	if (code != EXIT_DONE)
		return code;
	anchor_writer_start(&anchoring->writer);
	anchor_writer_keep(&anchoring->writer, seal->file->octets);
	anchor_writer_keep(&anchoring->writer, seals->folder.checkpoint_octets);
	keep_seals(anchoring, &seals->set, seal);
	anchoring_keep_trust(anchoring, &proof);
	return anchor_writer_add(&anchoring->writer, &entry, &error)
	    ? EXIT_DONE
	    : command_error(error, true);
}

static enum exit_code
add_seals(struct anchoring *anchoring, const struct snapshot_seals *seals)
{
	const struct seal_trust trust = {
		.tsa_ca = anchoring->files.trust.tsa_ca, .now = anchoring->made
	};
	struct seal_question question;
	struct seal *list;
	size_t n, added = 0;
	enum exit_code code = EXIT_DONE;

	snapshot_seals_question(
	    seals, anchoring->line->crypto, &trust, &question);
	seals_check(&question, anchoring->arena, &list, &n);
	for (size_t i = 0; i < n && code == EXIT_DONE; i++) {
		if (list[i].kind != SEAL_TIMESTAMP ||
		    list[i].state == SEAL_UNKNOWN)
			continue;
		if (list[i].state != SEAL_HOLDS) {
			command_say("%s is not added: %s", list[i].file->name,
			    list[i].text);
			continue;
		}
		code = add_seal(
		    anchoring, seals, &list[i], find_end(list, n, &list[i]));
		added++;
	}
	if (code == EXIT_DONE && added == 0) {
		command_say("%s has no time stamp that counts",
		    anchoring->line->arguments[1]);
		return EXIT_INPUT;
	}
	return code;
}

enum exit_code
anchoring_add_snapshot(struct anchoring *anchoring)
{
	struct snapshot_seals seals;
	GError *error = NULL;
	enum exit_code code;

	if (snapshot_seals_read(&seals, anchoring->line->arguments[1],
		anchoring->line->crypto, &error))
		code = add_seals(anchoring, &seals);
	else
		code = command_error(error, false);
	snapshot_seals_clear(&seals);
	return code;
}
