/* test_modulus_block.c - batch GCD against greatest common divisors taken one
 * by one, and what moduli have in common. */
#include "keysnap/key/modulus_block.h"
#include "keysnap/key/shared_factor.h"

#include "keysnap/key/gmp_number.h"
#include "tests/unit/span_assert.h"

#include <string.h>

#define N_MAX 70

/* Numbers from a table of products of primes past 65536, so that some share. */
struct numbers {
	mpz_t number[N_MAX],
	    all[N_MAX]; /* all: gcd with the product of others */
	GByteArray *octets[N_MAX];
	struct span span[N_MAX];
	size_t n;
};

static void
numbers_init(struct numbers *numbers)
{
	memset(numbers, 0, sizeof(*numbers));
}

static void
numbers_add(struct numbers *numbers, const unsigned *factors)
{
	size_t i = numbers->n++;
	mpz_t prime;

	mpz_init(prime);
	mpz_init_set_ui(numbers->number[i], 1);
	mpz_init(numbers->all[i]);
	for (; *factors != 0; factors++) {
		mpz_ui_pow_ui(prime, *factors, 9);
		mpz_add_ui(prime, prime, *factors);
		mpz_nextprime(prime, prime);
		mpz_mul(numbers->number[i], numbers->number[i], prime);
	}
	mpz_clear(prime);
	numbers->octets[i] = g_byte_array_new();
	numbers->span[i] =
	    gmp_number_write(numbers->octets[i], numbers->number[i]);
}

static void
numbers_finish(struct numbers *numbers)
{
	mpz_t others;

	mpz_init(others);
	for (size_t i = 0; i < numbers->n; i++) {
		mpz_set_ui(others, 1);
		for (size_t k = 0; k < numbers->n; k++) {
			if (k != i)
				mpz_mul(others, others, numbers->number[k]);
		}
		mpz_gcd(numbers->all[i], others, numbers->number[i]);
	}
	mpz_clear(others);
}

static void
numbers_clear(struct numbers *numbers)
{
	for (size_t i = 0; i < numbers->n; i++) {
		mpz_clear(numbers->number[i]);
		mpz_clear(numbers->all[i]);
		g_byte_array_unref(numbers->octets[i]);
	}
}

struct seen {
	const struct numbers *numbers;
	size_t start;
	bool found[N_MAX];
};

static void
see(void *user, size_t i, struct span gcd)
{
	struct seen *seen = user;
	mpz_t got;

	i += seen->start;
	g_assert_false(seen->found[i]);
	seen->found[i] = true;
	mpz_init(got);
	gmp_number_read(got, gcd);
	g_assert_cmpint(mpz_cmp(got, seen->numbers->all[i]), ==, 0);
	g_assert_cmpint(mpz_cmp_ui(got, 1), !=, 0);
	mpz_clear(got);
}

/* In blocks of "size": all pairs are covered, whatever the blocks. */
static void
check_blocks(const struct numbers *numbers, size_t size)
{
	const struct modulus_product *others[N_MAX];
	struct modulus_product *products[N_MAX];
	struct seen seen = { .numbers = numbers };
	size_t n = (numbers->n + size - 1) / size;

	for (size_t i = 0; i < n; i++)
		products[i] = modulus_product_new(
		    numbers->span + i * size, MIN(size, numbers->n - i * size));
	for (size_t i = 0; i < n; i++) {
		struct modulus_block block = { numbers->span + i * size,
			MIN(size, numbers->n - i * size), true, others, 0 };

		for (size_t k = 0; k < n; k++) {
			if (k != i)
				others[block.n_others++] = products[k];
		}
		seen.start = i * size;
		modulus_block_gcd(&block, see, &seen);
	}
	for (size_t i = 0; i < numbers->n; i++)
		g_assert_cmpint(
		    seen.found[i], ==, mpz_cmp_ui(numbers->all[i], 1) != 0);
	for (size_t i = 0; i < n; i++)
		modulus_product_free(products[i]);
}

static void
test_blocks(void)
{
	struct numbers numbers;

	numbers_init(&numbers);
	for (unsigned i = 0; i < N_MAX; i++) {
		/* Every tenth one has a prime of the one three before. */
		const unsigned factors[] = { 100 + i,
			i % 10 == 3 ? 100 + i - 3 : 500 + i, 0 };

		numbers_add(&numbers, factors);
	}
	numbers_finish(&numbers);
	for (size_t size = 1; size <= N_MAX; size++)
		check_blocks(&numbers, size);
	numbers_clear(&numbers);
}

/* With others only: an old block and the new moduli. */
static void
test_not_among(void)
{
	const unsigned table[][3] = { { 100, 101 }, { 100, 102 },
		{ 103, 104 } };
	struct modulus_product *product;
	const struct modulus_product *others[1];
	struct numbers numbers;
	struct modulus_block block = { numbers.span, 2, false, others, 1 };
	struct seen seen = { .numbers = &numbers };

	numbers_init(&numbers);
	for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
		numbers_add(&numbers, table[i]);
	numbers_finish(&numbers);
	others[0] = product = modulus_product_new(numbers.span + 2, 1);
	modulus_block_gcd(&block, see, &seen);
	g_assert_false(seen.found[0]);
	modulus_product_free(product);
	others[0] = product = modulus_product_new(numbers.span + 1, 1);
	block.n = 1;
	modulus_block_gcd(&block, see, &seen);
	g_assert_true(seen.found[0]);
	modulus_product_free(product);
	numbers_clear(&numbers);
}

/* Rows of primes; what is found of each: "-" nothing, "f" a factor, "F" and
 * both are primes, "d" it divides others; and how many others. */
static const struct {
	const char *name;
	unsigned primes[8][5];
	const char *want;
} cases[] = {
	{ "a pair", { { 1, 2 }, { 1, 3 }, { 4, 5 } }, "F1 F1 -" },
	{ "a triangle: all factors shared", { { 1, 2 }, { 2, 3 }, { 3, 1 } },
	    "F2 F2 F2" },
	{ "a star", { { 1, 2 }, { 1, 3 }, { 1, 4 }, { 1, 5 } }, "F3 F3 F3 F3" },
	{ "a multiple discredits nobody", { { 1, 2 }, { 1, 2, 3 } }, "d1 f1" },
	{ "two multiples", { { 1, 2 }, { 1, 2, 3 }, { 1, 2, 4 } }, "d2 f2 f2" },
	{ "a multiple of two", { { 1, 2 }, { 3, 4 }, { 1, 2, 3, 4 } },
	    "d1 d1 f2" },
	{ "a multiple and a real one", { { 1, 2 }, { 1, 2, 3 }, { 1, 5 } },
	    "F1 f2 F1" },
	{ "a prime among them", { { 1 }, { 1, 2 }, { 3, 4 } }, "d1 F1 -" },
	{ "a square", { { 1, 1 }, { 1, 2 } }, "F1 F1" },
	{ "three primes each", { { 1, 2, 3 }, { 3, 4, 5 }, { 6, 7, 8 } },
	    "f1 f1 -" },
};

static void
check_shared(size_t index)
{
	struct shared_factor shared[8];
	struct numbers numbers;
	GString *got = g_string_new(NULL);
	g_autoptr(arena_auto) arena = arena_new();
	size_t at[8], n = 0;

	numbers_init(&numbers);
	for (size_t i = 0; cases[index].primes[i][0] != 0; i++) {
		unsigned primes[6] = { 0 };

		for (size_t k = 0; cases[index].primes[i][k] != 0; k++)
			primes[k] = 100 + cases[index].primes[i][k];
		numbers_add(&numbers, primes);
	}
	numbers_finish(&numbers);
	for (size_t i = 0; i < numbers.n; i++) {
		g_autoptr(GByteArray) octets = g_byte_array_new();

		if (mpz_cmp_ui(numbers.all[i], 1) == 0)
			continue;
		at[n] = i;
		shared[n++] =
		    (struct shared_factor){ .modulus = numbers.span[i],
			    .gcd = arena_copy(arena,
				gmp_number_write(octets, numbers.all[i])) };
	}
	shared_factor_find(shared, n, arena);
	for (size_t i = 0, k = 0; i < numbers.n; i++) {
		bool found = k < n && at[k] == i;

		g_string_append(got, i > 0 ? " " : "");
		if (!found) {
			g_string_append_c(got, '-');
			continue;
		}
		g_string_append_printf(got, "%c%zu",
		    shared[k].factor.n == 0  ? 'd'
			: shared[k].factored ? 'F'
					     : 'f',
		    shared[k].n_all);
		g_assert_false(shared[k].given_up);
		for (size_t w = 0; w < shared[k].n_with; w++)
			g_assert_cmpuint(shared[k].with[w], !=, k);
		k++;
	}
	span_assert_equal(cases[index].name, span_from_string(got->str),
	    span_from_string(cases[index].want));
	numbers_clear(&numbers);
	g_string_free(got, TRUE);
}

static void
test_shared(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		check_shared(i);
}

static void
test_memory(void)
{
	uint64_t one = modulus_block_memory(1, 256);

	g_assert_cmpuint(one, >, 256 * 16);
	g_assert_cmpuint(modulus_block_memory(100000, 25600000), >,
	    UINT64_C(841) << 20); /* as measured */
	g_assert_cmpuint(modulus_block_memory(1000, 1000), >, 1000 * 256);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/modulus-block/blocks", test_blocks);
	g_test_add_func("/modulus-block/not-among", test_not_among);
	g_test_add_func("/modulus-block/shared", test_shared);
	g_test_add_func("/modulus-block/memory", test_memory);
	return g_test_run();
}
