/*
 * dns_name.h - the names that keys live under.
 *
 * The canonical text of a name: A-labels, ASCII lower case, no trailing dot.
 * The octets of a label other than letters, digits, "-" and "_" are refused:
 * a DKIM name never needs them, and "example.com(.evil.com" must not resolve.
 */
#ifndef KEYSNAP_KEY_DNS_NAME_H
#define KEYSNAP_KEY_DNS_NAME_H

#include "keysnap/base/arena.h"
#include "keysnap/base/span.h"

#define DNS_NAME_MAX  253 /* octets of text, RFC 1035 2.3.4 */
#define DNS_LABEL_MAX 63

enum dns_name_status {
	DNS_NAME_OK,
	DNS_NAME_EMPTY,	       /* no text, or an empty label */
	DNS_NAME_TOO_LONG,     /* name or label */
	DNS_NAME_BAD_CHARACTER,/* an octet that no label may have */
	DNS_NAME_BAD_IDN       /* a U-label that IDNA2008 has no A-label for */
};

/*
 * The canonical text of "text", in "arena".  U-labels (UTF-8) become A-labels
 * (RFC 8616, libidn2, non-transitional).  A single trailing dot is dropped.
 */
enum dns_name_status dns_name_canonical(struct arena *arena, struct span text,
    struct span *name_out);

/*
 * The canonical "name" for people: each A-label as its U-label, in UTF-8, in
 * "arena".  False when a label begins with "xn--" and is the A-label of
 * nothing (RFC 5891 5.4: it must come back from the U-label); such labels stay
 * as they are.  The text can hold any character that IDNA allows: it is to be
 * escaped like all text from outside.
 */
bool dns_name_unicode(struct arena *arena, struct span name,
    struct span *text_out);

/*
 * "selector._domainkey.domain" from a selector and a domain as a signature
 * writes them; both are made canonical first.  *name_out lives in "arena".
 */
enum dns_name_status dns_name_of_key(struct arena *arena, struct span selector,
    struct span domain, struct span *name_out);

/* The same from parts that are canonical; false when it is too long. */
bool dns_name_join_key(struct arena *arena, struct span selector,
    struct span domain, struct span *name_out);

/* Split the canonical "name" at its last "._domainkey." label; false when it
 * has none or an empty side.  The spans borrow from "name". */
bool dns_name_split_key(struct span name, struct span *selector_out,
    struct span *domain_out);

/*
 * The labels in reverse order, each followed by a NUL: "a._domainkey.b.c"
 * becomes "c\0b\0_domainkey\0a\0".  Sorts a domain together with its
 * subdomains; prefix of the index key.  "name" is canonical.
 */
struct span dns_name_reversed(struct arena *arena, struct span name);

/* Is canonical "name" equal to, or below, canonical "parent"? */
bool dns_name_is_within(struct span name, struct span parent);

#endif
