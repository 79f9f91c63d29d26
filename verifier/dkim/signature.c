/*
 * signature.c - a DKIM-Signature field as a whole, RFC 6376 sections 3.5 and
 * 6.1.1, with the updates of RFC 8301, 8463 and 8616; and what its kin have
 * otherwise, in one table (RFC 8617 4.1.2, 4.1.3; RFC 4870 3.3).
 *
 * The arena takes a few copies of the field, which HEADER_SECTION_MAX bounds.
 */
#include "verifier/dkim/signature.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/timestamp.h"
#include "verifier/dkim/signature_draft.h"
#include "verifier/dkim/signature_tags.h"

#include <string.h>

#define LENGTH_DIGITS 76 /* RFC 6376 3.5, l= */
#define TIME_DIGITS   12 /* t= and x= */

/* How the kinds differ. */
static const struct form {
	const char *name;
	unsigned required; /* SIGNATURE_NO_*: tags that must be there */
	bool has_version;  /* RFC 8617 4.1.2: no v= in ARC */
	bool has_instance; /* i= is the number of an ARC set */
	bool has_headers;  /* h= */
	bool has_from;     /* From must be in h= */
	bool has_body_hash;
} forms[SIGNATURE_KINDS] = {
	[SIGNATURE_DKIM] = { "dkim",
	    SIGNATURE_NO_VERSION | SIGNATURE_NO_ALGORITHM |
		SIGNATURE_NO_DOMAIN | SIGNATURE_NO_SELECTOR |
		SIGNATURE_NO_HEADERS | SIGNATURE_NO_SIGNATURE |
		SIGNATURE_NO_BODY_HASH,
	    true, false, true, true, true },
	[SIGNATURE_ARC_MESSAGE] = { "arc-message",
	    SIGNATURE_NO_ALGORITHM | SIGNATURE_NO_DOMAIN |
		SIGNATURE_NO_SELECTOR | SIGNATURE_NO_HEADERS |
		SIGNATURE_NO_SIGNATURE | SIGNATURE_NO_BODY_HASH,
	    false, true, true, true, true },
	[SIGNATURE_ARC_SEAL] = { "arc-seal",
	    SIGNATURE_NO_ALGORITHM | SIGNATURE_NO_DOMAIN |
		SIGNATURE_NO_SELECTOR | SIGNATURE_NO_SIGNATURE,
	    false, true, false, false, false },
	[SIGNATURE_DOMAINKEYS] = { "domainkeys",
	    SIGNATURE_NO_DOMAIN | SIGNATURE_NO_SELECTOR |
		SIGNATURE_NO_SIGNATURE,
	    false, false, true, false, false },
};

static void
add(struct signature *signature, bool is_wrong, unsigned defect)
{
	if (is_wrong)
		signature->defects |= defect;
}

/* Where the value of the tag "name" goes; NULL: it is not one of ours. */
static struct span *
place_of(struct signature *signature, struct span name)
{
	if (span_equal(name, SPAN("bh")))
		return &signature->bh;
	if (span_equal(name, SPAN("cv")))
		return &signature->cv;
	switch (name.n == 1 ? name.p[0] : 0) {
	case 'v':
		return &signature->v;
	case 'a':
		return &signature->a;
	case 'b':
		return &signature->b;
	case 'c':
		return &signature->c;
	case 'd':
		return &signature->d;
	case 'h':
		return &signature->h;
	case 'i':
		return &signature->i;
	case 'l':
		return &signature->l;
	case 'q':
		return &signature->q;
	case 's':
		return &signature->s;
	case 't':
		return &signature->t;
	case 'x':
		return &signature->x;
	case 'z':
		return &signature->z;
	}
	return NULL;
}

/* A tag-list has no name twice. */
static void
take_values(struct signature *signature, const struct taglist *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct tag *tag = &list->tags[i];
		struct span *place = place_of(signature, tag->name);

		if (place != NULL)
			*place = tag->value;
		if (place == &signature->b)
			signature->b_raw = tag->raw_value;
	}
}

/* The tags that must be there.  Not asked of a list that broke off: what it
 * lacks may stand behind the break. */
static void
require_tags(struct signature *signature)
{
	const struct {
		bool missing;
		unsigned defect;
	} rows[] = { { signature->v.p == NULL, SIGNATURE_NO_VERSION },
		{ signature->a.p == NULL, SIGNATURE_NO_ALGORITHM },
		{ signature->d.p == NULL, SIGNATURE_NO_DOMAIN },
		{ signature->s.p == NULL, SIGNATURE_NO_SELECTOR },
		{ signature->h.n == 0, SIGNATURE_NO_HEADERS },
		{ signature->b.n == 0, SIGNATURE_NO_SIGNATURE },
		{ signature->bh.n == 0, SIGNATURE_NO_BODY_HASH } };

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		add(signature, rows[i].missing,
		    rows[i].defect & forms[signature->kind].required);
}

static void
parse_tags(struct signature *signature, struct span text)
{
	struct taglist list;
	size_t bad;

	switch (taglist_parse(&list, text, true, &bad)) {
	case TAGLIST_OK:
		take_values(signature, &list);
		require_tags(signature);
		return;
	case TAGLIST_DUPLICATE:
		signature->defects |= SIGNATURE_DUPLICATE_TAG;
		break;
	default:
		signature->defects |= SIGNATURE_SYNTAX;
	}
	take_values(signature, &list);
}

/* c=, and what stands for it where it is absent. */
static void
parse_canon(struct signature *signature)
{
	signature->canon_known = true;
	switch (signature->kind) {
	case SIGNATURE_ARC_SEAL: /* RFC 8617 4.1.3: relaxed, always */
		signature->header_canon = signature->body_canon = CANON_RELAXED;
		return;
	case SIGNATURE_DOMAINKEYS:
		signature->canon_known = signature_tag_canon_domainkeys(
		    signature->c, &signature->body_canon);
		signature->header_canon = signature->body_canon;
		break;
	default:
		if (signature->c.p != NULL)
			signature->canon_known = signature_tag_canon(
			    signature->c, &signature->header_canon,
			    &signature->body_canon);
	}
	add(signature, !signature->canon_known, SIGNATURE_UNKNOWN_CANON);
}

/* q=: RFC 4870 3.3 knows "dns" alone. */
static bool
is_query_known(const struct signature *signature)
{
	if (signature->q.p == NULL || signature->kind == SIGNATURE_ARC_SEAL)
		return true;
	if (signature->kind == SIGNATURE_DOMAINKEYS)
		return span_equal_nocase(signature->q, SPAN("dns"));
	return signature_tag_query(signature->q);
}

/* a=; DomainKeys has one algorithm only, which may go unsaid. */
static void
parse_algorithm(struct signature *signature)
{
	bool is_old = signature->kind == SIGNATURE_DOMAINKEYS;

	signature->algorithm = signature_tag_algorithm(signature->a);
	if (is_old && signature->a.p == NULL)
		signature->algorithm = SIGNATURE_RSA_SHA1;
	if (is_old && signature->algorithm != SIGNATURE_RSA_SHA1)
		signature->algorithm = SIGNATURE_ALGORITHM_UNKNOWN;
	signature->digest = signature_algorithm_digest(signature->algorithm);
	add(signature,
	    signature->a.p != NULL &&
		signature->algorithm == SIGNATURE_ALGORITHM_UNKNOWN,
	    SIGNATURE_UNKNOWN_ALGORITHM);
	add(signature, signature->algorithm == SIGNATURE_RSA_SHA1,
	    SIGNATURE_SHA1);
}

/* v=, a=, c= and q=: how the rest is to be read. */
static void
parse_methods(struct signature *signature)
{
	parse_algorithm(signature);
	add(signature,
	    forms[signature->kind].has_version && signature->v.p != NULL &&
		!span_equal(signature->v, SPAN("1")),
	    SIGNATURE_BAD_VERSION);
	parse_canon(signature);
	add(signature, !is_query_known(signature), SIGNATURE_UNKNOWN_QUERY);
	signature->assumed = signature->kind == SIGNATURE_DOMAINKEYS &&
	    (signature->c.p == NULL || signature->q.p == NULL);
}

/* RFC 6376 3.5 has no final dot, which dns_name_canonical() would drop. */
static bool
parse_domain(struct arena *arena, struct span text, struct span *domain_out)
{
	return dns_name_canonical(arena, text, domain_out) == DNS_NAME_OK &&
	    !span_ends_with(text, SPAN("."));
}

/* d= and s=: domain-name has at least one dot, a selector needs none. */
static void
parse_key_name(struct signature *signature, struct arena *arena)
{
	struct span domain = SPAN(""), selector = SPAN("");
	bool domain_fits = parse_domain(arena, signature->d, &domain) &&
	    span_find(domain, '.') < domain.n;
	bool selector_fits = parse_domain(arena, signature->s, &selector);

	if (domain_fits)
		signature->domain = domain;
	if (domain_fits && selector_fits)
		selector_fits = dns_name_join_key(
		    arena, selector, domain, &signature->key_name);
	add(signature, signature->d.p != NULL && !domain_fits,
	    SIGNATURE_BAD_DOMAIN);
	add(signature, signature->s.p != NULL && !selector_fits,
	    SIGNATURE_BAD_SELECTOR);
}

/* i= is [ Local-part ] "@" domain-name, all of it dkim-quoted-printable; the
 * local part may be quoted and hold an "@". */
static void
parse_identity(struct signature *signature, struct arena *arena)
{
	struct span identity, domain = SPAN("");

	if (signature->i.p == NULL) {
		signature->identity_domain = signature->domain;
		return;
	}
	identity = signature_tag_decode(arena, signature->i);
	const uint8_t *at =
	    identity.n > 0 ? memrchr(identity.p, '@', identity.n) : NULL;
	size_t local_n = at == NULL ? 0 : (size_t)(at - identity.p);
	if (at == NULL ||
	    !parse_domain(arena, span_from(identity, local_n + 1), &domain)) {
		signature->defects |= SIGNATURE_BAD_IDENTITY;
		return;
	}
	signature->identity_local = span_sub(identity, 0, local_n);
	signature->identity_domain = domain;
	add(signature,
	    signature->domain.n > 0 &&
		!dns_name_is_within(domain, signature->domain),
	    SIGNATURE_IDENTITY_OUTSIDE);
}

/* ARC: i= is 1*2DIGIT, from 1 to ARC_SETS_MAX (RFC 8617 4.2.1). */
static void
parse_instance(struct signature *signature)
{
	uint64_t number = 0;
	bool fits = signature_tag_number(signature->i, 2, &number) &&
	    number >= 1 && number <= ARC_SETS_MAX;

	signature->identity_domain = signature->domain;
	signature->instance = fits ? (unsigned)number : 0;
	add(signature, !fits, SIGNATURE_BAD_IDENTITY);
}

/* cv= of a seal, which has no h= (RFC 8617 4.1.3). */
static void
parse_seal(struct signature *signature)
{
	static const char *const words[] = { [ARC_CV_NONE] = "none",
		[ARC_CV_FAIL] = "fail",
		[ARC_CV_PASS] = "pass" };
	int at = ARC_CV_NONE;

	while (at < ARC_CV_BAD &&
	    !span_equal_nocase(signature->cv, span_from_string(words[at])))
		at++;
	signature->chain = (enum arc_chain_value)at;
	add(signature, at == ARC_CV_BAD, SIGNATURE_BAD_CHAIN);
	add(signature, signature->h.p != NULL, SIGNATURE_ARC_HEADERS);
}

/* Take one element of h=; names that are none select nothing. */
static void
add_name(struct signature *signature, struct span *names, struct span name)
{
	add(signature, !signature_tag_name(name), SIGNATURE_BAD_HEADERS);
	add(signature,
	    signature->kind == SIGNATURE_DKIM &&
		span_equal_nocase(name, SPAN("dkim-signature")),
	    SIGNATURE_SIGNS_ITSELF);
	add(signature,
	    signature->kind == SIGNATURE_ARC_MESSAGE &&
		span_equal_nocase(name, SPAN("arc-seal")),
	    SIGNATURE_ARC_HEADERS);
	if (name.n > 0)
		names[signature->n_names++] = name;
}

/* How many names h= may hold at most; never over SIGNATURE_NAMES_MAX. */
static size_t
count_names(struct span h)
{
	size_t n = 1;

	for (struct span rest = h; n < SIGNATURE_NAMES_MAX; n++) {
		size_t colon = span_find(rest, ':');

		if (colon == rest.n)
			break;
		rest = span_from(rest, colon + 1);
	}
	return n;
}

static void
parse_names(struct signature *signature, struct arena *arena)
{
	size_t most = count_names(signature->h);
	struct span *names = arena_alloc_array(arena, most, sizeof(*names));
	struct span name;
	bool from = false;
	size_t at = 0, n;

	if (!forms[signature->kind].has_headers)
		return;
	signature->names = names;
	for (n = 0; taglist_next_element(signature->h, &at, &name); n++) {
		if (n == most) {
			signature->defects |= SIGNATURE_TOO_MANY_NAMES;
			return;
		}
		from = from || span_equal_nocase(name, SPAN("from"));
		add_name(signature, names, name);
	}
	add(signature, n > 0 && !from && forms[signature->kind].has_from,
	    SIGNATURE_FROM_UNSIGNED);
}

/* Decode "text"; *octets_out is empty when that fails. */
static void
decode(struct signature *signature, struct arena *arena, struct span text,
    unsigned defect, struct span *octets_out)
{
	if (text.n == 0)
		return;
	switch (base64_decode_fws(arena, text, octets_out)) {
	case BASE64_OK:
		return;
	case BASE64_UNUSED_BITS:
		signature->defects |= SIGNATURE_UNUSED_BITS;
		return;
	default:
		signature->defects |= defect;
	}
}

static void
parse_hashes(struct signature *signature, struct arena *arena)
{
	decode(signature, arena, signature->b, SIGNATURE_BAD_SIGNATURE,
	    &signature->signature);
	if (!forms[signature->kind].has_body_hash)
		return;
	decode(signature, arena, signature->bh, SIGNATURE_BAD_BODY_HASH,
	    &signature->body_hash);
	add(signature,
	    signature->bh.n > 0 &&
		signature->algorithm != SIGNATURE_ALGORITHM_UNKNOWN &&
		signature->body_hash.n != digest_size(signature->digest),
	    SIGNATURE_BAD_BODY_HASH);
}

/* TIME_DIGITS digits fit into 63 bits. */
static int64_t
parse_time(struct signature *signature, struct span value, unsigned defect)
{
	uint64_t seconds;

	if (value.p == NULL)
		return TIMESTAMP_NONE;
	if (signature_tag_number(value, TIME_DIGITS, &seconds))
		return (int64_t)seconds;
	signature->defects |= defect;
	return TIMESTAMP_NONE;
}

/* l=, t=, x= and z=.  DomainKeys has none of them, a seal has t=. */
static void
parse_numbers(struct signature *signature)
{
	signature->time = signature->expiry = TIMESTAMP_NONE;
	if (signature->kind == SIGNATURE_DOMAINKEYS)
		return;
	signature->time =
	    parse_time(signature, signature->t, SIGNATURE_BAD_TIME);
	if (signature->kind == SIGNATURE_ARC_SEAL)
		return;
	signature->has_length = signature_tag_number(
	    signature->l, LENGTH_DIGITS, &signature->length);
	add(signature, signature->l.p != NULL && !signature->has_length,
	    SIGNATURE_BAD_LENGTH);
	signature->expiry =
	    parse_time(signature, signature->x, SIGNATURE_BAD_EXPIRY);
	/* The value of x= MUST be greater than that of t=. */
	add(signature,
	    signature->time != TIMESTAMP_NONE &&
		signature->expiry != TIMESTAMP_NONE &&
		signature->expiry <= signature->time,
	    SIGNATURE_BAD_EXPIRY);
	add(signature,
	    signature->z.p != NULL && !signature_tag_copied(signature->z),
	    SIGNATURE_BAD_COPIED);
}

void
signature_parse(struct signature *signature, struct arena *arena,
    enum signature_kind kind, const struct header_field *field, size_t index)
{
	*signature =
	    (struct signature){ .field = field, .kind = kind, .index = index };
	parse_tags(signature, field->value);
	parse_methods(signature);
	parse_key_name(signature, arena);
	if (forms[kind].has_instance)
		parse_instance(signature);
	else if (kind == SIGNATURE_DKIM)
		parse_identity(signature, arena);
	parse_names(signature, arena);
	if (kind == SIGNATURE_ARC_SEAL)
		parse_seal(signature);
	parse_hashes(signature, arena);
	parse_numbers(signature);
	signature_read_draft(signature);
}

const char *
signature_kind_name(enum signature_kind kind)
{
	return forms[kind].name;
}
