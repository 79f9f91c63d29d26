/*
 * provenance_anchor.c - proofs from outside that entries existed.
 *
 * A time stamp and an OpenTimestamps proof are of somebody who has nothing to
 * do with the log.  A signed note is its signer's word for the time, and that
 * may be the log's own keeper: it does not count.
 * Limit: WITNESS_ANCHORS_MAX.
 */
#include "keysnap/store/provenance_witness.h"

#include <stdlib.h>
#include <string.h>

static bool
counts(const struct derivation *derivation, uint64_t number,
    const struct entry *entry)
{
	const struct entry_anchor *anchor = &entry->anchor;

	/* A certificate that had ended when it was checked proves nothing. */
	return entry->type == ENTRY_ANCHOR && anchor->kind != ANCHOR_NOTE &&
	    (anchor->until == TIMESTAMP_NONE ||
		anchor->made <= anchor->until) &&
	    !derivation_is_foreign(derivation, number) &&
	    !derivation_retracted(derivation, number, entry);
}

static int
compare(const void *a, const void *b)
{
	const struct derived_anchor *left = a, *right = b;

	return (left->time > right->time) - (left->time < right->time);
}

void
anchors_collect(struct derivation *derivation)
{
	const struct bearing *log = &derivation->input->of_log;
	struct derived_anchor *anchors = arena_alloc_array(derivation->arena,
	    MIN(log->n, WITNESS_ANCHORS_MAX), sizeof(*anchors));
	size_t n = 0;

	for (size_t i = 0; i < log->n && n < WITNESS_ANCHORS_MAX; i++) {
		const struct entry_anchor *anchor = &log->entries[i].anchor;

		if (!counts(derivation, log->numbers[i], &log->entries[i]))
			continue;
		anchors[n].size = anchor->of_state ? anchor->size : 0;
		anchors[n].digest = anchor->digest;
		anchors[n++].time =
		    timestamp_end(anchor->time, anchor->precision);
	}
	qsort(anchors, n, sizeof(*anchors), compare);
	derivation->anchors = anchors;
	derivation->n_anchors = n;
}

static bool
has_digest(struct entry_hashes hashes, const uint8_t digest[32])
{
	for (size_t i = 0; i < hashes.n; i++) {
		if (memcmp(hashes.items[i], digest, 32) == 0)
			return true;
	}
	return false;
}

static bool
is_of(const struct derived_anchor *anchor, const struct anchored *what)
{
	const struct entry_source *source = what->source;

	if (anchor->size > 0)
		return what->number < anchor->size;
	return has_digest(what->evidence, anchor->digest) ||
	    has_digest(what->more, anchor->digest) ||
	    (source != NULL &&
		(memcmp(source->sha256, anchor->digest, 32) == 0 ||
		    has_digest((struct entry_hashes){ source->evidence,
				   source->n_evidence },
			anchor->digest)));
}

bool
anchors_hold(const struct derivation *derivation, const struct anchored *what)
{
	for (size_t i = 0; i < derivation->n_anchors; i++) {
		const struct derived_anchor *anchor = &derivation->anchors[i];

		if (anchor->time > what->to)
			return false;
		if (anchor->time >= what->from && is_of(anchor, what))
			return true;
	}
	return false;
}
