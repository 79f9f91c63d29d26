/*
 * seal_signed.h - CMS SignedData (RFC 5652) with one signer: what detached
 * signatures and RFC 3161 tokens have in common.  For seal_cms.c and
 * seal_timestamp.c.
 */
#ifndef KEYSNAP_STORE_SEAL_SIGNED_H
#define KEYSNAP_STORE_SEAL_SIGNED_H

#include "keysnap/store/seal.h"
#include "keysnap/store/seal_x509.h"

#include <openssl/cms.h>

struct seal_signed {
	CMS_ContentInfo *cms;
	STACK_OF(X509_CRL) *crls; /* that lie beside, or NULL */
	X509 *signer;		  /* after it was verified; owned by cms */
	struct seal_path path;
	bool is_trusted; /* the path leads to what was given */
};

/*
 * Read the DER in "octets" and what lies beside the seal (its certificates
 * are added to those in the message).  False, and said, when it is not one
 * message to the last octet, has not one signer, uses a digest that is no longer safe, or
 * a file beside is not as we write it.  Clear it in any case.
 */
bool seal_signed_read(struct seal_signed *message,
    const struct seal_question *question, struct arena *arena,
    struct seal *seal, struct span octets);
void seal_signed_clear(struct seal_signed *message);

/* How to verify. */
struct seal_signed_rules {
	struct span content; /* detached; p NULL: the message holds it */
	struct span ca;	     /* PEM, or empty: the signature only */
	int purpose;	     /* of the signer's certificate */
	int64_t at;	     /* time to check the path at */
	bool at_is_proved;
	bool names_certificate; /* the signed attributes must (RFC 5816) */
};

/*
 * Verify the signature, and the path when a CA was given.  False, and said,
 * when it does not hold, or its path is wrong at that time.  A path that leads
 * to nothing that was given is not wrong: then is_trusted stays false.
 */
bool seal_signed_verify(struct seal_signed *message,
    const struct seal_question *question, struct arena *arena,
    struct seal *seal, const struct seal_signed_rules *rules);

#endif
