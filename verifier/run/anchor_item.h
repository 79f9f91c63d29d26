/*
 * anchor_item.h - the proofs that cover one item.
 */
#ifndef VERIFIER_RUN_ANCHOR_ITEM_H
#define VERIFIER_RUN_ANCHOR_ITEM_H

#include "verifier/message/message.h"
#include "verifier/run/anchor_files.h"

/* What the proofs are looked up with; all borrowed. */
struct anchor_tools {
	const struct anchors *anchors; /* NULL: none was given */
	const struct anchor_files *files; /* or NULL */
	struct arena *arena;
	uint8_t *buffer;	/* READING_BUFFER */
	struct digest *digest;	/* SHA-256 */
};

/*
 * Find what covers "item": its wire form, which is "wire" of it (NULL: it is
 * no message), its file, the files that it lies in.
 */
void anchor_item(struct anchored *anchored_out,
    const struct anchor_tools *tools, const struct item *item,
    const struct reading *wire);

#endif
