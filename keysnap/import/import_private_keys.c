/*
 * import_private_keys.c - private keys that were published: PEM files, as
 * dkim-rotate lays them out.
 *
 * A key counts when its public half is in the store and the private half
 * works: a signature made with the one is checked with the other.  So nobody
 * can call a key compromised with a file that only names its modulus.  The
 * file becomes evidence; it was public before.
 */
#include "keysnap/import/import_document.h"
#include "keysnap/import/import_lines.h"
#include "keysnap/import/recognise.h"
#include "keysnap/key/public_key.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#define FILE_MAX   (1 << 20) /* octets; one key takes 13 KB at most */
#define BLOCKS_MAX 1024 /* PEM blocks in it: a signature is made with each */

struct private_keys {
	const struct import_options *options;
	const struct import_output *output;
	struct span text;
	uint8_t evidence[1][32];
	bool kept;
};

/* One PEM block. */
struct block {
	char *name, *header;
	unsigned char *octets;
	long n;
};

static void
block_clear(struct block *block)
{
	OPENSSL_free(block->name);
	OPENSSL_free(block->header);
	OPENSSL_clear_free(block->octets, block->n > 0 ? (size_t)block->n : 0);
	*block = (struct block){ .name = NULL };
}

/* A signature over something; false when the key makes none. */
static bool
sign(EVP_PKEY *key, const struct crypto *crypto, struct span text,
    uint8_t *signature, size_t *n)
{
	const char *digest =
	    EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? "SHA256" : NULL;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok = context != NULL &&
	    EVP_DigestSignInit_ex(
		context, NULL, digest, crypto->libctx, NULL, key, NULL) == 1 &&
	    EVP_DigestSign(context, signature, n, text.p, text.n) == 1;

	EVP_MD_CTX_free(context);
	return ok;
}

static bool
holds(EVP_PKEY *key, const struct crypto *crypto, struct span text,
    struct span signature)
{
	const char *digest =
	    EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? "SHA256" : NULL;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok = context != NULL &&
	    EVP_DigestVerifyInit_ex(
		context, NULL, digest, crypto->libctx, NULL, key, NULL) == 1 &&
	    EVP_DigestVerify(
		context, signature.p, signature.n, text.p, text.n) == 1;

	EVP_MD_CTX_free(context);
	return ok;
}

/* Does the private half belong to the public one, given as DER? */
static bool
works(EVP_PKEY *key, const struct crypto *crypto, const uint8_t *der, long n)
{
	struct span text = SPAN("keysnap: is this the private key?");
	EVP_PKEY *public = d2i_PUBKEY_ex(NULL, &der, n, crypto->libctx, NULL);
	uint8_t signature[PUBLIC_KEY_MAX_SIGNATURE];
	size_t size = sizeof(signature);
	bool ok = public != NULL && sign(key, crypto, text, signature, &size) &&
	    holds(public, crypto, text, (struct span){ signature, size });

	EVP_PKEY_free(public);
	return ok;
}

static void
annotate(struct private_keys *keys, const uint8_t sha256[32])
{
	const struct import_output *output = keys->output;
	struct entry_observation when = { .ttl = -1 };
	struct entry_annotation annotation = {
		.kind = ANNOTATION_PRIVATE_KEY_PUBLISHED,
		.has_key = true,
	};

	import_default_time(keys->options, &when);
	annotation.since = when.first;
	annotation.precision = when.precision;
	memcpy(annotation.key, sha256, 32);
	if (!keys->kept)
		output->evidence(output->user, keys->text, keys->evidence[0]);
	keys->kept = true;
	annotation.evidence =
	    (struct entry_hashes){ (const uint8_t(*)[32])keys->evidence, 1 };
	output->annotation(output->user, &annotation);
}

/* A key that could be read; its public half is looked for before anything is
 * calculated with it. */
static const char *
take_key(struct private_keys *keys, EVP_PKEY *key, bool *known_out)
{
	const struct crypto *crypto = keys->options->crypto;
	uint8_t *der = NULL, sha256[32];
	int n = i2d_PUBKEY(key, &der);
	const char *fault = NULL;

	*known_out = false;
	if (n <= 0) {
		fault = "a private key without a public half";
	} else {
		digest_sha256(crypto, (struct span){ der, (size_t)n }, sha256);
		*known_out =
		    keys->output->knows_key(keys->output->user, sha256);
		if (*known_out && !works(key, crypto, der, n))
			fault = "it names a key in the store, but is not its "
				"private half";
		else if (*known_out)
			annotate(keys, sha256);
	}
	OPENSSL_free(der);
	return fault;
}

static bool
is_private(const char *name)
{
	return strcmp(name, "PRIVATE KEY") == 0 ||
	    strcmp(name, "RSA PRIVATE KEY") == 0 ||
	    strcmp(name, "ENCRYPTED PRIVATE KEY") == 0;
}

static const char *
take_block(
    struct private_keys *keys, const struct block *block, bool *known_out)
{
	const unsigned char *octets = block->octets;
	const char *fault;
	EVP_PKEY *key;
	int type;

	*known_out = false;
	if (*block->header != '\0' || strncmp(block->name, "ENC", 3) == 0)
		return "an encrypted private key";
	key = d2i_AutoPrivateKey_ex(
	    NULL, &octets, block->n, keys->options->crypto->libctx, NULL);
	type = key == NULL ? EVP_PKEY_NONE : EVP_PKEY_get_base_id(key);
	if ((type != EVP_PKEY_RSA && type != EVP_PKEY_ED25519) ||
	    EVP_PKEY_get_bits(key) > PUBLIC_KEY_MAX_BITS)
		fault = "not a private key of RSA or Ed25519";
	else
		fault = take_key(keys, key, known_out);
	EVP_PKEY_free(key);
	return fault;
}

static void
take_blocks(struct private_keys *keys, BIO *bio)
{
	const struct import_output *output = keys->output;
	struct block block = { .name = NULL };

	for (uint64_t item = 1; item <= BLOCKS_MAX &&
	     PEM_read_bio(
		 bio, &block.name, &block.header, &block.octets, &block.n) == 1;
	     item++) {
		bool known = false;
		const char *fault = NULL;

		if (is_private(block.name))
			fault = take_block(keys, &block, &known);
		if (fault != NULL)
			output->bad(output->user, item, fault);
		else if (!known)
			output->other(output->user, item);
		block_clear(&block);
	}
}

static bool
read_private_keys(FILE *stream, const char *path,
    const struct import_options *options, const struct import_output *output,
    GError **error)
{
	g_autofree uint8_t *octets = g_malloc(FILE_MAX + 1);
	struct span text = { octets, fread(octets, 1, FILE_MAX + 1, stream) };
	struct private_keys keys = {
		.options = options, .output = output, .text = text
	};
	struct entry_observation when;
	BIO *bio;

	if (ferror(stream)) {
		import_set_read_error(error, path, errno != 0 ? errno : EIO);
		return false;
	}
	if (text.n > FILE_MAX)
		return import_document_refuse(
		    path, "longer than a file of private keys is", error);
	if (!import_default_time(options, &when)) {
		output->bad(output->user, 1, import_needs_time);
		return true;
	}
	bio = BIO_new_mem_buf(octets, (int)text.n);
	g_assert(bio != NULL);
	take_blocks(&keys, bio);
	BIO_free(bio);
	return true;
}

static bool
recognise_private_keys(struct span start)
{
	static const char begin[] = "-----BEGIN ", end[] = "PRIVATE KEY-----";
	struct span line;

	while (recognise_line(&start, &line)) {
		if (span_starts_with(line, SPAN(begin)))
			return span_ends_with(line, SPAN(end));
	}
	return false;
}

const struct importer import_private_keys = {
	.name = "private-keys",
	.description = "published private keys, PEM, of keys in the store",
	.about_keys = true,
	.recognise = recognise_private_keys,
	.read = read_private_keys,
};
