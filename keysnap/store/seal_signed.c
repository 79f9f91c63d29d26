/*
 * seal_signed.c - reading and verifying CMS SignedData, through the context of
 * struct crypto.
 */
#include "keysnap/store/seal_signed.h"

#include <openssl/err.h>
#include <string.h>

/* Digests that nobody can find collisions for today. */
static const int digests[] = { NID_sha256, NID_sha384, NID_sha512, NID_sha3_256,
	NID_sha3_384, NID_sha3_512 };

static bool
is_safe_digest(const X509_ALGOR *algorithm)
{
	const ASN1_OBJECT *object;

	X509_ALGOR_get0(&object, NULL, NULL, algorithm);
	for (size_t i = 0; i < G_N_ELEMENTS(digests); i++) {
		if (OBJ_obj2nid(object) == digests[i])
			return true;
	}
	return false;
}

/* The one signer, or NULL. */
static CMS_SignerInfo *
get_signer(CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);

	return signers != NULL && sk_CMS_SignerInfo_num(signers) == 1
	    ? sk_CMS_SignerInfo_value(signers, 0)
	    : NULL;
}

static const char *
check_signer(CMS_ContentInfo *cms)
{
	CMS_SignerInfo *signer = get_signer(cms);
	X509_ALGOR *digest = NULL;

	if (signer == NULL)
		return "it has not one signer";
	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &digest, NULL);
	if (digest == NULL || !is_safe_digest(digest))
		return "it is made with a digest that is not SHA-256 or better";
	return NULL;
}

static CMS_ContentInfo *
read_message(const struct crypto *crypto, struct span octets)
{
	CMS_ContentInfo *cms = NULL;
	const uint8_t *at = octets.p;

	if (octets.n <= SEAL_FILE_MAX)
		cms = CMS_ContentInfo_new_ex(crypto->libctx, NULL);
	/* d2i frees what it was given when it fails. */
	if (cms == NULL ||
	    d2i_CMS_ContentInfo(&cms, &at, (long)octets.n) == NULL) {
		ERR_clear_error();
		return NULL;
	}
	if (at == octets.p + octets.n &&
	    OBJ_obj2nid(CMS_get0_type(cms)) == NID_pkcs7_signed)
		return cms;
	CMS_ContentInfo_free(cms);
	return NULL;
}

/* Certificates beside the seal, spelt as we write them. */
static bool
add_certificates(CMS_ContentInfo *cms, const struct crypto *crypto,
    const struct seal_file *file)
{
	STACK_OF(X509) *read = seal_certificates_read(crypto, file->octets);
	g_autoptr(GString) again = g_string_new(NULL);
	bool ok = read != NULL && seal_certificates_append(again, read) &&
	    span_equal(file->octets,
		(struct span){ (const uint8_t *)again->str, again->len });

	/* One that the message holds already is refused, which is fine. */
	for (int i = 0; ok && i < sk_X509_num(read); i++)
		CMS_add1_cert(cms, sk_X509_value(read, i));
	ERR_clear_error();
	seal_certificates_free(read);
	return ok;
}

static bool
read_crls(struct seal_signed *message, const struct crypto *crypto,
    const struct seal_file *file)
{
	g_autoptr(GString) again = g_string_new(NULL);

	message->crls = seal_crls_read(crypto, file->octets);
	return message->crls != NULL &&
	    seal_crls_append(again, message->crls) &&
	    span_equal(file->octets,
		(struct span){ (const uint8_t *)again->str, again->len });
}

/* What lies beside. */
static bool
read_beside(struct seal_signed *message, const struct seal_question *question,
    struct arena *arena, struct seal *seal)
{
	const struct seal_file *pem =
	    seal_find(&question->set, seal->number, "pem");
	const struct seal_file *crl =
	    seal_find(&question->set, seal->number, "crl");

	if (pem != NULL &&
	    !add_certificates(message->cms, question->crypto, pem)) {
		seal_say(seal, arena, SEAL_BROKEN,
		    "the file beside it, %s, is not certificates as they are "
		    "kept",
		    pem->name);
		return false;
	}
	if (crl != NULL && !read_crls(message, question->crypto, crl)) {
		seal_say(seal, arena, SEAL_BROKEN,
		    "the file beside it, %s, is not lists of revoked "
		    "certificates as they are kept",
		    crl->name);
		return false;
	}
	return true;
}

bool
seal_signed_read(struct seal_signed *message,
    const struct seal_question *question, struct arena *arena,
    struct seal *seal, struct span octets)
{
	const char *why;

	memset(message, 0, sizeof(*message));
	message->cms = read_message(question->crypto, octets);
	if (message->cms == NULL) {
		seal_say(seal, arena, SEAL_BROKEN,
		    "it is not signed data (CMS) in DER");
		return false;
	}
	why = check_signer(message->cms);
	if (why != NULL) {
		seal_say(seal, arena, SEAL_BROKEN, "%s", why);
		return false;
	}
	return read_beside(message, question, arena, seal);
}

void
seal_signed_clear(struct seal_signed *message)
{
	CMS_ContentInfo_free(message->cms);
	seal_crls_free(message->crls);
	memset(message, 0, sizeof(*message));
}

/* The path of the verified signer, walked by ourselves: OpenSSL's own check
 * tells neither when it ends nor where it leads. */
static void
find_path(struct seal_signed *message, const struct seal_question *question,
    struct arena *arena, const struct seal_signed_rules *rules,
    X509_STORE *store)
{
	STACK_OF(X509) *others = CMS_get1_certs(message->cms);
	const struct seal_path_question path = {
		.crypto = question->crypto,
		.signer = message->signer,
		.others = others,
		.crls = message->crls,
		.store = store,
		.at = rules->at,
		.at_is_proved = rules->at_is_proved,
	};

	seal_path_check(&path, arena, &message->path);
	seal_certificates_free(others);
}

/* A memory BIO alone is copied by CMS_verify(), and the copy is lost when the
 * message names a digest that there is not; behind a filter it is not. */
static BIO *
open_content(struct span content)
{
	BIO *memory = BIO_new_mem_buf(content.p, (int)content.n);
	BIO *filter = BIO_new(BIO_f_null());

	if (memory != NULL && filter != NULL)
		return BIO_push(filter, memory);
	BIO_free(memory);
	BIO_free(filter);
	return NULL;
}

/* CMS_CADES, with a store, has OpenSSL check that the signed attributes name
 * the certificate (ESS, RFC 5035). */
static bool
verify_message(struct seal_signed *message,
    const struct seal_signed_rules *rules, X509_STORE *store)
{
	unsigned flags = CMS_BINARY;
	BIO *content =
	    rules->content.p == NULL ? NULL : open_content(rules->content);
	STACK_OF(X509) * signers;
	int ok;

	flags |= store == NULL ? CMS_NO_SIGNER_CERT_VERIFY : CMS_CADES;
	ERR_clear_error();
	ok = CMS_verify(message->cms, NULL, store, content, NULL, flags);
	BIO_free_all(content);
	if (ok != 1)
		return false;
	signers = CMS_get0_signers(message->cms);
	if (signers != NULL && sk_X509_num(signers) == 1)
		message->signer = sk_X509_value(signers, 0);
	sk_X509_free(signers);
	return message->signer != NULL;
}

static bool
say_failure(struct seal *seal, struct arena *arena)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	seal_say(seal, arena, SEAL_BROKEN, "it does not hold: %s",
	    reason == NULL ? "unknown reason" : reason);
	ERR_clear_error();
	return false;
}

/* The signature holds; now the path. */
static bool
check_path(struct seal_signed *message, const struct seal_question *question,
    struct arena *arena, struct seal *seal,
    const struct seal_signed_rules *rules, X509_STORE *store)
{
	find_path(message, question, arena, rules, store);
	if (message->path.leads_nowhere)
		return true;
	if (!message->path.holds) {
		seal_say(seal, arena, SEAL_BROKEN,
		    "the signature fits, but not its certificate: %s",
		    message->path.why);
		return false;
	}
	message->is_trusted = true;
	return !rules->names_certificate ||
	    verify_message(message, rules, store) || say_failure(seal, arena);
}

bool
seal_signed_verify(struct seal_signed *message,
    const struct seal_question *question, struct arena *arena,
    struct seal *seal, const struct seal_signed_rules *rules)
{
	X509_STORE *store;
	bool ok;

	if (!verify_message(message, rules, NULL))
		return say_failure(seal, arena);
	message->path.expires = seal_not_after(message->signer);
	message->path.leads_nowhere = true;
	if (rules->ca.n == 0)
		return true;
	store = seal_store_new(
	    question->crypto, rules->ca, rules->purpose, rules->at);
	if (store == NULL) {
		seal_say(seal, arena, SEAL_BROKEN,
		    "not checked: no certificates were given");
		return false;
	}
	ok = check_path(message, question, arena, seal, rules, store);
	X509_STORE_free(store);
	return ok;
}
