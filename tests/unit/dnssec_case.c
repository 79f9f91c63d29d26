/* dnssec_case.c - make signed zones in memory. */
#include "tests/unit/dnssec_case.h"

#include <string.h>

static const struct {
	const char *name;
	unsigned seed;
} zones[CASE_ZONES] = { { ".", 1 }, { "test.", 2 }, { "example.test.", 3 },
	{ "esp.test.", 4 } };

ldns_key *
dnssec_case_key(unsigned seed, const char *zone, unsigned flags)
{
	uint8_t secret[32] = { (uint8_t)seed };
	ldns_key *key = ldns_key_new();
	ldns_rr *record;

	ldns_key_set_algorithm(key, LDNS_SIGN_ED25519);
	ldns_key_set_evp_key(key,
	    EVP_PKEY_new_raw_private_key(
		EVP_PKEY_ED25519, NULL, secret, sizeof(secret)));
	ldns_key_set_pubkey_owner(key, ldns_dname_new_frm_str(zone));
	ldns_key_set_flags(key, (uint16_t)flags);
	ldns_key_set_origttl(key, 3600);
	ldns_key_set_inception(key, DNSSEC_CASE_FROM);
	ldns_key_set_expiration(key, DNSSEC_CASE_UNTIL);
	record = ldns_key2rr(key);
	ldns_key_set_keytag(key, ldns_calc_keytag(record));
	ldns_rr_free(record);
	return key;
}

static void
add_rr(struct dnssec_case *world, ldns_rr *record)
{
	ldns_rr_set_ttl(record, 3600);
	g_assert_true(dnssec_chain_takes(record));
	g_assert_true(dnssec_chain_add(world->chain, record));
	ldns_rr_free(record);
}

static void
add_zone(struct dnssec_case *world, int zone)
{
	ldns_rr *key = ldns_key2rr(world->keys[zone]);

	if (zone != CASE_ROOT)
		add_rr(world, ldns_key_rr2ds(key, LDNS_SHA256));
	add_rr(world, key);
}

void
dnssec_case_init(struct dnssec_case *world, bool esp)
{
	ldns_rr *key, *ds;
	char *text, *why;
	unsigned line;

	world->chain = dnssec_chain_new();
	for (int i = 0; i < CASE_ZONES; i++)
		world->keys[i] =
		    dnssec_case_key(zones[i].seed, zones[i].name, 257);
	for (int i = 0; i < (esp ? CASE_ZONES : CASE_ESP); i++)
		add_zone(world, i);
	key = ldns_key2rr(world->keys[CASE_ROOT]);
	ds = ldns_key_rr2ds(key, LDNS_SHA256);
	text = ldns_rr2str(ds);
	world->anchors =
	    trust_anchors_read(span_from_string(text), &why, &line);
	g_assert_nonnull(world->anchors);
	free(text);
	ldns_rr_free(ds);
	ldns_rr_free(key);
}

void
dnssec_case_clear(struct dnssec_case *world)
{
	for (int i = 0; i < CASE_ZONES; i++)
		ldns_key_deep_free(world->keys[i]);
	trust_anchors_free(world->anchors);
	dnssec_chain_free(world->chain);
}

void
dnssec_case_add(struct dnssec_case *world, const char *lines)
{
	char **each = g_strsplit(lines, "\n", -1);

	for (char **line = each; *line != NULL; line++) {
		ldns_rr *record;

		if (**line == '\0')
			continue;
		g_assert_cmpint(
		    ldns_rr_new_frm_str(&record, *line, 3600, NULL, NULL), ==,
		    LDNS_STATUS_OK);
		add_rr(world, record);
	}
	g_strfreev(each);
}

struct dnssec_set *
dnssec_case_set(struct dnssec_case *world, const char *owner, ldns_rr_type type)
{
	g_autoptr(ldns_rdf) name = ldns_dname_new_frm_str(owner);
	struct dnssec_set *set =
	    (struct dnssec_set *)dnssec_chain_find(world->chain, name, type);

	g_assert_nonnull(set);
	return set;
}

static void
sign_set(struct dnssec_case *world, struct dnssec_set *set, ldns_key *key)
{
	ldns_key_list *keys = ldns_key_list_new();
	ldns_rr_list *signatures;

	ldns_key_list_push_key(keys, key);
	signatures = ldns_sign_public(set->records, keys);
	for (size_t i = 0; i < ldns_rr_list_rr_count(signatures); i++)
		g_assert_true(dnssec_chain_add(
		    world->chain, ldns_rr_list_rr(signatures, i)));
	ldns_rr_list_deep_free(signatures);
	free(keys->_keys); /* ldns_key_list_free() would free the key, too */
	free(keys);
}

void
dnssec_case_sign_with(struct dnssec_case *world, const char *owner,
    ldns_rr_type type, ldns_key *key)
{
	sign_set(world, dnssec_case_set(world, owner, type), key);
}

static ldns_key *
key_of(struct dnssec_case *world, const struct dnssec_set *set)
{
	ldns_key *key = world->keys[CASE_ROOT];
	unsigned labels = 0;

	for (int i = 1; i < CASE_ZONES; i++) {
		g_autoptr(ldns_rdf) zone =
		    ldns_dname_new_frm_str(zones[i].name);

		if ((set->type == LDNS_RR_TYPE_DS
			    ? zone_name_below(set->owner, zone)
			    : zone_name_within(set->owner, zone)) &&
		    zone_name_labels(zone) > labels) {
			labels = zone_name_labels(zone);
			key = world->keys[i];
		}
	}
	return key;
}

void
dnssec_case_sign(struct dnssec_case *world)
{
	for (guint i = 0; i < world->chain->sets->len; i++) {
		struct dnssec_set *set = world->chain->sets->pdata[i];

		if (ldns_rr_list_rr_count(set->signatures) == 0)
			sign_set(world, set, key_of(world, set));
	}
}

void
dnssec_case_drop(
    struct dnssec_case *world, const char *owner, ldns_rr_type type)
{
	g_assert_true(g_ptr_array_remove(
	    world->chain->sets, dnssec_case_set(world, owner, type)));
}

static void
rename_list(ldns_rr_list *list, const ldns_rdf *name)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		ldns_rr *record = ldns_rr_list_rr(list, i);

		ldns_rdf_deep_free(ldns_rr_owner(record));
		ldns_rr_set_owner(record, ldns_rdf_clone(name));
	}
}

void
dnssec_case_rename(struct dnssec_case *world, const char *owner,
    ldns_rr_type type, const char *name)
{
	struct dnssec_set *set = dnssec_case_set(world, owner, type);

	ldns_rdf_deep_free(set->owner);
	set->owner = ldns_dname_new_frm_str(name);
	rename_list(set->records, set->owner);
	rename_list(set->signatures, set->owner);
}

void
dnssec_case_flip(struct dnssec_set *set)
{
	ldns_rdf *octets =
	    ldns_rr_rrsig_sig(ldns_rr_list_rr(set->signatures, 0));

	ldns_rdf_data(octets)[7] ^= 1;
}

void
dnssec_case_strip(
    struct dnssec_case *world, const char *owner, ldns_rr_type type)
{
	struct dnssec_set *set = dnssec_case_set(world, owner, type);

	ldns_rr_list_deep_free(set->signatures);
	set->signatures = ldns_rr_list_new();
}

void
dnssec_case_times(
    struct dnssec_case *world, int zone, uint32_t from, uint32_t until)
{
	ldns_key_set_inception(world->keys[zone], from);
	ldns_key_set_expiration(world->keys[zone], until);
}
