/* chain_case.c - run a chain through validation. */
#include "tests/unit/chain_case.h"

static const char *const found_names[] = { "nothing", "txt", "nxdomain",
	"nodata" };

static char *
describe(const struct dnssec_finding *finding)
{
	return g_strdup_printf("%s %s %s", chain_status_name(finding->status),
	    dnssec_reason_name(finding->reason), found_names[finding->found]);
}

/* The chain goes through its octets, as stored ones do. */
char *
chain_case_validate(
    const struct dnssec_case *world, struct dnssec_finding *finding)
{
	g_autoptr(GString) octets = g_string_new(NULL);
	g_autoptr(dnssec_chain_auto) chain = NULL;
	const char *why;
	char *text;

	dnssec_chain_settle(world->chain);
	dnssec_chain_write(world->chain, octets);
	chain = dnssec_chain_read(
	    (struct span){ (const uint8_t *)octets->str, octets->len }, &why);
	g_assert_cmpstr(why, ==, NULL);
	dnssec_validate(chain, SPAN(DNSSEC_CASE_NAME), world->anchors,
	    TIMESTAMP_NONE, finding);
	text = describe(finding);
	dnssec_finding_clear(finding);
	return text;
}

void
chain_case_check(const struct chain_case *c)
{
	struct dnssec_case world;
	struct dnssec_finding finding;
	g_autofree char *got = NULL;

	dnssec_case_init(&world, c->esp);
	dnssec_case_add(&world, c->records);
	if (c->before != NULL)
		c->before(&world);
	dnssec_case_sign(&world);
	if (c->after != NULL)
		c->after(&world);
	got = chain_case_validate(&world, &finding);
	if (g_strcmp0(got, c->want) != 0) {
		g_test_message("%s: %s, not %s", c->name, got, c->want);
		g_test_fail();
	}
	dnssec_case_clear(&world);
}

void
chain_case_check_all(const struct chain_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		chain_case_check(&cases[i]);
}

void
chain_case_strip(struct dnssec_case *world)
{
	dnssec_case_strip(world, NAME, LDNS_RR_TYPE_TXT);
}

void
chain_case_alone(struct dnssec_case *world)
{
	dnssec_case_strip(world, "example.test.", LDNS_RR_TYPE_DS);
	dnssec_case_drop(world, "test.", LDNS_RR_TYPE_DNSKEY);
	dnssec_case_drop(world, "test.", LDNS_RR_TYPE_DS);
	dnssec_case_drop(world, ".", LDNS_RR_TYPE_DNSKEY);
}
