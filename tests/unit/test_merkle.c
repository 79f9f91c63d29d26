/* test_merkle.c - the tree against RFC 6962's definition and known roots. */
#include "keysnap/store/merkle.h"

#include <string.h>

/* Leaves of the test data of RFC 6962's first implementations, and the roots
 * of the trees over the first 0, 1, ... of them. */
static const struct {
	const char *leaf; /* hex */
	const char *root; /* before this leaf is added */
} known[] = {
	{ "",
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "00",
	    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
	{ "10",
	    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" },
	{ "2021",
	    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77" },
	{ "3031",
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7" },
	{ "40414243",
	    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4" },
	{ "5051525354555657",
	    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef" },
	{ "606162636465666768696a6b6c6d6e6f",
	    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c" },
	{ NULL,
	    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
};

static size_t
from_hex(const char *hex, uint8_t *out)
{
	size_t n = strlen(hex) / 2;

	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 |
		    g_ascii_xdigit_value(hex[2 * i + 1]));
	return n;
}

static void
test_known(void)
{
	struct crypto *crypto = crypto_open(NULL);
	struct merkle merkle;

	merkle_init(&merkle, crypto);
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		uint8_t root[32], hash[32], leaf[32];
		char hex[65];

		merkle_root(&merkle, root);
		digest_to_hex((struct span){ root, 32 }, hex);
		g_assert_cmpstr(hex, ==, known[i].root);
		g_assert_cmpuint(merkle.size, ==, i);
		if (known[i].leaf == NULL)
			break;
		size_t n = from_hex(known[i].leaf, leaf);
		merkle_leaf(&merkle, (struct span){ leaf, n }, hash);
		merkle_add(&merkle, hash);
	}
	merkle_clear(&merkle);
	crypto_close(crypto);
}

/* MTH of RFC 6962 2.1, by its recursive definition. */
static void
defined_root(const struct crypto *crypto, const uint8_t (*hashes)[32], size_t n,
    uint8_t out[32])
{
	uint8_t node[65] = { 0x01 };
	size_t k = 1;

	if (n == 1) {
		memcpy(out, hashes[0], 32);
		return;
	}
	while (k * 2 < n)
		k *= 2;
	defined_root(crypto, hashes, k, node + 1);
	defined_root(crypto, hashes + k, n - k, node + 33);
	digest_sha256(crypto, (struct span){ node, sizeof(node) }, out);
}

struct seen {
	uint64_t count, last_level, last_number;
};

static bool
see(void *user, unsigned level, uint64_t number, const uint8_t hash[32])
{
	struct seen *seen = user;

	seen->count++;
	seen->last_level = level;
	seen->last_number = number;
	return hash != NULL;
}

static void
test_definition(void)
{
	struct crypto *crypto = crypto_open(NULL);
	static uint8_t hashes[130][32];
	struct merkle merkle;
	struct seen seen = { 0, 0, 0 };

	merkle_init(&merkle, crypto);
	for (size_t n = 1; n <= G_N_ELEMENTS(hashes); n++) {
		uint8_t got[32], want[32];

		merkle_leaf(
		    &merkle, (struct span){ (uint8_t *)&n, 2 }, hashes[n - 1]);
		g_assert_true(
		    merkle_add_each(&merkle, hashes[n - 1], see, &seen));
		merkle_root(&merkle, got);
		defined_root(crypto, hashes, n, want);
		g_assert_true(memcmp(got, want, sizeof(got)) == 0);
		if (n == 8) {
			g_assert_cmpuint(seen.count, ==, 8 + 4 + 2 + 1);
			g_assert_cmpuint(seen.last_level, ==, 3);
			g_assert_cmpuint(seen.last_number, ==, 0);
		}
	}
	merkle_clear(&merkle);
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/merkle/known", test_known);
	g_test_add_func("/merkle/definition", test_definition);
	return g_test_run();
}
