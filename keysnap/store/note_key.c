/*
 * note_key.c - the Ed25519 keys of signed notes: their texts, making them,
 * signing and verifying.
 */
#include "keysnap/store/note_key.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/digest.h"
#include "keysnap/store/store.h"

#include <string.h>

#define ALGORITHM      0x01 /* signature type of Ed25519, signed-note */
#define SIGNATURE_SIZE 64
#define PRIVATE_PREFIX "PRIVATE+KEY+"
#define KEY_TEXT_MAX   512 /* a name of 255, id, 44 of base64, prefix */

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

/* name || 0x0A || algorithm || key */
static void
compute_id(const struct crypto *crypto, struct span name,
    const uint8_t public_key[32], uint8_t id_out[4])
{
	uint8_t octets[NOTE_NAME_MAX + 2 + 32], digest[32];

	g_assert(name.n <= NOTE_NAME_MAX);
	memcpy(octets, name.p, name.n);
	octets[name.n] = '\n';
	octets[name.n + 1] = ALGORITHM;
	memcpy(octets + name.n + 2, public_key, 32);
	digest_sha256(crypto, (struct span){ octets, name.n + 2 + 32 }, digest);
	memcpy(id_out, digest, 4);
}

/* NAME "+" HEX8 "+" BASE64(algorithm || 32 octets) */
static bool
parse_text(struct span text, struct arena *arena, struct span *name_out,
    struct span *hex_out, struct span *key_out)
{
	struct span rest, octets;
	size_t plus;

	if (text.n > 0 && text.p[text.n - 1] == '\n')
		text.n--;
	if (text.n > KEY_TEXT_MAX)
		return false;
	plus = span_find(text, '+');
	*name_out = span_sub(text, 0, plus);
	rest = span_from(text, plus + 1);
	plus = span_find(rest, '+');
	*hex_out = span_sub(rest, 0, plus);
	if (plus != 8 || !note_name_is_valid(*name_out) ||
	    !base64_decode_strict(arena, span_from(rest, plus + 1), &octets) ||
	    octets.n != 33 || octets.p[0] != ALGORITHM)
		return false;
	*key_out = span_from(octets, 1);
	return true;
}

/* Set the key from its parts; false when the id does not fit. */
static bool
set_key(struct note_key *key, const struct crypto *crypto, struct span name,
    struct span hex, const uint8_t public_key[32])
{
	char want[9];

	memset(key, 0, sizeof(*key));
	memcpy(key->name, name.p, name.n);
	memcpy(key->public_key, public_key, 32);
	compute_id(crypto, name, public_key, key->id);
	digest_to_hex((struct span){ key->id, 4 }, want);
	return hex.n == 0 || span_equal(hex, span_from_string(want));
}

bool
note_key_parse(
    struct note_key *key, const struct crypto *crypto, struct span text)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span name, hex, octets;

	return parse_text(text, arena, &name, &hex, &octets) &&
	    set_key(key, crypto, name, hex, octets.p);
}

static void
append_key(GString *out, const struct note_key *key, const uint8_t octets[32])
{
	uint8_t typed[33] = { ALGORITHM };
	char hex[9];

	memcpy(typed + 1, octets, 32);
	digest_to_hex((struct span){ key->id, 4 }, hex);
	g_string_append_printf(out, "%s+%s+", key->name, hex);
	base64_append(out, (struct span){ typed, sizeof(typed) });
	OPENSSL_cleanse(typed, sizeof(typed));
}

void
note_key_append(GString *out, const struct note_key *key)
{
	append_key(out, key, key->public_key);
}

static bool
get_public(EVP_PKEY *pkey, uint8_t out[32])
{
	size_t n = 32;

	return EVP_PKEY_get_raw_public_key(pkey, out, &n) == 1 && n == 32;
}

bool
note_key_generate(struct note_key *key, GString *private_out,
    const struct crypto *crypto, struct span name, GError **error)
{
	g_autoptr(EVP_PKEY) pkey = NULL;
	uint8_t seed[32], public_key[32];
	size_t n = sizeof(seed);

	if (!note_name_is_valid(name)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "a key name has no white space, no \"+\", and 1 to %d "
		    "octets of UTF-8",
		    NOTE_NAME_MAX);
		return false;
	}
	pkey = EVP_PKEY_Q_keygen(crypto->libctx, NULL, "ED25519");
	if (pkey == NULL || !get_public(pkey, public_key) ||
	    EVP_PKEY_get_raw_private_key(pkey, seed, &n) != 1 ||
	    n != sizeof(seed)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "OpenSSL cannot make an Ed25519 key");
		return false;
	}
	set_key(key, crypto, name, (struct span){ NULL, 0 }, public_key);
	g_string_append(private_out, PRIVATE_PREFIX);
	append_key(private_out, key, seed);
	g_string_append_c(private_out, '\n');
	OPENSSL_cleanse(seed, sizeof(seed));
	return true;
}

bool
note_key_verifies(const struct crypto *crypto, const struct note_key *key,
    struct span text, struct span signature)
{
	g_autoptr(EVP_PKEY) pkey = EVP_PKEY_new_raw_public_key_ex(
	    crypto->libctx, "ED25519", NULL, key->public_key, 32);
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();

	return pkey != NULL && context != NULL &&
	    signature.n == SIGNATURE_SIZE &&
	    EVP_DigestVerifyInit_ex(
		context, NULL, NULL, crypto->libctx, NULL, pkey, NULL) == 1 &&
	    EVP_DigestVerify(
		context, signature.p, signature.n, text.p, text.n) == 1;
}

/* The secret key, and in *key what belongs to it; NULL when the text is none. */
static EVP_PKEY *
parse_private(
    struct note_key *key, const struct crypto *crypto, struct span text)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(EVP_PKEY) pkey = NULL;
	struct span name, hex, seed;
	uint8_t public_key[32];

	if (!span_starts_with(text, SPAN(PRIVATE_PREFIX)) ||
	    !parse_text(span_from(text, sizeof(PRIVATE_PREFIX) - 1), arena,
		&name, &hex, &seed))
		return NULL;
	pkey = EVP_PKEY_new_raw_private_key_ex(
	    crypto->libctx, "ED25519", NULL, seed.p, seed.n);
	if (pkey == NULL || !get_public(pkey, public_key) ||
	    !set_key(key, crypto, name, hex, public_key))
		return NULL;
	return g_steal_pointer(&pkey);
}

bool
note_private_key_parse(
    struct note_key *key, const struct crypto *crypto, struct span text)
{
	g_autoptr(EVP_PKEY) pkey = parse_private(key, crypto, text);

	return pkey != NULL;
}

static bool
make_signature(EVP_PKEY *pkey, const struct crypto *crypto, struct span text,
    uint8_t out[SIGNATURE_SIZE])
{
	g_autoptr(EVP_MD_CTX) context = EVP_MD_CTX_new();
	size_t n = SIGNATURE_SIZE;

	return context != NULL &&
	    EVP_DigestSignInit_ex(
		context, NULL, NULL, crypto->libctx, NULL, pkey, NULL) == 1 &&
	    EVP_DigestSign(context, out, &n, text.p, text.n) == 1 &&
	    n == SIGNATURE_SIZE;
}

static void
append_signature(GString *out, const struct note_key *key, bool first,
    const uint8_t signature[SIGNATURE_SIZE])
{
	uint8_t octets[4 + SIGNATURE_SIZE];

	memcpy(octets, key->id, 4);
	memcpy(octets + 4, signature, SIGNATURE_SIZE);
	g_string_append_printf(
	    out, "%s\xe2\x80\x94 %s ", first ? "\n" : "", key->name);
	base64_append(out, (struct span){ octets, sizeof(octets) });
	g_string_append_c(out, '\n');
}

bool
note_sign(GString *out, const struct crypto *crypto, struct span private_key,
    GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	uint8_t signature[SIGNATURE_SIZE];
	struct note_key key;
	struct note note;
	const char *why;
	g_autoptr(EVP_PKEY) pkey = parse_private(&key, crypto, private_key);

	if (pkey == NULL) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "the private key is not one that keysnap keygen made");
		return false;
	}
	if (!note_parse(&note, arena,
		(struct span){ (const uint8_t *)out->str, out->len }, &why)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "cannot sign: the note is %s", why);
		return false;
	}
	if (!make_signature(pkey, crypto, note.text, signature)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "OpenSSL cannot sign");
		return false;
	}
	append_signature(out, &key, note.n_signatures == 0, signature);
	return true;
}
