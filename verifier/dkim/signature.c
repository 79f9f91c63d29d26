/*
 * signature.c - a DKIM-Signature field as a whole, RFC 6376 sections 3.5 and
 * 6.1.1, with the updates of RFC 8301, 8463 and 8616.
 *
 * The arena takes a few copies of the field, which HEADER_SECTION_MAX bounds.
 */
#include "verifier/dkim/signature.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/timestamp.h"
#include "verifier/dkim/signature_tags.h"

#include <string.h>

#define LENGTH_DIGITS 76 /* RFC 6376 3.5, l= */
#define TIME_DIGITS   12 /* t= and x= */

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
	add(signature, signature->v.p == NULL, SIGNATURE_NO_VERSION);
	add(signature, signature->a.p == NULL, SIGNATURE_NO_ALGORITHM);
	add(signature, signature->d.p == NULL, SIGNATURE_NO_DOMAIN);
	add(signature, signature->s.p == NULL, SIGNATURE_NO_SELECTOR);
	add(signature, signature->h.n == 0, SIGNATURE_NO_HEADERS);
	add(signature, signature->b.n == 0, SIGNATURE_NO_SIGNATURE);
	add(signature, signature->bh.n == 0, SIGNATURE_NO_BODY_HASH);
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

/* v=, a=, c= and q=: how the rest is to be read. */
static void
parse_methods(struct signature *signature)
{
	signature->algorithm = signature_tag_algorithm(signature->a);
	signature->digest = signature_algorithm_digest(signature->algorithm);
	add(signature,
	    signature->v.p != NULL && !span_equal(signature->v, SPAN("1")),
	    SIGNATURE_BAD_VERSION);
	add(signature,
	    signature->a.p != NULL &&
		signature->algorithm == SIGNATURE_ALGORITHM_UNKNOWN,
	    SIGNATURE_UNKNOWN_ALGORITHM);
	add(signature, signature->algorithm == SIGNATURE_RSA_SHA1,
	    SIGNATURE_SHA1);
	add(signature,
	    signature->c.p != NULL &&
		!signature_tag_canon(signature->c, &signature->header_canon,
		    &signature->body_canon),
	    SIGNATURE_UNKNOWN_CANON);
	add(signature,
	    signature->q.p != NULL && !signature_tag_query(signature->q),
	    SIGNATURE_UNKNOWN_QUERY);
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

/* Take one element of h=; names that are none select nothing. */
static void
add_name(struct signature *signature, struct span *names, struct span name)
{
	add(signature, !signature_tag_name(name), SIGNATURE_BAD_HEADERS);
	add(signature, span_equal_nocase(name, SPAN("dkim-signature")),
	    SIGNATURE_SIGNS_ITSELF);
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

	signature->names = names;
	for (n = 0; taglist_next_element(signature->h, &at, &name); n++) {
		if (n == most) {
			signature->defects |= SIGNATURE_TOO_MANY_NAMES;
			return;
		}
		from = from || span_equal_nocase(name, SPAN("from"));
		add_name(signature, names, name);
	}
	add(signature, n > 0 && !from, SIGNATURE_FROM_UNSIGNED);
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

/* l=, t=, x= and z=. */
static void
parse_numbers(struct signature *signature)
{
	signature->has_length = signature_tag_number(
	    signature->l, LENGTH_DIGITS, &signature->length);
	add(signature, signature->l.p != NULL && !signature->has_length,
	    SIGNATURE_BAD_LENGTH);
	signature->time =
	    parse_time(signature, signature->t, SIGNATURE_BAD_TIME);
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
    const struct header_field *field, size_t index)
{
	*signature = (struct signature){ .field = field, .index = index };
	parse_tags(signature, field->value);
	parse_methods(signature);
	parse_key_name(signature, arena);
	parse_identity(signature, arena);
	parse_names(signature, arena);
	parse_hashes(signature, arena);
	parse_numbers(signature);
}

size_t
signatures_find(const struct header_index *header, struct arena *arena,
    struct signature **signatures_out, size_t *n_out)
{
	size_t in_all = header_count(header, SPAN("DKIM-Signature"));
	size_t n = in_all < SIGNATURES_MAX ? in_all : SIGNATURES_MAX;
	struct signature *signatures =
	    arena_alloc_array(arena, n, sizeof(*signatures));

	for (size_t i = 0; i < n; i++)
		signature_parse(&signatures[i], arena,
		    header_get(header, SPAN("DKIM-Signature"), i), i);
	*signatures_out = signatures;
	*n_out = n;
	return in_all;
}
