/* test_jws.c - compact JSON Web Signatures and their keys. */
#include "keysnap/key/jws.h"
#include "tests/unit/jws_case.h"

#include <string.h>

static struct crypto *crypto;

/* The examples of the RFCs: signing input, signature (base64url), key. */
static void
test_rfc(void)
{
	static const struct {
		enum jws_algorithm algorithm;
		const char *input, *signature, *key;
	} examples[] = {
		/* RFC 8037 A.4 */
		{ JWS_EDDSA,
		    "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc",
		    "hgyY0il/MGCjP0JzlnLWG1PPOt7+09PGcvMg3AIbQR6dWbhijcNR4ki4"
		    "iylGjg5BhVsPt9g7sVvpAr/MuM0KAg==",
		    JWS_CASE_ED25519 },
		/* RFC 7515 A.3 */
		{ JWS_ES256,
		    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4"
		    "MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
		    "fQ",
		    "DtEhU3ljbEg8L38VWAfUAqOyKAM6+Xx+F4GawxaepmXFCgfTjDxw5djx"
		    "La8ISlSApmWQxfKTUJqPP3+Kg6NU1Q==",
		    JWS_CASE_P256 },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		gsize n;
		g_autofree guchar *signature =
		    g_base64_decode(examples[i].signature, &n);
		json_t *object = json_loads(examples[i].key, 0, NULL);
		struct jws jws = {
			.algorithm = examples[i].algorithm,
			.signed_octets = span_from_string(examples[i].input),
			.signature = { signature, n },
		};
		const char *why;
		struct jwk jwk;

		g_assert_true(jwk_read(&jwk, arena, crypto, object, &why));
		g_assert_true(jws_verify(&jws, &jwk, crypto));
		signature[63] ^= 1;
		g_assert_false(jws_verify(&jws, &jwk, crypto));
		signature[63] ^= 1;
		jws.signed_octets.n--;
		g_assert_false(jws_verify(&jws, &jwk, crypto));
		jws.signed_octets.n++;
		jws.algorithm =
		    jws.algorithm == JWS_EDDSA ? JWS_ES256 : JWS_EDDSA;
		g_assert_false(jws_verify(&jws, &jwk, crypto));
		jwk_clear(&jwk);
		json_decref(object);
	}
}

static void
check_parse(const char *text, const char *want)
{
	g_autoptr(arena_auto) arena = arena_new();
	const char *why = NULL;
	struct jws jws;
	bool ok = jws_parse(&jws, arena, span_from_string(text), &why);

	g_assert_cmpint(ok, ==, want == NULL);
	g_assert_cmpstr(why, ==, want);
}

#define ALGORITHM "signed with an algorithm other than EdDSA and ES256"
#define MEMBER    "its header has a member that is not taken"
#define SHAPE     "not a compact JWS: three parts and two dots"
#define SIGNATURE "not a compact JWS: its signature has not the length of one"

static void
test_header(void)
{
	static const struct {
		const char *header, *want;
	} headers[] = {
		{ JWS_CASE_HEADER, NULL },
		{ JWS_CASE_HEADER_P256, NULL },
		{ "{\"typ\":\"JWT\",\"alg\":\"EdDSA\",\"kid\":\"e\"}", NULL },
		{ "{\"alg\":\"none\",\"kid\":\"e\"}", ALGORITHM },
		{ "{\"alg\":\"None\",\"kid\":\"e\"}", ALGORITHM },
		{ "{\"alg\":\"HS256\",\"kid\":\"e\"}", ALGORITHM },
		{ "{\"alg\":\"RS256\",\"kid\":\"e\"}", ALGORITHM },
		{ "{\"alg\":[\"EdDSA\"],\"kid\":\"e\"}", ALGORITHM },
		{ "{\"kid\":\"e\"}", ALGORITHM },
		{ "{\"alg\":\"EdDSA\"}",
		    "its header does not say which key signed it" },
		{ "{\"alg\":\"EdDSA\",\"kid\":7}",
		    "its header does not say which key signed it" },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"e\",\"crit\":[\"b64\"],"
		  "\"b64\":false}",
		    MEMBER },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"e\",\"jwk\":{}}", MEMBER },
		{ "{\"alg\":\"EdDSA\",\"kid\":\"e\",\"jku\":\"https:\"}",
		    MEMBER },
		{ "{\"alg\":\"HS256\",\"alg\":\"EdDSA\",\"kid\":\"e\"}",
		    "its header is not a JSON object" },
		{ "[]", "its header is not a JSON object" },
		{ "", "not a compact JWS: its header is not base64url" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
		g_autofree char *text = jws_case_forge(headers[i].header, "{}");

		check_parse(text, headers[i].want);
	}
}

static void
test_shape(void)
{
	g_autofree char *good = jws_case_forge(JWS_CASE_HEADER, "{}");
	g_autofree char *padded = g_strconcat(good, "==", NULL);
	g_autofree char *four = g_strconcat(good, ".e30", NULL);
	g_autofree char *longer = g_strconcat(good, "AA", NULL);
	g_autofree char *fill = g_strnfill(JWS_MAX, 'A');
	g_autofree char *huge = g_strconcat(good, fill, NULL);

	check_parse("", SHAPE);
	check_parse("eyJhbGciOiJFZERTQSJ9", SHAPE);
	check_parse("a.b", SHAPE);
	check_parse(four, SHAPE);
	check_parse(padded, SIGNATURE);
	check_parse(longer, SIGNATURE);
	check_parse(huge, "longer than a statement can be");
	strstr(good, ".e30")[1] = '+';
	check_parse(good, "not a compact JWS: its payload is not base64url");
}

#define KIND      "a key that is neither Ed25519 nor P-256"
#define PRIVATE   "a private key where a public one should be"
#define USE       "a key that is not for signatures of its kind"
#define OKP(rest) "{\"kty\":\"OKP\",\"crv\":\"Ed25519\"," rest "}"
#define X         "\"x\":\"" JWS_CASE_ED25519_X "\""

static void
test_keys(void)
{
	static const struct {
		const char *key, *want;
	} keys[] = {
		{ JWS_CASE_ED25519, NULL },
		{ JWS_CASE_P256, NULL },
		{ OKP(X ",\"use\":\"sig\",\"alg\":\"EdDSA\","
			"\"key_ops\":[\"verify\"]"),
		    NULL },
		{ OKP(X ",\"use\":\"enc\""), USE },
		{ OKP(X ",\"alg\":\"ES256\""), USE },
		{ OKP(X ",\"key_ops\":[\"sign\"]"), USE },
		{ OKP(X ",\"d\":\"AA\""), PRIVATE },
		{ OKP("\"x\":\"AA\""), KIND },
		{ OKP("\"y\":7"), KIND },
		{ "{\"kty\":\"oct\",\"k\":\"AA\"}", KIND },
		{ "{\"kty\":\"RSA\",\"n\":\"AA\",\"e\":\"AQAB\"}", KIND },
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\"," X "}", KIND },
		/* not on the curve */
		{ "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" JWS_CASE_P256_X
		  "\",\"y\":\"" JWS_CASE_P256_X "\"}",
		    KIND },
		{ "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" JWS_CASE_P256_X
		  "\",\"y\":\"" JWS_CASE_P256_Y "\"}",
		    KIND },
		{ "[]", KIND },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		g_autoptr(arena_auto) arena = arena_new();
		json_t *object = json_loads(keys[i].key, 0, NULL);
		const char *why = NULL;
		struct jwk jwk;
		bool ok = jwk_read(&jwk, arena, crypto, object, &why);

		g_assert_cmpint(ok, ==, keys[i].want == NULL);
		if (!ok)
			g_assert_cmpstr(why, ==, keys[i].want);
		jwk_clear(&jwk);
		json_decref(object);
	}
}

static void
test_set(void)
{
	json_t *set = json_loads("{\"keys\":[{\"kid\":\"a\"},{\"kid\":7},"
				 "{\"kid\":\"b\"},{\"kid\":\"b\"}]}",
	    0, NULL);
	const char *why = NULL;

	g_assert_nonnull(jwk_set_get(set, SPAN("a"), &why));
	g_assert_null(jwk_set_get(set, SPAN("b"), &why));
	g_assert_cmpstr(why, ==, "two keys of this id in the key file");
	g_assert_null(jwk_set_get(set, SPAN("7"), &why));
	g_assert_cmpstr(
	    why, ==, "signed with a key that is not in the key file");
	json_decref(set);
}

int
main(int argc, char **argv)
{
	int code;

	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	crypto = crypto_open(NULL);
	g_test_add_func("/jws/rfc", test_rfc);
	g_test_add_func("/jws/header", test_header);
	g_test_add_func("/jws/shape", test_shape);
	g_test_add_func("/jws/keys", test_keys);
	g_test_add_func("/jws/set", test_set);
	code = g_test_run();
	crypto_close(crypto);
	return code;
}
