/*
 * rrset_signature.c - one signature over one RRset (RFC 4034, RFC 4035
 * section 5.3).
 *
 * ldns compares a key's tag and algorithm and does the arithmetic; the rest
 * is here.
 */
#include "keysnap/dnssec/rrset_signature.h"

static const struct {
	const char *name, *text;
} reasons[] = {
	[DNSSEC_NO_REASON] = { "none", "nothing is wrong" },
	[DNSSEC_SHA1] = { "sha1", "a signature is made with SHA-1" },
	[DNSSEC_DS_DENIED] = { "ds-denied",
	    "the zone above proves that the delegation is not signed" },
	[DNSSEC_OPT_OUT] = { "opt-out",
	    "the zone above leaves open whether there is a delegation that "
	    "is not signed" },
	[DNSSEC_SIGNATURE] = { "signature", "a signature does not hold" },
	[DNSSEC_NO_SIGNATURE] = { "no-signature",
	    "records of a signed zone have no signature" },
	[DNSSEC_WINDOW] = { "window",
	    "there is no time at which all signatures are valid" },
	[DNSSEC_ANCHOR_TIME] = { "anchor-time",
	    "the signatures are not of the time of the trust anchor" },
	[DNSSEC_SIGNER] = { "signer",
	    "a signature is by another zone than the owner's" },
	[DNSSEC_LABELS] = { "labels",
	    "a signature is for another number of labels" },
	[DNSSEC_NO_KEY] = { "no-key", "a signature is by no key of its zone" },
	[DNSSEC_KEY_FORM] = { "key-form",
	    "a signature is by a key that is not for zones" },
	[DNSSEC_KEY_REVOKED] = { "key-revoked",
	    "a signature is by a key that its zone has revoked" },
	[DNSSEC_DS_MISMATCH] = { "ds-mismatch",
	    "no key of a zone fits what the zone above says of it" },
	[DNSSEC_WILDCARD] = { "wildcard",
	    "the answer is of a wildcard, and it is not proved that there is "
	    "no closer name" },
	[DNSSEC_DENIAL] = { "denial",
	    "it is not proved that there is no answer" },
	[DNSSEC_CNAME] = { "cname", "aliases lead in a circle, or too far" },
	[DNSSEC_ANSWER] = { "answer",
	    "the chain is for another answer than the one observed" },
	[DNSSEC_MALFORMED] = { "malformed", "it is not a chain" },
	[DNSSEC_NO_ANSWER] = { "no-answer", "it holds nothing about the name" },
	[DNSSEC_NO_DNSKEY] = { "no-dnskey", "the keys of a zone are missing" },
	[DNSSEC_NO_DS] = { "no-ds",
	    "what the zone above says of a zone's keys is missing" },
	[DNSSEC_NO_ANCHOR] = { "no-anchor",
	    "it ends at no trust anchor that is known" },
	[DNSSEC_WEAK_DIGEST] = { "weak-digest",
	    "a zone's keys are known by SHA-1 only" },
	[DNSSEC_WEAK_ALGORITHM] = { "weak-algorithm",
	    "an algorithm is too weak to prove anything" },
	[DNSSEC_WEAK_KEY] = { "weak-key", "an RSA key is below 1024 bits" },
	[DNSSEC_UNSUPPORTED] = { "unsupported",
	    "an algorithm or a key cannot be checked" },
	[DNSSEC_ITERATIONS] = { "iterations",
	    "NSEC3 asks for too many iterations" },
	[DNSSEC_TOO_MUCH] = { "too-much",
	    "it would take more work than a chain may" },
};

const char *
dnssec_reason_name(enum dnssec_reason reason)
{
	g_assert((size_t)reason < G_N_ELEMENTS(reasons));
	return reasons[reason].name;
}

const char *
dnssec_reason_text(enum dnssec_reason reason)
{
	g_assert((size_t)reason < G_N_ELEMENTS(reasons));
	return reasons[reason].text;
}

enum dnssec_reason
dnssec_algorithm_check(unsigned algorithm)
{
	switch (algorithm) {
	case LDNS_RSASHA1:
	case LDNS_RSASHA1_NSEC3:
	case LDNS_RSASHA256:
	case LDNS_RSASHA512:
	case LDNS_ECDSAP256SHA256:
	case LDNS_ECDSAP384SHA384:
	case LDNS_ED25519:
	case LDNS_ED448:
		return DNSSEC_NO_REASON;
	case LDNS_RSAMD5:
	case LDNS_DSA:
	case LDNS_DSA_NSEC3:
	case LDNS_ECC_GOST:
		return DNSSEC_WEAK_ALGORITHM;
	default:
		return DNSSEC_UNSUPPORTED;
	}
}

static bool
is_rsa(unsigned algorithm)
{
	return algorithm == LDNS_RSASHA1 || algorithm == LDNS_RSASHA1_NSEC3 ||
	    algorithm == LDNS_RSASHA256 || algorithm == LDNS_RSASHA512;
}

/* The modulus of an RSA key in bits, without leading zeros (RFC 3110 section
 * 2); 0 when there is none.  ldns counts whole octets, zeros too. */
static size_t
rsa_bits(struct span key, size_t *exponent_out)
{
	size_t n = key.n > 0 ? key.p[0] : 0, at = 1, bits;

	if (n == 0 && key.n >= 3) {
		n = (size_t)(key.p[1] << 8 | key.p[2]);
		at = 3;
	}
	*exponent_out = n;
	if (n == 0 || n > key.n - MIN(at, key.n))
		return 0;
	key = span_from(key, at + n);
	while (key.n > 0 && key.p[0] == 0)
		key = span_from(key, 1);
	if (key.n == 0)
		return 0;
	bits = 8 * key.n;
	for (unsigned top = key.p[0]; top < 0x80; top <<= 1)
		bits--;
	return bits;
}

static enum dnssec_reason
check_rsa(const ldns_rr *key)
{
	const ldns_rdf *data = ldns_rr_dnskey_key(key);
	size_t exponent;
	size_t bits =
	    rsa_bits((struct span){ ldns_rdf_data(data), ldns_rdf_size(data) },
		&exponent);

	if (bits < DNSSEC_RSA_BITS_MIN)
		return DNSSEC_WEAK_KEY;
	/* An exponent past 64 bits is for making work only. */
	return bits > DNSSEC_RSA_BITS_MAX || exponent > 8 ? DNSSEC_UNSUPPORTED
							  : DNSSEC_NO_REASON;
}

enum dnssec_reason
dnssec_key_check(const ldns_rr *key)
{
	unsigned flags = ldns_rdf2native_int16(ldns_rr_dnskey_flags(key));
	unsigned algorithm =
	    ldns_rdf2native_int8(ldns_rr_dnskey_algorithm(key));
	enum dnssec_reason reason = dnssec_algorithm_check(algorithm);

	if ((flags & LDNS_KEY_ZONE_KEY) == 0 ||
	    ldns_rdf2native_int8(ldns_rr_dnskey_protocol(key)) !=
		LDNS_DNSSEC_KEYPROTO)
		return DNSSEC_KEY_FORM;
	if ((flags & LDNS_KEY_REVOKE_KEY) != 0)
		return DNSSEC_KEY_REVOKED;
	if (reason == DNSSEC_NO_REASON && is_rsa(algorithm))
		return check_rsa(key);
	return reason;
}

/* Labels of an owner as RRSIGs count them: without "*" (RFC 4034 3.1.3). */
static unsigned
owner_labels(const ldns_rdf *owner)
{
	unsigned labels = zone_name_labels(owner);

	return labels > 0 && ldns_dname_is_wildcard(owner) ? labels - 1
							   : labels;
}

bool
dnssec_signature_expanded(
    const struct dnssec_set *set, const ldns_rr *signature)
{
	return ldns_rdf2native_int8(ldns_rr_rrsig_labels(signature)) <
	    owner_labels(set->owner);
}

enum dnssec_reason
dnssec_signature_form(const struct dnssec_set *set, const ldns_rr *signature)
{
	const ldns_rdf *signer = ldns_rr_rrsig_signame(signature);
	unsigned labels = ldns_rdf2native_int8(ldns_rr_rrsig_labels(signature));
	bool below = set->type == LDNS_RR_TYPE_DS;

	if (set->type == LDNS_RR_TYPE_DNSKEY
		? !zone_name_equal(set->owner, signer)
		: !(below ? zone_name_below(set->owner, signer)
			  : zone_name_within(set->owner, signer)))
		return DNSSEC_SIGNER;
	if (labels > owner_labels(set->owner) ||
	    labels < zone_name_labels(signer))
		return DNSSEC_LABELS;
	if (dnssec_signature_expanded(set, signature) &&
	    set->type != LDNS_RR_TYPE_TXT && set->type != LDNS_RR_TYPE_CNAME)
		return DNSSEC_LABELS;
	return dnssec_algorithm_check(
	    ldns_rdf2native_int8(ldns_rr_rrsig_algorithm(signature)));
}

static bool
may_have_made(const ldns_rr *key, const ldns_rr *signature)
{
	return ldns_calc_keytag(key) ==
	    ldns_rdf2native_int16(ldns_rr_rrsig_keytag(signature)) &&
	    ldns_rdf2native_int8(ldns_rr_dnskey_algorithm(key)) ==
	    ldns_rdf2native_int8(ldns_rr_rrsig_algorithm(signature));
}

static bool
holds_under(
    const struct dnssec_set *set, const ldns_rr *signature, ldns_rr *key)
{
	ldns_rr_list *keys = ldns_rr_list_new();
	ldns_rr_list *good = ldns_rr_list_new();
	bool holds;

	ldns_rr_list_push_rr(keys, key);
	holds = ldns_verify_rrsig_keylist_notime(
		    set->records, signature, keys, good) == LDNS_STATUS_OK &&
	    ldns_rr_list_rr_count(good) == 1;
	ldns_rr_list_free(good);
	ldns_rr_list_free(keys);
	return holds;
}

enum dnssec_reason
dnssec_signature_check(const struct dnssec_set *set, const ldns_rr *signature,
    const ldns_rr_list *keys, struct dnssec_budget *budget)
{
	enum dnssec_reason reason = DNSSEC_NO_KEY;

	for (size_t i = 0; i < ldns_rr_list_rr_count(keys); i++) {
		ldns_rr *key = ldns_rr_list_rr(keys, i);

		if (!may_have_made(key, signature))
			continue;
		if (budget->signatures == 0)
			return DNSSEC_TOO_MUCH;
		budget->signatures--;
		if (holds_under(set, signature, key))
			return DNSSEC_NO_REASON;
		reason = DNSSEC_SIGNATURE;
	}
	return reason;
}

bool
dnssec_signature_is_sha1(const ldns_rr *signature)
{
	unsigned algorithm =
	    ldns_rdf2native_int8(ldns_rr_rrsig_algorithm(signature));

	return algorithm == LDNS_RSASHA1 || algorithm == LDNS_RSASHA1_NSEC3;
}

int64_t
dnssec_signature_from(const ldns_rr *signature)
{
	return ldns_rdf2native_int32(ldns_rr_rrsig_inception(signature));
}

int64_t
dnssec_signature_until(const ldns_rr *signature)
{
	return ldns_rdf2native_int32(ldns_rr_rrsig_expiration(signature));
}
