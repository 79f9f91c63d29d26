/*
 * checksum.h - the digests that lists of files are made with.
 *
 * Wider than base/digest.h, which has what signatures need: an exporter may
 * have chosen MD5, and a list that was made with it is still worth checking.
 * Several digests of one text are taken in one pass.
 */
#ifndef VERIFIER_ARCHIVE_CHECKSUM_H
#define VERIFIER_ARCHIVE_CHECKSUM_H

#include "keysnap/base/crypto.h"
#include "keysnap/base/span.h"

#define CHECKSUM_SIZE_MAX 64			       /* SHA-512 */
#define CHECKSUM_HEX_SIZE (2 * CHECKSUM_SIZE_MAX + 1) /* with NUL */

enum checksum_algorithm {
	CHECKSUM_MD5,
	CHECKSUM_SHA1,
	CHECKSUM_SHA256,
	CHECKSUM_SHA512,
	CHECKSUM_ALGORITHMS
};

/* Octets that "algorithm" yields. */
size_t checksum_size(enum checksum_algorithm algorithm);

/* "md5", "sha1", "sha256", "sha512"; static. */
const char *checksum_name(enum checksum_algorithm algorithm);

/* The algorithm that "name" names, in any case: "sha256", "SHA-256", and
 * "SHA2-256" as OpenSSL writes it.  False when it is none of ours. */
bool checksum_algorithm_of(struct span name,
    enum checksum_algorithm *algorithm_out);

/* Read "hex" (of either case): its length says which algorithm it is of.
 * False when it is not all hex digits, or of another length. */
bool checksum_from_hex(struct span hex,
    enum checksum_algorithm *algorithm_out, uint8_t out[CHECKSUM_SIZE_MAX]);

/* Running digests of one text. */
struct checksums {
	EVP_MD *methods[CHECKSUM_ALGORITHMS]; /* NULL: not wanted */
	EVP_MD_CTX *contexts[CHECKSUM_ALGORITHMS];
};

/* Ready for the first text.  "wanted" has the bit 1u << algorithm for each
 * algorithm.  "crypto" must outlive "checksums". */
void checksums_init(struct checksums *checksums, const struct crypto *crypto,
    unsigned wanted);
void checksums_clear(struct checksums *checksums);

/* Forget what was added; ready for a new text. */
void checksums_reset(struct checksums *checksums);
void checksums_add(struct checksums *checksums, struct span span);

/* Write checksum_size() octets for each wanted algorithm; then reset before
 * further use. */
void checksums_finish(struct checksums *checksums,
    uint8_t out[CHECKSUM_ALGORITHMS][CHECKSUM_SIZE_MAX]);

#endif
