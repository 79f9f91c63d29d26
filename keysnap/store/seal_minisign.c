/*
 * seal_minisign.c - seals made by minisign.  Lines end with LF or CRLF, as
 * minisign's own reader has it; base64 has one spelling.
 */
#include "keysnap/store/seal_minisign.h"

#include "keysnap/base/base64.h"
#include "keysnap/base/text.h"
#include "keysnap/store/note_key.h"
#include "keysnap/store/seal.h"

#include <string.h>

#define UNTRUSTED       "untrusted comment: "
#define TRUSTED         "trusted comment: "
#define KEY_SIZE        42 /* algorithm, id, key */
#define SIGNATURE_SIZE  74 /* algorithm, id, signature */
#define BLAKE2B512_SIZE 64

G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD, EVP_MD_free)

/* Take the line off the front of *text; false when it has no line feed. */
static bool
take_line(struct span *text, struct span *line_out)
{
	size_t end = span_find(*text, '\n');

	if (end == text->n)
		return false;
	*line_out = span_sub(*text, 0, end);
	if (line_out->n > 0 && line_out->p[line_out->n - 1] == '\r')
		line_out->n--;
	*text = span_from(*text, end + 1);
	return true;
}

static bool
parse_key_line(struct minisign_key *key, struct span line)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span octets;

	if (!base64_decode_strict(arena, line, &octets) ||
	    octets.n != KEY_SIZE || memcmp(octets.p, "Ed", 2) != 0)
		return false;
	memcpy(key->id, octets.p + 2, sizeof(key->id));
	memcpy(key->public_key, octets.p + 10, sizeof(key->public_key));
	return true;
}

bool
minisign_key_parse(struct minisign_key *key, struct span text)
{
	struct span line;

	if (text.n > MINISIGN_FILE_MAX)
		return false;
	if (span_starts_with(text, SPAN(UNTRUSTED)) && !take_line(&text, &line))
		return false;
	if (!take_line(&text, &line)) {
		line = text;
		text.n = 0;
	}
	return text.n == 0 && parse_key_line(key, line);
}

void
minisign_key_append(GString *out, const struct minisign_key *key)
{
	uint8_t octets[KEY_SIZE] = { 'E', 'd' };

	memcpy(octets + 2, key->id, sizeof(key->id));
	memcpy(octets + 10, key->public_key, sizeof(key->public_key));
	/* minisign prints the id as a little-endian number. */
	g_string_append(out, UNTRUSTED "minisign public key ");
	for (size_t i = sizeof(key->id); i-- > 0;)
		g_string_append_printf(out, "%02X", key->id[i]);
	g_string_append_c(out, '\n');
	base64_append(out, (struct span){ octets, sizeof(octets) });
	g_string_append_c(out, '\n');
}

static const char *
parse_signature_line(
    struct minisign_signature *signature, struct arena *arena, struct span line)
{
	struct span octets;

	if (!base64_decode_strict(arena, line, &octets) ||
	    octets.n != SIGNATURE_SIZE)
		return "its second line is no signature";
	if (memcmp(octets.p, "Ed", 2) != 0 && memcmp(octets.p, "ED", 2) != 0)
		return "its algorithm is none of minisign's";
	signature->prehashed = octets.p[1] == 'D';
	memcpy(signature->id, octets.p + 2, sizeof(signature->id));
	signature->signature = span_from(octets, 10);
	return NULL;
}

bool
minisign_parse(struct minisign_signature *signature, struct arena *arena,
    struct span text, const char **why_out)
{
	struct span line[4];

	memset(signature, 0, sizeof(*signature));
	*why_out = NULL;
	if (text.n > MINISIGN_FILE_MAX || !take_line(&text, &line[0]) ||
	    !take_line(&text, &line[1]) || !take_line(&text, &line[2]) ||
	    !take_line(&text, &line[3]) || text.n > 0)
		*why_out = "it has not four lines";
	else if (!span_starts_with(line[0], SPAN(UNTRUSTED)) ||
	    !span_starts_with(line[2], SPAN(TRUSTED)))
		*why_out = "its comments do not begin as they must";
	else
		*why_out = parse_signature_line(signature, arena, line[1]);
	if (*why_out != NULL)
		return false;
	signature->comment = span_from(line[2], sizeof(TRUSTED) - 1);
	if (!base64_decode_strict(arena, line[3], &signature->global) ||
	    signature->global.n != 64)
		*why_out = "its last line is no signature";
	return *why_out == NULL;
}

static bool
holds(const struct crypto *crypto, const struct minisign_key *key,
    struct span text, struct span signature)
{
	struct note_key raw;

	memset(&raw, 0, sizeof(raw));
	memcpy(raw.public_key, key->public_key, sizeof(raw.public_key));
	return note_key_verifies(crypto, &raw, text, signature);
}

/* The BLAKE2b-512 of "file". */
static bool
prehash(
    const struct crypto *crypto, struct span file, uint8_t out[BLAKE2B512_SIZE])
{
	g_autoptr(EVP_MD) method =
	    EVP_MD_fetch(crypto->libctx, "BLAKE2B-512", NULL);
	unsigned size = 0;

	return method != NULL &&
	    EVP_Digest(file.p, file.n, out, &size, method, NULL) == 1 &&
	    size == BLAKE2B512_SIZE;
}

bool
minisign_verify(const struct minisign_signature *signature,
    const struct crypto *crypto, const struct minisign_key *key,
    struct span file, const char **why_out)
{
	g_autoptr(GByteArray) both = g_byte_array_new();
	uint8_t hash[BLAKE2B512_SIZE];

	if (memcmp(signature->id, key->id, sizeof(key->id)) != 0) {
		*why_out = "it is of another key";
		return false;
	}
	if (signature->prehashed) {
		if (!prehash(crypto, file, hash)) {
			*why_out = "OpenSSL has no BLAKE2b-512";
			return false;
		}
		file = (struct span){ hash, sizeof(hash) };
	}
	*why_out = "the signature does not hold";
	if (!holds(crypto, key, file, signature->signature))
		return false;
	g_byte_array_append(both, signature->signature.p, 64);
	g_byte_array_append(
	    both, signature->comment.p, (guint)signature->comment.n);
	*why_out = "the trusted comment is not the one that was signed";
	return holds(crypto, key, (struct span){ both->data, both->len },
	    signature->global);
}

/* The key that was given with the signature's id, or NULL. */
static const struct minisign_key *
find_given(const struct seal_question *question,
    const struct minisign_signature *signature)
{
	const struct seal_trust *trust = question->trust;

	for (size_t i = 0; i < trust->n_minisign_keys; i++) {
		if (memcmp(trust->minisign_keys[i].id, signature->id, 8) == 0)
			return &trust->minisign_keys[i];
	}
	return NULL;
}

static void
say_result(struct seal *seal, struct arena *arena, bool given,
    const struct minisign_signature *signature)
{
	g_autoptr(GString) comment = g_string_new(NULL);
	g_autoptr(GString) id = g_string_new(NULL);

	text_append_utf8(comment, signature->comment);
	for (size_t i = sizeof(signature->id); i-- > 0;)
		g_string_append_printf(id, "%02X", signature->id[i]);
	if (given)
		seal_say(seal, arena, SEAL_HOLDS,
		    "signed by the minisign key given, %s; its comment: %s",
		    id->str, comment->str);
	else
		seal_say(seal, arena, SEAL_UNTRUSTED,
		    "fits the minisign key beside it, %s; whether that key is "
		    "to be trusted needs --minisign-key",
		    id->str);
}

void
seal_minisign_check(const struct seal_question *question, struct arena *arena,
    struct seal *seal)
{
	const struct seal_file *beside =
	    seal_find(&question->set, seal->number, "pub");
	const struct minisign_key *given;
	struct minisign_signature signature;
	struct minisign_key own;
	const char *why;

	if (!minisign_parse(&signature, arena, seal->file->octets, &why)) {
		seal_say(seal, arena, SEAL_BROKEN, "%s", why);
		return;
	}
	if (beside != NULL && !minisign_key_parse(&own, beside->octets)) {
		seal_say(seal, arena, SEAL_BROKEN,
		    "the file beside it, %s, is no key", beside->name);
		return;
	}
	given = find_given(question, &signature);
	if (beside == NULL && given == NULL) {
		seal_say(seal, arena, SEAL_UNTRUSTED,
		    "not checked: no --minisign-key has its id");
		return;
	}
	if ((beside != NULL &&
		!minisign_verify(&signature, question->crypto, &own,
		    question->checkpoint, &why)) ||
	    (given != NULL &&
		!minisign_verify(&signature, question->crypto, given,
		    question->checkpoint, &why))) {
		seal_say(seal, arena, SEAL_BROKEN, "%s", why);
		return;
	}
	seal->key = given;
	say_result(seal, arena, given != NULL, &signature);
}
