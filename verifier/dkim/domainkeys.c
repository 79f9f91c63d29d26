/*
 * domainkeys.c - what a DomainKey-Signature signs, and for whom: RFC 4870.
 *
 * h= can name a field more often than it stands there, or less often.  As
 * with the signers of the time, mentions take fields from the bottom up, and
 * the first mention of a name takes all that are left of it.  Names and
 * fields are sorted, so that no h= makes this slow.
 */
#include "verifier/dkim/domainkeys.h"

#include "verifier/message/from.h"

#include <stdlib.h>
#include <string.h>

/* A name of h=, or a field below the signature, and its place. */
struct place {
	struct span name;
	size_t at;
};

struct places {
	struct place *list;
	size_t n;
};

static int
compare_names(struct span a, struct span b)
{
	size_t n = MIN(a.n, b.n);

	for (size_t i = 0; i < n; i++) {
		int order = rfc5234_lower(a.p[i]) - rfc5234_lower(b.p[i]);
		if (order != 0)
			return order;
	}
	return (a.n > b.n) - (a.n < b.n);
}

static int
compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int order = compare_names(x->name, y->name);

	return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

static struct places
places_of_names(struct arena *arena, const struct span *names, size_t n)
{
	struct places places = {
		arena_alloc_array(arena, n, sizeof(*places.list)), n
	};

	for (size_t i = 0; i < n; i++)
		places.list[i] = (struct place){ names[i], i };
	if (n > 1)
		qsort(places.list, n, sizeof(*places.list), compare_places);
	return places;
}

/* The fields from "first" on. */
static struct places
places_of_fields(
    struct arena *arena, const struct header_index *header, size_t first)
{
	size_t n = header->n - first;
	struct places places = {
		arena_alloc_array(arena, n, sizeof(*places.list)), n
	};

	for (size_t i = 0; i < n; i++)
		places.list[i] =
		    (struct place){ header->fields[first + i].name, first + i };
	if (n > 1)
		qsort(places.list, n, sizeof(*places.list), compare_places);
	return places;
}

/* How many of "places" from "at" on have the name of the first of them. */
static size_t
same_name(const struct places *places, size_t at)
{
	size_t n = 1;

	while (at + n < places->n &&
	    compare_names(places->list[at].name, places->list[at + n].name) ==
		0)
		n++;
	return n;
}

/* Give "n" fields of one name to "m" mentions of it, from the bottom up. */
static void
give(const struct place *fields, size_t n, const struct place *mentions,
    size_t m, size_t *owner)
{
	while (n > 0) {
		owner[fields[n - 1].at] = mentions[m - 1].at + 1;
		n--;
		if (m > 1)
			m--;
	}
}

/* For each field the mention that takes it, from 1, or 0. */
static size_t *
find_owners(const struct places *fields, const struct places *mentions,
    struct arena *arena, size_t n_header)
{
	size_t *owner = arena_alloc_array(arena, n_header, sizeof(*owner));
	size_t f = 0, m = 0;

	while (f < fields->n && m < mentions->n) {
		size_t n_fields = same_name(fields, f);
		size_t n_mentions = same_name(mentions, m);
		int order =
		    compare_names(fields->list[f].name, mentions->list[m].name);

		if (order == 0)
			give(fields->list + f, n_fields, mentions->list + m,
			    n_mentions, owner);
		f += order <= 0 ? n_fields : 0;
		m += order >= 0 ? n_mentions : 0;
	}
	return owner;
}

/* The fields in the order of their mentions; of one, in their own order. */
static void
put_in_order(struct header_selection *selection, struct arena *arena,
    const struct header_index *header, const size_t *owner, size_t n_mentions)
{
	size_t *next = arena_alloc_array(arena, n_mentions + 2, sizeof(*next));

	for (size_t i = 0; i < header->n; i++)
		next[owner[i] + 1]++;
	next[1] = 0; /* those without a mention */
	for (size_t i = 1; i < n_mentions + 2; i++)
		next[i] += next[i - 1];
	selection->n = next[n_mentions + 1];
	for (size_t i = 0; i < header->n; i++) {
		if (owner[i] == 0)
			continue;
		selection->fields[next[owner[i]]++] = &header->fields[i];
		selection->signed_fields[i] = 1;
	}
}

static void
select_named(struct header_selection *selection, struct arena *arena,
    const struct header_index *header, const struct signature *signature,
    size_t first)
{
	struct places fields = places_of_fields(arena, header, first);
	struct places mentions =
	    places_of_names(arena, signature->names, signature->n_names);
	size_t *owner = find_owners(&fields, &mentions, arena, header->n);

	put_in_order(selection, arena, header, owner, signature->n_names);
}

static void
select_fields(struct header_selection *selection, struct arena *arena,
    const struct header_index *header, const struct signature *signature)
{
	size_t first = (size_t)(signature->field - header->fields) + 1;

	selection->fields =
	    arena_alloc_array(arena, header->n, sizeof(*selection->fields));
	selection->signed_fields = arena_alloc_array(arena, header->n, 1);
	if (signature->h.p != NULL) {
		select_named(selection, arena, header, signature, first);
		return;
	}
	for (size_t i = first; i < header->n; i++) {
		selection->fields[selection->n++] = &header->fields[i];
		selection->signed_fields[i] = 1;
	}
}

static const struct header_field *
find_selected(const struct header_selection *selection, struct span name)
{
	for (size_t i = 0; i < selection->n; i++) {
		if (span_equal_nocase(selection->fields[i]->name, name))
			return selection->fields[i];
	}
	return NULL;
}

/* Take the first address of "field" for the sender. */
static bool
take_sender(struct signature *signature, struct arena *arena,
    const struct header_field *field)
{
	struct from_list list = { .n = 0 };

	if (field != NULL)
		from_parse(&list, arena, field->value);
	if (field == NULL || list.status != FROM_OK || list.n == 0)
		return false;
	struct span address = list.addresses[0].address;
	const uint8_t *at = memrchr(address.p, '@', address.n);
	signature->identity_domain = list.addresses[0].domain;
	if (at != NULL)
		signature->identity_local =
		    span_sub(address, 0, (size_t)(at - address.p));
	return true;
}

void
domainkeys_bind(struct signature *signature, struct arena *arena,
    const struct header_index *header)
{
	struct header_selection *selection =
	    arena_alloc(arena, sizeof(*selection));
	const struct header_field *sender, *from;

	select_fields(selection, arena, header, signature);
	signature->selected = selection;
	sender = find_selected(selection, SPAN("Sender"));
	from = find_selected(selection, SPAN("From"));
	if (sender == NULL && from == NULL)
		signature->defects |= SIGNATURE_FROM_UNSIGNED;
	else if ((take_sender(signature, arena, sender) ||
		     take_sender(signature, arena, from)) &&
	    signature->domain.n > 0 &&
	    !dns_name_is_within(signature->identity_domain, signature->domain))
		signature->defects |= SIGNATURE_IDENTITY_OUTSIDE;
}

bool
domainkeys_granularity(
    const struct signature *signature, struct span granularity)
{
	struct span pattern = granularity;
	struct span local = signature->identity_local;
	size_t star = span_find(pattern, '*');

	if (pattern.n == 0)
		return true;
	if (star == pattern.n)
		return span_equal(pattern, local);
	return local.n >= pattern.n - 1 &&
	    span_starts_with(local, span_sub(pattern, 0, star)) &&
	    span_ends_with(local, span_from(pattern, star + 1));
}
