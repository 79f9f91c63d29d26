/* test_public_key.c - the public key inside p=: forms, defects, identity. */
#include "keysnap/key/der.h"
#include "keysnap/key/public_key.h"
#include "tests/unit/span_assert.h"

#include <string.h>

/* The keys of RFC 8463 appendix A.2. */
#define RFC8463_RSA                                                        \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6" \
	"Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/" \
	"e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G" \
	"+2kryOTIKT+l/K4w3QIDAQAB"
#define RFC8463_ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

/* What goes into a key made by hand. */
struct recipe {
	const char *name;
	unsigned bits;
	struct span exponent;
	enum public_key_status status;
	unsigned flags;
};

#define BYTES(literal)                                          \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
#define F4        BYTES("\x01\x00\x01")
#define WEAK      PUBLIC_KEY_WEAK
#define AGING     PUBLIC_KEY_AGING
#define FORGEABLE PUBLIC_KEY_FORGEABLE

static const struct recipe recipes[] = {
	{ "511", 511, F4, PUBLIC_KEY_TOO_SMALL, WEAK },
	{ "512", 512, F4, PUBLIC_KEY_OK, WEAK },
	{ "1023", 1023, F4, PUBLIC_KEY_OK, WEAK },
	{ "1024", 1024, F4, PUBLIC_KEY_OK, AGING },
	{ "1535", 1535, F4, PUBLIC_KEY_OK, AGING },
	{ "1536", 1536, F4, PUBLIC_KEY_OK, 0 },
	{ "16384", 16384, F4, PUBLIC_KEY_OK, 0 },
	{ "16385", 16385, F4, PUBLIC_KEY_TOO_LARGE, 0 },
	{ "e=3", 2048, BYTES("\x03"), PUBLIC_KEY_OK, 0 },
	{ "e=2", 2048, BYTES("\x02"), PUBLIC_KEY_OK, FORGEABLE },
	{ "e=1", 2048, BYTES("\x01"), PUBLIC_KEY_OK, FORGEABLE },
	{ "e even", 2048, BYTES("\x01\x00\x00"), PUBLIC_KEY_OK, FORGEABLE },
	{ "e=0", 2048, { NULL, 0 }, PUBLIC_KEY_MALFORMED, 0 },
	{ "e of 65 bits, 3072", 3072, BYTES("\x01\0\0\0\0\0\0\0\x01"),
	    PUBLIC_KEY_OK, 0 },
	{ "e of 64 bits, 3073", 3073, BYTES("\x80\0\0\0\0\0\0\x01"),
	    PUBLIC_KEY_OK, 0 },
	{ "e of 65 bits, 3073", 3073, BYTES("\x01\0\0\0\0\0\0\0\x01"),
	    PUBLIC_KEY_EXPONENT_LIMIT, 0 },
};

static struct span
span_of(const GByteArray *array)
{
	return (struct span){ array->data, array->len };
}

/* A number of "bits" bits, all ones: odd, and nobody's modulus. */
static GByteArray *
make_modulus(unsigned bits)
{
	GByteArray *modulus = g_byte_array_new();

	g_byte_array_set_size(modulus, (bits + 7) / 8);
	memset(modulus->data, 0xff, modulus->len);
	if (bits % 8 != 0)
		modulus->data[0] = (uint8_t)((1u << bits % 8) - 1);
	return modulus;
}

/* RSAPublicKey in DER. */
static GByteArray *
make_pkcs1(struct span modulus, struct span exponent)
{
	g_autoptr(GByteArray) numbers = g_byte_array_new();
	GByteArray *out = g_byte_array_new();

	der_append_unsigned(numbers, modulus);
	der_append_unsigned(numbers, exponent);
	der_append(out, DER_SEQUENCE, span_of(numbers));
	return out;
}

/* SubjectPublicKeyInfo; "algorithm" is what its first SEQUENCE holds. */
static GByteArray *
make_spki(struct span algorithm, struct span key)
{
	g_autoptr(GByteArray) inside = g_byte_array_new();
	g_autoptr(GByteArray) bits = g_byte_array_new();
	GByteArray *out = g_byte_array_new();

	g_byte_array_append(bits, (const uint8_t *)"", 1);
	g_byte_array_append(bits, key.p, (guint)key.n);
	der_append(inside, DER_SEQUENCE, algorithm);
	der_append(inside, DER_BIT_STRING, span_of(bits));
	der_append(out, DER_SEQUENCE, span_of(inside));
	return out;
}

static void
parse(struct public_key *key, struct arena *arena, const struct crypto *crypto,
    enum key_type type, struct span data)
{
	struct key_record record = { .type = type, .key_data = data };

	public_key_parse(key, arena, crypto, &record);
}

#define RSA_OID "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"

/* Both forms of each key: the same numbers, flags and identity. */
static void
test_recipes(void)
{
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(recipes); i++) {
		g_autoptr(GByteArray) modulus = make_modulus(recipes[i].bits);
		g_autoptr(GByteArray) pkcs1 =
		    make_pkcs1(span_of(modulus), recipes[i].exponent);
		g_autoptr(GByteArray) spki =
		    make_spki(SPAN(RSA_OID "\x05\x00"), span_of(pkcs1));
		struct public_key a, b;
		struct key_checker *checker;

		g_test_message("%s", recipes[i].name);
		parse(&a, arena, crypto, KEY_TYPE_RSA, span_of(pkcs1));
		parse(&b, arena, crypto, KEY_TYPE_RSA, span_of(spki));
		g_assert_cmpint(a.status, ==, recipes[i].status);
		g_assert_cmpint(b.status, ==, recipes[i].status);
		g_assert_cmphex(a.flags, ==, recipes[i].flags);
		g_assert_cmphex(b.flags, ==, recipes[i].flags);
		checker = key_checker_new(crypto, &a);
		g_assert_true((checker != NULL) == (a.status == PUBLIC_KEY_OK));
		key_checker_free(checker);
		if (a.status == PUBLIC_KEY_MALFORMED)
			continue;
		g_assert_cmpint(a.form, ==, PUBLIC_KEY_PKCS1);
		g_assert_cmpint(b.form, ==, PUBLIC_KEY_SPKI);
		g_assert_cmpuint(a.bits, ==, recipes[i].bits);
		span_assert_equal("modulus", b.modulus, span_of(modulus));
		span_assert_equal("exponent", b.exponent, recipes[i].exponent);
		span_assert_equal("identity", (struct span){ a.sha256, 32 },
		    (struct span){ b.sha256, 32 });
	}
	crypto_close(crypto);
}

/* The identity is what "openssl pkey -pubin -outform DER | sha256sum" says. */
static void
test_identity(void)
{
	static const struct {
		const char *record, *sha256;
	} keys[] = {
		{ "k=rsa; p=" RFC8463_RSA,
		    "362d9a99501883f6d1ac717c53fff965"
		    "82fb0a7c52464cb64b9082aa887bc7b4" },
		{ "k=ed25519; p=" RFC8463_ED25519,
		    "06e3fd8fda29bb60ab59557de61edb0a"
		    "ecdb231134be30e75b455f8e1b792fa9" },
	};
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		struct key_record record;
		struct public_key key;
		char hex[DIGEST_HEX_SIZE];

		key_record_parse(
		    &record, arena, span_from_string(keys[i].record));
		public_key_parse(&key, arena, crypto, &record);
		g_assert_cmpint(key.status, ==, PUBLIC_KEY_OK);
		digest_to_hex((struct span){ key.sha256, 32 }, hex);
		g_assert_cmpstr(hex, ==, keys[i].sha256);
	}
	crypto_close(crypto);
}

/* SubjectPublicKeyInfo with other algorithms round a good key. */
static void
test_algorithms(void)
{
	static const struct {
		const char *name;
		struct span algorithm;
		enum public_key_status status;
	} cases[] = {
		{ "NULL", BYTES(RSA_OID "\x05\x00"), PUBLIC_KEY_OK },
		{ "absent parameters", BYTES(RSA_OID), PUBLIC_KEY_OK },
		{ "filled NULL", BYTES(RSA_OID "\x05\x01x"),
		    PUBLIC_KEY_MALFORMED },
		{ "other parameters", BYTES(RSA_OID "\x30\x00"),
		    PUBLIC_KEY_MALFORMED },
		{ "behind NULL", BYTES(RSA_OID "\x05\x00\x05\x00"),
		    PUBLIC_KEY_MALFORMED },
		{ "no OID", BYTES("\x05\x00"), PUBLIC_KEY_MALFORMED },
		{ "RSASSA-PSS",
		    BYTES("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"),
		    PUBLIC_KEY_WRONG_ALGORITHM },
		{ "Ed25519", BYTES("\x06\x03\x2b\x65\x70"),
		    PUBLIC_KEY_WRONG_ALGORITHM },
	};
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GByteArray) modulus = make_modulus(1024);
	g_autoptr(GByteArray) pkcs1 =
	    make_pkcs1(span_of(modulus), SPAN("\x03"));

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GByteArray) spki =
		    make_spki(cases[i].algorithm, span_of(pkcs1));
		struct public_key key;

		g_test_message("%s", cases[i].name);
		parse(&key, arena, crypto, KEY_TYPE_RSA, span_of(spki));
		g_assert_cmpint(key.status, ==, cases[i].status);
	}
	crypto_close(crypto);
}

/* What OpenSSL takes although it is not DER has the same identity and is
 * flagged; the modulus is 512 bits, all ones. */
static void
test_lax(void)
{
#define ONES8 "\xff\xff\xff\xff\xff\xff\xff\xff"
#define ONES  ONES8 ONES8 ONES8 ONES8 ONES8 ONES8 ONES8 ONES8
	static const struct {
		const char *name;
		struct span data;
		bool lax;
	} cases[] = {
		{ "DER", BYTES("\x30\x46\x02\x41\x00" ONES "\x02\x01\x03"),
		    false },
		{ "negative", BYTES("\x30\x45\x02\x40" ONES "\x02\x01\x03"),
		    true },
		{ "padded",
		    BYTES("\x30\x47\x02\x42\x00\x00" ONES "\x02\x01\x03"),
		    true },
		{ "padded exponent",
		    BYTES("\x30\x47\x02\x41\x00" ONES "\x02\x02\x00\x03"),
		    true },
		{ "long length",
		    BYTES("\x30\x81\x46\x02\x41\x00" ONES "\x02\x01\x03"),
		    true },
		{ "longer length inside",
		    BYTES("\x30\x48\x02\x82\x00\x41\x00" ONES "\x02\x01\x03"),
		    true },
	};
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();
	struct public_key first, key;

	parse(&first, arena, crypto, KEY_TYPE_RSA, cases[0].data);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		parse(&key, arena, crypto, KEY_TYPE_RSA, cases[i].data);
		g_assert_cmpint(key.status, ==, PUBLIC_KEY_OK);
		g_assert_true(
		    ((key.flags & PUBLIC_KEY_NOT_DER) != 0) == cases[i].lax);
		span_assert_equal("modulus", key.modulus, SPAN(ONES));
		span_assert_equal("identity", (struct span){ key.sha256, 32 },
		    (struct span){ first.sha256, 32 });
	}
	crypto_close(crypto);
}

static void
test_malformed(void)
{
	static const struct {
		const char *name;
		struct span data;
	} cases[] = {
		{ "nothing", { NULL, 0 } },
		{ "only a tag", BYTES("\x30") },
		{ "raw octets", BYTES("0123456789abcdef0123456789abcdef") },
		{ "indefinite",
		    BYTES("\x30\x80\x02\x41\x00" ONES "\x02\x01\x03\x00\x00") },
		{ "five length octets",
		    BYTES(
			"\x30\x85\0\0\0\0\x46\x02\x41\0" ONES "\x02\x01\x03") },
		{ "length of 4 GB", BYTES("\x30\x84\xff\xff\xff\xff\x02") },
		{ "trailing octet",
		    BYTES("\x30\x46\x02\x41\x00" ONES "\x02\x01\x03\x00") },
		{ "third number",
		    BYTES("\x30\x49\x02\x41\x00" ONES
			  "\x02\x01\x03\x02\x01\x03") },
		{ "no exponent", BYTES("\x30\x43\x02\x41\x00" ONES) },
		{ "empty INTEGER",
		    BYTES("\x30\x45\x02\x41\x00" ONES "\x02\x00") },
		{ "modulus 0", BYTES("\x30\x06\x02\x01\x00\x02\x01\x03") },
		{ "exponent 0",
		    BYTES("\x30\x46\x02\x41\x00" ONES "\x02\x01\x00") },
		{ "unused bits",
		    BYTES("\x30\x5a\x30\x0d" RSA_OID "\x05\x00\x03\x49\x01"
			  "\x30\x46\x02\x41\x00" ONES "\x02\x01\x03") },
		{ "empty BIT STRING",
		    BYTES("\x30\x11\x30\x0d" RSA_OID "\x05\x00\x03\x00") },
	};
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();
	struct public_key key;

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_test_message("%s", cases[i].name);
		parse(&key, arena, crypto, KEY_TYPE_RSA, cases[i].data);
		g_assert_cmpint(key.status, ==, PUBLIC_KEY_MALFORMED);
		g_assert_null(key_checker_new(crypto, &key));
	}
	/* Every prefix of a good key. */
	for (size_t n = 0; n < 72; n++) {
		parse(&key, arena, crypto, KEY_TYPE_RSA,
		    span_sub(SPAN("\x30\x46\x02\x41\x00" ONES "\x02\x01\x03"),
			0, n));
		g_assert_cmpint(key.status, ==, PUBLIC_KEY_MALFORMED);
	}
	crypto_close(crypto);
}

static void
test_ed25519(void)
{
	static const struct {
		const char *name;
		struct span data;
		enum public_key_status status;
		unsigned flags;
	} cases[] = {
		{ "31 octets", BYTES("0123456789abcdef0123456789abcde"),
		    PUBLIC_KEY_BAD_LENGTH, 0 },
		{ "32 octets", BYTES("0123456789abcdef0123456789abcdef"),
		    PUBLIC_KEY_OK, 0 },
		{ "33 octets", BYTES("0123456789abcdef0123456789abcdef0"),
		    PUBLIC_KEY_BAD_LENGTH, 0 },
		{ "SPKI",
		    BYTES("\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"
			  "0123456789abcdef0123456789abcdef"),
		    PUBLIC_KEY_BAD_LENGTH, 0 },
		{ "nothing", { NULL, 0 }, PUBLIC_KEY_BAD_LENGTH, 0 },
		{ "order 4",
		    BYTES("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x80"),
		    PUBLIC_KEY_OK, FORGEABLE },
		{ "order 1",
		    BYTES("\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
		    PUBLIC_KEY_OK, FORGEABLE },
		{ "order 2",
		    BYTES("\xec\xff\xff\xff\xff\xff\xff\xff" ONES8 ONES8
			  "\xff\xff\xff\xff\xff\xff\xff\x7f"),
		    PUBLIC_KEY_OK, FORGEABLE },
		{ "order 8",
		    BYTES("\x26\xe8\x95\x8f\xc2\xb2\x27\xb0"
			  "\x45\xc3\xf4\x89\xf2\xef\x98\xf0"
			  "\xd5\xdf\xac\x05\xd3\xc6\x33\x39"
			  "\xb1\x38\x02\x88\x6d\x53\xfc\x05"),
		    PUBLIC_KEY_OK, FORGEABLE },
		{ "two from small order",
		    BYTES("\x02\0\0\0\0\0\0\0\0\0\0\0\0"
			  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			  "\0\0\0\0\0"),
		    PUBLIC_KEY_OK, 0 },
	};
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct public_key key;

		g_test_message("%s", cases[i].name);
		parse(&key, arena, crypto, KEY_TYPE_ED25519, cases[i].data);
		g_assert_cmpint(key.status, ==, cases[i].status);
		g_assert_cmphex(key.flags, ==, cases[i].flags);
	}
	crypto_close(crypto);
}

/* An even modulus is forgeable and has no checker; an exponent that is not
 * below the modulus is a limit of the library. */
static void
test_odd_numbers(void)
{
	struct crypto *crypto = crypto_open(NULL);
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GByteArray) modulus = make_modulus(1024);
	g_autoptr(GByteArray) large =
	    make_pkcs1(span_of(modulus), span_of(modulus));
	g_autoptr(GByteArray) even = NULL;
	struct public_key key;

	parse(&key, arena, crypto, KEY_TYPE_RSA, span_of(large));
	g_assert_cmpint(key.status, ==, PUBLIC_KEY_EXPONENT_LIMIT);
	modulus->data[modulus->len - 1] = 0xfe;
	even = make_pkcs1(span_of(modulus), SPAN("\x03"));
	parse(&key, arena, crypto, KEY_TYPE_RSA, span_of(even));
	g_assert_cmpint(key.status, ==, PUBLIC_KEY_OK);
	g_assert_cmphex(key.flags, ==, AGING | FORGEABLE);
	g_assert_null(key_checker_new(crypto, &key));

	parse(&key, arena, crypto, KEY_TYPE_UNKNOWN, span_of(even));
	g_assert_cmpint(key.status, ==, PUBLIC_KEY_WRONG_ALGORITHM);
	g_assert_cmpstr(
	    public_key_status_name(key.status), ==, "wrong-algorithm");
	crypto_close(crypto);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_set_nonfatal_assertions();
	g_test_add_func("/public_key/recipes", test_recipes);
	g_test_add_func("/public_key/identity", test_identity);
	g_test_add_func("/public_key/algorithms", test_algorithms);
	g_test_add_func("/public_key/lax", test_lax);
	g_test_add_func("/public_key/malformed", test_malformed);
	g_test_add_func("/public_key/ed25519", test_ed25519);
	g_test_add_func("/public_key/odd-numbers", test_odd_numbers);
	return g_test_run();
}
