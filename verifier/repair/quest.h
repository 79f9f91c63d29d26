/*
 * quest.h - one search for what was signed (signed_search.h), in its parts.
 *
 * What is hashed (RFC 6376 3.7) is laid out once, as one block; a guess stands
 * in for the octets of its place.  What stands before the place is hashed once
 * for all guesses there.
 */
#ifndef VERIFIER_REPAIR_QUEST_H
#define VERIFIER_REPAIR_QUEST_H

#include "verifier/repair/signed_search.h"

/* A name of h=, and what was found for it. */
struct place {
	const struct header_field *field; /* as it is stored; NULL: none */
	struct span name;
	size_t at, n; /* in the block */
	struct guess_list guesses;
	size_t tried; /* guesses that were tried alone */
};

struct quest {
	struct repair_search *search;
	const struct signature_facts *facts;
	const struct candidate *candidates;
	struct arena *arena;
	struct digest *digest;
	enum canonicalization canon;
	struct copied_fields copied;
	struct place *places;
	size_t n;
	GByteArray *block;   /* all that is hashed, as it is stored */
	GByteArray *scratch; /* a guess and what stands behind it */
	struct signed_found *found;
	const struct place **found_places;
};

/* Fill the block, and say where in it the places are. */
void quest_lay_out(struct quest *quest);

/* The octets of the field of "place" with "value" behind its colon, as one that
 * is read from a header. */
struct header_field quest_field(
    struct arena *arena, const struct place *place, struct span value);

/* Make the canonical forms of the guesses from number "from" on; those that
 * change nothing are dropped. */
void quest_make_canons(
    struct quest *quest, struct place *place, size_t from);

/* Is "hash" what was signed? */
bool quest_is_signed(
    struct quest *quest, const uint8_t hash[DIGEST_MAX_SIZE]);

/* Try each guess that was not tried yet, alone; all of one group; the groups
 * that are at more than one place; and the likeliest in pairs.  True with what
 * was found. */
bool quest_try_singles(struct quest *quest);
bool quest_try_group(struct quest *quest, unsigned group);
bool quest_try_groups(struct quest *quest);
bool quest_try_pairs(struct quest *quest);

#endif
