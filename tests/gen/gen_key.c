/* gen_key.c - see gen_key.h. */
#include "tests/gen/gen_key.h"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <string.h>

#include "tests/gen/stream.h"

#define ED25519_SIZE      32
#define ED25519_SIGNATURE 64

struct gen_key {
	BIGNUM *n, *e;     /* RSA */
	BIGNUM *p, *q;     /* n = pq */
	BIGNUM *dp, *dq;   /* d modulo p - 1 and q - 1 */
	BIGNUM *inverse;   /* of q modulo p */
	EVP_PKEY *edwards; /* Ed25519, or NULL */
};

/* The first prime of "bits" octets of the stream, two top bits set so that
 * the product of two has all its bits; p - 1 has no factor with "e". */
static BIGNUM *
next_prime(struct stream *stream, int bits, const BIGNUM *e, BN_CTX *context)
{
	g_autofree uint8_t *octets = g_malloc((gsize)bits / 8);
	BIGNUM *p = BN_new(), *less = BN_new(), *common = BN_new();

	stream_octets(stream, octets, (size_t)bits / 8);
	octets[0] |= 0xc0;
	octets[bits / 8 - 1] |= 1;
	BN_bin2bn(octets, bits / 8, p);
	for (;; BN_add_word(p, 2)) {
		if (BN_check_prime(p, context, NULL) != 1)
			continue;
		BN_sub(less, p, BN_value_one());
		BN_gcd(common, less, e, context);
		if (BN_is_one(common))
			break;
	}
	BN_free(less);
	BN_free(common);
	return p;
}

/* 1/e modulo p - 1. */
static BIGNUM *
exponent_for(const BIGNUM *p, const BIGNUM *e, BN_CTX *context)
{
	BIGNUM *less = BN_dup(p);

	BN_sub_word(less, 1);
	BIGNUM *d = BN_mod_inverse(NULL, e, less, context);
	g_assert(d != NULL);
	BN_free(less);
	return d;
}

static void
make_rsa(struct gen_key *key, struct stream *stream, int bits, unsigned e)
{
	BN_CTX *context = BN_CTX_new();

	key->n = BN_new();
	key->e = BN_new();
	BN_set_word(key->e, e);
	key->p = next_prime(stream, bits / 2, key->e, context);
	key->q = next_prime(stream, bits / 2, key->e, context);
	BN_mul(key->n, key->p, key->q, context);
	key->dp = exponent_for(key->p, key->e, context);
	key->dq = exponent_for(key->q, key->e, context);
	key->inverse = BN_mod_inverse(NULL, key->q, key->p, context);
	g_assert(key->inverse != NULL);
	BN_CTX_free(context);
}

struct gen_key *
gen_key_new(uint64_t seed, const char *label, int bits, unsigned e)
{
	struct gen_key *key = g_new0(struct gen_key, 1);
	uint8_t secret[ED25519_SIZE];
	struct stream stream;

	stream_init(&stream, seed, label);
	if (bits != 0) {
		make_rsa(key, &stream, bits, e);
		return key;
	}
	stream_octets(&stream, secret, sizeof(secret));
	key->edwards = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_ED25519, NULL, secret, sizeof(secret));
	g_assert(key->edwards != NULL);
	return key;
}

void
gen_key_free(struct gen_key *key)
{
	if (key == NULL)
		return;
	BN_free(key->n);
	BN_free(key->e);
	BN_free(key->p);
	BN_free(key->q);
	BN_free(key->dp);
	BN_free(key->dq);
	BN_free(key->inverse);
	EVP_PKEY_free(key->edwards);
	g_free(key);
}

gboolean
gen_key_is_ed25519(const struct gen_key *key)
{
	return key->edwards != NULL;
}

/* One DER value (X.690 8.1): tag, definite length, content. */
static void
der_add(GByteArray *out, uint8_t tag, const uint8_t *p, size_t n)
{
	uint8_t head[4] = { tag, (uint8_t)n };
	guint size = 2;

	if (n >= 256) {
		head[1] = 0x82;
		head[2] = (uint8_t)(n >> 8);
		head[3] = (uint8_t)n;
		size = 4;
	} else if (n >= 128) {
		head[1] = 0x81;
		head[2] = (uint8_t)n;
		size = 3;
	}
	g_byte_array_append(out, head, size);
	g_byte_array_append(out, p, (guint)n);
}

static void
der_add_integer(GByteArray *out, const BIGNUM *number)
{
	g_autofree uint8_t *octets = g_malloc0((gsize)BN_num_bytes(number) + 1);
	size_t n = (size_t)BN_bn2bin(number, octets + 1);
	size_t skip = (octets[1] & 0x80) != 0 ? 0 : 1;

	der_add(out, 0x02, octets + skip, n + 1 - skip);
}

static GByteArray *
rsa_public_key(const struct gen_key *key)
{
	g_autoptr(GByteArray) numbers = g_byte_array_new();
	GByteArray *out = g_byte_array_new();

	der_add_integer(numbers, key->n);
	der_add_integer(numbers, key->e);
	der_add(out, 0x30, numbers->data, numbers->len);
	return out;
}

/* SubjectPublicKeyInfo with rsaEncryption and NULL (RFC 3279 2.3.1). */
static GByteArray *
wrap_public_key(const GByteArray *key)
{
	static const uint8_t algorithm[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86,
		0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00 };
	g_autoptr(GByteArray) bits = g_byte_array_new();
	g_autoptr(GByteArray) inner = g_byte_array_new();
	GByteArray *out = g_byte_array_new();

	g_byte_array_append(bits, (const uint8_t *)"", 1);
	g_byte_array_append(bits, key->data, key->len);
	g_byte_array_append(inner, algorithm, sizeof(algorithm));
	der_add(inner, 0x03, bits->data, bits->len);
	der_add(out, 0x30, inner->data, inner->len);
	return out;
}

char *
gen_key_public(const struct gen_key *key, gboolean bare)
{
	uint8_t point[ED25519_SIZE];
	size_t n = sizeof(point);

	if (key->edwards != NULL) {
		int ok = EVP_PKEY_get_raw_public_key(key->edwards, point, &n);
		g_assert(ok == 1);
		return g_base64_encode(point, n);
	}
	g_autoptr(GByteArray) plain = rsa_public_key(key);
	if (bare)
		return g_base64_encode(plain->data, plain->len);
	g_autoptr(GByteArray) wrapped = wrap_public_key(plain);
	return g_base64_encode(wrapped->data, wrapped->len);
}

/* 00 01 FF..FF 00 DigestInfo, "size" octets. */
static void
encode_digest(uint8_t *out, size_t size, gboolean sha1, const uint8_t *digest)
{
	static const uint8_t info1[] = { 0x30, 0x21, 0x30, 0x09, 0x06, 0x05,
		0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14 };
	static const uint8_t info256[] = { 0x30, 0x31, 0x30, 0x0d, 0x06, 0x09,
		0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
		0x00, 0x04, 0x20 };
	size_t info_n = sha1 ? sizeof(info1) : sizeof(info256);
	size_t digest_n = sha1 ? 20 : 32;

	g_assert(size >= info_n + digest_n + 11);
	memset(out, 0xff, size);
	out[0] = 0;
	out[1] = 1;
	out[size - digest_n - info_n - 1] = 0;
	memcpy(out + size - digest_n - info_n, sha1 ? info1 : info256, info_n);
	memcpy(out + size - digest_n, digest, digest_n);
}

/* value^d modulo n by the Chinese remainder theorem (RFC 8017 5.1.2): a
 * third of the time, and the bench signs by the ten thousand. */
static void
power(const struct gen_key *key, BIGNUM *value, BN_CTX *context)
{
	BIGNUM *of_p = BN_new();

	BN_mod(of_p, value, key->p, context);
	BN_mod_exp(of_p, of_p, key->dp, key->p, context);
	BN_mod(value, value, key->q, context);
	BN_mod_exp(value, value, key->dq, key->q, context);
	BN_mod_sub(of_p, of_p, value, key->p, context);
	BN_mod_mul(of_p, of_p, key->inverse, key->p, context);
	BN_mul(of_p, of_p, key->q, context);
	BN_add(value, value, of_p);
	BN_free(of_p);
}

static void
sign_rsa(const struct gen_key *key, uint8_t *out, size_t size, gboolean sha1,
    const uint8_t *digest)
{
	BN_CTX *context = BN_CTX_new();
	BIGNUM *value = BN_new();

	encode_digest(out, size, sha1, digest);
	BN_bin2bn(out, (int)size, value);
	power(key, value, context);
	BN_bn2binpad(value, out, (int)size);
	BN_free(value);
	BN_CTX_free(context);
}

GByteArray *
gen_key_sign(const struct gen_key *key, gboolean sha1, const uint8_t *digest)
{
	GByteArray *out = g_byte_array_new();
	size_t n = ED25519_SIGNATURE;

	if (key->edwards == NULL) {
		g_byte_array_set_size(out, (guint)BN_num_bytes(key->n));
		sign_rsa(key, out->data, out->len, sha1, digest);
		return out;
	}
	g_byte_array_set_size(out, ED25519_SIGNATURE);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int ok =
	    EVP_DigestSignInit(context, NULL, NULL, NULL, key->edwards) == 1 &&
	    EVP_DigestSign(context, out->data, &n, digest, 32) == 1;
	g_assert(ok);
	EVP_MD_CTX_free(context);
	return out;
}
