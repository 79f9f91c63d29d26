/*
 * copied_fields.c - z= of a signature, RFC 6376 sections 3.5 and 2.11.
 *
 * Limits: COPIED_OCTETS_MAX and COPIED_FIELDS_MAX.
 */
#include "verifier/dkim/copied_fields.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/dkim/signature_tags.h"

bool
copied_value_fits(struct span value)
{
	for (size_t i = 0; i < value.n; i++) {
		uint8_t octet = value.p[i];

		if (octet == 0 || octet == '\n')
			return false;
		if (octet != '\r')
			continue;
		if (i + 2 >= value.n || value.p[i + 1] != '\n' ||
		    !rfc5234_is(value.p[i + 2], RFC5234_WSP))
			return false;
		i++;
	}
	return true;
}

/* sig-z-tag-copy = hdr-name [FWS] ":" qp-hdr-value */
static bool
take_copy(struct copied_field *field, struct arena *arena, struct span copy)
{
	size_t colon = span_find(copy, ':');

	field->name = span_trim_fws(span_sub(copy, 0, colon));
	if (colon == copy.n || !signature_tag_name(field->name))
		return false;
	field->value = signature_tag_decode(arena, span_from(copy, colon + 1));
	return copied_value_fits(field->value);
}

void
copied_fields_parse(
    struct copied_fields *fields, struct arena *arena, struct span z)
{
	struct span rest = span_sub(z, 0, COPIED_OCTETS_MAX);

	*fields = (struct copied_fields){ .cut = rest.n < z.n };
	if (rest.n == 0)
		return;
	fields->list =
	    arena_alloc_array(arena, COPIED_FIELDS_MAX, sizeof(*fields->list));
	while (fields->n < COPIED_FIELDS_MAX) {
		size_t bar = span_find(rest, '|');

		/* What was cut off is no copy. */
		if (bar == rest.n && fields->cut)
			return;
		if (take_copy(&fields->list[fields->n], arena,
			span_sub(rest, 0, bar)))
			fields->n++;
		if (bar == rest.n)
			return;
		rest = span_from(rest, bar + 1);
	}
	fields->cut = true;
}
