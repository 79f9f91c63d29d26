/* test_denial.c - what NSEC and NSEC3 records prove in a chain. */
#include "tests/unit/chain_case.h"

#include <glib.h>
#include <string.h>

static void
drop_txt(struct dnssec_case *world)
{
	dnssec_case_drop(world, NAME, LDNS_RR_TYPE_TXT);
}

static void
expand_txt(struct dnssec_case *world)
{
	dnssec_case_rename(world, "*.example.test.", LDNS_RR_TYPE_TXT, NAME);
}

static void
expand_nsec(struct dnssec_case *world)
{
	expand_txt(world);
	dnssec_case_rename(
	    world, "*.example.test.", LDNS_RR_TYPE_NSEC, "a.example.test.");
}

#define NSEC_OF_TEST "example.test. NSEC zoo.test. NS RRSIG NSEC\n"

/* A world in which example.test is not signed. */
static void
unsigned_zone(struct dnssec_case *world)
{
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DNSKEY);
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DS);
	if (world->chain->sets->len > 4)
		dnssec_case_sign_with(world, "example.test.", LDNS_RR_TYPE_NSEC,
		    world->keys[CASE_TEST]);
}

/* The zone says itself that it is not signed. */
static void
denies_itself(struct dnssec_case *world)
{
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DS);
}

static void
test_insecure(void)
{
	static const struct chain_case cases[] = {
		{ "not signed, proved", NSEC_OF_TEST TXT, unsigned_zone,
		    chain_case_strip, false, "insecure ds-denied txt" },
		{ "not signed, without records", NSEC_OF_TEST TXT,
		    unsigned_zone, drop_txt, false,
		    "insecure ds-denied nothing" },
		{ "an island of signatures", NSEC_OF_TEST TXT, unsigned_zone,
		    NULL, false, "insecure ds-denied txt" },
		{ "its own word", NSEC_OF_TEST TXT, denies_itself, NULL, false,
		    "indeterminate no-ds txt" },
		{ "the NSEC lists a DS",
		    "example.test. NSEC zoo.test. NS DS RRSIG NSEC\n" TXT,
		    unsigned_zone, chain_case_strip, false,
		    "bogus no-signature txt" },
		{ "the NSEC is no delegation's",
		    "example.test. NSEC zoo.test. A RRSIG NSEC\n" TXT,
		    unsigned_zone, chain_case_strip, false,
		    "bogus no-signature txt" },
		{ "the NSEC is the zone's own top",
		    "example.test. NSEC zoo.test. NS SOA RRSIG NSEC\n" TXT,
		    unsigned_zone, chain_case_strip, false,
		    "bogus no-signature txt" },
	};

	chain_case_check_all(cases, G_N_ELEMENTS(cases));
}

#define WILD_TXT "*.example.test. TXT \"v=DKIM1; p=AAAA\"\n"

static void
test_wildcards(void)
{
	static const struct chain_case cases[] = {
		{ "with proof",
		    WILD_TXT "*.example.test. NSEC zz.example.test. TXT\n",
		    NULL, expand_txt, false, "secure none txt" },
		{ "without proof", WILD_TXT, NULL, expand_txt, false,
		    "bogus wildcard txt" },
		{ "proof of another gap",
		    WILD_TXT "t.example.test. NSEC zz.example.test. TXT\n",
		    NULL, expand_txt, false, "bogus wildcard txt" },
		{ "the parent is there",
		    WILD_TXT "_domainkey.example.test. NSEC "
			     "zz.example.test. A\n",
		    NULL, expand_txt, false, "bogus wildcard txt" },
		{ "the parent is there, without records",
		    WILD_TXT "*.example.test. NSEC "
			     "t._domainkey.example.test. TXT\n",
		    NULL, expand_txt, false, "bogus wildcard txt" },
		{ "an NSEC from a wildcard proves nothing",
		    WILD_TXT "*.example.test. NSEC zz.example.test. TXT\n",
		    NULL, expand_nsec, false, "bogus wildcard txt" },
	};

	chain_case_check_all(cases, G_N_ELEMENTS(cases));
}

static void
test_denials(void)
{
	static const struct chain_case cases[] = {
		{ "no TXT", NAME " NSEC zz.example.test. A\n", NULL, NULL,
		    false, "secure none nodata" },
		{ "the NSEC lists TXT", NAME " NSEC zz.example.test. TXT\n",
		    NULL, NULL, false, "bogus denial nothing" },
		{ "the NSEC lists CNAME", NAME " NSEC zz.example.test. CNAME\n",
		    NULL, NULL, false, "bogus denial nothing" },
		{ "an NSEC of the upper side of a delegation",
		    NAME " NSEC zz.example.test. NS\n", NULL, NULL, false,
		    "insecure ds-denied nothing" },
		{ "no name",
		    "example.test. NSEC zz.example.test. SOA NS DNSKEY\n", NULL,
		    NULL, false, "secure none nxdomain" },
		{ "no name, the last NSEC",
		    "example.test. NSEC example.test. SOA NS DNSKEY\n", NULL,
		    NULL, false, "secure none nxdomain" },
		{ "no name, but a wildcard may be",
		    "a._domainkey.example.test. NSEC zz.example.test. A\n",
		    NULL, NULL, false, "bogus denial nothing" },
		{ "no name, and no wildcard",
		    "a._domainkey.example.test. NSEC zz.example.test. A\n"
		    "_domainkey.example.test. NSEC "
		    "a._domainkey.example.test. A\n",
		    NULL, NULL, false, "secure none nxdomain" },
		{ "a wildcard without TXT",
		    "a._domainkey.example.test. NSEC zz.example.test. A\n"
		    "*._domainkey.example.test. NSEC "
		    "a._domainkey.example.test. A\n",
		    NULL, NULL, false, "secure none nodata" },
		{ "a wildcard with TXT",
		    "a._domainkey.example.test. NSEC zz.example.test. A\n"
		    "*._domainkey.example.test. NSEC "
		    "a._domainkey.example.test. TXT\n",
		    NULL, NULL, false, "bogus denial nothing" },
		{ "names below it only",
		    "example.test. NSEC x." NAME " SOA NS\n", NULL, NULL, false,
		    "secure none nodata" },
		{ "below a delegation",
		    "_domainkey.example.test. NSEC zz.example.test. NS\n"
		    "example.test. NSEC _domainkey.example.test. SOA NS\n",
		    NULL, NULL, false, "insecure ds-denied nothing" },
		{ "below a DNAME that is not here",
		    "_domainkey.example.test. NSEC zz.example.test. DNAME\n"
		    "example.test. NSEC _domainkey.example.test. SOA NS\n",
		    NULL, NULL, false, "bogus denial nothing" },
		{ "an NSEC of the zone above", "test. NSEC zz.test. SOA NS\n",
		    NULL, NULL, false, "bogus denial nothing" },
	};

	chain_case_check_all(cases, G_N_ELEMENTS(cases));
}

/* "H(NAME)" in the lines stands for the NSEC3 hash of NAME; "H-" for one less,
 * "H+" for one more. */
static char *
hash_lines(const char *lines, unsigned iterations)
{
	g_autoptr(GString) out = g_string_new(NULL);

	while (*lines != '\0') {
		const char *end = strchr(lines, ')');
		g_autofree char *name = NULL, *text = NULL;
		ldns_rdf *dname, *hash;
		char *shown;
		int step = lines[1] == '-' ? -1 : lines[1] == '+' ? 1 : 0;

		if (*lines != 'H') {
			g_string_append_c(out, *lines++);
			continue;
		}
		lines += step == 0 ? 2 : 3;
		name = g_strndup(lines, (gsize)(end - lines));
		dname = ldns_dname_new_frm_str(name);
		hash = ldns_nsec3_hash_name(
		    dname, LDNS_SHA1, (uint16_t)iterations, 0, NULL);
		shown = ldns_rdf2str(hash);
		text = g_strndup(shown, 32);
		/* Base32 of a hash that ends in a digit is good enough. */
		if (step < 0)
			memcpy(text + 28, "0000", 4);
		else if (step > 0)
			memcpy(text + 28, "vvvv", 4);
		g_string_append(out, text);
		free(shown);
		ldns_rdf_deep_free(hash);
		ldns_rdf_deep_free(dname);
		lines = end + 1;
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
check_nsec3(const char *name, unsigned iterations, const char *lines,
    void (*before)(struct dnssec_case *), void (*after)(struct dnssec_case *),
    const char *want)
{
	g_autofree char *records = hash_lines(lines, iterations);
	struct chain_case c = { name, records, before, after, false, want };

	chain_case_check(&c);
}

#define Z        ".example.test. NSEC3 1 0 "
#define ZONE_TOP "H(example.test.)" Z "0 - H+(example.test.) SOA NS\n"
#define NO_DOMAINKEY \
	"H-(_domainkey.example.test.)" Z "0 - H+(_domainkey.example.test.) A\n"
#define NO_STAR "H-(*.example.test.)" Z "0 - H+(*.example.test.) A\n"

static void
unsigned_nsec3(struct dnssec_case *world)
{
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DNSKEY);
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DS);
}

static void
test_nsec3(void)
{
	check_nsec3("no TXT", 0, "H(" NAME ")" Z "0 - H+(" NAME ") A\n", NULL,
	    NULL, "secure none nodata");
	check_nsec3("lists TXT", 0, "H(" NAME ")" Z "0 - H+(" NAME ") TXT\n",
	    NULL, NULL, "bogus denial nothing");
	check_nsec3("no name", 0, ZONE_TOP NO_DOMAINKEY NO_STAR, NULL, NULL,
	    "secure none nxdomain");
	check_nsec3("no closest encloser", 0, NO_DOMAINKEY NO_STAR, NULL, NULL,
	    "bogus denial nothing");
	check_nsec3("a wildcard may be", 0, ZONE_TOP NO_DOMAINKEY, NULL, NULL,
	    "bogus denial nothing");
	check_nsec3("a closer name may be", 0, ZONE_TOP NO_STAR, NULL, NULL,
	    "bogus denial nothing");
	check_nsec3("a wildcard without TXT", 0,
	    ZONE_TOP NO_DOMAINKEY "H(*.example.test.)" Z
				  "0 - H+(*.example.test.) A\n",
	    NULL, NULL, "secure none nodata");
	check_nsec3("opt-out", 0,
	    ZONE_TOP NO_STAR "H-(_domainkey.example.test.).example.test. "
			     "NSEC3 1 1 0 - H+(_domainkey.example.test.) A\n",
	    NULL, NULL, "insecure opt-out nothing");
	check_nsec3("500 iterations", 500,
	    "H(" NAME ")" Z "500 - H+(" NAME ") A\n", NULL, NULL,
	    "secure none nodata");
	check_nsec3("501 iterations", 501,
	    "H(" NAME ")" Z "501 - H+(" NAME ") A\n", NULL, NULL,
	    "indeterminate iterations nothing");
	check_nsec3("a wildcard, expanded", 0, WILD_TXT NO_DOMAINKEY, NULL,
	    expand_txt, "secure none txt");
	check_nsec3("a wildcard, expanded, without proof", 0, WILD_TXT NO_STAR,
	    NULL, expand_txt, "bogus wildcard txt");
	check_nsec3("DS denied", 0,
	    "H(example.test.).test. NSEC3 1 0 0 - H+(example.test.) NS\n" TXT,
	    unsigned_nsec3, chain_case_strip, "insecure ds-denied txt");
	check_nsec3("DS opted out", 0,
	    "H(test.).test. NSEC3 1 0 0 - H+(test.) SOA NS\n"
	    "H-(example.test.).test. NSEC3 1 1 0 - H+(example.test.) NS\n" TXT,
	    unsigned_nsec3, chain_case_strip, "insecure opt-out txt");
	check_nsec3("DS may be", 0,
	    "H(test.).test. NSEC3 1 0 0 - H+(test.) SOA NS\n"
	    "H-(example.test.).test. NSEC3 1 0 0 - H+(example.test.) NS\n" TXT,
	    unsigned_nsec3, chain_case_strip, "bogus no-signature txt");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/denial/insecure", test_insecure);
	g_test_add_func("/denial/wildcards", test_wildcards);
	g_test_add_func("/denial/nsec", test_denials);
	g_test_add_func("/denial/nsec3", test_nsec3);
	return g_test_run();
}
