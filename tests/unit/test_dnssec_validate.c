/* test_dnssec_validate.c - what chains prove, and why others do not. */
#include "tests/unit/chain_case.h"

#include <glib.h>

static void
flip_txt(struct dnssec_case *world)
{
	dnssec_case_flip(dnssec_case_set(world, NAME, LDNS_RR_TYPE_TXT));
}

static void
flip_ds(struct dnssec_case *world)
{
	dnssec_case_flip(dnssec_case_set(world, "test.", LDNS_RR_TYPE_DS));
}

static void
flip_keys(struct dnssec_case *world)
{
	dnssec_case_flip(
	    dnssec_case_set(world, "example.test.", LDNS_RR_TYPE_DNSKEY));
}

static void
change_txt(struct dnssec_case *world)
{
	ldns_rr *record = ldns_rr_list_rr(
	    dnssec_case_set(world, NAME, LDNS_RR_TYPE_TXT)->records, 0);

	ldns_rdf_data(ldns_rr_rdf(record, 0))[14] ^= 1;
}

static void
strip_ds(struct dnssec_case *world)
{
	dnssec_case_strip(world, "example.test.", LDNS_RR_TYPE_DS);
}

static void
drop_ds(struct dnssec_case *world)
{
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DS);
}

static void
drop_keys(struct dnssec_case *world)
{
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DNSKEY);
}

static void
drop_root_keys(struct dnssec_case *world)
{
	dnssec_case_drop(world, ".", LDNS_RR_TYPE_DNSKEY);
}

/* The zone above signs what it has delegated. */
static void
sign_by_parent(struct dnssec_case *world)
{
	dnssec_case_sign_with(
	    world, NAME, LDNS_RR_TYPE_TXT, world->keys[CASE_TEST]);
}

/* A sister zone signs, saying that it is the zone. */
static void
sign_by_other(struct dnssec_case *world)
{
	dnssec_case_sign_with(
	    world, NAME, LDNS_RR_TYPE_TXT, world->keys[CASE_ESP]);
}

/* The zone signs its own DS. */
static void
sign_own_ds(struct dnssec_case *world)
{
	dnssec_case_sign_with(
	    world, "example.test.", LDNS_RR_TYPE_DS, world->keys[CASE_EXAMPLE]);
}

/* A key that is in no DNSKEY set. */
static void
sign_by_stranger(struct dnssec_case *world)
{
	ldns_key *key = dnssec_case_key(9, "example.test.", 256);

	dnssec_case_sign_with(world, NAME, LDNS_RR_TYPE_TXT, key);
	ldns_key_deep_free(key);
}

static void
sign_with_flags(struct dnssec_case *world, unsigned flags)
{
	ldns_key *key = dnssec_case_key(9, "example.test.", flags | 256);
	ldns_rr *record = ldns_key2rr(key);

	/* ldns signs with zone keys only. */
	ldns_rdf_data(ldns_rr_dnskey_flags(record))[0] = (uint8_t)(flags >> 8);
	ldns_key_set_keytag(key, ldns_calc_keytag(record));
	dnssec_chain_add(world->chain, record);
	dnssec_case_sign_with(world, NAME, LDNS_RR_TYPE_TXT, key);
	ldns_rr_free(record);
	ldns_key_deep_free(key);
}

static void
sign_with_zsk(struct dnssec_case *world)
{
	sign_with_flags(world, 256);
}

static void
sign_with_revoked(struct dnssec_case *world)
{
	sign_with_flags(world, 256 | 128);
}

static void
sign_with_no_zone_key(struct dnssec_case *world)
{
	sign_with_flags(world, 0);
}

/* The only key of the zone, fitting the DS, is revoked. */
static void
revoke_entry(struct dnssec_case *world)
{
	ldns_rr *key, *ds;

	ldns_key_deep_free(world->keys[CASE_EXAMPLE]);
	world->keys[CASE_EXAMPLE] =
	    dnssec_case_key(3, "example.test.", 257 | 128);
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DNSKEY);
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DS);
	key = ldns_key2rr(world->keys[CASE_EXAMPLE]);
	dnssec_chain_add(world->chain, key);
	ds = ldns_key_rr2ds(key, LDNS_SHA256);
	dnssec_chain_add(world->chain, ds);
	ldns_rr_free(ds);
	ldns_rr_free(key);
}

static void
other_ds(struct dnssec_case *world, const char *text)
{
	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DS);
	dnssec_case_add(world, text);
}

static void
wrong_ds(struct dnssec_case *world)
{
	other_ds(world,
	    "example.test. DS 12345 15 2 49AAC11D7B6F6446702E54A1607371607A"
	    "1A41855200FD2CE1CDDE32F24E8FB5");
}

static void
unknown_ds(struct dnssec_case *world)
{
	other_ds(world,
	    "example.test. DS 12345 200 2 49AAC11D7B6F6446702E54A1607371607A"
	    "1A41855200FD2CE1CDDE32F24E8FB5");
}

static void
gost_ds(struct dnssec_case *world)
{
	other_ds(world,
	    "example.test. DS 12345 12 2 49AAC11D7B6F6446702E54A1607371607A"
	    "1A41855200FD2CE1CDDE32F24E8FB5");
}

static void
sha1_ds(struct dnssec_case *world)
{
	ldns_rr *key = ldns_key2rr(world->keys[CASE_EXAMPLE]);
	ldns_rr *ds = ldns_key_rr2ds(key, LDNS_SHA1);

	dnssec_case_drop(world, "example.test.", LDNS_RR_TYPE_DS);
	dnssec_chain_add(world->chain, ds);
	ldns_rr_free(ds);
	ldns_rr_free(key);
}

/* SHA-1 beside SHA-256, where only SHA-1 fits (RFC 4509 section 3). */
static void
downgraded_ds(struct dnssec_case *world)
{
	sha1_ds(world);
	dnssec_case_add(world,
	    "example.test. DS 12345 15 2 49AAC11D7B6F6446702E54A1607371607A"
	    "1A41855200FD2CE1CDDE32F24E8FB5");
}

static void
later_root(struct dnssec_case *world)
{
	dnssec_case_times(
	    world, CASE_ROOT, DNSSEC_CASE_UNTIL + 1, DNSSEC_CASE_UNTIL + 1000);
}

static void
backward_txt(struct dnssec_case *world)
{
	dnssec_case_times(
	    world, CASE_EXAMPLE, DNSSEC_CASE_UNTIL, DNSSEC_CASE_FROM);
}

static void
add_label(struct dnssec_case *world)
{
	ldns_rr *signature = ldns_rr_list_rr(
	    dnssec_case_set(world, NAME, LDNS_RR_TYPE_TXT)->signatures, 0);

	ldns_rdf_data(ldns_rr_rrsig_labels(signature))[0]++;
}

static void
drop_label(struct dnssec_case *world)
{
	ldns_rr *signature = ldns_rr_list_rr(
	    dnssec_case_set(world, NAME, LDNS_RR_TYPE_TXT)->signatures, 0);

	ldns_rdf_data(ldns_rr_rrsig_labels(signature))[0] = 1;
}

static void
test_answers(void)
{
	static const struct chain_case cases[] = {
		{ "good", TXT, NULL, NULL, false, "secure none txt" },
		{ "nothing", "", NULL, NULL, false,
		    "indeterminate no-answer nothing" },
		{ "signature flipped", TXT, NULL, flip_txt, false,
		    "bogus signature txt" },
		{ "text changed", TXT, NULL, change_txt, false,
		    "bogus signature txt" },
		{ "signature stripped", TXT, NULL, chain_case_strip, false,
		    "bogus no-signature txt" },
		{ "signed by the zone above", TXT, sign_by_parent, NULL, false,
		    "bogus signer txt" },
		{ "signed by another zone", TXT, sign_by_other, NULL, true,
		    "bogus signer txt" },
		{ "signed by no key", TXT, sign_by_stranger, NULL, false,
		    "bogus no-key txt" },
		{ "signed by a second key", TXT, sign_with_zsk, NULL, false,
		    "secure none txt" },
		{ "signed by a revoked key", TXT, sign_with_revoked, NULL,
		    false, "bogus key-revoked txt" },
		{ "signed by no zone key", TXT, sign_with_no_zone_key, NULL,
		    false, "bogus key-form txt" },
		{ "a label more", TXT, NULL, add_label, false,
		    "bogus labels txt" },
		{ "labels fewer than the zone has", TXT, NULL, drop_label,
		    false, "bogus labels txt" },
		{ "times apart", TXT, later_root, NULL, false,
		    "bogus window txt" },
		{ "ends before it begins", TXT, backward_txt, NULL, false,
		    "bogus window txt" },
	};

	chain_case_check_all(cases, G_N_ELEMENTS(cases));
}

static void
test_zones(void)
{
	static const struct chain_case cases[] = {
		{ "DS flipped", TXT, NULL, flip_ds, false,
		    "bogus signature txt" },
		{ "keys flipped", TXT, NULL, flip_keys, false,
		    "bogus signature txt" },
		{ "DS not signed", TXT, NULL, strip_ds, false,
		    "bogus no-signature txt" },
		{ "DS not signed, and no zone above", TXT, NULL,
		    chain_case_alone, false, "indeterminate no-dnskey txt" },
		{ "DS missing", TXT, NULL, drop_ds, false,
		    "indeterminate no-ds txt" },
		{ "keys missing", TXT, NULL, drop_keys, false,
		    "indeterminate no-dnskey txt" },
		{ "root missing", TXT, NULL, drop_root_keys, false,
		    "indeterminate no-dnskey txt" },
		{ "signs its own DS", TXT, sign_own_ds, NULL, false,
		    "bogus signer txt" },
		{ "entry point revoked", TXT, revoke_entry, NULL, false,
		    "bogus key-revoked txt" },
		{ "DS of another key", TXT, wrong_ds, NULL, false,
		    "bogus ds-mismatch txt" },
		{ "DS of SHA-1", TXT, sha1_ds, NULL, false,
		    "indeterminate weak-digest txt" },
		{ "DS of SHA-1 fits, of SHA-256 does not", TXT, downgraded_ds,
		    NULL, false, "bogus ds-mismatch txt" },
		{ "DS of an unknown algorithm", TXT, unknown_ds, NULL, false,
		    "indeterminate unsupported txt" },
		{ "DS of GOST", TXT, gost_ds, NULL, false,
		    "indeterminate weak-algorithm txt" },
	};

	chain_case_check_all(cases, G_N_ELEMENTS(cases));
}

#define CNAME   NAME " CNAME s1.esp.test.\n"
#define ESP_TXT "s1.esp.test. TXT \"v=DKIM1; p=AAAA\"\n"

static void
flip_esp(struct dnssec_case *world)
{
	dnssec_case_flip(
	    dnssec_case_set(world, "s1.esp.test.", LDNS_RR_TYPE_TXT));
}

static void
strip_cname(struct dnssec_case *world)
{
	dnssec_case_strip(world, NAME, LDNS_RR_TYPE_CNAME);
}

static void
drop_esp_ds(struct dnssec_case *world)
{
	dnssec_case_drop(world, "esp.test.", LDNS_RR_TYPE_DS);
}

static void
test_aliases(void)
{
	static const struct chain_case cases[] = {
		{ "to another zone", CNAME ESP_TXT, NULL, NULL, true,
		    "secure none txt" },
		{ "not signed", CNAME ESP_TXT, NULL, strip_cname, true,
		    "bogus no-signature txt" },
		{ "good, but what it leads to is not", CNAME ESP_TXT, NULL,
		    flip_esp, true, "bogus signature txt" },
		{ "to a zone without DS", CNAME ESP_TXT, NULL, drop_esp_ds,
		    true, "indeterminate no-ds txt" },
		{ "to nothing", CNAME, NULL, NULL, true,
		    "indeterminate no-answer nothing" },
		{ "to itself", NAME " CNAME " NAME "\n", NULL, NULL, false,
		    "bogus cname nothing" },
		{ "two at one name", CNAME NAME " CNAME s2.esp.test.\n" ESP_TXT,
		    NULL, NULL, true, "bogus cname txt" },
		{ "DNAME", "_domainkey.example.test. DNAME esp.test.\n" ESP_TXT,
		    NULL, NULL, true, "secure none txt" },
		{ "a CNAME that a DNAME made",
		    "_domainkey.example.test. DNAME esp.test.\n" CNAME ESP_TXT,
		    NULL, strip_cname, true, "secure none txt" },
	};

	chain_case_check_all(cases, G_N_ELEMENTS(cases));
}

static void
test_window(void)
{
	struct dnssec_case world;
	struct dnssec_finding finding;
	g_autofree char *got = NULL, *text = NULL;

	dnssec_case_init(&world, false);
	dnssec_case_add(&world, TXT);
	dnssec_case_times(
	    &world, CASE_TEST, DNSSEC_CASE_FROM + 5, DNSSEC_CASE_UNTIL + 1000);
	dnssec_case_times(&world, CASE_EXAMPLE, 1, DNSSEC_CASE_UNTIL - 7);
	dnssec_case_sign(&world);
	got = chain_case_validate(&world, &finding);
	g_assert_cmpstr(got, ==, "secure none txt");
	g_assert_cmpint(finding.from, ==, DNSSEC_CASE_FROM + 5);
	g_assert_cmpint(finding.until, ==, DNSSEC_CASE_UNTIL - 7);
	text = trust_anchor_text(finding.anchor);
	g_assert_true(g_str_has_prefix(text, ". IN DS "));
	dnssec_case_clear(&world);
}

/* Of two signatures the one that is valid at the time asked for counts. */
static void
test_choice(void)
{
	struct dnssec_case world;
	struct dnssec_finding finding;

	dnssec_case_init(&world, false);
	dnssec_case_add(&world, TXT);
	dnssec_case_times(
	    &world, CASE_EXAMPLE, DNSSEC_CASE_FROM, DNSSEC_CASE_FROM + 100);
	dnssec_case_sign_with(
	    &world, NAME, LDNS_RR_TYPE_TXT, world.keys[CASE_EXAMPLE]);
	dnssec_case_times(
	    &world, CASE_EXAMPLE, DNSSEC_CASE_FROM + 200, DNSSEC_CASE_UNTIL);
	dnssec_case_sign_with(
	    &world, NAME, LDNS_RR_TYPE_TXT, world.keys[CASE_EXAMPLE]);
	dnssec_case_times(
	    &world, CASE_EXAMPLE, DNSSEC_CASE_FROM, DNSSEC_CASE_UNTIL);
	dnssec_case_sign(&world);
	dnssec_validate(world.chain, SPAN(DNSSEC_CASE_NAME), world.anchors,
	    DNSSEC_CASE_FROM + 50, &finding);
	g_assert_cmpint(finding.until, ==, DNSSEC_CASE_FROM + 100);
	dnssec_finding_clear(&finding);
	dnssec_validate(world.chain, SPAN(DNSSEC_CASE_NAME), world.anchors,
	    TIMESTAMP_NONE, &finding);
	g_assert_cmpint(finding.from, ==, DNSSEC_CASE_FROM + 200);
	dnssec_finding_clear(&finding);
	dnssec_case_clear(&world);
}

/* A root that is not trusted, and one that is, but not then. */
static void
test_anchors(void)
{
	struct dnssec_case world;
	struct dnssec_finding finding;
	struct trust_anchor *anchor;
	g_autofree char *got = NULL, *late = NULL, *in_time = NULL;
	struct trust_anchors *own, *others = trust_anchors_builtin();

	dnssec_case_init(&world, false);
	dnssec_case_add(&world, TXT);
	dnssec_case_sign(&world);
	own = world.anchors;
	world.anchors = others;
	got = chain_case_validate(&world, &finding);
	g_assert_cmpstr(got, ==, "indeterminate no-anchor txt");
	world.anchors = own;
	anchor = own->items->pdata[0];
	anchor->from = DNSSEC_CASE_UNTIL + 1;
	late = chain_case_validate(&world, &finding);
	g_assert_cmpstr(late, ==, "bogus anchor-time txt");
	anchor->from = DNSSEC_CASE_UNTIL;
	in_time = chain_case_validate(&world, &finding);
	g_assert_cmpstr(in_time, ==, "secure none txt");
	trust_anchors_free(others);
	dnssec_case_clear(&world);
}

/* Keys that share a tag, times signatures: the work has a bound. */
static void
test_keytrap(void)
{
	struct dnssec_case world;
	struct dnssec_validator validator;
	const struct dnssec_set_state *state;
	struct dnssec_set *txt;
	const ldns_rr *first;

	dnssec_case_init(&world, false);
	dnssec_case_add(&world, TXT);
	dnssec_case_sign(&world);
	txt = dnssec_case_set(&world, NAME, LDNS_RR_TYPE_TXT);
	dnssec_case_flip(txt);
	first = ldns_rr_list_rr(txt->signatures, 0);
	for (unsigned i = 1; i < DNSSEC_SET_SIGNATURES_MAX; i++) {
		ldns_rr *copy = ldns_rr_clone(first);

		ldns_rdf_data(ldns_rr_rrsig_sig(copy))[20] ^= (uint8_t)i;
		g_assert_true(dnssec_chain_add(world.chain, copy));
		ldns_rr_free(copy);
	}
	/* Swapping two octets 2 apart leaves the tag as it is. */
	dnssec_case_strip(&world, "example.test.", LDNS_RR_TYPE_DNSKEY);
	for (unsigned i = 0; i < 24; i++) {
		ldns_rr *copy = ldns_key2rr(world.keys[CASE_EXAMPLE]);
		uint8_t *p = ldns_rdf_data(ldns_rr_dnskey_key(copy));
		uint8_t kept = p[i];

		p[i] = p[i + 2];
		p[i + 2] = kept;
		dnssec_chain_add(world.chain, copy);
		ldns_rr_free(copy);
	}
	dnssec_case_sign(&world);
	dnssec_validator_init(
	    &validator, world.chain, world.anchors, TIMESTAMP_NONE);
	state = dnssec_validate_set(&validator, txt);
	g_assert_cmpint(state->verdict.status, ==, CHAIN_INDETERMINATE);
	g_assert_cmpuint(validator.budget.signatures, ==, 0);
	dnssec_validator_clear(&validator);
	dnssec_case_clear(&world);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/dnssec-validate/answers", test_answers);
	g_test_add_func("/dnssec-validate/zones", test_zones);
	g_test_add_func("/dnssec-validate/aliases", test_aliases);
	g_test_add_func("/dnssec-validate/window", test_window);
	g_test_add_func("/dnssec-validate/choice", test_choice);
	g_test_add_func("/dnssec-validate/anchors", test_anchors);
	g_test_add_func("/dnssec-validate/keytrap", test_keytrap);
	return g_test_run();
}
