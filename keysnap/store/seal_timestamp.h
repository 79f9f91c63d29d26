/*
 * seal_timestamp.h - RFC 3161: requests for time stamps over a checkpoint, and
 * what came back.
 */
#ifndef KEYSNAP_STORE_SEAL_TIMESTAMP_H
#define KEYSNAP_STORE_SEAL_TIMESTAMP_H

#include "keysnap/store/seal.h"

/*
 * Append a request (DER) for a time stamp over "octets": SHA-256, a nonce, the
 * certificate asked for.  The nonce is random (RFC 3161 2.4.1): with
 * note_key_generate() the only thing here that is.
 */
bool seal_timestamp_request(GByteArray *out, const struct crypto *crypto,
    struct span octets, GError **error);

/* Is the nonce of the response or token the one of the request, and what both
 * are over the same?  False with *why_out. */
bool seal_timestamp_answers(const struct crypto *crypto, struct span token,
    struct span request, const char **why_out);

/* What a response or token says of itself, before anything is verified. */
struct seal_timestamp_content {
	bool is_sha256;
	uint8_t sha256[32]; /* of what it is over */
	int64_t accuracy;   /* seconds, rounded up, by which its time may be
			       off, and what its fraction adds (RFC 3161
			       2.4.2); 0 when it does not say */
};
bool seal_timestamp_read(const struct crypto *crypto, struct span token,
    struct seal_timestamp_content *content_out);

/* Is the response or token over these octets?  Nothing else is checked. */
bool seal_timestamp_is_over(const struct crypto *crypto, struct span token,
    struct span octets);

#endif
