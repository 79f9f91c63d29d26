/* test_dnssec_chain.c - chains from and to octets. */
#include "tests/unit/dnssec_case.h"
#include "tests/unit/span_assert.h"

#include <glib.h>
#include <string.h>

#define TXT  "s1._domainkey.example.test. TXT \"v=DKIM1; p=AAAA\"\n"

/* What fuzz_dnssec_chain starts from; with UPDATE_SEEDS in the environment
 * the file is written anew. */
#define SEED "tests/fuzz/seeds/dnssec_chain/secure"

static struct span
span_of(const GString *octets)
{
	return (struct span){ (const uint8_t *)octets->str, octets->len };
}

static GString *
make_octets(const char *more)
{
	GString *octets = g_string_new(NULL);
	struct dnssec_case world;

	dnssec_case_init(&world, false);
	dnssec_case_add(&world, TXT);
	dnssec_case_add(&world, more);
	dnssec_case_sign(&world);
	dnssec_chain_settle(world.chain);
	dnssec_chain_write(world.chain, octets);
	dnssec_case_clear(&world);
	return octets;
}

static void
refuses(const char *name, struct span octets, const char *want)
{
	const char *why;
	struct dnssec_chain *chain = dnssec_chain_read(octets, &why);

	if (chain != NULL || g_strcmp0(why, want) != 0) {
		g_test_message("%s: %s", name, chain != NULL ? "taken" : why);
		g_test_fail();
	}
	dnssec_chain_free(chain);
}

static void
test_round(void)
{
	g_autoptr(GString) octets = make_octets("");
	g_autoptr(GString) again = g_string_new(NULL);
	const char *why;
	struct dnssec_chain *chain = dnssec_chain_read(span_of(octets), &why);

	g_assert_nonnull(chain);
	g_assert_cmpuint(chain->sets->len, ==, 6);
	g_assert_cmpuint(chain->octets, ==, octets->len);
	dnssec_chain_write(chain, again);
	span_assert_equal("again", span_of(again), span_of(octets));
	dnssec_chain_free(chain);
}

static void
test_cut(void)
{
	g_autoptr(GString) octets = make_octets("");
	const char *why;
	unsigned whole = 0;

	/* A chain may end after any record. */
	for (size_t n = 0; n < octets->len; n++) {
		struct dnssec_chain *chain =
		    dnssec_chain_read(span_sub(span_of(octets), 0, n), &why);

		whole += chain != NULL;
		dnssec_chain_free(chain);
	}
	g_assert_cmpuint(whole, ==, 11);
}

static void
test_refused(void)
{
	g_autoptr(GString) octets = make_octets("");
	g_autoptr(GString) twice =
	    g_string_new_len(octets->str, (gssize)octets->len);
	g_autoptr(GString) large = g_string_new(NULL);

	refuses("empty", (struct span){ NULL, 0 }, "it is empty");
	refuses("NUL", SPAN("\0"), "not a record in wire form");
	refuses("8-bit", SPAN("\xff\xff\xff"), "not a record in wire form");
	refuses("type A", SPAN("\1a\0\0\1\0\1\0\0\0\0\0\4\1\2\3\4"),
	    "a record that no chain needs, or one cut short");
	refuses("class CH", SPAN("\1a\0\0\20\0\3\0\0\0\0\0\2\1x"),
	    "a record that no chain needs, or one cut short");
	refuses("TXT without RDATA", SPAN("\1a\0\0\20\0\1\0\0\0\0\0\0"),
	    "a record that no chain needs, or one cut short");
	refuses("DNSKEY without RDATA", SPAN("\1a\0\0\60\0\1\0\0\0\0\0\0"),
	    "a record that no chain needs, or one cut short");
	refuses("a compressed name",
	    SPAN("\1a\1b\0\0\20\0\1\0\0\0\0\0\2\1x"
		 "\xc0\2\0\20\0\1\0\0\0\0\0\2\1y"),
	    "not in the one spelling of chains");
	refuses("a name that points to itself",
	    SPAN("\xc0\0\0\20\0\1\0\0\0\0\0\2\1y"),
	    "not a record in wire form");
	g_string_append_len(twice, octets->str, (gssize)octets->len);
	refuses("twice", span_of(twice), "not in the one spelling of chains");
	g_string_set_size(large, DNSSEC_CHAIN_MAX + 1);
	memset(large->str, 0, large->len);
	refuses(
	    "too large", span_of(large), "it is larger than a chain may be");
}

/* One past the limits of a chain that is made. */
static void
test_limits(void)
{
	struct dnssec_chain *chain = dnssec_chain_new();
	unsigned records = 0, sets = 0;

	for (unsigned i = 0; i <= DNSSEC_SET_RECORDS_MAX; i++) {
		g_autofree char *text =
		    g_strdup_printf("a.test. 1 IN TXT \"%u\"", i);
		g_autoptr(ldns_rr) record = NULL;

		ldns_rr_new_frm_str(&record, text, 0, NULL, NULL);
		records += dnssec_chain_add(chain, record);
	}
	g_assert_cmpuint(records, ==, DNSSEC_SET_RECORDS_MAX);
	for (unsigned i = 0; i < DNSSEC_SETS_MAX; i++) {
		g_autofree char *text =
		    g_strdup_printf("b%u.test. 1 IN TXT \"x\"", i);
		g_autoptr(ldns_rr) record = NULL;

		ldns_rr_new_frm_str(&record, text, 0, NULL, NULL);
		sets += dnssec_chain_add(chain, record);
	}
	g_assert_cmpuint(sets, ==, DNSSEC_SETS_MAX - 1);
	dnssec_chain_free(chain);
}

/* What came from caches has other TTLs, and what came late no order. */
static void
test_settle(void)
{
	g_autoptr(GString) octets = make_octets("");
	g_autoptr(GString) again = g_string_new(NULL);
	const char *why;
	struct dnssec_chain *chain = dnssec_chain_read(span_of(octets), &why);
	struct dnssec_set *set = chain->sets->pdata[2];

	ldns_rr_set_ttl(ldns_rr_list_rr(set->records, 0), 17);
	ldns_rr_set_ttl(ldns_rr_list_rr(set->signatures, 0), 16);
	dnssec_chain_settle(chain);
	dnssec_chain_write(chain, again);
	span_assert_equal("settled", span_of(again), span_of(octets));
	dnssec_chain_free(chain);
}

static void
test_seed(void)
{
	g_autoptr(GString) octets = make_octets(
	    "example.test. NSEC zz.example.test. SOA NS DNSKEY\n"
	    "nk8nf0b3etmpu4vusgvg77nejqk6h8q3.example.test. NSEC3 1 0 0 - "
	    "p2vip5nqv9ggj5l6pqsg5jfnhncsnfgu A\n"
	    "s2._domainkey.example.test. CNAME s1.esp.test.\n"
	    "x.example.test. DNAME esp.test.\n");
	g_autofree char *kept = NULL;
	gsize n = 0;

	if (g_getenv("UPDATE_SEEDS") != NULL)
		g_assert_true(g_file_set_contents(
		    SEED, octets->str, (gssize)octets->len, NULL));
	g_assert_true(g_file_get_contents(SEED, &kept, &n, NULL));
	span_assert_equal(
	    "seed", (struct span){ (const uint8_t *)kept, n }, span_of(octets));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/dnssec-chain/round", test_round);
	g_test_add_func("/dnssec-chain/cut", test_cut);
	g_test_add_func("/dnssec-chain/refused", test_refused);
	g_test_add_func("/dnssec-chain/limits", test_limits);
	g_test_add_func("/dnssec-chain/settle", test_settle);
	g_test_add_func("/dnssec-chain/seed", test_seed);
	return g_test_run();
}
