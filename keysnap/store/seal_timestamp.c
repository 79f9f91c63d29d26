/*
 * seal_timestamp.c - RFC 3161 time stamps.
 *
 * A token is CMS SignedData around a TSTInfo.  OpenSSL's TS_RESP_verify...()
 * checks certificates at the present time, and in the process's default
 * context; so the message is verified as CMS, and the rest is compared here:
 * the imprint, the purpose of the certificate (2.3) and that the signed
 * attributes name it (2.4.2, RFC 5816).
 */
#include "keysnap/store/seal_timestamp.h"

#include "keysnap/base/digest.h"
#include "keysnap/key/der.h"
#include "keysnap/store/seal_list.h"
#include "keysnap/store/seal_signed.h"
#include "keysnap/store/store.h"

#include <openssl/err.h>
#include <openssl/rand.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>
#include <string.h>

#define NONCE_SIZE       8
#define STATUS_MAX       1 /* granted, or granted with modifications */
#define IMPRINT_MAX      64
#define REQUEST_MAX      65536

#define TST_INFO_VERSION 1

#define ACCURACY_MAX \
	(INT64_C(1) << 40) /* seconds: past all times that there
					   are, so that such a token says
					   nothing */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD, EVP_MD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_TST_INFO, TS_TST_INFO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_REQ, TS_REQ_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TS_MSG_IMPRINT, TS_MSG_IMPRINT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_ALGOR, X509_ALGOR_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ASN1_INTEGER, ASN1_INTEGER_free)

/* PKIStatusInfo ::= SEQUENCE { status INTEGER, ... } */
static bool
is_granted(struct span status)
{
	struct der_reader reader = { status, false };
	struct span number;

	return der_take_unsigned(&reader, &number) &&
	    (number.n == 0 || (number.n == 1 && number.p[0] <= STATUS_MAX));
}

/*
 * TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken
 * ContentInfo OPTIONAL }; a ContentInfo begins with an OBJECT IDENTIFIER
 * instead.  The token in "octets", or NULL with what is wrong.
 */
static const char *
find_token(struct span octets, struct span *token_out)
{
	struct der_reader outer = { octets, false }, inner;
	struct span content, status;

	if (!der_take(&outer, DER_SEQUENCE, &content) || outer.rest.n > 0 ||
	    outer.lax)
		return "it is neither a response nor a token";
	*token_out = octets;
	if (content.n > 0 && content.p[0] == DER_OID)
		return NULL;
	inner = (struct der_reader){ content, false };
	if (!der_take(&inner, DER_SEQUENCE, &status) || inner.lax)
		return "it is neither a response nor a token";
	*token_out = inner.rest;
	if (!is_granted(status))
		return "the time stamp was refused";
	return token_out->n > 0 ? NULL : "it holds no token";
}

/* The TSTInfo of a message that holds one, not yet verified. */
static TS_TST_INFO *
get_info(CMS_ContentInfo *cms)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(cms);
	TS_TST_INFO *info;
	const uint8_t *at;
	long n;

	if (OBJ_obj2nid(CMS_get0_eContentType(cms)) !=
		NID_id_smime_ct_TSTInfo ||
	    content == NULL || *content == NULL)
		return NULL;
	at = ASN1_STRING_get0_data(*content);
	n = ASN1_STRING_length(*content);
	info = d2i_TS_TST_INFO(NULL, &at, n);
	ERR_clear_error();
	if (info != NULL &&
	    at ==
		ASN1_STRING_get0_data(*content) + ASN1_STRING_length(*content))
		return info;
	TS_TST_INFO_free(info);
	return NULL;
}

/* The digest by its number, if it is a safe one. */
static EVP_MD *
fetch_digest(const struct crypto *crypto, const ASN1_OBJECT *object)
{
	int nid = OBJ_obj2nid(object);

	if (nid != NID_sha256 && nid != NID_sha384 && nid != NID_sha512)
		return NULL;
	return EVP_MD_fetch(crypto->libctx, OBJ_nid2sn(nid), NULL);
}

static bool
is_imprint_of(
    const struct crypto *crypto, TS_MSG_IMPRINT *imprint, struct span octets)
{
	ASN1_OCTET_STRING *got = TS_MSG_IMPRINT_get_msg(imprint);
	const ASN1_OBJECT *object;
	g_autoptr(EVP_MD) method = NULL;
	uint8_t want[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	X509_ALGOR_get0(&object, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	method = fetch_digest(crypto, object);
	return method != NULL && got != NULL &&
	    EVP_Digest(octets.p, octets.n, want, &n, method, NULL) == 1 &&
	    span_equal((struct span){ want, n },
		(struct span){ ASN1_STRING_get0_data(got),
		    (size_t)ASN1_STRING_length(got) });
}

/* The TSTInfo of a response or token, before anything is verified. */
static TS_TST_INFO *
peek_info(const struct crypto *crypto, struct span octets)
{
	CMS_ContentInfo *cms;
	TS_TST_INFO *info = NULL;
	const uint8_t *at;
	struct span token;

	if (octets.n > SEAL_FILE_MAX || find_token(octets, &token) != NULL)
		return NULL;
	cms = CMS_ContentInfo_new_ex(crypto->libctx, NULL);
	at = token.p;
	if (cms != NULL &&
	    d2i_CMS_ContentInfo(&cms, &at, (long)token.n) != NULL)
		info = get_info(cms);
	CMS_ContentInfo_free(cms);
	ERR_clear_error();
	return info;
}

bool
seal_timestamp_is_over(
    const struct crypto *crypto, struct span token, struct span octets)
{
	g_autoptr(TS_TST_INFO) info = peek_info(crypto, token);

	return info != NULL &&
	    is_imprint_of(crypto, TS_TST_INFO_get_msg_imprint(info), octets);
}

/* Seconds of "accuracy", rounded up; ACCURACY_MAX for what is no number of
 * seconds. */
static int64_t
seconds_of(const TS_ACCURACY *accuracy)
{
	const ASN1_INTEGER *seconds = TS_ACCURACY_get_seconds(accuracy);
	int64_t n = 0;

	if (seconds != NULL &&
	    (ASN1_INTEGER_get_int64(&n, seconds) != 1 || n < 0 ||
		n > ACCURACY_MAX))
		n = ACCURACY_MAX;
	return n +
	    (TS_ACCURACY_get_millis(accuracy) != NULL ||
		TS_ACCURACY_get_micros(accuracy) != NULL);
}

bool
seal_timestamp_read(const struct crypto *crypto, struct span token,
    struct seal_timestamp_content *content_out)
{
	g_autoptr(TS_TST_INFO) info = peek_info(crypto, token);
	TS_MSG_IMPRINT *imprint;
	const ASN1_OBJECT *object;
	const ASN1_OCTET_STRING *digest;
	const ASN1_GENERALIZEDTIME *at;

	memset(content_out, 0, sizeof(*content_out));
	if (info == NULL)
		return false;
	imprint = TS_TST_INFO_get_msg_imprint(info);
	X509_ALGOR_get0(&object, NULL, NULL, TS_MSG_IMPRINT_get_algo(imprint));
	digest = TS_MSG_IMPRINT_get_msg(imprint);
	content_out->is_sha256 = OBJ_obj2nid(object) == NID_sha256 &&
	    ASN1_STRING_length(digest) == sizeof(content_out->sha256);
	if (content_out->is_sha256)
		memcpy(content_out->sha256, ASN1_STRING_get0_data(digest),
		    sizeof(content_out->sha256));
	at = TS_TST_INFO_get_time(info);
	if (TS_TST_INFO_get_accuracy(info) != NULL)
		content_out->accuracy =
		    seconds_of(TS_TST_INFO_get_accuracy(info));
	content_out->accuracy += memchr(ASN1_STRING_get0_data(at), '.',
				     (size_t)ASN1_STRING_length(at)) != NULL;
	return true;
}

/* The list beside the token must be right, and of seals before it.  False,
 * and said. */
static bool
check_list(const struct seal_question *question, struct arena *arena,
    struct seal *seal, struct span list)
{
	const char *why;

	if (!seal_list_check(question, arena, list, &seal->renews, &why)) {
		seal_say(seal, arena, SEAL_BROKEN, "%s", why);
		return false;
	}
	if (seal->renews >= seal->number) {
		seal_say(seal, arena, SEAL_BROKEN, "it covers itself");
		return false;
	}
	return true;
}

/* What the token must be over: the list beside it; or the checkpoint, as the
 * file that it is or as the text of its note.  False, and said. */
static bool
check_covered(const struct seal_question *question, struct arena *arena,
    struct seal *seal, TS_MSG_IMPRINT *imprint)
{
	const struct crypto *crypto = question->crypto;
	const struct seal_file *list =
	    seal_find(&question->set, seal->number, "list");

	if (list != NULL && !check_list(question, arena, seal, list->octets))
		return false;
	if (list != NULL
		? is_imprint_of(crypto, imprint, list->octets)
		: is_imprint_of(crypto, imprint, question->checkpoint) ||
		    is_imprint_of(crypto, imprint, question->text))
		return true;
	seal_say(seal, arena, SEAL_BROKEN, "it is not over %s",
	    seal->renews > 0 ? "the list beside it" : "the checkpoint");
	return false;
}

/* What this version cannot read may change what the token says (RFC 3161
 * section 2.4.2, RFC 5280 section 4.2).  NULL when there is nothing. */
static const char *
find_unread(TS_TST_INFO *info)
{
	if (TS_TST_INFO_get_version(info) != TST_INFO_VERSION)
		return "its version is not 1";
	for (int i = 0; i < TS_TST_INFO_get_ext_count(info); i++) {
		X509_EXTENSION *extension = TS_TST_INFO_get_ext(info, i);

		if (X509_EXTENSION_get_critical(extension) != 0)
			return "it has a critical extension that this version "
			       "does not know";
	}
	return NULL;
}

static void
say_result(
    struct seal *seal, struct arena *arena, const struct seal_signed *message)
{
	const char *who = seal_subject(arena, message->signer);
	char at[TIMESTAMP_SIZE];
	g_autofree char *over = seal->renews == 0
	    ? g_strdup("the checkpoint")
	    : g_strdup_printf("the checkpoint and seals 1 to %u", seal->renews);

	seal->authority = who;
	timestamp_format(seal->time, at);
	if (message->is_trusted)
		seal_say(seal, arena, SEAL_HOLDS,
		    "%s existed at %s: a time stamp by %s, checked against %s, "
		    "with %u lists of revoked certificates",
		    over, at, who, message->path.anchor, message->path.lists);
	else
		seal_say(seal, arena, SEAL_UNTRUSTED,
		    "a time stamp of %s over %s, under a certificate that says "
		    "%s; whether that is so needs its --tsa-ca",
		    at, over, who);
}

static void
check_info(const struct seal_question *question, struct arena *arena,
    struct seal *seal, struct seal_signed *message, TS_TST_INFO *info)
{
	struct seal_signed_rules rules = {
		.ca = question->trust->tsa_ca,
		.purpose = X509_PURPOSE_TIMESTAMP_SIGN,
		.at_is_proved = true,
		.names_certificate = true,
	};
	const char *why = find_unread(info);

	if (why != NULL) {
		seal_say(seal, arena, SEAL_BROKEN, "%s", why);
		return;
	}
	if (!question->any_content &&
	    !check_covered(
		question, arena, seal, TS_TST_INFO_get_msg_imprint(info)))
		return;
	rules.at = seal_time_of(TS_TST_INFO_get_time(info));
	if (rules.at == TIMESTAMP_MIN) {
		seal_say(seal, arena, SEAL_BROKEN, "its time is none");
		return;
	}
	if (!seal_signed_verify(message, question, arena, seal, &rules))
		return;
	seal->time = rules.at;
	seal->expires = message->path.expires;
	say_result(seal, arena, message);
}

void
seal_timestamp_check(const struct seal_question *question, struct arena *arena,
    struct seal *seal)
{
	struct seal_signed message;
	g_autoptr(TS_TST_INFO) info = NULL;
	struct span token;
	const char *why = find_token(seal->file->octets, &token);

	if (why != NULL) {
		seal_say(seal, arena, SEAL_BROKEN, "%s", why);
		return;
	}
	if (seal_signed_read(&message, question, arena, seal, token)) {
		info = get_info(message.cms);
		if (info == NULL)
			seal_say(
			    seal, arena, SEAL_BROKEN, "it holds no time stamp");
		else
			check_info(question, arena, seal, &message, info);
	}
	seal_signed_clear(&message);
}

static bool
set_imprint(TS_REQ *request, const struct crypto *crypto, struct span octets)
{
	g_autoptr(TS_MSG_IMPRINT) imprint = TS_MSG_IMPRINT_new();
	g_autoptr(X509_ALGOR) algorithm = X509_ALGOR_new();
	uint8_t sha256[32];

	digest_sha256(crypto, octets, sha256);
	return imprint != NULL && algorithm != NULL &&
	    X509_ALGOR_set0(
		algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, NULL) == 1 &&
	    TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
	    TS_MSG_IMPRINT_set_msg(imprint, sha256, sizeof(sha256)) == 1 &&
	    TS_REQ_set_msg_imprint(request, imprint) == 1;
}

static bool
set_nonce(TS_REQ *request, const struct crypto *crypto)
{
	uint8_t octets[NONCE_SIZE];
	uint64_t number;
	g_autoptr(ASN1_INTEGER) nonce = ASN1_INTEGER_new();

	if (nonce == NULL ||
	    RAND_bytes_ex(crypto->libctx, octets, sizeof(octets), 0) != 1)
		return false;
	memcpy(&number, octets, sizeof(number));
	return ASN1_INTEGER_set_uint64(nonce, number) == 1 &&
	    TS_REQ_set_nonce(request, nonce) == 1;
}

bool
seal_timestamp_request(GByteArray *out, const struct crypto *crypto,
    struct span octets, GError **error)
{
	g_autoptr(TS_REQ) request = TS_REQ_new();
	uint8_t *der = NULL;
	int n = -1;

	if (request != NULL && TS_REQ_set_version(request, 1) == 1 &&
	    set_imprint(request, crypto, octets) &&
	    set_nonce(request, crypto) && TS_REQ_set_cert_req(request, 1) == 1)
		n = i2d_TS_REQ(request, &der);
	if (n > 0)
		g_byte_array_append(out, der, (guint)n);
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "OpenSSL cannot make a request for a time stamp");
	OPENSSL_free(der);
	ERR_clear_error();
	return n > 0;
}

/* The same algorithm and digest? */
static bool
same_imprint(TS_MSG_IMPRINT *a, TS_MSG_IMPRINT *b)
{
	return X509_ALGOR_cmp(TS_MSG_IMPRINT_get_algo(a),
		   TS_MSG_IMPRINT_get_algo(b)) == 0 &&
	    ASN1_OCTET_STRING_cmp(
		TS_MSG_IMPRINT_get_msg(a), TS_MSG_IMPRINT_get_msg(b)) == 0;
}

bool
seal_timestamp_answers(const struct crypto *crypto, struct span token,
    struct span request, const char **why_out)
{
	g_autoptr(TS_TST_INFO) info = peek_info(crypto, token);
	g_autoptr(TS_REQ) asked = NULL;
	const uint8_t *at = request.p;
	const ASN1_INTEGER *nonce, *answered;

	if (request.n > 0 && request.n <= REQUEST_MAX)
		asked = d2i_TS_REQ(NULL, &at, (long)request.n);
	ERR_clear_error();
	*why_out = info == NULL           ? "it holds no time stamp"
	    : asked == NULL               ? "the request is none"
	    : at != request.p + request.n ? "the request is none"
					  : NULL;
	if (*why_out != NULL)
		return false;
	nonce = TS_REQ_get_nonce(asked);
	answered = TS_TST_INFO_get_nonce(info);
	if (nonce != NULL &&
	    (answered == NULL || ASN1_INTEGER_cmp(nonce, answered) != 0))
		*why_out = "it has not the nonce of the request";
	else if (!same_imprint(TS_REQ_get_msg_imprint(asked),
		     TS_TST_INFO_get_msg_imprint(info)))
		*why_out = "it is over something else than was asked for";
	return *why_out == NULL;
}
