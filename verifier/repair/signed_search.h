/*
 * signed_search.h - what was signed, where the header is not as it was.
 *
 * RSA gives back the digest that was signed (a well-formed DigestInfo shows
 * that this key made the signature).  Guesses at what the fields were (guess.h)
 * are put in place of what is stored, and hashed: one field at a time; all
 * that belong together, as the copies in z=; and pairs of the likeliest.  The
 * one that gives the digest is proved.  Nothing else proves anything, and
 * without it nothing is said.
 *
 * An Ed25519 key gives no digest back and has to check each guess, which
 * counts for SIGNED_KEY_CHECK octets: so only some thirty guesses are tried.
 *
 * Work for one message, whatever its signatures: SIGNED_OCTETS and
 * SIGNED_PASSES times its header, in octets hashed; GUESS_OCTETS_MAX of
 * guesses; for the first SIGNED_PLACES_MAX names of h=.  A search that ends
 * there says so (search->guessing.cut).
 */
#ifndef VERIFIER_REPAIR_SIGNED_SEARCH_H
#define VERIFIER_REPAIR_SIGNED_SEARCH_H

#include "verifier/repair/guess.h"
#include "verifier/repair/repair_search.h"

#define SIGNED_OCTETS	  (1u << 20)
#define SIGNED_PASSES	  8
#define SIGNED_TRY	  256 /* octets that a try counts for beside its hash */
#define SIGNED_PLACES_MAX 64  /* names of h= that guesses are made for */

/*
 * Search for the signature of "facts", which a usable key made over another
 * header (checked with "candidates").  True with the fields that differ, in
 * the order of h=, in the arena.
 */
bool signed_search_run(struct repair_search *search,
    const struct signature_facts *facts, const struct candidate *candidates,
    struct signed_found *found_out);

/* The edits that put the fields of "found" in place of what is stored.  False
 * when a field has no place there, or the base has edits of its own. */
bool signed_search_edits(const struct repair_search *search,
    const struct signed_found *found, struct edit_list *edits_out);

#endif
