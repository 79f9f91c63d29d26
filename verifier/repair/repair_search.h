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
#include "verifier/repair/signed_digest.h"

#define REPAIR_PASSES	   12	    /* over the message */
#define REPAIR_OCTETS	   (1u << 18) /* more, for small messages */
#define REPAIR_HEADER_MAX  (1u << 17) /* octets of a header that is repaired */
#define REPAIR_HEADER_OCTETS \
	(1u << 24) /* each header that is tried stays in the arena */
#define REPAIRS_TOGETHER   6	    /* before the search, two in the body, two
				       in the header; one to spare */

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

struct other_messages; /* guess.h */

struct repair_search {
	const struct repair_tools *tools;
	const struct other_messages *others; /* NULL: none are known */
	const struct message *message; /* with the edits of "base" */
	const struct repair_set *base; /* what was repaired before */
	struct body_traits traits;
	struct work_budget work;
	uint64_t header_left; /* of its octets, for the header */
	bool left_out; /* the header, or a proposal, is too large */
	/* For what was signed (signed_search.h), when no repair holds. */
	struct work_budget guessing;
	uint64_t guesses_left; /* octets of guesses */
	bool guesses_cut;      /* not all guesses were made */
};

/* Begin with "message", read with the edits of "base". */
void repair_search_start(struct repair_search *search,
    const struct repair_tools *tools, const struct message *message,
    const struct repair_set *base);

/* What was signed instead of what is stored, as it was found. */
struct signed_found {
	struct signed_fields fields; /* n 0: nothing was found */
	const struct header_field *const *places; /* each field as it is
						     stored; NULL: it is not */
	size_t candidate; /* whose key made the signature */
	bool same_text;	  /* people read the same */
};

/*
 * Look for repairs under which the signature of "facts", checked with
 * "candidates" (facts->n_candidates of them), holds.  True when something
 * was found for what did not hold: the body, the header, or both; "found_out"
 * then has the base's repairs too, and lives in the arena.
 *
 * Where no repair of the header holds, what was signed is searched for
 * (signed_search.h).  When people would read the same, that is a repair, too;
 * else it is given in "signed_out" (else n is 0), and nothing is mended.
 */
bool repair_search_run(struct repair_search *search,
    const struct signature_facts *facts, const struct candidate *candidates,
    struct repair_set *found_out, struct signed_found *signed_out);

/*
 * A byte order mark before the first field hides that field.  True with its
 * removal in "found_out" when "message" begins with one.
 */
bool repair_byte_order_mark(struct repair_set *found_out, struct arena *arena,
    const struct message *message);

#endif
