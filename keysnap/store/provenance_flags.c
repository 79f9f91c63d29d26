/*
 * provenance_flags.c - what is wrong with keys: by their number and record
 * alone, by what was found of them, and by what people say of them.
 */
#include "keysnap/store/provenance_witness.h"

#include "keysnap/key/factored.h"

#include <string.h>

#define ALWAYS_WEAK_BITS \
	426 /* RSA-129: factored before there was DKIM, so
				such a key counts as weak from the beginning */

/* Checks whose "bad" says nothing of forging: a small key is weak by the
 * table above, and a provider may serve many domains with one key. */
static const char *const harmless[] = { "modulus-size", "unrelated-domains" };

/* When was a modulus of that size first factored? */
static int64_t
weak_since(unsigned bits)
{
	const char *month = factored_since(bits);
	enum timestamp_precision precision;
	int64_t at;

	if (bits <= ALWAYS_WEAK_BITS || month == NULL ||
	    !timestamp_parse_lenient(span_from_string(month), &at, &precision))
		return TIMESTAMP_NONE;
	return at;
}

/* A DER length that promises more octets than p= holds. */
static bool
is_truncated(struct span der)
{
	size_t length, n_octets;

	if (der.n < 4 || der.p[0] != 0x30 || der.p[1] < 0x81 || der.p[1] > 0x83)
		return false;
	n_octets = der.p[1] & 0x7f;
	length = 0;
	for (size_t i = 0; i < n_octets && 2 + i < der.n; i++)
		length = length << 8 | der.p[2 + i];
	return length > der.n - MIN(der.n, 2 + n_octets);
}

unsigned
flags_of_record(const struct known_key *key)
{
	unsigned flags = 0;

	if ((key->key.flags & PUBLIC_KEY_WEAK) != 0)
		flags |= PROVENANCE_WEAK;
	if ((key->key.flags & PUBLIC_KEY_FORGEABLE) != 0)
		flags |= PROVENANCE_FORGEABLE;
	if ((key->key.flags & PUBLIC_KEY_AGING) != 0)
		flags |= PROVENANCE_AGING;
	if (key->record.testing)
		flags |= PROVENANCE_TESTING;
	if (key->key.status == PUBLIC_KEY_MALFORMED &&
	    is_truncated(key->record.key_data))
		flags |= PROVENANCE_TRUNCATED;
	return flags;
}

/* Of several times the earliest counts, and an unknown one before all: then
 * it may have been from the beginning. */
static void
mark_forgeable(struct known_key *key, int64_t since)
{
	bool was = (key->flags & PROVENANCE_FORGEABLE) != 0;

	if (!was)
		key->forgeable_since = since;
	else if (since == TIMESTAMP_NONE)
		key->forgeable_since = TIMESTAMP_NONE;
	else if (key->forgeable_since != TIMESTAMP_NONE)
		key->forgeable_since = MIN(key->forgeable_since, since);
	key->flags |= PROVENANCE_FORGEABLE;
}

static bool
is_harmless(struct span check)
{
	for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++) {
		if (span_equal(check, span_from_string(harmless[i])))
			return true;
	}
	return false;
}

/* Whose key an entry says can be forged since when, or NULL. */
static const uint8_t *
forgeable_key(const struct derivation *derivation, const struct entry *entry,
    int64_t *since_out)
{
	const struct entry_annotation *annotation = &entry->annotation;
	const struct entry_key_health *health = &entry->key_health;

	if (entry->type == ENTRY_KEY_HEALTH) {
		*since_out = health->since;
		return health->result == HEALTH_BAD &&
			!is_harmless(health->check)
		    ? health->key
		    : NULL;
	}
	if (entry->type != ENTRY_ANNOTATION || !annotation->has_key ||
	    (annotation->kind != ANNOTATION_COMPROMISE &&
		annotation->kind != ANNOTATION_PRIVATE_KEY_PUBLISHED) ||
	    (annotation->name.n > 0 &&
		!span_equal(annotation->name, derivation->known->name)))
		return NULL;
	*since_out = annotation->since;
	return annotation->key;
}

static void
apply(struct derivation *derivation, const struct entry *entry)
{
	struct known_name *known = derivation->known;
	int64_t since;
	const uint8_t *sha256 = forgeable_key(derivation, entry, &since);

	if (sha256 == NULL)
		return;
	for (size_t i = 0; i < known->n_keys; i++) {
		if (key_has_identity(&known->keys[i].key) &&
		    memcmp(known->keys[i].key.sha256, sha256, 32) == 0)
			mark_forgeable(&known->keys[i], since);
	}
}

static bool
has_warning(const struct entry_observation *observation, const char *word)
{
	for (size_t i = 0; i < observation->warnings.n; i++) {
		if (span_equal(
			observation->warnings.items[i], span_from_string(word)))
			return true;
	}
	return false;
}

/* A record is doubtful only as long as nobody saw it whole. */
static void
flag_doubtful(struct derivation *derivation)
{
	struct known_name *known = derivation->known;
	bool whole[PROVENANCE_KEYS_MAX] = { false };
	bool joined[PROVENANCE_KEYS_MAX] = { false };

	for (size_t i = 0; i < derivation->n_witnesses; i++) {
		const struct witness *witness = &derivation->witnesses[i];

		if (witness->record == WITNESS_ABSENT)
			continue;
		whole[witness->record] |=
		    !has_warning(witness->observation, "truncated");
		joined[witness->record] |=
		    witness->observation->joined != JOIN_AMBIGUOUS;
	}
	for (size_t i = 0; i < known->n_keys; i++) {
		if (!whole[i])
			known->keys[i].flags |= PROVENANCE_TRUNCATED;
		if (!joined[i])
			known->keys[i].flags |= PROVENANCE_JOIN_AMBIGUOUS;
	}
}

void
flags_derive(struct derivation *derivation)
{
	const struct bearing *all = &derivation->input->of_name;
	struct known_name *known = derivation->known;

	for (size_t i = 0; i < known->n_keys; i++) {
		if ((known->keys[i].flags & PROVENANCE_WEAK) != 0)
			known->keys[i].weak_since =
			    weak_since(known->keys[i].key.bits);
	}
	for (size_t i = 0; i < all->n; i++) {
		if (!derivation_retracted(
			derivation, all->numbers[i], &all->entries[i]))
			apply(derivation, &all->entries[i]);
	}
	flag_doubtful(derivation);
}
