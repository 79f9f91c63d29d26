/*
 * copied_fields.h - the header fields that a signer copied into its signature
 * (z=, RFC 6376 section 3.5).
 *
 * The copies are a claim of the signature field, which is itself signed, and
 * of nothing else: what a copy says counts only where the digest that was
 * signed proves it (repair/signed_search.h).
 */
#ifndef VERIFIER_DKIM_COPIED_FIELDS_H
#define VERIFIER_DKIM_COPIED_FIELDS_H

#include "verifier/dkim/signature.h"

#define COPIED_FIELDS_MAX 256	     /* real lists have under 30 */
#define COPIED_OCTETS_MAX (1u << 16) /* of z= that are looked at */

struct copied_field {
	struct span name;
	struct span value; /* behind the colon, decoded, as it was copied */
};

struct copied_fields {
	struct copied_field *list;
	size_t n;
	bool cut; /* there is more than was looked at */
};

/*
 * The copies in z=, in their order, in "arena".  A copy that no header field
 * could have been (no name, a line end that is no folding, a NUL) is left
 * out.
 */
void copied_fields_parse(struct copied_fields *fields, struct arena *arena,
    struct span z);

/* Can "value" stand behind the colon of a field, octet for octet?  Each CR and
 * LF is part of a CRLF with WSP behind it (RFC 5322 2.2.3), and no octet is
 * NUL; so what follows it can be taken for no other field. */
bool copied_value_fits(struct span value);

#endif
