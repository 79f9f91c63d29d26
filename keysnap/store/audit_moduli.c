/*
 * audit_moduli.c - the distinct moduli of the keys of an audit, in blocks.
 */
#include "keysnap/store/audit_moduli.h"

#include "keysnap/key/modulus_block.h"

#include <stdlib.h>

/* The modulus of one key. */
struct member {
	struct span number;
	uint32_t key;
	bool old; /* so are it and all others with this modulus */
};

static int
compare_members(const void *a, const void *b)
{
	const struct member *one = a, *other = b;
	int order = one->number.n == other->number.n
	    ? span_compare(one->number, other->number)
	    : (one->number.n > other->number.n ? 1 : -1);

	return order != 0 ? order
			  : (one->key > other->key) - (one->key < other->key);
}

/* The old ones first, otherwise the same. */
static int
compare_ages(const void *a, const void *b)
{
	const struct member *one = a, *other = b;

	return one->old != other->old ? other->old - one->old
				      : compare_members(a, b);
}

static size_t
list_members(struct audit_moduli *moduli, const struct audit_keys *keys,
    const struct modulus_checker *checker, struct member *members)
{
	size_t n = 0;

	for (size_t i = 0; i < keys->n; i++) {
		struct span modulus = keys->keys[i].numbers.modulus;

		if (modulus.n == 0)
			continue;
		members[n] = (struct member){ modulus_without_small(checker,
						  modulus, moduli->arena),
			(uint32_t)i, i < keys->n_old };
		if (!span_equal(members[n].number, SPAN("\x01")))
			n++;
	}
	return n;
}

/* A modulus is old when all its keys are: what is found of it is found of
 * each.  Keys are numbered by age, so the last one decides. */
static void
spread_age(struct member *members, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		if (span_equal(members[i - 1].number, members[i - 2].number))
			members[i - 2].old = members[i - 1].old;
	}
}

uint64_t
audit_moduli_memory(size_t n)
{
	return (uint64_t)n *
	    (sizeof(struct member) + sizeof(struct span) + sizeof(uint32_t) +
		sizeof(size_t) + sizeof(struct audit_block));
}

void
audit_moduli_init(struct audit_moduli *moduli, const struct audit_keys *keys,
    const struct modulus_checker *checker)
{
	struct member *members = g_new(struct member, keys->n);
	size_t n;

	*moduli = (struct audit_moduli){ .arena = arena_new() };
	n = list_members(moduli, keys, checker, members);
	qsort(members, n, sizeof(*members), compare_members);
	spread_age(members, n);
	qsort(members, n, sizeof(*members), compare_ages);
	moduli->numbers = g_new(struct span, n);
	moduli->members = g_new(uint32_t, n);
	moduli->first = g_new(size_t, n + 1);
	for (size_t i = 0; i < n; i++) {
		moduli->members[i] = members[i].key;
		if (i > 0 &&
		    span_equal(members[i].number, members[i - 1].number))
			continue;
		moduli->first[moduli->n] = i;
		moduli->numbers[moduli->n++] = members[i].number;
		moduli->octets += members[i].number.n;
		moduli->n_old += members[i].old;
	}
	moduli->first[moduli->n] = n;
	g_free(members);
}

void
audit_moduli_clear(struct audit_moduli *moduli)
{
	g_free(moduli->numbers);
	g_free(moduli->members);
	g_free(moduli->first);
	g_free(moduli->blocks);
	arena_free(moduli->arena);
	*moduli = (struct audit_moduli){ 0 };
}

void
audit_moduli_cut(struct audit_moduli *moduli, uint64_t memory)
{
	struct audit_block *block = NULL;
	uint64_t octets = 0;

	g_free(moduli->blocks);
	moduli->blocks = g_new(struct audit_block, moduli->n);
	moduli->n_blocks = moduli->n_old_blocks = 0;
	for (size_t i = 0; i < moduli->n; i++) {
		octets += moduli->numbers[i].n;
		if (block == NULL || i == moduli->n_old ||
		    modulus_block_memory(block->n + 1, octets) > memory) {
			block = &moduli->blocks[moduli->n_blocks++];
			*block = (struct audit_block){ i, 0 };
			octets = moduli->numbers[i].n;
		}
		block->n++;
		moduli->n_old_blocks += i < moduli->n_old && block->n == 1;
	}
}
