/*
 * arc_seal.c - what an ARC-Seal signs: RFC 8617 sections 5.1.1 and 5.1.2.
 *
 * A seal signs all sets before its own too.  The digest runs along the chain,
 * and each seal takes its hash from a copy of it.
 */
#include "verifier/dkim/arc_seal.h"

#include "verifier/dkim/canon_header.h"

#include <string.h>

/* A sink that appends to memory known to be large enough. */
struct copy {
	struct sink sink; /* first */
	uint8_t *p;
	size_t n, size;
};

static void
copy_push(struct sink *self, struct span span)
{
	struct copy *copy = (struct copy *)self;

	g_assert(span.n <= copy->size - copy->n);
	memcpy(copy->p + copy->n, span.p, span.n);
	copy->n += span.n;
}

/* The seal's own field without b=.  Relaxed, a field grows by one octet at
 * most: the space that stands for a lone tab between others. */
static struct span
own_field(struct arena *arena, const struct signature *seal)
{
	size_t size = seal->field->whole.n + 1;
	struct copy copy = { { copy_push }, arena_alloc(arena, size), 0, size };
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	gather_start(&gather, buffer, sizeof(buffer), &copy.sink);
	canon_header_push_signature(
	    CANON_RELAXED, seal->field, seal->b_raw, &gather);
	gather_flush(&gather);
	return (struct span){ copy.p, copy.n };
}

static void
add_field(struct sink *out, const struct header_field *field)
{
	uint8_t buffer[CANON_HEADER_BUFFER];
	struct gather gather;

	gather_start(&gather, buffer, sizeof(buffer), out);
	canon_header_push(CANON_RELAXED, field, &gather);
	gather_flush(&gather);
}

static struct signature_facts *
facts_of(struct signature_facts *facts, size_t n, const struct signature *seal)
{
	for (size_t i = 0; i < n; i++) {
		if (facts[i].signature == seal)
			return &facts[i];
	}
	return NULL;
}

static void
mark_set(struct signature_facts *facts, const struct arc_set *set,
    const struct header_index *header)
{
	uint8_t *is_signed = facts->selection.signed_fields;

	is_signed[set->results - header->fields] = 1;
	is_signed[set->message->field - header->fields] = 1;
	if (set->seal != facts->signature)
		is_signed[set->seal->field - header->fields] = 1;
}

/* Take the hash: what "digest" has, and the seal's own field. */
static void
take_hash(struct signature_facts *facts, const struct arc *arc, unsigned first,
    struct arena *arena, const struct header_index *header,
    const struct digest *digest)
{
	const struct signature *seal = facts->signature;

	facts->selection.signed_fields = arena_alloc_array(arena, header->n, 1);
	for (unsigned i = first; i <= seal->instance; i++)
		mark_set(facts, &arc->sets[i], header);
	digest_peek_behind(digest, own_field(arena, seal), facts->header_hash);
	facts->header_hash_n = digest->size;
	facts->header_hashed =
	    seal->b.p != NULL && seal->algorithm != SIGNATURE_ALGORITHM_UNKNOWN;
}

/* Seals that say cv=fail: as if their set were the only one. */
static void
hash_broken(struct signature_facts *facts, size_t n, const struct arc *arc,
    struct arena *arena, const struct header_index *header,
    struct digest digests[2])
{
	for (size_t i = 0; i < n; i++) {
		const struct signature *seal = facts[i].signature;
		const struct arc_set *set = &arc->sets[seal->instance];

		if (seal->kind != SIGNATURE_ARC_SEAL ||
		    seal->chain != ARC_CV_FAIL || !arc_set_is_complete(set))
			continue;
		struct digest *digest = &digests[seal->digest];
		digest_reset(digest);
		add_field(&digest->sink, set->results);
		add_field(&digest->sink, set->message->field);
		take_hash(
		    &facts[i], arc, seal->instance, arena, header, digest);
	}
}

/* The seals of one algorithm. */
static void
hash_chain(struct signature_facts *facts, size_t n, const struct arc *arc,
    struct arena *arena, const struct header_index *header,
    struct digest *digest, enum digest_algorithm algorithm)
{
	digest_reset(digest);
	for (unsigned i = 1; i <= arc->highest; i++) {
		const struct arc_set *set = &arc->sets[i];

		if (!arc_set_is_complete(set))
			return;
		add_field(&digest->sink, set->results);
		add_field(&digest->sink, set->message->field);
		if (set->seal->digest == algorithm &&
		    set->seal->chain != ARC_CV_FAIL)
			take_hash(facts_of(facts, n, set->seal), arc, 1, arena,
			    header, digest);
		add_field(&digest->sink, set->seal->field);
	}
}

static bool
has_algorithm(const struct signature_facts *facts, size_t n,
    enum digest_algorithm algorithm)
{
	for (size_t i = 0; i < n; i++) {
		if (facts[i].signature->kind == SIGNATURE_ARC_SEAL &&
		    facts[i].signature->digest == algorithm)
			return true;
	}
	return false;
}

void
arc_hash_seals(struct signature_facts *facts, size_t n, const struct arc *arc,
    struct arena *arena, const struct header_index *header,
    struct digest digests[2])
{
	static const enum digest_algorithm algorithms[] = { DIGEST_SHA256,
		DIGEST_SHA1 };

	for (size_t i = 0; i < G_N_ELEMENTS(algorithms); i++) {
		if (has_algorithm(facts, n, algorithms[i]))
			hash_chain(facts, n, arc, arena, header,
			    &digests[algorithms[i]], algorithms[i]);
	}
	hash_broken(facts, n, arc, arena, header, digests);
}

void
arc_push_seal(const struct signature *seal, const struct arc *arc,
    struct arena *arena, struct sink *out)
{
	unsigned first = seal->chain == ARC_CV_FAIL ? seal->instance : 1;

	for (unsigned i = first; i <= seal->instance; i++) {
		const struct arc_set *set = &arc->sets[i];

		add_field(out, set->results);
		add_field(out, set->message->field);
		if (set->seal != seal)
			add_field(out, set->seal->field);
	}
	sink_push(out, own_field(arena, seal));
}
