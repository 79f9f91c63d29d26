/*
 * digest.h - SHA-256 and SHA-1 (FIPS 180-4) through EVP.
 *
 * OpenSSL's return values are checked here once; a digest that fails ends the
 * process, so call sites stay clean.
 */
#ifndef KEYSNAP_BASE_DIGEST_H
#define KEYSNAP_BASE_DIGEST_H

#include "keysnap/base/crypto.h"
#include "keysnap/base/sink.h"
#include "keysnap/base/span.h"

#define DIGEST_MAX_SIZE	   32 /* octets of the longest digest */
#define DIGEST_SHA256_SIZE 32
#define DIGEST_HEX_SIZE	   (2 * DIGEST_MAX_SIZE + 1) /* with NUL */

enum digest_algorithm { DIGEST_SHA256, DIGEST_SHA1 };

/* Octets that "algorithm" yields: 32 or 20. */
size_t digest_size(enum digest_algorithm algorithm);

/* A running digest; also a sink.  Init once, reset for each new text, clear
 * when done. */
struct digest {
	struct sink sink; /* first */
	EVP_MD_CTX *context;
	const EVP_MD *method;
	size_t size;
};

/* Ready for the first text.  "crypto" must outlive "digest". */
void digest_init(struct digest *digest, const struct crypto *crypto,
    enum digest_algorithm algorithm);
void digest_clear(struct digest *digest);

/* Forget what was added; ready for a new text. */
void digest_reset(struct digest *digest);
void digest_add(struct digest *digest, struct span span);

/* Write digest_size() octets to "out"; then reset before further use. */
void digest_finish(struct digest *digest, uint8_t out[DIGEST_MAX_SIZE]);

/* The same for what was added so far; more can be added behind it. */
void digest_peek(const struct digest *digest, uint8_t out[DIGEST_MAX_SIZE]);

/* The same for what was added so far and "tail" behind it. */
void digest_peek_behind(const struct digest *digest, struct span tail,
    uint8_t out[DIGEST_MAX_SIZE]);

/* SHA-256 of one span. */
void digest_sha256(const struct crypto *crypto, struct span span,
    uint8_t out[DIGEST_SHA256_SIZE]);

/* Lower-case hex of "span" with a NUL; "out" has 2 * span.n + 1 octets. */
void digest_to_hex(struct span span, char *out);

/* Read exactly 64 lower-case hex digits; false on anything else. */
bool digest_from_hex(struct span hex, uint8_t out[DIGEST_SHA256_SIZE]);

#endif
