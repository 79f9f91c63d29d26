/*
 * provenance.c - from log entries to the keys of a name.
 *
 * Pure: the same entries give the same keys, in the order of their first
 * entry.  All of it is linear in the entries, or sorts them, times
 * PROVENANCE_KEYS_MAX or PROVENANCE_OBSERVERS_MAX at worst.
 */
#include "keysnap/store/provenance.h"

#include "keysnap/base/span_key.h"
#include "keysnap/store/provenance_witness.h"
#include "keysnap/store/retraction.h"

#include <string.h>

bool
key_has_identity(const struct public_key *key)
{
	return key->status != PUBLIC_KEY_MALFORMED &&
	    key->status != PUBLIC_KEY_WRONG_ALGORITHM &&
	    key->status != PUBLIC_KEY_BAD_LENGTH;
}

/* Which records have one key. */
static void
group_records(struct derivation *derivation)
{
	struct known_name *known = derivation->known;

	for (size_t i = 0; i < known->n_keys; i++) {
		const struct public_key *key = &known->keys[i].key;
		size_t first = i;

		for (size_t k = 0; first == i && k < i; k++) {
			if (key_has_identity(key) &&
			    key_has_identity(&known->keys[k].key) &&
			    memcmp(key->sha256, known->keys[k].key.sha256,
				sizeof(key->sha256)) == 0)
				first = k;
		}
		known->keys[i].first_of_key = first;
	}
	for (size_t i = 0; i < derivation->n_witnesses; i++) {
		struct witness *witness = &derivation->witnesses[i];

		if (witness->record != WITNESS_ABSENT)
			witness->key =
			    known->keys[witness->record].first_of_key;
	}
}

void
provenance_derive(struct known_name *known, struct arena *arena,
    const struct crypto *crypto, const struct provenance_input *input)
{
	struct derivation derivation = { .known = known,
		.arena = arena,
		.crypto = crypto,
		.input = input,
		.foreign = g_hash_table_new(NULL, NULL),
		.texts = g_hash_table_new(span_key_hash, span_key_equal) };

	*known = (struct known_name){
		.name = input->name,
		.absent_first = TIMESTAMP_NONE,
		.revoked_first = TIMESTAMP_NONE,
	};
	derivation.retractions =
	    retractions_new(&input->of_name, derivation.foreign);
	retractions_add(
	    derivation.retractions, &input->of_log, derivation.foreign);
	witnesses_collect(&derivation);
	group_records(&derivation);
	anchors_collect(&derivation);
	grades_derive(&derivation);
	flags_derive(&derivation);
	contrary_derive(&derivation);
	known->witnesses = derivation.witnesses;
	known->n_witnesses = derivation.n_witnesses;
	g_hash_table_unref(derivation.foreign);
	g_hash_table_unref(derivation.texts);
	g_hash_table_unref(derivation.retractions);
}
