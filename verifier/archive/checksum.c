/*
 * checksum.c - MD5, SHA-1, SHA-256 and SHA-512 through EVP.
 */
#include "verifier/archive/checksum.h"

#include "keysnap/base/rfc5234.h"

#include <openssl/err.h>

static const struct {
	const char *name;   /* in lists and manifests */
	const char *method; /* OpenSSL's */
	size_t size;
} algorithms[CHECKSUM_ALGORITHMS] = {
	[CHECKSUM_MD5] = { "md5", "MD5", 16 },
	[CHECKSUM_SHA1] = { "sha1", "SHA1", 20 },
	[CHECKSUM_SHA256] = { "sha256", "SHA256", 32 },
	[CHECKSUM_SHA512] = { "sha512", "SHA512", 64 },
};

/* ---- names and hex ------------------------------------------------------- */

size_t
checksum_size(enum checksum_algorithm algorithm)
{
	return algorithms[algorithm].size;
}

const char *
checksum_name(enum checksum_algorithm algorithm)
{
	return algorithms[algorithm].name;
}

bool
checksum_algorithm_of(struct span name, enum checksum_algorithm *algorithm_out)
{
	static const struct {
		const char *name;
		enum checksum_algorithm algorithm;
	} known[] = {
		{ "md5", CHECKSUM_MD5 },
		{ "sha1", CHECKSUM_SHA1 },
		{ "sha-1", CHECKSUM_SHA1 },
		{ "sha256", CHECKSUM_SHA256 },
		{ "sha-256", CHECKSUM_SHA256 },
		{ "sha2-256", CHECKSUM_SHA256 },
		{ "sha512", CHECKSUM_SHA512 },
		{ "sha-512", CHECKSUM_SHA512 },
		{ "sha2-512", CHECKSUM_SHA512 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		if (!span_equal_nocase(name, span_from_string(known[i].name)))
			continue;
		*algorithm_out = known[i].algorithm;
		return true;
	}
	return false;
}

/* The value of a hex digit. */
static unsigned
hex_value(uint8_t octet)
{
	if (rfc5234_is(octet, RFC5234_DIGIT))
		return octet - (unsigned)'0';
	return rfc5234_lower(octet) - (unsigned)'a' + 10;
}

bool
checksum_from_hex(struct span hex, enum checksum_algorithm *algorithm_out,
    uint8_t out[CHECKSUM_SIZE_MAX])
{
	int i = 0;

	while (i < CHECKSUM_ALGORITHMS && hex.n != 2 * algorithms[i].size)
		i++;
	if (i == CHECKSUM_ALGORITHMS)
		return false;
	for (size_t k = 0; k < hex.n; k++) {
		if (!rfc5234_is(hex.p[k], RFC5234_HEXDIG))
			return false;
	}
	for (size_t k = 0; k < hex.n / 2; k++)
		out[k] = (uint8_t)(hex_value(hex.p[2 * k]) << 4 |
		    hex_value(hex.p[2 * k + 1]));
	*algorithm_out = (enum checksum_algorithm)i;
	return true;
}

/* ---- digests ------------------------------------------------------------- */

/* No digest of a sound library fails on memory it was given. */
static void
must(int ok, const char *what)
{
	if (ok != 1)
		g_error("OpenSSL: %s: %s", what,
		    ERR_reason_error_string(ERR_peek_last_error()));
}

void
checksums_init(
    struct checksums *checksums, const struct crypto *crypto, unsigned wanted)
{
	*checksums = (struct checksums){ { NULL }, { NULL } };
	for (int i = 0; i < CHECKSUM_ALGORITHMS; i++) {
		if ((wanted & 1u << i) == 0)
			continue;
		checksums->methods[i] = EVP_MD_fetch(
		    crypto->libctx, algorithms[i].method, "provider=default");
		must(checksums->methods[i] != NULL, "EVP_MD_fetch");
		checksums->contexts[i] = EVP_MD_CTX_new();
		must(checksums->contexts[i] != NULL, "EVP_MD_CTX_new");
	}
	checksums_reset(checksums);
}

void
checksums_clear(struct checksums *checksums)
{
	for (int i = 0; i < CHECKSUM_ALGORITHMS; i++) {
		EVP_MD_CTX_free(checksums->contexts[i]);
		EVP_MD_free(checksums->methods[i]);
	}
	*checksums = (struct checksums){ { NULL }, { NULL } };
}

void
checksums_reset(struct checksums *checksums)
{
	for (int i = 0; i < CHECKSUM_ALGORITHMS; i++) {
		if (checksums->methods[i] != NULL)
			must(EVP_DigestInit_ex2(checksums->contexts[i],
				 checksums->methods[i], NULL),
			    "EVP_DigestInit_ex2");
	}
}

void
checksums_add(struct checksums *checksums, struct span span)
{
	for (int i = 0; i < CHECKSUM_ALGORITHMS && span.n > 0; i++) {
		if (checksums->methods[i] != NULL)
			must(EVP_DigestUpdate(
				 checksums->contexts[i], span.p, span.n),
			    "EVP_DigestUpdate");
	}
}

void
checksums_finish(struct checksums *checksums,
    uint8_t out[CHECKSUM_ALGORITHMS][CHECKSUM_SIZE_MAX])
{
	for (int i = 0; i < CHECKSUM_ALGORITHMS; i++) {
		if (checksums->methods[i] != NULL)
			must(EVP_DigestFinal_ex(
				 checksums->contexts[i], out[i], NULL),
			    "EVP_DigestFinal_ex");
	}
}
