/*
 * shared_factor.c - which moduli have which factor in common.
 *
 * Where the common divisor is a proper factor, it and its cofactor are known
 * at once, and moduli with the same one are found by its octets.  Where it is
 * the modulus itself, the others are tried one by one until one has a proper
 * factor in common with it.
 */
#include "keysnap/key/shared_factor.h"

#include "keysnap/key/gmp_number.h"

#include <stdlib.h>

#define PRIME_ROUNDS 25 /* of GMP's test */

/* A modulus that was found to have a factor. */
struct owner {
	struct span factor;
	size_t i;
};

struct finding {
	struct shared_factor *shared;
	size_t n;
	struct arena *arena;
	GArray *owners; /* struct owner, sorted: hashing by octets would leave
			   the order of work to whoever makes the moduli */
	GByteArray *octets;
	uint64_t tries;
	mpz_t one, other, common;
};

static int
compare_owners(gconstpointer a, gconstpointer b)
{
	const struct owner *one = a, *other = b;
	int order = span_compare(one->factor, other->factor);

	return order != 0 ? order : (one->i > other->i) - (one->i < other->i);
}

/* "i" has "factor". */
static void
join(struct finding *finding, struct span factor, size_t i)
{
	struct owner owner = { factor, i };

	g_array_append_val(finding->owners, owner);
}

/* The greatest common divisor of two in finding->common; false when there
 * were too many. */
static bool
compare(struct finding *finding, size_t i, size_t k)
{
	if (finding->tries >= SHARED_FACTOR_TRIES)
		return false;
	finding->tries++;
	gmp_number_read(finding->one, finding->shared[i].modulus);
	gmp_number_read(finding->other, finding->shared[k].modulus);
	mpz_gcd(finding->common, finding->one, finding->other);
	return true;
}

/* Is finding->common a proper factor of finding->one? */
static bool
is_proper(const struct finding *finding)
{
	return mpz_cmp_ui(finding->common, 1) > 0 &&
	    mpz_cmp(finding->common, finding->one) < 0;
}

/* Is what batch GCD found a proper factor?  What was not calculated just now
 * but kept is not taken on trust. */
static bool
is_factor(struct finding *finding, size_t i)
{
	gmp_number_read(finding->one, finding->shared[i].modulus);
	gmp_number_read(finding->common, finding->shared[i].gcd);
	return is_proper(finding) &&
	    mpz_divisible_p(finding->one, finding->common) != 0;
}

static void
add_with(struct shared_factor *shared, size_t k)
{
	shared->n_all++;
	if (shared->n_with < SHARED_FACTOR_WITH_MAX)
		shared->with[shared->n_with++] = k;
}

/* The common divisor is the modulus: look for one other that has only a part
 * of it. */
static void
search(struct finding *finding, size_t i)
{
	struct shared_factor *shared = &finding->shared[i];

	for (size_t k = 0; k < finding->n; k++) {
		if (k == i)
			continue;
		if (!compare(finding, i, k)) {
			shared->given_up = true;
			return;
		}
		if (is_proper(finding)) {
			shared->factor = arena_copy(finding->arena,
			    gmp_number_write(finding->octets, finding->common));
			shared->n_with = shared->n_all = 0;
			return;
		}
		if (mpz_cmp(finding->common, finding->one) == 0)
			add_with(shared, k);
	}
}

/* Where "i" has a factor: it and the cofactor, by their octets. */
static void
join_both(struct finding *finding, size_t i)
{
	struct shared_factor *shared = &finding->shared[i];

	if (shared->factor.n == 0) {
		/* It may be the factor of a multiple. */
		join(finding, shared->modulus, i);
		return;
	}
	gmp_number_read(finding->one, shared->modulus);
	gmp_number_read(finding->other, shared->factor);
	join(finding, shared->factor, i);
	mpz_divexact(finding->common, finding->one, finding->other);
	if (mpz_cmp(finding->common, finding->other) != 0)
		join(finding,
		    arena_copy(finding->arena,
			gmp_number_write(finding->octets, finding->common)),
		    i);
}

static void
take_owners(struct finding *finding, struct span factor, size_t i)
{
	const struct owner *owners =
	    (const struct owner *)(const void *)finding->owners->data;
	struct shared_factor *shared = &finding->shared[i];
	guint low = 0, high = finding->owners->len;

	/* The first that is not smaller. */
	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (span_compare(owners[middle].factor, factor) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < finding->owners->len &&
	     span_equal(owners[low].factor, factor);
	     low++) {
		if (owners[low].i != i)
			add_with(shared, owners[low].i);
	}
}

/* Others that share the factor of "i" but had a different part of it found:
 * when no other was found at all. */
static void
search_others(struct finding *finding, size_t i)
{
	struct shared_factor *shared = &finding->shared[i];

	for (size_t k = 0; k < finding->n; k++) {
		if (k == i)
			continue;
		if (!compare(finding, i, k))
			return;
		if (is_proper(finding))
			add_with(shared, k);
	}
}

static bool
is_prime(const mpz_t number)
{
	return mpz_sizeinbase(number, 2) <= SHARED_FACTOR_PRIME_BITS &&
	    mpz_probab_prime_p(number, PRIME_ROUNDS) != 0;
}

static int
compare_indexes(const void *a, const void *b)
{
	const size_t *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

static void
find_with(struct finding *finding, size_t i)
{
	struct shared_factor *shared = &finding->shared[i];

	if (shared->factor.n == 0)
		return;
	take_owners(finding, shared->factor, i);
	gmp_number_read(finding->one, shared->modulus);
	gmp_number_read(finding->other, shared->factor);
	mpz_divexact(finding->common, finding->one, finding->other);
	shared->factored =
	    is_prime(finding->other) && is_prime(finding->common);
	/* Of this one, all factors are shared. */
	if (!span_equal(shared->gcd, shared->factor) &&
	    mpz_cmp(finding->common, finding->other) != 0)
		take_owners(finding,
		    gmp_number_write(finding->octets, finding->common), i);
	if (shared->n_all == 0)
		search_others(finding, i);
	qsort(shared->with, shared->n_with, sizeof(*shared->with),
	    compare_indexes);
}

void
shared_factor_find(struct shared_factor *shared, size_t n, struct arena *arena)
{
	struct finding finding = { .shared = shared, .n = n, .arena = arena };

	finding.owners = g_array_new(FALSE, FALSE, sizeof(struct owner));
	finding.octets = g_byte_array_new();
	mpz_inits(finding.one, finding.other, finding.common, NULL);
	for (size_t i = 0; i < n; i++) {
		shared[i].factor = (struct span){ NULL, 0 };
		shared[i].n_with = shared[i].n_all = 0;
		shared[i].given_up = shared[i].factored = false;
		if (is_factor(&finding, i))
			shared[i].factor = shared[i].gcd;
	}
	for (size_t i = 0; i < n; i++) {
		if (shared[i].factor.n == 0)
			search(&finding, i);
	}
	for (size_t i = 0; i < n; i++)
		join_both(&finding, i);
	g_array_sort(finding.owners, compare_owners);
	for (size_t i = 0; i < n; i++)
		find_with(&finding, i);
	mpz_clears(finding.one, finding.other, finding.common, NULL);
	g_byte_array_unref(finding.octets);
	g_array_unref(finding.owners);
}
