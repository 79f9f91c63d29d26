/*
 * public_key.c - the public key inside p=.
 *
 * RFC 8017 appendix A.1.1 (RSAPublicKey), RFC 5280 4.1 (SubjectPublicKeyInfo),
 * RFC 3279 2.3.1 (rsaEncryption), RFC 8410 (Ed25519), RFC 8463 section 4.
 */
#include "keysnap/key/public_key.h"

#include "keysnap/key/der.h"

#include <string.h>

#define AGING_BITS           1536 /* below: NIST's 80 bits and less */
#define WEAK_BITS            1024 /* RFC 8301 3.2 */
#define SMALL_MODULUS_BITS   3072 /* OPENSSL_RSA_SMALL_MODULUS_BITS */
#define SMALL_MODULUS_E_BITS 64   /* OPENSSL_RSA_MAX_PUBEXP_BITS */
#define ED25519_SIZE         32

/* 1.2.840.113549.1.1.1 */
#define RSA_ENCRYPTION       SPAN("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")

/* Up to the 32 octets of the key, RFC 8410 section 4. */
#define ED25519_SPKI         SPAN("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00")

static struct span
span_of_array(const GByteArray *array)
{
	return (struct span){ array->data, array->len };
}

/* RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } */
static bool
read_rsa_public_key(struct public_key *key, struct span text, bool *lax)
{
	struct der_reader outer = { text, *lax },
			  inner = { { NULL, 0 }, false };

	if (!der_take(&outer, DER_SEQUENCE, &inner.rest) || outer.rest.n > 0)
		return false;
	if (!der_take_unsigned(&inner, &key->modulus) ||
	    !der_take_unsigned(&inner, &key->exponent) || inner.rest.n > 0)
		return false;
	*lax = outer.lax || inner.lax;
	return key->modulus.n > 0 && key->exponent.n > 0;
}

/* AlgorithmIdentifier: rsaEncryption with NULL, or with nothing. */
static enum public_key_status
read_algorithm(struct der_reader *spki)
{
	struct der_reader inside = { { NULL, 0 }, false };
	struct span oid, parameters = { NULL, 0 };

	if (!der_take(spki, DER_SEQUENCE, &inside.rest) ||
	    !der_take(&inside, DER_OID, &oid))
		return PUBLIC_KEY_MALFORMED;
	if (!span_equal(oid, RSA_ENCRYPTION))
		return PUBLIC_KEY_WRONG_ALGORITHM;
	if (inside.rest.n > 0 &&
	    (!der_take(&inside, DER_NULL, &parameters) || parameters.n > 0 ||
		inside.rest.n > 0))
		return PUBLIC_KEY_MALFORMED;
	spki->lax = spki->lax || inside.lax;
	return PUBLIC_KEY_OK;
}

/* SEQUENCE { AlgorithmIdentifier, BIT STRING }, "content" without header. */
static enum public_key_status
read_spki(struct public_key *key, struct span content, bool *lax)
{
	struct der_reader spki = { content, *lax };
	enum public_key_status status = read_algorithm(&spki);
	struct span bits;

	if (status != PUBLIC_KEY_OK)
		return status;
	/* The first octet counts the unused bits of the last. */
	if (!der_take(&spki, DER_BIT_STRING, &bits) || spki.rest.n > 0 ||
	    bits.n == 0 || bits.p[0] != 0)
		return PUBLIC_KEY_MALFORMED;
	*lax = spki.lax;
	return read_rsa_public_key(key, span_from(bits, 1), lax)
	    ? PUBLIC_KEY_OK
	    : PUBLIC_KEY_MALFORMED;
}

static enum public_key_status
read_rsa(struct public_key *key, struct span text)
{
	struct der_reader outer = { text, false };
	enum public_key_status status;
	struct span content;
	bool lax;

	if (!der_take(&outer, DER_SEQUENCE, &content) || outer.rest.n > 0)
		return PUBLIC_KEY_MALFORMED;
	lax = outer.lax;
	if (content.n > 0 && content.p[0] == DER_SEQUENCE) {
		key->form = PUBLIC_KEY_SPKI;
		status = read_spki(key, content, &lax);
	} else {
		key->form = PUBLIC_KEY_PKCS1;
		status = read_rsa_public_key(key, text, &lax)
		    ? PUBLIC_KEY_OK
		    : PUBLIC_KEY_MALFORMED;
	}
	if (status == PUBLIC_KEY_OK && lax)
		key->flags |= PUBLIC_KEY_NOT_DER;
	return status;
}

static unsigned
bit_length(struct span number)
{
	unsigned bits = (unsigned)(8 * number.n);

	for (unsigned top = 0x80; number.n > 0 && top > number.p[0]; top >>= 1)
		bits--;
	return bits;
}

static bool
is_even(struct span number)
{
	return (number.p[number.n - 1] & 1) == 0;
}

/* Order of two numbers without leading zero octets. */
static int
compare_numbers(struct span a, struct span b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return span_compare(a, b);
}

static unsigned
rsa_flags(const struct public_key *key)
{
	unsigned flags = 0;

	if (key->bits < WEAK_BITS)
		flags |= PUBLIC_KEY_WEAK;
	else if (key->bits < AGING_BITS)
		flags |= PUBLIC_KEY_AGING;
	if (is_even(key->modulus) || is_even(key->exponent) ||
	    bit_length(key->exponent) < 2)
		flags |= PUBLIC_KEY_FORGEABLE;
	return flags;
}

/* rsa_ossl_public_decrypt() of OpenSSL 3.0 has these limits. */
static enum public_key_status
rsa_limits(const struct public_key *key)
{
	if (key->bits < PUBLIC_KEY_MIN_BITS)
		return PUBLIC_KEY_TOO_SMALL;
	if (key->bits > PUBLIC_KEY_MAX_BITS)
		return PUBLIC_KEY_TOO_LARGE;
	if (compare_numbers(key->exponent, key->modulus) >= 0 ||
	    (key->bits > SMALL_MODULUS_BITS &&
		bit_length(key->exponent) > SMALL_MODULUS_E_BITS))
		return PUBLIC_KEY_EXPONENT_LIMIT;
	return PUBLIC_KEY_OK;
}

static void
append_rsa_spki(GByteArray *spki, const struct public_key *key)
{
	g_autoptr(GByteArray) numbers = g_byte_array_new();
	g_autoptr(GByteArray) bits = g_byte_array_new();
	g_autoptr(GByteArray) algorithm = g_byte_array_new();
	g_autoptr(GByteArray) inside = g_byte_array_new();

	der_append_unsigned(numbers, key->modulus);
	der_append_unsigned(numbers, key->exponent);
	g_byte_array_append(bits, (const uint8_t *)"", 1); /* unused bits */
	der_append(bits, DER_SEQUENCE, span_of_array(numbers));
	der_append(algorithm, DER_OID, RSA_ENCRYPTION);
	der_append(algorithm, DER_NULL, (struct span){ NULL, 0 });
	der_append(inside, DER_SEQUENCE, span_of_array(algorithm));
	der_append(inside, DER_BIT_STRING, span_of_array(bits));
	der_append(spki, DER_SEQUENCE, span_of_array(inside));
}

static void
append_ed25519_spki(GByteArray *spki, struct span raw)
{
	const struct span prefix = ED25519_SPKI;

	g_byte_array_append(spki, prefix.p, (guint)prefix.n);
	g_byte_array_append(spki, raw.p, (guint)raw.n);
}

bool
public_key_append_spki(GByteArray *spki, const struct public_key *key)
{
	if (key->raw.n > 0)
		append_ed25519_spki(spki, key->raw);
	else if (key->modulus.n > 0)
		append_rsa_spki(spki, key);
	else
		return false;
	return true;
}

/* SHA-256 over the key as SubjectPublicKeyInfo in DER, whatever form it had. */
static void
identify(struct public_key *key, const struct crypto *crypto)
{
	g_autoptr(GByteArray) spki = g_byte_array_new();

	public_key_append_spki(spki, key);
	digest_sha256(crypto, span_of_array(spki), key->sha256);
}

static void
parse_rsa(struct public_key *key, const struct crypto *crypto, struct span text)
{
	key->status = read_rsa(key, text);
	if (key->status != PUBLIC_KEY_OK) {
		key->modulus = key->exponent = (struct span){ NULL, 0 };
		return;
	}
	key->bits = bit_length(key->modulus);
	key->flags |= rsa_flags(key);
	key->status = rsa_limits(key);
	identify(key, crypto);
}

/*
 * The y coordinates of the points of order 1, 2, 4 and 8 on edwards25519
 * (RFC 8032 5.1), and the two that are written unreduced: for a key like
 * these, signatures can be made without any private key.
 */
static bool
is_small_order(struct span raw)
{
	static const uint8_t points[][ED25519_SIZE] = {
		{ 0 },
		{ 1 },
		{ 0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3,
		    0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05,
		    0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53,
		    0xfc, 0x05 },
		{ 0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c,
		    0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa,
		    0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac,
		    0x03, 0x7a },
	};
	uint8_t y[ED25519_SIZE];

	memcpy(y, raw.p, sizeof(y));
	y[ED25519_SIZE - 1] &= 0x7f; /* without the sign of x */
	for (size_t i = 0; i < G_N_ELEMENTS(points); i++) {
		if (memcmp(y, points[i], sizeof(y)) == 0)
			return true;
	}
	/* p - 1, p and p + 1, where p is 2^255 - 19 (0xed first) */
	for (size_t i = 1; i < ED25519_SIZE - 1; i++) {
		if (y[i] != 0xff)
			return false;
	}
	return y[0] >= 0xec && y[0] <= 0xee && y[ED25519_SIZE - 1] == 0x7f;
}

static void
parse_ed25519(struct public_key *key, struct arena *arena,
    const struct crypto *crypto, struct span text)
{
	key->form = PUBLIC_KEY_RAW;
	if (text.n != ED25519_SIZE) {
		key->status = PUBLIC_KEY_BAD_LENGTH;
		return;
	}
	key->raw = arena_copy(arena, text);
	key->bits = 8 * ED25519_SIZE;
	if (is_small_order(text))
		key->flags |= PUBLIC_KEY_FORGEABLE;
	identify(key, crypto);
}

void
public_key_parse(struct public_key *key, struct arena *arena,
    const struct crypto *crypto, const struct key_record *record)
{
	*key = (struct public_key){ .type = record->type };
	switch (record->type) {
	case KEY_TYPE_RSA:
		parse_rsa(key, crypto, record->key_data);
		break;
	case KEY_TYPE_ED25519:
		parse_ed25519(key, arena, crypto, record->key_data);
		break;
	case KEY_TYPE_UNKNOWN:
		key->status = PUBLIC_KEY_WRONG_ALGORITHM;
		break;
	}
}

const char *
public_key_status_name(enum public_key_status status)
{
	static const char *const names[] = { "ok", "malformed",
		"wrong-algorithm", "bad-length", "too-small", "too-large",
		"exponent-limit" };

	g_assert((size_t)status < G_N_ELEMENTS(names));
	return names[status];
}
