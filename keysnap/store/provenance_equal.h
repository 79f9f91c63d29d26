/*
 * provenance_equal.h - is what is known of a name the same in two states of a
 * log?
 */
#ifndef KEYSNAP_STORE_PROVENANCE_EQUAL_H
#define KEYSNAP_STORE_PROVENANCE_EQUAL_H

#include "keysnap/store/provenance.h"

/* Are all members the same, those of the keys included? */
bool known_name_equal(
    const struct known_name *a, const struct known_name *b);

/* Have both the same records, octet for octet, in the same order?  Then the
 * same signatures hold under them, whatever else is known. */
bool known_name_same_records(
    const struct known_name *a, const struct known_name *b);

#endif
