/*
 * jws.c - compact JSON Web Signatures: parsing and checking.
 */
#include "keysnap/key/jws.h"
#include "keysnap/base/base64.h"

#include <openssl/ecdsa.h>
#include <openssl/x509.h>

/* base64url without padding (RFC 7515 section 2), in its one spelling. */
static bool
decode(struct arena *arena, struct span text, struct span *octets_out)
{
	size_t padded = (text.n + 3) / 4 * 4;
	uint8_t *copy = arena_alloc(arena, padded + 1);

	for (size_t i = 0; i < padded; i++) {
		uint8_t octet = i < text.n ? text.p[i] : '=';

		if (i < text.n &&
		    (octet == '+' || octet == '/' || octet == '='))
			return false;
		copy[i] = octet == '-' ? '+' : octet == '_' ? '/' : octet;
	}
	return base64_decode_strict(
	    arena, (struct span){ copy, padded }, octets_out);
}

static struct span
text_of(const json_t *string)
{
	if (!json_is_string(string))
		return (struct span){ NULL, 0 };
	return (struct span){
		(const uint8_t *)json_string_value(string),
		json_string_length(string),
	};
}

static bool
read_algorithm(struct span name, enum jws_algorithm *algorithm_out)
{
	*algorithm_out =
	    span_equal(name, SPAN("ES256")) ? JWS_ES256 : JWS_EDDSA;
	return *algorithm_out == JWS_ES256 || span_equal(name, SPAN("EdDSA"));
}

/*
 * "alg" and "kid", and "typ" that means nothing.  Others are refused, known
 * or not: "jwk", "jku" and "x5c" bring a key along, "crit" and "b64" change
 * the rules.
 */
static const char *
read_header(struct jws *jws, struct arena *arena, json_t *header)
{
	const char *name;
	json_t *value;

	if (!read_algorithm(
		text_of(json_object_get(header, "alg")), &jws->algorithm))
		return "signed with an algorithm other than EdDSA and ES256";
	json_object_foreach(header, name, value)
	{
		if (strcmp(name, "alg") != 0 && strcmp(name, "kid") != 0 &&
		    strcmp(name, "typ") != 0)
			return "its header has a member that is not taken";
	}
	jws->key_id =
	    arena_copy(arena, text_of(json_object_get(header, "kid")));
	if (jws->key_id.n == 0 || jws->key_id.n > JWS_KEY_ID_MAX)
		return "its header does not say which key signed it";
	return NULL;
}

static const char *
parse_header(struct jws *jws, struct arena *arena, struct span part)
{
	struct span octets;
	json_t *header;
	const char *fault;

	if (!decode(arena, part, &octets) || octets.n == 0)
		return "not a compact JWS: its header is not base64url";
	header = json_loadb(
	    (const char *)octets.p, octets.n, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(header))
		fault = read_header(jws, arena, header);
	else
		fault = "its header is not a JSON object";
	json_decref(header);
	return fault;
}

bool
jws_parse(struct jws *jws, struct arena *arena, struct span text,
    const char **why_out)
{
	size_t first = span_find(text, '.');
	struct span rest = span_from(text, first + 1);
	size_t second = span_find(rest, '.');
	struct span signature = span_from(rest, second + 1);

	*jws = (struct jws){
		.signed_octets = span_sub(text, 0, first + 1 + second),
	};
	if (text.n > JWS_MAX)
		*why_out = "longer than a statement can be";
	else if (first == text.n || second == rest.n ||
	    span_find(signature, '.') < signature.n)
		*why_out = "not a compact JWS: three parts and two dots";
	else
		*why_out = parse_header(jws, arena, span_sub(text, 0, first));
	if (*why_out != NULL)
		return false;
	if (!decode(arena, span_sub(rest, 0, second), &jws->payload))
		*why_out = "not a compact JWS: its payload is not base64url";
	else if (!decode(arena, signature, &jws->signature) ||
	    jws->signature.n != JWS_SIGNATURE)
		*why_out = "not a compact JWS: its signature has not the "
			   "length of one";
	return *why_out == NULL;
}

/* A coordinate or raw key: 32 octets in base64url. */
static bool
read_coordinate(struct arena *arena, const json_t *object, const char *member,
    struct span *octets_out)
{
	return decode(arena, text_of(json_object_get(object, member)),
		   octets_out) &&
	    octets_out->n == 32;
}

static bool
read_ed25519(struct jwk *jwk, struct arena *arena, const struct crypto *crypto,
    const json_t *object)
{
	struct span x;

	if (!read_coordinate(arena, object, "x", &x))
		return false;
	jwk->algorithm = JWS_EDDSA;
	jwk->key = EVP_PKEY_new_raw_public_key_ex(
	    crypto->libctx, "ED25519", NULL, x.p, x.n);
	return jwk->key != NULL;
}

/* The library refuses a point that is not on the curve. */
static bool
read_p256(struct jwk *jwk, struct arena *arena, const struct crypto *crypto,
    const json_t *object)
{
	uint8_t point[65] = { 4 }; /* uncompressed, SEC 1 section 2.3.3 */
	char group[] = "prime256v1";
	const OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string("group", group, 0),
		OSSL_PARAM_construct_octet_string("pub", point, sizeof(point)),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *context;
	struct span x, y;
	bool ok;

	if (!read_coordinate(arena, object, "x", &x) ||
	    !read_coordinate(arena, object, "y", &y))
		return false;
	memcpy(point + 1, x.p, 32);
	memcpy(point + 33, y.p, 32);
	jwk->algorithm = JWS_ES256;
	context = EVP_PKEY_CTX_new_from_name(crypto->libctx, "EC", NULL);
	ok = context != NULL && EVP_PKEY_fromdata_init(context) == 1 &&
	    EVP_PKEY_fromdata(context, &jwk->key, EVP_PKEY_PUBLIC_KEY,
		(OSSL_PARAM *)parameters) == 1;
	EVP_PKEY_CTX_free(context);
	return ok;
}

/* What a key says of its own use must allow ours (RFC 7517 section 4). */
static bool
allows_use(const struct jwk *jwk, const json_t *object)
{
	const json_t *use = json_object_get(object, "use");
	const json_t *operations = json_object_get(object, "key_ops");
	const json_t *algorithm = json_object_get(object, "alg");
	enum jws_algorithm named;
	bool verify = operations == NULL;

	for (size_t i = 0; i < json_array_size(operations); i++) {
		if (span_equal(
			text_of(json_array_get(operations, i)), SPAN("verify")))
			verify = true;
	}
	return verify &&
	    (use == NULL || span_equal(text_of(use), SPAN("sig"))) &&
	    (algorithm == NULL ||
		(read_algorithm(text_of(algorithm), &named) &&
		    named == jwk->algorithm));
}

static bool
set_digest(struct jwk *jwk, const struct crypto *crypto)
{
	uint8_t *der = NULL;
	int n = i2d_PUBKEY(jwk->key, &der);
	unsigned size = 32;
	bool ok = n > 0 &&
	    EVP_Digest(
		der, (size_t)n, jwk->sha256, &size, crypto->sha256, NULL) == 1;

	OPENSSL_free(der);
	return ok;
}

bool
jwk_read(struct jwk *jwk, struct arena *arena, const struct crypto *crypto,
    const json_t *object, const char **why_out)
{
	struct span type = text_of(json_object_get(object, "kty"));
	struct span curve = text_of(json_object_get(object, "crv"));
	bool ok = false;

	*jwk = (struct jwk){ .key = NULL };
	*why_out = "a key that is neither Ed25519 nor P-256";
	if (json_object_get(object, "d") != NULL) {
		*why_out = "a private key where a public one should be";
		return false;
	}
	if (span_equal(type, SPAN("OKP")) && span_equal(curve, SPAN("Ed25519")))
		ok = read_ed25519(jwk, arena, crypto, object);
	else if (span_equal(type, SPAN("EC")) &&
	    span_equal(curve, SPAN("P-256")))
		ok = read_p256(jwk, arena, crypto, object);
	if (!ok || !set_digest(jwk, crypto))
		return false;
	*why_out = "a key that is not for signatures of its kind";
	return allows_use(jwk, object);
}

void
jwk_clear(struct jwk *jwk)
{
	EVP_PKEY_free(jwk->key);
	*jwk = (struct jwk){ .key = NULL };
}

const json_t *
jwk_set_get(const json_t *set, struct span key_id, const char **why_out)
{
	const json_t *keys = json_object_get(set, "keys"), *found = NULL;

	*why_out = "signed with a key that is not in the key file";
	for (size_t i = 0; i < json_array_size(keys); i++) {
		const json_t *key = json_array_get(keys, i);
		const json_t *id = json_object_get(key, "kid");

		if (!json_is_string(id) || !span_equal(text_of(id), key_id))
			continue;
		if (found != NULL) {
			*why_out = "two keys of this id in the key file";
			return NULL;
		}
		found = key;
	}
	return found;
}

/* The signature of ES256 is two numbers of 32 octets; the library has DER. */
static uint8_t *
make_der(struct span signature, int *n_out)
{
	ECDSA_SIG *pair = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(signature.p, 32, NULL);
	BIGNUM *s = BN_bin2bn(signature.p + 32, 32, NULL);
	uint8_t *der = NULL;

	*n_out = 0;
	if (pair != NULL && r != NULL && s != NULL &&
	    ECDSA_SIG_set0(pair, r, s) == 1) {
		*n_out = i2d_ECDSA_SIG(pair, &der);
	} else {
		BN_free(r);
		BN_free(s);
	}
	ECDSA_SIG_free(pair);
	return der;
}

static bool
verify(const struct jws *jws, const struct jwk *jwk,
    const struct crypto *crypto, struct span signature)
{
	const char *digest = jwk->algorithm == JWS_ES256 ? "SHA256" : NULL;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool ok = context != NULL &&
	    EVP_DigestVerifyInit_ex(context, NULL, digest, crypto->libctx, NULL,
		jwk->key, NULL) == 1 &&
	    EVP_DigestVerify(context, signature.p, signature.n,
		jws->signed_octets.p, jws->signed_octets.n) == 1;

	EVP_MD_CTX_free(context);
	return ok;
}

bool
jws_verify(
    const struct jws *jws, const struct jwk *jwk, const struct crypto *crypto)
{
	uint8_t *der;
	bool ok;
	int n;

	if (jws->algorithm != jwk->algorithm || jwk->key == NULL)
		return false;
	if (jws->algorithm == JWS_EDDSA)
		return verify(jws, jwk, crypto, jws->signature);
	der = make_der(jws->signature, &n);
	ok = der != NULL && n > 0 &&
	    verify(jws, jwk, crypto, (struct span){ der, (size_t)n });
	OPENSSL_free(der);
	return ok;
}
