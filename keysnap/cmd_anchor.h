/*
 * cmd_anchor.h - what the files of "keysnap anchor" share: the options, and
 * anchors into a store with their evidence.
 */
#ifndef KEYSNAP_CMD_ANCHOR_H
#define KEYSNAP_CMD_ANCHOR_H

#include "keysnap/cmd.h"
#include "keysnap/store/checkpoint.h"
#include "keysnap/store/store.h"
#include "keysnap/store/time_trust.h"

struct anchor_writer {
	struct command_line *line;
	struct store *store;
	struct arena *arena;
	GString *out;	     /* what is to be printed when all is done */
	struct bearing known; /* about the log, before */
	uint8_t (*hashes)[32]; /* of the evidence kept for the next entry */
	struct span *octets;
	size_t n;
};

void anchor_writer_init(struct anchor_writer *writer,
    struct command_line *line, struct arena *arena, GString *out);

/* One transaction: everything that is added is there, or nothing is. */
bool anchor_writer_begin(struct anchor_writer *writer, GError **error);
bool anchor_writer_end(struct anchor_writer *writer, bool commit,
    GError **error);

/* Evidence of the next entry, the proof first: anything twice is kept once.
 * The octets must live as long as the arena. */
void anchor_writer_start(struct anchor_writer *writer);
void anchor_writer_keep(struct anchor_writer *writer, struct span octets);

/* Does the store have a source, or evidence, with this SHA-256?  False without
 * "error" when it has not. */
bool anchor_writer_knows(struct anchor_writer *writer,
    const uint8_t sha256[32], GError **error);

/* Add the entry with the evidence that was kept, unless the same proof of the
 * same thing is there and not retracted.  False with "error". */
bool anchor_writer_add(struct anchor_writer *writer, struct entry *entry,
    GError **error);

struct anchor_options {
	char *checkpoint, *file, *digest, *made;
	struct time_trust_paths trust;
};

struct anchoring {
	struct command_line *line;
	const struct anchor_options *given;
	struct arena *arena;
	struct time_trust_files files;
	struct anchor_writer writer;
	int64_t made;
};

/* Set what the entry has of a proof that counts. */
void anchoring_fill(struct anchoring *anchoring, struct entry_anchor *anchor,
    const struct time_proof *proof);

/* Set the state of the log that "checkpoint", of the file "path", is of.
 * EXIT_DONE; else this log never had it, and that was said. */
enum exit_code anchoring_take_state(struct anchoring *anchoring,
    const struct checkpoint *checkpoint, const char *path,
    struct entry_anchor *anchor);

/* Keep what the proof was checked against: of headers, that of its block. */
void anchoring_keep_trust(struct anchoring *anchoring,
    const struct time_proof *proof);

/* Add the time stamps of the snapshot that is the second argument. */
enum exit_code anchoring_add_snapshot(struct anchoring *anchoring);

#endif
