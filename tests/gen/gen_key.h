/*
 * gen_key.h - key pairs that a seed and a label fix for ever, and what signs
 * with them.  For tests only: whoever has the seed has the private keys.
 */
#ifndef TESTS_GEN_GEN_KEY_H
#define TESTS_GEN_GEN_KEY_H

#include <glib.h>
#include <stdint.h>

struct gen_key;

/* RSA with a modulus of "bits" and the public exponent "e" (odd; 1 makes the
 * key that anything verifies under), or Ed25519 when "bits" is 0. */
struct gen_key *gen_key_new(uint64_t seed, const char *label, int bits,
    unsigned e);
void gen_key_free(struct gen_key *key);

gboolean gen_key_is_ed25519(const struct gen_key *key);

/* The base64 text of p=: SubjectPublicKeyInfo (RFC 6376), the bare
 * RSAPublicKey when "bare", or the 32 octets of Ed25519 (RFC 8463). */
char *gen_key_public(const struct gen_key *key, gboolean bare);

/* Signature over a digest: EMSA-PKCS1-v1_5 (RFC 8017 9.2), or PureEdDSA over
 * the digest (RFC 8463 3). */
GByteArray *gen_key_sign(const struct gen_key *key, gboolean sha1,
    const uint8_t *digest);

#endif
