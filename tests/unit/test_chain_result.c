/* test_chain_result.c - what a chain says of an observation. */
#include "keysnap/dnssec/chain_result.h"
#include "tests/unit/dnssec_case.h"

#include <glib.h>
#include <string.h>

#define NAME "s1._domainkey.example.test."

#define STRING(literal)                                         \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static GString *
make_chain(struct dnssec_case *world, const char *records)
{
	GString *octets = g_string_new(NULL);

	dnssec_case_init(world, true);
	dnssec_case_add(world, records);
	dnssec_case_sign(world);
	dnssec_chain_settle(world->chain);
	dnssec_chain_write(world->chain, octets);
	return octets;
}

static void
check(const char *what, const char *records,
    const struct entry_observation *observation, const char *want)
{
	struct arena *arena = arena_new();
	struct dnssec_case world;
	g_autoptr(GString) octets = make_chain(&world, records);
	struct entry_observation whole = *observation;
	struct chain_result result;
	g_autofree char *got = NULL;

	whole.name = SPAN("s1._domainkey.example.test");
	whole.first = TIMESTAMP_NONE;
	chain_result_find(arena,
	    (struct span){ (const uint8_t *)octets->str, octets->len }, &whole,
	    world.anchors, &result);
	got = g_strdup_printf("%s %s", chain_status_name(result.status),
	    dnssec_reason_name(result.reason));
	if (strcmp(got, want) != 0) {
		g_test_message("%s: %s, not %s", what, got, want);
		g_test_fail();
	}
	g_assert_cmpint(
	    result.from != TIMESTAMP_NONE, ==, result.trust_anchor.n > 0);
	dnssec_case_clear(&world);
	arena_free(arena);
}

static void
test_present(void)
{
	static const struct span two[] = { STRING("v=DKIM1; "),
		STRING("p=AAAA") };
	static const struct span one[] = { STRING("v=DKIM1; p=AAAA") };
	static const struct span other[] = { STRING("v=DKIM1; p=AAAB") };
	static const char record[] =
	    NAME " TXT \"v=DKIM1; \" \"p=AAAA\"\n" NAME " TXT \"x\"\n";
	struct entry_observation o = {
		.kind = OBSERVATION_PRESENT, .strings = two, .n_strings = 2
	};

	check("the same strings", record, &o, "secure none");
	o.strings = one;
	o.n_strings = 1;
	check("cut otherwise", record, &o, "bogus answer");
	o.joined = JOIN_SOURCE;
	check("joined by a source", record, &o, "secure none");
	o.strings = other;
	check("another record", record, &o, "bogus answer");
	o.strings = one;
	o.owner = SPAN("s2._domainkey.example.test");
	check("at another name", record, &o, "bogus answer");
	check("nothing there",
	    "example.test. NSEC zz.example.test. SOA NS DNSKEY\n", &o,
	    "bogus answer");
}

static void
test_alias(void)
{
	static const struct span one[] = { STRING("p=A") };
	static const char records[] = NAME " CNAME s1.esp.test.\n"
					   "s1.esp.test. TXT \"p=A\"\n";
	struct entry_observation o = {
		.kind = OBSERVATION_PRESENT, .strings = one, .n_strings = 1
	};

	check("owner not told", records, &o, "bogus answer");
	o.owner = SPAN("s1.esp.test");
	check("owner told", records, &o, "secure none");
}

static void
test_absent(void)
{
	static const char nodata[] = NAME " NSEC zz.example.test. A\n";
	static const char nxdomain[] =
	    "example.test. NSEC zz.example.test. SOA NS DNSKEY\n";
	struct entry_observation o = { .kind = OBSERVATION_NODATA };

	check("NODATA", nodata, &o, "secure none");
	check("there is a record", NAME " TXT \"x\"\n", &o, "bogus answer");
	check("NXDOMAIN, NODATA observed", nxdomain, &o, "bogus answer");
	o.kind = OBSERVATION_NXDOMAIN;
	check("NXDOMAIN", nxdomain, &o, "secure none");
	o.kind = OBSERVATION_RECOVERED;
	check("calculated from messages", nodata, &o, "bogus answer");
}

static void
test_malformed(void)
{
	struct arena *arena = arena_new();
	struct trust_anchors *anchors = trust_anchors_builtin();
	const struct entry_observation o = { .kind = OBSERVATION_NODATA,
		.name = SPAN("s1._domainkey.example.test") };
	struct entry_chain_result entry = { 0 };
	struct chain_result result;

	chain_result_find(arena, SPAN("\0\0"), &o, anchors, &result);
	g_assert_cmpint(result.status, ==, CHAIN_INDETERMINATE);
	g_assert_cmpint(result.reason, ==, DNSSEC_MALFORMED);
	chain_result_entry(&result, &entry);
	g_assert_true(chain_result_same(&result, &entry));
	entry.result = CHAIN_SECURE;
	g_assert_false(chain_result_same(&result, &entry));
	chain_result_entry(&result, &entry);
	entry.until = 0;
	g_assert_false(chain_result_same(&result, &entry));
	chain_result_entry(&result, &entry);
	entry.reason = SPAN("signature");
	g_assert_false(chain_result_same(&result, &entry));
	trust_anchors_free(anchors);
	arena_free(arena);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/chain-result/present", test_present);
	g_test_add_func("/chain-result/alias", test_alias);
	g_test_add_func("/chain-result/absent", test_absent);
	g_test_add_func("/chain-result/malformed", test_malformed);
	return g_test_run();
}
