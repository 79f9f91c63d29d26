/*
 * signature_tags.h - the values of single tags of a DKIM-Signature field,
 * RFC 6376 section 3.5.  All of them take the value as written, FWS trimmed.
 */
#ifndef VERIFIER_DKIM_SIGNATURE_TAGS_H
#define VERIFIER_DKIM_SIGNATURE_TAGS_H

#include "verifier/dkim/signature.h"

/* a=; SIGNATURE_ALGORITHM_UNKNOWN for any other word.  RFC 5234 2.3: the
 * words of the grammar have no case. */
enum signature_algorithm signature_tag_algorithm(struct span value);

/* The hash of an algorithm; SHA-256 for an unknown one. */
enum digest_algorithm signature_algorithm_digest(
    enum signature_algorithm algorithm);

/* c=; false for an unknown word.  Without "/" the body's is "simple". */
bool signature_tag_canon(struct span value,
    enum canonicalization *header_out, enum canonicalization *body_out);

/* c= of DomainKeys (RFC 4870 3.3): "simple" or "nofws"; absent is "simple". */
bool signature_tag_canon_domainkeys(
    struct span value, enum canonicalization *canon_out);

/* q=; is dns/txt among the methods? */
bool signature_tag_query(struct span value);

/* 1 to "most" digits; UINT64_MAX when the number is not below 2^64. */
bool signature_tag_number(struct span value, size_t most,
    uint64_t *number_out);

/* z=; is it a list of copied header fields? */
bool signature_tag_copied(struct span value);

/* Is "name" a field name that h= can hold: ftext without ";"? */
bool signature_tag_name(struct span name);

/* dkim-quoted-printable (2.11), read loosely: FWS dropped, "=XX" decoded,
 * everything else kept.  In "arena". */
struct span signature_tag_decode(struct arena *arena, struct span text);

#endif
