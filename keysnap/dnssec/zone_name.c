/*
 * zone_name.c - names in wire form, compared as DNS compares them.
 */
#include "keysnap/dnssec/zone_name.h"

#include <string.h>

ldns_rdf *
zone_name_new(struct span name)
{
	g_autofree char *text = NULL;

	if (name.n == 0)
		return ldns_dname_new_frm_str(".");
	if (memchr(name.p, '\0', name.n) != NULL)
		return NULL;
	text = span_dup(name);
	return ldns_dname_new_frm_str(text);
}

unsigned
zone_name_labels(const ldns_rdf *name)
{
	return ldns_dname_label_count(name);
}

bool
zone_name_equal(const ldns_rdf *a, const ldns_rdf *b)
{
	return ldns_dname_compare(a, b) == 0;
}

ldns_rdf *
zone_name_last(const ldns_rdf *name, unsigned labels)
{
	unsigned all = zone_name_labels(name);

	g_assert(labels <= all);
	if (labels == 0)
		return ldns_dname_new_frm_str(".");
	return ldns_dname_clone_from(name, (uint16_t)(all - labels));
}

bool
zone_name_within(const ldns_rdf *name, const ldns_rdf *zone)
{
	unsigned labels = zone_name_labels(zone);
	g_autoptr(ldns_rdf) last = NULL;

	if (zone_name_labels(name) < labels)
		return false;
	last = zone_name_last(name, labels);
	return zone_name_equal(last, zone);
}

bool
zone_name_below(const ldns_rdf *name, const ldns_rdf *zone)
{
	return zone_name_labels(name) > zone_name_labels(zone) &&
	    zone_name_within(name, zone);
}

unsigned
zone_name_shared(const ldns_rdf *a, const ldns_rdf *b)
{
	unsigned n = MIN(zone_name_labels(a), zone_name_labels(b));

	for (; n > 0; n--) {
		g_autoptr(ldns_rdf) left = zone_name_last(a, n);
		g_autoptr(ldns_rdf) right = zone_name_last(b, n);

		if (zone_name_equal(left, right))
			return n;
	}
	return 0;
}

ldns_rdf *
zone_name_wildcard(const ldns_rdf *name)
{
	g_autoptr(ldns_rdf) star = ldns_dname_new_frm_str("*.");

	if (ldns_rdf_size(name) + 2 > LDNS_MAX_DOMAINLEN)
		return NULL;
	return ldns_dname_cat_clone(star, name);
}

char *
zone_name_text(const ldns_rdf *name)
{
	char *text = ldns_rdf2str(name), *out;
	size_t n = strlen(text);

	out = g_strndup(text, n > 1 && text[n - 1] == '.' ? n - 1 : n);
	free(text);
	return out;
}
