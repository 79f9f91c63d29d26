/*
 * modulus_block.c - products of blocks of moduli, and batch GCD over them.
 */
#include "keysnap/key/modulus_block.h"

#include "keysnap/key/gmp_number.h"

#define LEVELS      64
#define BESIDE_TREE 16  /* times the moduli: sums, rests, GMP's own */
#define OF_NUMBER   512 /* octets that a small number takes, in all */

struct modulus_product {
	mpz_t value;
};

/* Level 0 has the moduli, each other one the products of two below; the last
 * of an odd number goes up as it is. */
struct tree {
	mpz_t *nodes[LEVELS];
	size_t n[LEVELS];
	unsigned top; /* level of the product of all */
};

uint64_t
modulus_block_memory(size_t n, uint64_t octets)
{
	uint64_t levels = 1;

	for (size_t left = n; left > 1; left = (left + 1) / 2)
		levels++;
	return octets * 6 / 5 * (levels + BESIDE_TREE) +
	    (uint64_t)n * OF_NUMBER;
}

static mpz_t *
new_numbers(size_t n)
{
	mpz_t *numbers = g_new(mpz_t, n);

	for (size_t i = 0; i < n; i++)
		mpz_init(numbers[i]);
	return numbers;
}

static void
free_numbers(mpz_t *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		mpz_clear(numbers[i]);
	g_free(numbers);
}

static void
plant(struct tree *tree, const struct span *moduli, size_t n)
{
	g_assert(n > 0);
	tree->top = 0;
	tree->n[0] = n;
	tree->nodes[0] = new_numbers(n);
	for (size_t i = 0; i < n; i++) {
		gmp_number_read(tree->nodes[0][i], moduli[i]);
		g_assert(mpz_sgn(tree->nodes[0][i]) > 0);
	}
}

/* sums[i] belongs to node i of the top level; make those of the next one:
 * what leaves one modulus of the left out, times all of the right, and the
 * other way round. */
static void
add_sums(const struct tree *tree, mpz_t *sums)
{
	mpz_t *nodes = tree->nodes[tree->top];
	size_t n = tree->n[tree->top];
	mpz_t sum;

	mpz_init(sum);
	for (size_t i = 0; i + 1 < n; i += 2) {
		mpz_mul(sum, sums[i], nodes[i + 1]);
		mpz_addmul(sum, sums[i + 1], nodes[i]);
		mpz_swap(sums[i / 2], sum);
	}
	if (n % 2 != 0)
		mpz_swap(sums[n / 2], sums[n - 1]);
	mpz_clear(sum);
}

static void
grow_level(struct tree *tree)
{
	mpz_t *below = tree->nodes[tree->top];
	size_t n = tree->n[tree->top], half = (n + 1) / 2;
	mpz_t *nodes = new_numbers(half);

	for (size_t i = 0; i < n / 2; i++)
		mpz_mul(nodes[i], below[2 * i], below[2 * i + 1]);
	if (n % 2 != 0)
		mpz_set(nodes[half - 1], below[n - 1]);
	tree->top++;
	tree->nodes[tree->top] = nodes;
	tree->n[tree->top] = half;
}

struct modulus_product *
modulus_product_new(const struct span *moduli, size_t n)
{
	struct modulus_product *product = g_new(struct modulus_product, 1);
	struct tree tree;

	mpz_init(product->value);
	plant(&tree, moduli, n);
	while (tree.n[tree.top] > 1) {
		grow_level(&tree);
		free_numbers(tree.nodes[tree.top - 1], tree.n[tree.top - 1]);
	}
	mpz_swap(product->value, tree.nodes[tree.top][0]);
	free_numbers(tree.nodes[tree.top], 1);
	return product;
}

void
modulus_product_free(struct modulus_product *product)
{
	if (product == NULL)
		return;
	mpz_clear(product->value);
	g_free(product);
}

/* Grow the tree; *rest_out is the sum of the products that leave one modulus
 * out. */
static void
grow_among(struct tree *tree, mpz_t rest_out)
{
	size_t n = tree->n[0];
	mpz_t *sums = new_numbers(n);

	for (size_t i = 0; i < n; i++)
		mpz_set_ui(sums[i], 1);
	while (tree->n[tree->top] > 1) {
		add_sums(tree, sums);
		for (size_t i = (tree->n[tree->top] + 1) / 2;
		     i < tree->n[tree->top]; i++)
			mpz_realloc2(sums[i], 1);
		grow_level(tree);
	}
	mpz_swap(rest_out, sums[0]);
	free_numbers(sums, n);
}

/* Multiply "rest" by the others, modulo the product of the block. */
static void
take_others(
    const struct modulus_block *block, const struct tree *tree, mpz_t rest)
{
	mpz_t *all = tree->nodes[tree->top];
	mpz_t other;

	mpz_init(other);
	mpz_mod(rest, rest, all[0]);
	for (size_t i = 0; i < block->n_others; i++) {
		mpz_mod(other, block->others[i]->value, all[0]);
		mpz_mul(rest, rest, other);
		mpz_mod(rest, rest, all[0]);
	}
	mpz_clear(other);
}

/* Take "rest" down to the moduli, and the tree apart on the way; what comes
 * out are the rests modulo each. */
static mpz_t *
take_down(struct tree *tree, mpz_t rest)
{
	mpz_t *above = new_numbers(1);

	mpz_swap(above[0], rest);
	while (tree->top > 0) {
		unsigned level = tree->top - 1;
		size_t n = tree->n[level];
		mpz_t *rests = new_numbers(n);

		free_numbers(tree->nodes[tree->top], tree->n[tree->top]);
		for (size_t i = 0; i < n; i++) {
			mpz_mod(rests[i], above[i / 2], tree->nodes[level][i]);
			if (i % 2 != 0 || i + 1 == n)
				mpz_realloc2(above[i / 2], 1);
		}
		free_numbers(above, tree->n[tree->top]);
		above = rests;
		tree->top = level;
	}
	return above;
}

void
modulus_block_gcd(const struct modulus_block *block,
    void (*found)(void *user, size_t i, struct span gcd), void *user)
{
	g_autoptr(GByteArray) octets = g_byte_array_new();
	struct tree tree;
	mpz_t rest, *rests;

	mpz_init_set_ui(rest, 1);
	plant(&tree, block->moduli, block->n);
	if (block->among)
		grow_among(&tree, rest);
	else
		while (tree.n[tree.top] > 1)
			grow_level(&tree);
	take_others(block, &tree, rest);
	rests = take_down(&tree, rest);
	for (size_t i = 0; i < block->n; i++) {
		mpz_gcd(rests[i], rests[i], tree.nodes[0][i]);
		if (mpz_cmp_ui(rests[i], 1) != 0)
			found(user, i, gmp_number_write(octets, rests[i]));
	}
	free_numbers(rests, block->n);
	free_numbers(tree.nodes[0], block->n);
	mpz_clear(rest);
}
