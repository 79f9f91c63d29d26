/*
 * repair_search.h - the repairs under which a signature holds.
 *
 * The repairs are tried in their order, each of its variants alone, then in
 * pairs: those of the body with bh= as the judge, those of the header with
 * the signature.  Where RSA gave back the digest that was signed, a header
 * is judged by that digest and needs no key.  What is found is checked again
 * as a whole by the caller, like any message.
 *
 * The work is bounded for each message, whatever its signatures:
 * REPAIR_PASSES times its octets and REPAIR_OCTETS more, of them at most
 * REPAIR_HEADER_OCTETS for the header.  Every octet that is hashed or read
 * counts, and the memory of every edit.  A search that ends there says so.
 */
#ifndef VERIFIER_REPAIR_REPAIR_SEARCH_H
#define VERIFIER_REPAIR_REPAIR_SEARCH_H

#include "verifier/dkim/facts.h"
#include "verifier/repair/repair.h"

#define REPAIR_PASSES	   12	    /* over the message */
#define REPAIR_OCTETS	   (1u << 18) /* more, for small messages */
#define REPAIR_HEADER_MAX  (1u << 17) /* octets of a header that is repaired */
#define REPAIR_HEADER_OCTETS \
	(1u << 24) /* each header that is tried stays in the arena */
#define REPAIRS_TOGETHER   6	    /* before the search, two in the body, two
				       in the header; one to spare */
#define REPAIR_KEY_CHECK   (1u << 15) /* octets that a check with a key that
				       gives no digest back is counted for */

/* Repairs and the edits that make them. */
struct repair_set {
	const struct repair *repairs[REPAIRS_TOGETHER]; /* no repair twice */
	size_t n;
	struct edit_list edits;
};

/* What a reader sees of all of them: the most. */
enum repair_effect repair_set_effect(const struct repair_set *set);

/* What a search works with; all borrowed. */
struct repair_tools {
	struct arena *arena;
	struct body_hasher *bodies;
	struct digest *digests; /* two, by enum digest_algorithm */
	uint8_t *buffer;	/* READING_BUFFER */
};

struct repair_search {
	const struct repair_tools *tools;
	const struct message *message; /* with the edits of "base" */
	const struct repair_set *base; /* what was repaired before */
	struct body_traits traits;
	uint64_t left;	      /* octets of the budget */
	uint64_t header_left; /* of them, for the header */
	bool cut;      /* the budget was used up */
};

/* Begin with "message", read with the edits of "base". */
void repair_search_start(struct repair_search *search,
    const struct repair_tools *tools, const struct message *message,
    const struct repair_set *base);

/*
 * Look for repairs under which the signature of "facts", checked with
 * "candidates" (facts->n_candidates of them), holds.  True when something
 * was found for what did not hold: the body, the header, or both; "found_out"
 * then has the base's repairs too, and lives in the arena.
 */
bool repair_search_run(struct repair_search *search,
    const struct signature_facts *facts, const struct candidate *candidates,
    struct repair_set *found_out);

/*
 * A byte order mark before the first field hides that field.  True with its
 * removal in "found_out" when "message" begins with one.
 */
bool repair_byte_order_mark(struct repair_set *found_out, struct arena *arena,
    const struct message *message);

#endif
