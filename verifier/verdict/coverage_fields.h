/*
 * coverage_fields.h - of the fields that people and programs read a message by
 * (coverage.h), name by name: how many there are and how many are signed.
 *
 * h= takes fields of one name from the bottom up (RFC 6376 section 5.4.2), so
 * of two Subject fields and one mention the lower one is signed, while many
 * programs show the upper one.
 */
#ifndef VERIFIER_VERDICT_COVERAGE_FIELDS_H
#define VERIFIER_VERDICT_COVERAGE_FIELDS_H

#include "verifier/verdict/coverage.h"

#define COVERAGE_NAMES_MAX     32  /* names that are told apart */
#define COVERAGE_INSTANCES_MAX 8   /* fields of one name that are given */
#define COVERAGE_TEXT_MAX      256 /* octets of their text */

struct field_instance {
	struct span text; /* for people (display.h), cut; in the arena */
	bool is_signed;
};

/* A name of which more fields are there than are signed. */
struct field_surplus {
	struct span name; /* lower case */
	size_t present, is_signed;
	/* From the top; where there are more, the upper and the lower half of
	 * them. */
	struct field_instance instances[COVERAGE_INSTANCES_MAX];
	size_t n; /* of them */
};

struct coverage_fields {
	/* Lower-case names in the order of the header; "covered": every field
	 * of that name is signed. */
	struct span covered[COVERAGE_NAMES_MAX];
	size_t n_covered;
	/* Two or more fields of which one at least is not signed. */
	const struct field_surplus *surplus;
	size_t n_surplus;
	/* Named in h= more often than there are fields: none can be added
	 * unseen.  In the order of h=. */
	struct span oversigned[COVERAGE_NAMES_MAX];
	size_t n_oversigned;
	bool cut; /* more names than COVERAGE_NAMES_MAX */
};

/* In the arena.  "header" is what "facts" were made of.  NULL when the header
 * was not hashed, as nothing is signed then. */
const struct coverage_fields *coverage_fields_get(struct arena *arena,
    const struct signature_facts *facts, const struct header_index *header);

#endif
