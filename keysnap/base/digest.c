/*
 * digest.c - SHA-256 and SHA-1 through EVP.
 *
 * The methods are fetched once, in crypto_open(): a fetch per text costs more
 * than hashing a header.
 */
#include "keysnap/base/digest.h"

#include "keysnap/base/rfc5234.h"

#include <openssl/err.h>
#include <string.h>

/* No digest of a sound library fails on memory it was given. */
static void
must(int ok, const char *what)
{
	if (ok != 1)
		g_error("OpenSSL: %s: %s", what,
		    ERR_reason_error_string(ERR_peek_last_error()));
}

size_t
digest_size(enum digest_algorithm algorithm)
{
	return algorithm == DIGEST_SHA1 ? 20 : DIGEST_SHA256_SIZE;
}

static void
digest_push(struct sink *self, struct span span)
{
	digest_add((struct digest *)self, span);
}

void
digest_init(struct digest *digest, const struct crypto *crypto,
    enum digest_algorithm algorithm)
{
	digest->sink.push = digest_push;
	digest->method =
	    algorithm == DIGEST_SHA1 ? crypto->sha1 : crypto->sha256;
	digest->size = digest_size(algorithm);
	digest->context = EVP_MD_CTX_new();
	must(digest->context != NULL, "EVP_MD_CTX_new");
	digest_reset(digest);
}

void
digest_clear(struct digest *digest)
{
	EVP_MD_CTX_free(digest->context);
	digest->context = NULL;
}

void
digest_reset(struct digest *digest)
{
	must(EVP_DigestInit_ex2(digest->context, digest->method, NULL),
	    "EVP_DigestInit_ex2");
}

void
digest_add(struct digest *digest, struct span span)
{
	if (span.n > 0)
		must(EVP_DigestUpdate(digest->context, span.p, span.n),
		    "EVP_DigestUpdate");
}

void
digest_finish(struct digest *digest, uint8_t out[DIGEST_MAX_SIZE])
{
	unsigned size = 0;

	must(EVP_DigestFinal_ex(digest->context, out, &size),
	    "EVP_DigestFinal_ex");
	g_assert(size == digest->size);
}

void
digest_peek(const struct digest *digest, uint8_t out[DIGEST_MAX_SIZE])
{
	digest_peek_behind(digest, SPAN(""), out);
}

void
digest_peek_behind(
    const struct digest *digest, struct span tail, uint8_t out[DIGEST_MAX_SIZE])
{
	struct digest copy = *digest;

	copy.context = EVP_MD_CTX_new();
	must(copy.context != NULL, "EVP_MD_CTX_new");
	must(EVP_MD_CTX_copy_ex(copy.context, digest->context),
	    "EVP_MD_CTX_copy_ex");
	digest_add(&copy, tail);
	digest_finish(&copy, out);
	digest_clear(&copy);
}

void
digest_sha256(const struct crypto *crypto, struct span span,
    uint8_t out[DIGEST_SHA256_SIZE])
{
	struct digest digest;

	digest_init(&digest, crypto, DIGEST_SHA256);
	digest_add(&digest, span);
	digest_finish(&digest, out);
	digest_clear(&digest);
}

void
digest_to_hex(struct span span, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < span.n; i++) {
		*out++ = digits[span.p[i] >> 4];
		*out++ = digits[span.p[i] & 15];
	}
	*out = '\0';
}

/* The value of a lower-case hex digit; 16 for any other octet. */
static unsigned
hex_value(uint8_t octet)
{
	if (rfc5234_is(octet, RFC5234_DIGIT))
		return octet - (unsigned)'0';
	if (octet >= 'a' && octet <= 'f')
		return octet - (unsigned)'a' + 10;
	return 16;
}

bool
digest_from_hex(struct span hex, uint8_t out[DIGEST_SHA256_SIZE])
{
	uint8_t octets[DIGEST_SHA256_SIZE];

	if (hex.n != 2 * sizeof(octets))
		return false;
	for (size_t i = 0; i < sizeof(octets); i++) {
		unsigned high = hex_value(hex.p[2 * i]);
		unsigned low = hex_value(hex.p[2 * i + 1]);

		if (high > 15 || low > 15)
			return false;
		octets[i] = (uint8_t)(high << 4 | low);
	}
	memcpy(out, octets, sizeof(octets));
	return true;
}
