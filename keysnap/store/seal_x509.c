/*
 * seal_x509.c - certificates under the seals, through the context of struct
 * crypto.
 */
#include "keysnap/store/seal_x509.h"

#include "keysnap/base/timestamp.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define SUBJECT_MAX    256 /* octets of a name that is shown */

/* OpenSSL's level of 80 bits: RSA of 1024 bits, as for DKIM, and no signature
 * of a certificate with MD5 or SHA-1, of which there are collisions.  Whoever
 * broke a weaker one signs what he likes, with any time in it. */
#define STRENGTH_LEVEL 1

/* Called for PEM that is encrypted; certificates never are. */
static int
no_password(char *buffer, int size, int writing, void *user)
{
	(void)buffer;
	(void)size;
	(void)writing;
	(void)user;
	return -1;
}

/* After the last block was read: was it the end, and not damage? */
static bool
is_end(void)
{
	unsigned long code = ERR_peek_last_error();
	bool end = ERR_GET_LIB(code) == ERR_LIB_PEM &&
	    ERR_GET_REASON(code) == PEM_R_NO_START_LINE;

	ERR_clear_error();
	return end;
}

static BIO *
open_memory(struct span octets)
{
	if (octets.n == 0 || octets.n > INT_MAX)
		return NULL;
	ERR_clear_error();
	return BIO_new_mem_buf(octets.p, (int)octets.n);
}

STACK_OF(X509) *
    seal_certificates_read(const struct crypto *crypto, struct span pem)
{
	STACK_OF(X509) *read = sk_X509_new_null();
	BIO *bio = open_memory(pem);
	bool more = bio != NULL && read != NULL;

	while (more && sk_X509_num(read) <= SEAL_CERTIFICATES_MAX) {
		X509 *next = X509_new_ex(crypto->libctx, NULL);

		more = PEM_read_bio_X509(bio, &next, no_password, NULL) != NULL;
		if (more)
			more = sk_X509_push(read, next) > 0;
		else
			X509_free(next);
	}
	BIO_free(bio);
	if (sk_X509_num(read) > 0 && !more && is_end())
		return read;
	ERR_clear_error();
	seal_certificates_free(read);
	return NULL;
}

STACK_OF(X509_CRL) *
    seal_crls_read(const struct crypto *crypto, struct span pem)
{
	STACK_OF(X509_CRL) *read = sk_X509_CRL_new_null();
	BIO *bio = open_memory(pem);
	bool more = bio != NULL && read != NULL;

	while (more && sk_X509_CRL_num(read) <= SEAL_CERTIFICATES_MAX) {
		X509_CRL *next = X509_CRL_new_ex(crypto->libctx, NULL);

		more = PEM_read_bio_X509_CRL(bio, &next, no_password, NULL) !=
		    NULL;
		if (more)
			more = sk_X509_CRL_push(read, next) > 0;
		else
			X509_CRL_free(next);
	}
	BIO_free(bio);
	if (sk_X509_CRL_num(read) > 0 && !more && is_end())
		return read;
	ERR_clear_error();
	seal_crls_free(read);
	return NULL;
}

void
seal_certificates_free(STACK_OF(X509) * certificates)
{
	sk_X509_pop_free(certificates, X509_free);
}

void
seal_crls_free(STACK_OF(X509_CRL) * crls)
{
	sk_X509_CRL_pop_free(crls, X509_CRL_free);
}

/* Append what a memory BIO holds, and free it. */
static void
append_bio(GString *out, BIO *bio)
{
	char *text = NULL;
	long n = BIO_get_mem_data(bio, &text);

	if (n > 0)
		g_string_append_len(out, text, n);
	BIO_free(bio);
}

bool
seal_certificates_append(GString *out, STACK_OF(X509) * certificates)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = bio != NULL;

	for (int i = 0; ok && i < sk_X509_num(certificates); i++)
		ok = PEM_write_bio_X509(bio, sk_X509_value(certificates, i)) ==
		    1;
	append_bio(out, bio);
	return ok;
}

bool
seal_crls_append(GString *out, STACK_OF(X509_CRL) * crls)
{
	BIO *bio = BIO_new(BIO_s_mem());
	bool ok = bio != NULL;

	for (int i = 0; ok && i < sk_X509_CRL_num(crls); i++)
		ok = PEM_write_bio_X509_CRL(bio, sk_X509_CRL_value(crls, i)) ==
		    1;
	append_bio(out, bio);
	return ok;
}

const char *
seal_subject(struct arena *arena, const X509 *certificate)
{
	g_autoptr(GString) text = g_string_new(NULL);
	BIO *bio = BIO_new(BIO_s_mem());

	if (bio != NULL)
		X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0,
		    XN_FLAG_RFC2253);
	append_bio(text, bio);
	ERR_clear_error();
	if (text->len > SUBJECT_MAX) {
		g_string_truncate(text, SUBJECT_MAX);
		g_string_append(text, "...");
	}
	return (const char *)arena_copy(arena, span_from_string(text->str)).p;
}

int64_t
seal_time_of(const ASN1_TIME *time)
{
	struct tm tm;
	struct timestamp_fields fields;
	int64_t at;

	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
		return TIMESTAMP_MIN;
	fields = (struct timestamp_fields){ tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec };
	return timestamp_from_fields(&fields, &at) ? at : TIMESTAMP_MIN;
}

int64_t
seal_not_after(const X509 *certificate)
{
	return seal_time_of(X509_get0_notAfter(certificate));
}

X509_STORE *
seal_store_new(
    const struct crypto *crypto, struct span ca, int purpose, int64_t at)
{
	STACK_OF(X509) *certificates = seal_certificates_read(crypto, ca);
	X509_STORE *store = certificates == NULL ? NULL : X509_STORE_new();

	for (int i = 0; store != NULL && i < sk_X509_num(certificates); i++)
		X509_STORE_add_cert(store, sk_X509_value(certificates, i));
	if (store != NULL) {
		/* An intermediate certificate that was given is enough. */
		X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
		X509_STORE_set_purpose(store, purpose);
		X509_VERIFY_PARAM_set_time(
		    X509_STORE_get0_param(store), (time_t)at);
		X509_VERIFY_PARAM_set_auth_level(
		    X509_STORE_get0_param(store), STRENGTH_LEVEL);
	}
	seal_certificates_free(certificates);
	ERR_clear_error();
	return store;
}

static const char *
keep_text(struct arena *arena, const char *text)
{
	return (const char *)arena_copy(arena, span_from_string(text)).p;
}

/* Reasons that leave earlier signatures good, RFC 3161 section 4. */
static bool
is_mild(X509_REVOKED *revoked)
{
	ASN1_ENUMERATED *reason =
	    X509_REVOKED_get_ext_d2i(revoked, NID_crl_reason, NULL, NULL);
	long code = reason == NULL ? -1 : ASN1_ENUMERATED_get(reason);

	ASN1_ENUMERATED_free(reason);
	return code == CRL_REASON_UNSPECIFIED ||
	    code == CRL_REASON_AFFILIATION_CHANGED ||
	    code == CRL_REASON_SUPERSEDED ||
	    code == CRL_REASON_CESSATION_OF_OPERATION;
}

static void
take_revoked(const struct seal_path_question *question, struct arena *arena,
    X509 *certificate, X509_REVOKED *revoked, struct seal_path *path)
{
	int64_t since = seal_time_of(X509_REVOKED_get0_revocationDate(revoked));

	if (is_mild(revoked) && question->at < since) {
		if (!question->at_is_proved && since - 1 < path->expires)
			path->expires = since - 1;
		return;
	}
	g_autofree char *text = g_strdup_printf("the certificate of %s was "
						"revoked",
	    seal_subject(arena, certificate));
	path->holds = false;
	path->why = keep_text(arena, text);
}

/* Look the certificate up in the lists that its issuer signed. */
static void
check_lists(const struct seal_path_question *question, struct arena *arena,
    X509 *certificate, X509 *issuer, struct seal_path *path)
{
	int n = question->crls == NULL ? 0 : sk_X509_CRL_num(question->crls);

	for (int i = 0; i < n; i++) {
		X509_CRL *crl = sk_X509_CRL_value(question->crls, i);
		X509_REVOKED *revoked = NULL;

		if (X509_NAME_cmp(X509_CRL_get_issuer(crl),
			X509_get_subject_name(issuer)) != 0 ||
		    X509_CRL_verify(crl, X509_get0_pubkey(issuer)) != 1)
			continue;
		path->lists++;
		if (X509_CRL_get0_by_cert(crl, &revoked, certificate) == 1)
			take_revoked(
			    question, arena, certificate, revoked, path);
	}
}

static void
walk_path(const struct seal_path_question *question, struct arena *arena,
    STACK_OF(X509) * chain, struct seal_path *path)
{
	int last = sk_X509_num(chain) - 1;

	path->holds = true;
	path->anchor = seal_subject(arena, sk_X509_value(chain, last));
	path->expires = seal_not_after(sk_X509_value(chain, 0));
	for (int i = 0; i < last; i++) {
		X509 *certificate = sk_X509_value(chain, i);
		int64_t end = seal_not_after(certificate);

		path->expires = end < path->expires ? end : path->expires;
		check_lists(question, arena, certificate,
		    sk_X509_value(chain, i + 1), path);
	}
}

/* The end of the path is none that was given. */
static bool
is_unknown_end(int error)
{
	return error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
	    error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
	    error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
	    error == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
	    error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
}

static void
take_error(struct arena *arena, int error, struct seal_path *path)
{
	path->leads_nowhere = is_unknown_end(error);
	path->why = keep_text(arena, X509_verify_cert_error_string(error));
}

void
seal_path_check(const struct seal_path_question *question, struct arena *arena,
    struct seal_path *path_out)
{
	X509_STORE_CTX *context =
	    X509_STORE_CTX_new_ex(question->crypto->libctx, NULL);

	memset(path_out, 0, sizeof(*path_out));
	path_out->expires = seal_not_after(question->signer);
	path_out->why = "OpenSSL cannot check certificates";
	if (context != NULL &&
	    X509_STORE_CTX_init(context, question->store, question->signer,
		question->others) == 1) {
		if (X509_verify_cert(context) == 1)
			walk_path(question, arena,
			    X509_STORE_CTX_get0_chain(context), path_out);
		else
			take_error(
			    arena, X509_STORE_CTX_get_error(context), path_out);
	}
	X509_STORE_CTX_free(context);
	ERR_clear_error();
}
