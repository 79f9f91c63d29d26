/*
 * test_dnssec_bounds.c - chains made to cost much: the work is counted, and
 * ends at its bound (CVE-2023-50387, CVE-2023-50868).
 */
#include "keysnap/dnssec/denial.h"
#include "tests/unit/chain_case.h"

#include <glib.h>

/* Copies of the key of example.test that share its tag (the sum of its words
 * of two octets) and never fit: octets of one word and another that are at the
 * same place in both, exchanged. */
static void
add_keys(struct dnssec_case *world, unsigned n)
{
	unsigned added = 0;

	dnssec_case_strip(world, "example.test.", LDNS_RR_TYPE_DNSKEY);
	for (unsigned from = 0; from < 30; from++) {
		for (unsigned to = from + 2; to < 32 && added < n; to += 2) {
			ldns_rr *copy = ldns_key2rr(world->keys[CASE_EXAMPLE]);
			uint8_t *p = ldns_rdf_data(ldns_rr_dnskey_key(copy));
			uint8_t kept = p[from];

			p[from] = p[to];
			p[to] = kept;
			if (p[from] != p[to] &&
			    dnssec_chain_add(world->chain, copy))
				added++;
			ldns_rr_free(copy);
		}
	}
	g_assert_cmpuint(added, ==, n);
}

/* What a set costs: the budget that is left. */
static struct dnssec_budget
validate(struct dnssec_case *world, const char *owner, ldns_rr_type type,
    struct dnssec_verdict *verdict_out)
{
	struct dnssec_validator validator;
	struct dnssec_budget left;

	dnssec_validator_init(
	    &validator, world->chain, world->anchors, TIMESTAMP_NONE);
	*verdict_out =
	    dnssec_validate_set(&validator, dnssec_case_set(world, owner, type))
		->verdict;
	left = validator.budget;
	dnssec_validator_clear(&validator);
	return left;
}

static unsigned
signatures_of(unsigned keys, unsigned signatures, enum dnssec_reason *reason)
{
	struct dnssec_case world;
	struct dnssec_verdict verdict;
	struct dnssec_budget left;
	struct dnssec_set *txt;

	dnssec_case_init(&world, false);
	dnssec_case_add(&world, TXT);
	dnssec_case_sign(&world);
	txt = dnssec_case_set(&world, NAME, LDNS_RR_TYPE_TXT);
	dnssec_case_flip(txt);
	for (unsigned i = 1; i < signatures; i++) {
		ldns_rr *copy =
		    ldns_rr_clone(ldns_rr_list_rr(txt->signatures, 0));

		ldns_rdf_data(ldns_rr_rrsig_sig(copy))[20] ^= (uint8_t)i;
		g_assert_true(dnssec_chain_add(world.chain, copy));
		ldns_rr_free(copy);
	}
	add_keys(&world, keys);
	dnssec_case_sign(&world);
	left = validate(&world, NAME, LDNS_RR_TYPE_TXT, &verdict);
	*reason = verdict.reason;
	dnssec_case_clear(&world);
	return DNSSEC_SIGNATURES_TRIED_MAX - left.signatures;
}

/* Keys that share a tag, times signatures. */
static void
test_signatures(void)
{
	enum dnssec_reason reason;
	unsigned none, few, many;

	none = signatures_of(0, 1, &reason);
	g_assert_cmpint(reason, ==, DNSSEC_SIGNATURE);
	/* DNSKEY and DS of three zones, and the one that does not hold. */
	g_assert_cmpuint(none, ==, 6);
	few = signatures_of(8, 4, &reason);
	g_assert_cmpint(reason, ==, DNSSEC_SIGNATURE);
	g_assert_cmpuint(few, >, 4 * 8);
	g_assert_cmpuint(few, <=, 5 + 4 * 9);
	many = signatures_of(60, DNSSEC_SET_SIGNATURES_MAX, &reason);
	g_assert_cmpint(reason, ==, DNSSEC_TOO_MUCH);
	g_assert_cmpuint(many, ==, DNSSEC_SIGNATURES_TRIED_MAX);
}

/* DS records times keys. */
static unsigned
pairs_of(unsigned keys, unsigned ds, enum dnssec_reason *reason)
{
	struct dnssec_case world;
	struct dnssec_verdict verdict;
	struct dnssec_budget left;
	ldns_rr *first;

	dnssec_case_init(&world, false);
	dnssec_case_add(&world, TXT);
	first = ldns_rr_clone(ldns_rr_list_rr(
	    dnssec_case_set(&world, "example.test.", LDNS_RR_TYPE_DS)->records,
	    0));
	for (unsigned i = 1; i < ds; i++) {
		ldns_rdf_data(ldns_rr_rdf(first, 3))[0] ^= (uint8_t)i;
		ldns_rdf_data(ldns_rr_rdf(first, 3))[1] ^= (uint8_t)(i >> 8);
		dnssec_chain_add(world.chain, first);
	}
	ldns_rr_free(first);
	add_keys(&world, keys);
	dnssec_case_sign(&world);
	left = validate(&world, NAME, LDNS_RR_TYPE_TXT, &verdict);
	*reason = verdict.reason;
	dnssec_case_clear(&world);
	return DNSSEC_PAIRS_MAX - left.pairs;
}

static void
test_pairs(void)
{
	enum dnssec_reason reason;
	unsigned few, many;

	few = pairs_of(0, 1, &reason);
	g_assert_cmpint(reason, ==, DNSSEC_NO_REASON);
	g_assert_cmpuint(few, ==, 2);
	many = pairs_of(90, 100, &reason);
	g_assert_cmpint(reason, ==, DNSSEC_TOO_MUCH);
	g_assert_cmpuint(many, ==, DNSSEC_PAIRS_MAX);
}

/* A name so many labels below the zone, against NSEC3 of so many iterations:
 * SHA-1 runs, at most. */
static unsigned
runs_of(unsigned labels, unsigned iterations, enum dnssec_reason *reason)
{
	g_autoptr(GString) name = g_string_new("example.test.");
	g_autofree char *record = g_strdup_printf(
	    "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.test. NSEC3 1 0 %u - "
	    "2t7b4g4vsa5smi47k61mv5bv1a22bojr A\n",
	    iterations);
	struct dnssec_case world;
	struct dnssec_validator validator;
	struct denial_proofs proofs;
	struct denial denial;
	unsigned runs;

	for (unsigned i = 0; i < labels; i++)
		g_string_prepend(name, "a.");
	g_autoptr(ldns_rdf) owner = ldns_dname_new_frm_str(name->str);
	g_autoptr(ldns_rdf) zone = ldns_dname_new_frm_str("example.test.");
	dnssec_case_init(&world, false);
	dnssec_case_add(&world, record);
	dnssec_case_sign(&world);
	dnssec_validator_init(
	    &validator, world.chain, world.anchors, TIMESTAMP_NONE);
	denial_proofs_collect(&validator, zone, &proofs);
	denial_of_txt(&proofs, owner, &validator.budget, &denial);
	g_assert_cmpint(denial.kind, ==, DENIAL_NONE);
	*reason = denial.trouble;
	runs = DNSSEC_SHA1_MAX - validator.budget.sha1;
	denial_proofs_clear(&proofs);
	dnssec_validator_clear(&validator);
	dnssec_case_clear(&world);
	return runs;
}

static void
test_iterations(void)
{
	static const struct {
		unsigned labels, iterations;
		enum dnssec_reason reason;
	} cases[] = {
		{ 2, 0, DNSSEC_NO_REASON },
		{ 120, 0, DNSSEC_NO_REASON },
		{ 30, 500, DNSSEC_NO_REASON },
		{ 60, 500, DNSSEC_TOO_MUCH },
		{ 120, 500, DNSSEC_TOO_MUCH },
		{ 2, 501, DNSSEC_ITERATIONS },
		{ 2, 65535, DNSSEC_ITERATIONS },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		enum dnssec_reason reason;
		unsigned each = cases[i].iterations + 1;
		unsigned runs =
		    runs_of(cases[i].labels, cases[i].iterations, &reason);

		g_test_message("%u labels, %u iterations: %u runs",
		    cases[i].labels, cases[i].iterations, runs);
		g_assert_cmpint(reason, ==, cases[i].reason);
		g_assert_cmpuint(runs, <=, DNSSEC_SHA1_MAX);
		/* Records with too many are not looked at. */
		if (reason == DNSSEC_ITERATIONS)
			g_assert_cmpuint(runs, <=, cases[i].labels + 1);
		else if (reason == DNSSEC_TOO_MUCH)
			g_assert_cmpuint(runs + each, >, DNSSEC_SHA1_MAX);
		else
			g_assert_cmpuint(runs, >=, each * cases[i].labels);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/dnssec-bounds/signatures", test_signatures);
	g_test_add_func("/dnssec-bounds/pairs", test_pairs);
	g_test_add_func("/dnssec-bounds/iterations", test_iterations);
	return g_test_run();
}
