/*
 * identity.h - the wire form's digest and size, from the same pass as the body
 * hashes.
 */
#ifndef VERIFIER_RUN_IDENTITY_H
#define VERIFIER_RUN_IDENTITY_H

#include "keysnap/base/digest.h"

struct identity {
	struct sink sink; /* first; takes the wire form */
	struct digest digest;
	uint64_t size;
};

/* "crypto" must outlive "identity". */
void identity_init(struct identity *identity, const struct crypto *crypto);
void identity_clear(struct identity *identity);

/* Ready for a message. */
void identity_start(struct identity *identity);

#endif
