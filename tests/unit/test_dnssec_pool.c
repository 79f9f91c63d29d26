/* test_dnssec_pool.c - chains out of records in any order. */
#include "keysnap/dnssec/dnssec_pool.h"
#include "keysnap/dnssec/dnssec_validate.h"
#include "tests/unit/dnssec_case.h"

#include <glib.h>
#include <string.h>

#define NAME "s1._domainkey.example.test."

/* Everything of a world, last first. */
static struct dnssec_pool *
make_pool(const struct dnssec_case *world)
{
	struct dnssec_pool *pool = dnssec_pool_new();

	for (guint i = world->chain->sets->len; i > 0; i--) {
		const struct dnssec_set *set = world->chain->sets->pdata[i - 1];

		for (size_t j = ldns_rr_list_rr_count(set->signatures); j > 0;
		     j--)
			g_assert_true(dnssec_pool_add(
			    pool, ldns_rr_list_rr(set->signatures, j - 1)));
		for (size_t j = ldns_rr_list_rr_count(set->records); j > 0; j--)
			g_assert_true(dnssec_pool_add(
			    pool, ldns_rr_list_rr(set->records, j - 1)));
	}
	return pool;
}

/* "STATUS REASON, N sets" of the chain that the pool gives. */
static void
check(const char *what, const char *records, bool esp, const char *want)
{
	struct dnssec_case world;
	struct dnssec_pool *pool;
	struct dnssec_chain *chain;
	struct dnssec_finding finding;
	g_autofree char *got = NULL;

	dnssec_case_init(&world, esp);
	dnssec_case_add(&world, records);
	dnssec_case_sign(&world);
	pool = make_pool(&world);
	chain = dnssec_pool_chain(pool, SPAN(DNSSEC_CASE_NAME));
	g_assert_nonnull(chain);
	dnssec_validate(chain, SPAN(DNSSEC_CASE_NAME), world.anchors,
	    TIMESTAMP_NONE, &finding);
	got =
	    g_strdup_printf("%s %s, %u sets", chain_status_name(finding.status),
		dnssec_reason_name(finding.reason), chain->sets->len);
	if (strcmp(got, want) != 0) {
		g_test_message("%s: %s, not %s", what, got, want);
		g_test_fail();
	}
	dnssec_finding_clear(&finding);
	dnssec_chain_free(chain);
	dnssec_pool_free(pool);
	dnssec_case_clear(&world);
}

static void
test_chains(void)
{
	check("an answer, and what is of other names",
	    NAME " TXT \"x\"\ns2._domainkey.example.test. TXT \"y\"\n"
		 "zz.test. NSEC zzz.test. A\n",
	    true, "secure none, 6 sets");
	check("an alias", NAME " CNAME s1.esp.test.\ns1.esp.test. TXT \"x\"\n",
	    true, "secure none, 9 sets");
	check("a denial, and others",
	    "example.test. NSEC a.example.test. SOA NS\n"
	    "a.example.test. NSEC zz.example.test. A\n"
	    "zz.example.test. NSEC example.test. A\n",
	    false, "secure none, 6 sets");
	check("an alias in a circle", NAME " CNAME " NAME "\n", false,
	    "bogus cname, 6 sets");
}

/* Without a signature there is no chain. */
static void
test_unsigned(void)
{
	struct dnssec_pool *pool = dnssec_pool_new();
	g_autoptr(ldns_rr) record = NULL, other = NULL;

	ldns_rr_new_frm_str(&record, NAME " 300 IN TXT \"x\"", 0, NULL, NULL);
	ldns_rr_new_frm_str(&other, NAME " 300 IN A 127.0.0.1", 0, NULL, NULL);
	g_assert_true(dnssec_pool_add(pool, record));
	g_assert_true(dnssec_pool_add(pool, other));
	g_assert_false(dnssec_pool_is_signed(pool));
	g_assert_null(dnssec_pool_chain(pool, SPAN(DNSSEC_CASE_NAME)));
	g_assert_null(dnssec_pool_chain(pool, SPAN("s9._domainkey.other")));
	dnssec_pool_free(pool);
}

static void
test_concerns(void)
{
	static const struct {
		const char *record, *zone, *name;
		bool want;
	} cases[] = {
		{ "b.test. NSEC d.test. A", "test.", "b.test.", true },
		{ "b.test. NSEC d.test. A", "test.", "C.test.", true },
		{ "b.test. NSEC d.test. A", "test.", "x.b.test.", true },
		{ "b.test. NSEC d.test. A", "test.", "d.test.", false },
		{ "b.test. NSEC test. A", "test.", "d.test.", true },
		{ "b.test. NSEC d.test. A", "other.", "c.test.", false },
		{ "b.test. NSEC d.test. A", "test.", "c.other.", false },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(ldns_rr) record = NULL;
		g_autoptr(ldns_rdf) zone =
		    ldns_dname_new_frm_str(cases[i].zone);
		g_autoptr(ldns_rdf) name =
		    ldns_dname_new_frm_str(cases[i].name);

		ldns_rr_new_frm_str(&record, cases[i].record, 1, NULL, NULL);
		if (denial_concerns(record, zone, name) != cases[i].want) {
			g_test_message(
			    "%s: %s", cases[i].record, cases[i].name);
			g_test_fail();
		}
	}
}

/* One past the denials that are kept. */
static void
test_limits(void)
{
	struct dnssec_pool *pool = dnssec_pool_new();
	unsigned kept = 0;

	for (unsigned i = 0; i <= DNSSEC_POOL_DENIALS_MAX; i++) {
		g_autofree char *text =
		    g_strdup_printf("a%u.test. 1 IN NSEC b.test. A", i);
		g_autoptr(ldns_rr) record = NULL;

		ldns_rr_new_frm_str(&record, text, 0, NULL, NULL);
		kept += dnssec_pool_add(pool, record);
	}
	g_assert_cmpuint(kept, ==, DNSSEC_POOL_DENIALS_MAX);
	dnssec_pool_free(pool);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/dnssec-pool/chains", test_chains);
	g_test_add_func("/dnssec-pool/unsigned", test_unsigned);
	g_test_add_func("/dnssec-pool/concerns", test_concerns);
	g_test_add_func("/dnssec-pool/limits", test_limits);
	return g_test_run();
}
