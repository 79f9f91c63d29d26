/*
 * zone_name.h - names in wire form (ldns), compared as DNS compares them:
 * label by label from the root, letters without case (RFC 4034 section 6.1).
 *
 * ldns_dname_is_subdomain() minds the case of letters; these do not.
 */
#ifndef KEYSNAP_DNSSEC_ZONE_NAME_H
#define KEYSNAP_DNSSEC_ZONE_NAME_H

#include "keysnap/base/span.h"

#include <glib.h>
#include <ldns/ldns.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(ldns_rdf, ldns_rdf_deep_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ldns_rr, ldns_rr_free)

/* The wire form of a canonical name (dns_name.h), or of "" for the root; NULL
 * when it has none.  Free with ldns_rdf_deep_free(), as all names below. */
ldns_rdf *zone_name_new(struct span name);

/* Labels without the root's. */
unsigned zone_name_labels(const ldns_rdf *name);

bool zone_name_equal(const ldns_rdf *a, const ldns_rdf *b);

/* Is "name" equal to, or below, "zone"?  Below it? */
bool zone_name_within(const ldns_rdf *name, const ldns_rdf *zone);
bool zone_name_below(const ldns_rdf *name, const ldns_rdf *zone);

/* The last "labels" labels of "name", which has as many. */
ldns_rdf *zone_name_last(const ldns_rdf *name, unsigned labels);

/* How many last labels two names share. */
unsigned zone_name_shared(const ldns_rdf *a, const ldns_rdf *b);

/* "*." before "name"; NULL when that is too long. */
ldns_rdf *zone_name_wildcard(const ldns_rdf *name);

/* As text without the last dot; "." for the root.  g_free() it. */
char *zone_name_text(const ldns_rdf *name);

#endif
