/*
 * seal_x509.h - certificates (RFC 5280) under the seals: reading them, the
 * path from a signer to a certificate that was given, and revocation.
 *
 * A path is checked at the time of the signature, not at that of the check: a
 * time stamp outlives the certificate of its maker.  Keys of all certificates
 * on it must be strong enough today, and so must the signatures of all but the
 * one that was given.
 */
#ifndef KEYSNAP_STORE_SEAL_X509_H
#define KEYSNAP_STORE_SEAL_X509_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"
#include "keysnap/base/span.h"

#include <openssl/x509.h>

#define SEAL_CERTIFICATES_MAX 64 /* in one file; paths have under 10 */

/* Read PEM.  Text between the blocks is passed over.  NULL when there is none,
 * a block is damaged, or there are too many.  Never asks for a password. */
STACK_OF(X509) *seal_certificates_read(const struct crypto *crypto,
    struct span pem);
STACK_OF(X509_CRL) *seal_crls_read(const struct crypto *crypto,
    struct span pem);
void seal_certificates_free(STACK_OF(X509) *certificates);
void seal_crls_free(STACK_OF(X509_CRL) *crls);

/* Append as PEM blocks, without text between them: the one spelling that is
 * kept beside a seal. */
bool seal_certificates_append(GString *out, STACK_OF(X509) *certificates);
bool seal_crls_append(GString *out, STACK_OF(X509_CRL) *crls);

/* The subject in one line (RFC 2253), in "arena"; control characters are
 * escaped. */
const char *seal_subject(struct arena *arena, const X509 *certificate);

/* Seconds since 1970, fractions dropped; TIMESTAMP_MIN when it is no time. */
int64_t seal_time_of(const ASN1_TIME *time);

/* Last second of validity; TIMESTAMP_MIN when it cannot be read. */
int64_t seal_not_after(const X509 *certificate);

struct seal_path_question {
	const struct crypto *crypto;
	X509 *signer;
	STACK_OF(X509) *others; /* that may lie on the path, or NULL */
	STACK_OF(X509_CRL) *crls; /* or NULL */
	X509_STORE *store; /* of seal_store_new() */
	int64_t at;
	bool at_is_proved; /* else the signer only claims it */
};

struct seal_path {
	bool holds;
	bool leads_nowhere; /* else it holds not, for this reason alone: its end
			       was not given */
	const char *why;    /* when it does not, in the arena */
	const char *anchor; /* subject of the certificate it leads to */
	int64_t expires;    /* the earliest end of validity below it; or a
			       revocation that only ends it */
	unsigned lists;	    /* of revoked certificates that were looked at */
};

/* A store that trusts the certificates of "ca" (PEM), for "purpose"
 * (X509_PURPOSE_...) at the time "at".  NULL when "ca" has none. */
X509_STORE *seal_store_new(const struct crypto *crypto, struct span ca,
    int purpose, int64_t at);

/*
 * Find and check the path.  A certificate of it that a list kept (signed by
 * its issuer) names as revoked breaks it, except: revoked for a reason that
 * leaves earlier signatures good (RFC 3161 section 4: unspecified, affiliation
 * changed, superseded, cessation of operation) after "at"; then a time that is
 * only claimed makes the path expire with the revocation.
 */
void seal_path_check(const struct seal_path_question *question,
    struct arena *arena, struct seal_path *path_out);

#endif
