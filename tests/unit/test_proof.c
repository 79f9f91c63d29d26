/* test_proof.c - proofs against RFC 6962's example and its definitions. */
#include "keysnap/store/proof.h"

#include <string.h>

#define SIZES 131 /* all trees of 0 .. 130 leaves */

struct fixture {
	struct crypto *crypto;
	uint8_t leaves[SIZES][32];
	uint8_t roots[SIZES][32]; /* over the first 0, 1, ... */
};

static void
hash_node(const struct crypto *crypto, const uint8_t left[32],
    const uint8_t right[32], uint8_t out[32])
{
	uint8_t node[65] = { 0x01 };

	memcpy(node + 1, left, 32);
	memcpy(node + 33, right, 32);
	digest_sha256(crypto, (struct span){ node, sizeof(node) }, out);
}

static size_t
split_of(size_t n)
{
	size_t k = 1;

	while (k * 2 < n)
		k *= 2;
	return k;
}

/* MTH(D[n]), by its definition. */
static void
defined_root(
    const struct crypto *crypto, uint8_t (*hashes)[32], size_t n, uint8_t *out)
{
	uint8_t left[32], right[32];
	size_t k;

	if (n <= 1) {
		if (n == 1)
			memcpy(out, hashes[0], 32);
		else
			digest_sha256(crypto, SPAN(""), out);
		return;
	}
	k = split_of(n);
	defined_root(crypto, hashes, k, left);
	defined_root(crypto, hashes + k, n - k, right);
	hash_node(crypto, left, right, out);
}

/* PATH(m, D[n]), by its definition. */
static void
defined_path(const struct crypto *crypto, uint8_t (*hashes)[32], size_t m,
    size_t n, struct proof *out)
{
	size_t k;

	if (n == 1)
		return;
	k = split_of(n);
	if (m < k) {
		defined_path(crypto, hashes, m, k, out);
		defined_root(crypto, hashes + k, n - k, out->hashes[out->n++]);
	} else {
		defined_path(crypto, hashes + k, m - k, n - k, out);
		defined_root(crypto, hashes, k, out->hashes[out->n++]);
	}
}

/* SUBPROOF(m, D[n], b), by its definition. */
static void
defined_subproof(const struct crypto *crypto, uint8_t (*hashes)[32], size_t m,
    size_t n, bool b, struct proof *out)
{
	size_t k;

	if (m == n) {
		if (!b)
			defined_root(crypto, hashes, n, out->hashes[out->n++]);
		return;
	}
	k = split_of(n);
	if (m <= k) {
		defined_subproof(crypto, hashes, m, k, b, out);
		defined_root(crypto, hashes + k, n - k, out->hashes[out->n++]);
	} else {
		defined_subproof(crypto, hashes + k, m - k, n - k, false, out);
		defined_root(crypto, hashes, k, out->hashes[out->n++]);
	}
}

static void
setup(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	f->crypto = crypto_open(NULL);
	for (size_t i = 0; i < SIZES; i++) {
		uint8_t leaf[3] = { 0x00, (uint8_t)i, 'x' };

		digest_sha256(f->crypto, (struct span){ leaf, sizeof(leaf) },
		    f->leaves[i]);
	}
	for (size_t i = 0; i < SIZES; i++)
		defined_root(f->crypto, f->leaves, i, f->roots[i]);
}

static void
teardown(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	crypto_close(f->crypto);
}

static bool
same(const struct proof *a, const struct proof *b)
{
	return a->n == b->n && memcmp(a->hashes, b->hashes, a->n * 32) == 0;
}

static struct proof_tree *
tree_of(struct fixture *f, size_t n)
{
	return proof_tree_new(f->crypto, f->leaves[0], 32, n);
}

/* Every leaf of every tree: the proof is the defined one, and holds for
 * nothing else. */
static void
test_inclusion(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	for (size_t n = 1; n < SIZES; n++) {
		struct proof_tree *tree = tree_of(f, n);

		for (size_t m = 0; m < n; m++) {
			struct proof got, want = { .n = 0 };
			size_t other = (m + 1) % n;

			proof_make_inclusion(tree, m, &got);
			defined_path(f->crypto, f->leaves, m, n, &want);
			g_assert_true(same(&got, &want));
			g_assert_true(proof_check_inclusion(
			    f->crypto, &got, f->leaves[m], m, n, f->roots[n]));
			g_assert_false(proof_check_inclusion(f->crypto, &got,
			    f->leaves[m], m, n, f->roots[n - 1]));
			g_assert_false(proof_check_inclusion(
			    f->crypto, &got, f->leaves[m], n, n, f->roots[n]));
			if (n == 1)
				continue;
			g_assert_false(proof_check_inclusion(f->crypto, &got,
			    f->leaves[other], m, n, f->roots[n]));
			g_assert_false(proof_check_inclusion(f->crypto, &got,
			    f->leaves[m], other, n, f->roots[n]));
		}
		proof_tree_free(tree);
	}
}

static bool
holds(struct fixture *f, const struct proof *proof, size_t m, size_t n)
{
	struct proof_state earlier = { m, f->roots[m] };
	struct proof_state later = { n, f->roots[n] };

	return proof_check_consistency(f->crypto, proof, &earlier, &later);
}

static void
test_consistency(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	for (size_t n = 0; n < SIZES; n++) {
		struct proof_tree *tree = tree_of(f, n);

		for (size_t m = 0; m <= n; m++) {
			struct proof got, want = { .n = 0 };
			uint8_t root[32];

			proof_make_consistency(tree, m, &got);
			if (m > 0)
				defined_subproof(
				    f->crypto, f->leaves, m, n, true, &want);
			g_assert_true(same(&got, &want));
			g_assert_true(holds(f, &got, m, n));
			if (m > 0 && m < n) {
				g_assert_false(holds(f, &got, m - 1, n));
				g_assert_false(holds(f, &got, n, m));
				g_assert_false(holds(f, &got, m, n - 1));
			}
			proof_tree_root(tree, m, root);
			g_assert_true(memcmp(root, f->roots[m], 32) == 0);
		}
		proof_tree_free(tree);
	}
}

/* A tree that grows gives what one over all leaves does, around blocks. */
static void
test_grown(struct fixture *f, gconstpointer unused)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 1000, 1023, 1024, 1025,
		2047, 2048, 2049, 3000, 3072, 3073, 5000 };
	enum { LEAVES = 5000 };
	g_autofree uint8_t(*leaves)[32] = g_malloc0_n(LEAVES, 32);

	(void)unused;
	for (size_t i = 0; i < LEAVES; i++)
		memcpy(leaves[i], &i, sizeof(i));
	for (size_t k = 0; k < G_N_ELEMENTS(sizes); k++) {
		size_t n = sizes[k];
		struct proof_tree *whole =
		    proof_tree_new(f->crypto, leaves[0], 32, n);

		for (size_t i = 0; i <= k; i++) {
			struct proof_tree *grown =
			    proof_tree_grow(f->crypto, sizes[i]);
			uint8_t root[32], want_root[32];
			struct proof got, want;

			for (size_t j = 0; j < n; j++)
				proof_tree_add(grown, leaves[j]);
			proof_make_consistency(grown, sizes[i], &got);
			proof_make_consistency(whole, sizes[i], &want);
			g_assert_true(same(&got, &want));
			proof_tree_root(grown, sizes[i], root);
			proof_tree_root(whole, sizes[i], want_root);
			g_assert_true(memcmp(root, want_root, 32) == 0);
			proof_tree_free(grown);
		}
		proof_tree_free(whole);
	}
}

/* A proof that is changed in any way holds no more. */
static void
test_changed(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	for (size_t n = 2; n < SIZES; n += 7) {
		struct proof_tree *tree = tree_of(f, n);
		struct proof path, growth;

		proof_make_inclusion(tree, n / 3, &path);
		proof_make_consistency(tree, n / 2, &growth);
		for (size_t i = 0; i < path.n * 32; i++) {
			path.hashes[i / 32][i % 32] ^= 1;
			g_assert_false(proof_check_inclusion(f->crypto, &path,
			    f->leaves[n / 3], n / 3, n, f->roots[n]));
			path.hashes[i / 32][i % 32] ^= 1;
		}
		for (size_t i = 0; i < growth.n * 32; i++) {
			growth.hashes[i / 32][i % 32] ^= 1;
			g_assert_false(holds(f, &growth, n / 2, n));
			growth.hashes[i / 32][i % 32] ^= 1;
		}
		path.n--;
		g_assert_false(proof_check_inclusion(
		    f->crypto, &path, f->leaves[n / 3], n / 3, n, f->roots[n]));
		memset(path.hashes[path.n + 1], 0, 32);
		path.n += 2;
		g_assert_false(proof_check_inclusion(
		    f->crypto, &path, f->leaves[n / 3], n / 3, n, f->roots[n]));
		memset(growth.hashes[growth.n], 0, 32);
		growth.n++;
		g_assert_false(holds(f, &growth, n / 2, n));
		growth.n -= 2;
		g_assert_false(holds(f, &growth, n / 2, n));
		proof_tree_free(tree);
	}
}

/* Two logs that part company: no proof of one leads to the other. */
static void
test_fork(struct fixture *f, gconstpointer unused)
{
	(void)unused;
	for (size_t n = 2; n < SIZES; n++) {
		struct proof_tree *tree = tree_of(f, n);
		uint8_t kept[32], root[32];
		struct proof proof;
		size_t m = n - 1;

		memcpy(kept, f->leaves[m / 2], 32);
		f->leaves[m / 2][0] ^= 1;
		defined_root(f->crypto, f->leaves, n, root);
		struct proof_tree *forked = tree_of(f, n);
		struct proof_state earlier = { m, f->roots[m] };
		struct proof_state later = { n, root };

		proof_make_consistency(forked, m, &proof);
		g_assert_false(proof_check_consistency(
		    f->crypto, &proof, &earlier, &later));
		memcpy(f->leaves[m / 2], kept, 32);
		proof_tree_free(forked);
		proof_tree_free(tree);
	}
}

/*
 * RFC 6962 2.1.3: the tree of seven leaves d0 .. d6.
 *
 *              hash
 *             /    \
 *            k      l          k = (g h), l = (i j)
 *       g=(a b) h=(c d) i=(e f) j=d6
 */
static void
test_rfc6962(struct fixture *f, gconstpointer unused)
{
	static const struct {
		char kind; /* "i"nclusion or "c"onsistency */
		size_t at;
		const char *want; /* names of nodes */
	} cases[] = {
		{ 'i', 0, "bhl" },
		{ 'i', 3, "cgl" },
		{ 'i', 4, "fjk" },
		{ 'i', 6, "ik" },
		{ 'c', 3, "cdgl" },
		{ 'c', 4, "l" },
		{ 'c', 6, "ijk" },
	};
	struct proof_tree *tree = tree_of(f, 7);
	uint8_t node['l' - 'a' + 1][32];

	(void)unused;
	for (size_t i = 0; i < 6; i++)
		memcpy(node[i], f->leaves[i], 32);
	hash_node(f->crypto, node[0], node[1], node['g' - 'a']);
	hash_node(f->crypto, node[2], node[3], node['h' - 'a']);
	hash_node(f->crypto, node[4], node[5], node['i' - 'a']);
	memcpy(node['j' - 'a'], f->leaves[6], 32);
	hash_node(f->crypto, node[6], node[7], node['k' - 'a']);
	hash_node(f->crypto, node[8], node[9], node['l' - 'a']);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct proof proof;

		if (cases[i].kind == 'i')
			proof_make_inclusion(tree, cases[i].at, &proof);
		else
			proof_make_consistency(tree, cases[i].at, &proof);
		g_assert_cmpuint(proof.n, ==, strlen(cases[i].want));
		for (size_t j = 0; j < proof.n; j++)
			g_assert_true(
			    memcmp(proof.hashes[j],
				node[cases[i].want[j] - 'a'], 32) == 0);
	}
	proof_tree_free(tree);
}

/* Larger than what is kept: the same by both ways. */
static void
test_large(struct fixture *f, gconstpointer unused)
{
	size_t n = 5000;
	uint8_t(*leaves)[32] = g_malloc0(n * 32);
	struct proof_tree *tree;
	uint8_t root[32], got[32];

	(void)unused;
	for (size_t i = 0; i < n; i++)
		memcpy(leaves[i], &i, sizeof(i));
	tree = proof_tree_new(f->crypto, leaves[0], 32, n);
	defined_root(f->crypto, leaves, n, root);
	proof_tree_root(tree, n, got);
	g_assert_true(memcmp(root, got, 32) == 0);
	for (size_t m = 0; m < n; m += 97) {
		struct proof got_path, want = { .n = 0 };

		proof_make_inclusion(tree, m, &got_path);
		defined_path(f->crypto, leaves, m, n, &want);
		g_assert_true(same(&got_path, &want));
	}
	proof_tree_free(tree);
	g_free(leaves);
}

static void
test_lines(struct fixture *f, gconstpointer unused)
{
	struct proof_tree *tree = tree_of(f, 100);
	struct proof proof, again = { .n = 0 };
	g_autoptr(GString) out = g_string_new(NULL);

	(void)unused;
	proof_make_inclusion(tree, 33, &proof);
	proof_append(out, &proof);
	for (size_t i = 0; i < proof.n; i++)
		g_assert_true(proof_add_line(
		    &again, (struct span){ (uint8_t *)out->str + i * 45, 44 }));
	g_assert_true(same(&proof, &again));
	g_assert_false(proof_add_line(&again, SPAN("")));
	g_assert_false(
	    proof_add_line(&again, (struct span){ (uint8_t *)out->str, 43 }));
	again.n = PROOF_MAX;
	g_assert_false(proof_add_line(
	    &again, (struct span){ (uint8_t *)out->str + 45, 44 }));
	proof_tree_free(tree);
}

#define ADD(path, function) \
	g_test_add(path, struct fixture, NULL, setup, function, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	ADD("/proof/rfc6962", test_rfc6962);
	ADD("/proof/inclusion", test_inclusion);
	ADD("/proof/consistency", test_consistency);
	ADD("/proof/grown", test_grown);
	ADD("/proof/changed", test_changed);
	ADD("/proof/fork", test_fork);
	ADD("/proof/large", test_large);
	ADD("/proof/lines", test_lines);
	return g_test_run();
}
