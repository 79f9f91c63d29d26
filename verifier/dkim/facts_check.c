/*
 * facts_check.c - a signature against every key known for its name, RFC 6376
 * sections 6.1.2 and 6.1.3.
 */
#include "verifier/dkim/facts.h"

#include "verifier/dkim/domainkeys.h"

static bool
is_type_fitting(
    const struct signature *signature, const struct key_record *record)
{
	switch (signature->algorithm) {
	case SIGNATURE_RSA_SHA1:
	case SIGNATURE_RSA_SHA256:
		return record->type == KEY_TYPE_RSA;
	case SIGNATURE_ED25519_SHA256:
		return record->type == KEY_TYPE_ED25519;
	case SIGNATURE_ALGORITHM_UNKNOWN:
		break;
	}
	return false;
}

/* What stands in the way before the key itself is looked at.  An unknown k=
 * is a type that fits no a=, not a malformed record. */
static unsigned
record_defects(const struct key_record *record)
{
	if (record->defects & KEY_RECORD_NOT_A_KEY)
		return CANDIDATE_NOT_A_KEY;
	if (record->defects & KEY_RECORD_FATAL &
	    ~(unsigned)KEY_RECORD_UNKNOWN_TYPE)
		return CANDIDATE_MALFORMED;
	if (record->revoked)
		return CANDIDATE_REVOKED;
	return 0;
}

static unsigned
key_defects(const struct candidate *candidate)
{
	if (candidate->key == NULL)
		return CANDIDATE_MALFORMED;
	switch (candidate->key->status) {
	case PUBLIC_KEY_OK:
		return candidate->checker == NULL ? CANDIDATE_LIMIT : 0;
	case PUBLIC_KEY_TOO_SMALL:
	case PUBLIC_KEY_TOO_LARGE:
	case PUBLIC_KEY_EXPONENT_LIMIT:
		return CANDIDATE_LIMIT;
	case PUBLIC_KEY_MALFORMED:
	case PUBLIC_KEY_WRONG_ALGORITHM:
	case PUBLIC_KEY_BAD_LENGTH:
		break;
	}
	return CANDIDATE_MALFORMED;
}

/* A record of the time of DomainKeys (no v=) has neither h= nor s=; what stands
 * there means nothing (RFC 4870 3.2.3).  g= is about the sender. */
static unsigned
domainkeys_defects(
    const struct signature *signature, const struct key_record *record)
{
	unsigned defects = 0;

	if (!is_type_fitting(signature, record))
		defects |= CANDIDATE_TYPE;
	if (!(record->defects & KEY_RECORD_NO_VERSION)) {
		if (!(record->hashes & KEY_HASH_SHA1))
			defects |= CANDIDATE_HASH;
		if (!record->service_email)
			defects |= CANDIDATE_SERVICE;
	}
	if (!domainkeys_granularity(signature, record->granularity))
		defects |= CANDIDATE_GRANULARITY;
	return defects;
}

/* What the record says about its use, compared with the signature. */
static unsigned
use_defects(const struct signature *signature, const struct key_record *record)
{
	unsigned hash =
	    signature->digest == DIGEST_SHA1 ? KEY_HASH_SHA1 : KEY_HASH_SHA256;
	unsigned defects = 0;

	if (signature->kind == SIGNATURE_DOMAINKEYS)
		return domainkeys_defects(signature, record);
	if (!is_type_fitting(signature, record))
		defects |= CANDIDATE_TYPE;
	if (!(record->hashes & hash))
		defects |= CANDIDATE_HASH;
	if (!record->service_email)
		defects |= CANDIDATE_SERVICE;
	if (record->strict &&
	    !span_equal(signature->identity_domain, signature->domain))
		defects |= CANDIDATE_STRICT;
	return defects;
}

static unsigned
candidate_defects(
    const struct signature *signature, const struct candidate *candidate)
{
	const struct key_record *record = candidate->record;
	unsigned defects = record_defects(record);

	/* Other text and an empty p= have no key, and say nothing about its
	 * use. */
	if (defects & (CANDIDATE_NOT_A_KEY | CANDIDATE_REVOKED))
		return defects;
	defects |= use_defects(signature, record);
	if (!(defects & CANDIDATE_MALFORMED) &&
	    !(record->defects & KEY_RECORD_UNKNOWN_TYPE))
		defects |= key_defects(candidate);
	return defects;
}

static void
check_candidate(struct signature_facts *facts,
    const struct candidate *candidate, struct candidate_facts *out)
{
	const struct signature *signature = facts->signature;
	const unsigned forbidding = CANDIDATE_HASH | CANDIDATE_SERVICE |
	    CANDIDATE_STRICT | CANDIDATE_GRANULARITY;
	struct span hash = { facts->header_hash, facts->header_hash_n };

	out->defects = candidate_defects(signature, candidate);
	if (candidate->checker == NULL || (out->defects & ~forbidding) ||
	    !facts->header_hashed || signature->signature.n == 0)
		return;
	key_checker_check(candidate->checker, signature->digest, hash,
	    signature->signature, &out->check);
	out->checked = out->check.result != KEY_CHECK_UNUSABLE;
	if (!out->checked)
		out->defects |= CANDIDATE_LIMIT;
}

void
facts_check(struct signature_facts *facts, struct arena *arena,
    const struct candidate *candidates, size_t n)
{
	facts->candidates =
	    arena_alloc_array(arena, n, sizeof(*facts->candidates));
	facts->n_candidates = n;
	for (size_t i = 0; i < n; i++)
		check_candidate(facts, &candidates[i], &facts->candidates[i]);
}
