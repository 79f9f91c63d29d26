/*
 * test_chain_tamper.c - every octet of a stored chain changed, in several
 * ways: no change makes it prove anything else than it did.
 */
#include "keysnap/dnssec/chain_result.h"
#include "tests/unit/chain_case.h"

#include <glib.h>

#define STRING(literal)                                         \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

static const struct span seen[] = { STRING("v=DKIM1; p=AAAA") };

struct tamper {
	const char *name, *records;
	void (*before)(struct dnssec_case *world); /* it is signed */
	void (*after)(struct dnssec_case *world);
	enum observation_kind kind;
	const char *owner; /* where aliases lead, or NULL */
	enum chain_status status;
};

static void
expand_txt(struct dnssec_case *world)
{
	dnssec_case_rename(
	    world, "*._domainkey.example.test.", LDNS_RR_TYPE_TXT, NAME);
}

static void
drop_example(struct dnssec_case *world)
{
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DNSKEY);
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DS);
	dnssec_case_sign_with(
	    world, "example.test.", LDNS_RR_TYPE_NSEC, world->keys[CASE_TEST]);
}

static const struct tamper cases[] = {
	{ "a record", TXT, NULL, NULL, OBSERVATION_PRESENT, NULL,
	    CHAIN_SECURE },
	{ "behind an alias",
	    NAME " CNAME s1.esp.test.\ns1.esp.test. TXT \"v=DKIM1; p=AAAA\"\n",
	    NULL, NULL, OBSERVATION_PRESENT, "s1.esp.test", CHAIN_SECURE },
	{ "by a wildcard",
	    "*._domainkey.example.test. TXT \"v=DKIM1; p=AAAA\"\n"
	    "_domainkey.example.test. NSEC t1._domainkey.example.test. A\n",
	    NULL, expand_txt, OBSERVATION_PRESENT, NULL, CHAIN_SECURE },
	{ "no name", "example.test. NSEC zz.example.test. SOA NS DNSKEY\n",
	    NULL, NULL, OBSERVATION_NXDOMAIN, NULL, CHAIN_SECURE },
	{ "no such type", NAME " NSEC zz.example.test. A\n", NULL, NULL,
	    OBSERVATION_NODATA, NULL, CHAIN_SECURE },
	{ "no DS", "example.test. NSEC zoo.test. NS RRSIG NSEC\n" TXT,
	    drop_example, chain_case_strip, OBSERVATION_PRESENT, NULL,
	    CHAIN_INSECURE },
};

static GString *
make_chain(struct dnssec_case *world, const struct tamper *c)
{
	GString *octets = g_string_new(NULL);

	dnssec_case_init(world, c->owner != NULL);
	dnssec_case_add(world, c->records);
	if (c->before != NULL)
		c->before(world);
	dnssec_case_sign(world);
	if (c->after != NULL)
		c->after(world);
	dnssec_chain_settle(world->chain);
	dnssec_chain_write(world->chain, octets);
	return octets;
}

static struct entry_observation
observation_of(const struct tamper *c)
{
	struct entry_observation observation = {
		.name = SPAN(DNSSEC_CASE_NAME),
		.kind = c->kind,
		.first = TIMESTAMP_NONE,
	};

	if (c->owner != NULL)
		observation.owner = span_from_string(c->owner);
	if (c->kind == OBSERVATION_PRESENT) {
		observation.strings = seen;
		observation.n_strings = 1;
	}
	return observation;
}

static bool
proves(const struct chain_result *result)
{
	return result->status == CHAIN_SECURE ||
	    result->status == CHAIN_INSECURE;
}

/* What the changed chain has for the name is not what was observed: then
 * nobody who observed that may have it proved. */
static void
check_other_content(const struct tamper *c, struct span octets,
    const struct trust_anchors *anchors)
{
	struct entry_observation other = observation_of(c);
	const char *why;
	g_autoptr(dnssec_chain_auto) chain = dnssec_chain_read(octets, &why);
	struct dnssec_finding finding;
	struct span strings[1];

	if (chain == NULL || c->status != CHAIN_SECURE ||
	    c->kind != OBSERVATION_PRESENT)
		return;
	dnssec_validate(chain, other.name, anchors, TIMESTAMP_NONE, &finding);
	if (finding.found == DNSSEC_FOUND_TXT &&
	    finding.status == CHAIN_SECURE) {
		const ldns_rdf *string =
		    ldns_rr_rdf(ldns_rr_list_rr(finding.answer->records, 0), 0);

		strings[0] = span_from((struct span){ ldns_rdf_data(string),
					   ldns_rdf_size(string) },
		    1);
		g_assert_true(span_equal(strings[0], seen[0]));
	}
	dnssec_finding_clear(&finding);
}

/* Change octet "at"; true when it still proves what it did. */
static bool
check_change(const struct tamper *c, GString *octets, size_t at, uint8_t bits,
    const struct trust_anchors *anchors, const struct chain_result *whole)
{
	g_autoptr(arena_auto) arena = arena_new();
	const struct entry_observation observation = observation_of(c);
	struct span span = { (const uint8_t *)octets->str, octets->len };
	struct chain_result result;

	octets->str[at] ^= (char)bits;
	chain_result_find(arena, span, &observation, anchors, &result);
	check_other_content(c, span, anchors);
	octets->str[at] ^= (char)bits;
	if (!proves(&result))
		return false;
	/* It may still prove the same (a TTL is not signed, nor is the case of
	 * names), and nothing else. */
	if (result.status != whole->status || result.from != whole->from ||
	    result.until != whole->until || result.reason != whole->reason ||
	    !span_equal(result.trust_anchor, whole->trust_anchor)) {
		g_test_message("%s: octet %zu, bits %02x", c->name, at, bits);
		g_test_fail();
	}
	return true;
}

static void
test_octets(gconstpointer user)
{
	static const uint8_t bits[] = { 0x01, 0x20, 0xff };
	const struct tamper *c = user;
	g_autoptr(arena_auto) arena = arena_new();
	const struct entry_observation observation = observation_of(c);
	struct dnssec_case world;
	g_autoptr(GString) octets = make_chain(&world, c);
	struct chain_result whole;
	size_t same = 0, n = g_test_thorough() ? 3 : c == &cases[0] ? 2 : 1;

	chain_result_find(arena,
	    (struct span){ (const uint8_t *)octets->str, octets->len },
	    &observation, world.anchors, &whole);
	g_assert_cmpint(whole.status, ==, c->status);
	for (size_t at = 0; at < octets->len; at++) {
		for (size_t i = 0; i < n; i++)
			same += check_change(
			    c, octets, at, bits[i], world.anchors, &whole);
	}
	g_test_message(
	    "%zu of %zu changes leave it as it is", same, n * octets->len);
	/* Most octets are signed, or say what is. */
	g_assert_cmpuint(same, <, n * octets->len / 4);
	dnssec_case_clear(&world);
}

/* Cut off anywhere, nothing is proved; nor with one octet more. */
static void
test_cuts(gconstpointer user)
{
	const struct tamper *c = user;
	const struct entry_observation observation = observation_of(c);
	struct dnssec_case world;
	g_autoptr(GString) octets = make_chain(&world, c);

	for (size_t n = 0; n < octets->len; n++) {
		g_autoptr(arena_auto) arena = arena_new();
		struct chain_result result;

		chain_result_find(arena,
		    (struct span){ (const uint8_t *)octets->str, n },
		    &observation, world.anchors, &result);
		if (proves(&result)) {
			g_test_message("%s: %zu octets", c->name, n);
			g_test_fail();
		}
	}
	dnssec_case_clear(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *octets =
		    g_strdup_printf("/chain-tamper/octets/%s", cases[i].name);
		g_autofree char *cuts =
		    g_strdup_printf("/chain-tamper/cuts/%s", cases[i].name);

		g_test_add_data_func(octets, &cases[i], test_octets);
		g_test_add_data_func(cuts, &cases[i], test_cuts);
	}
	return g_test_run();
}
