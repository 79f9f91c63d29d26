/*
 * note.h - signed notes and their Ed25519 keys (C2SP signed-note).
 *
 * A note is a text that ends with a line feed, an empty line, and signature
 * lines "\xe2\x80\x94 NAME BASE64(id[4] || signature[64])".  The key id is
 * the first four octets of SHA-256(NAME || 0x0A || 0x01 || public key[32]).
 * A verifier key ("vkey") is "NAME+HEX8(id)+BASE64(0x01 || public key)"; our
 * private key file is "PRIVATE+KEY+NAME+HEX8(id)+BASE64(0x01 || seed[32])",
 * as Go's sumdb/note writes it.
 */
#ifndef KEYSNAP_STORE_NOTE_H
#define KEYSNAP_STORE_NOTE_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"

#define NOTE_MAX	    65536 /* octets of a note */
#define NOTE_SIGNATURES_MAX 64	  /* C2SP asks for at least 16 */
#define NOTE_NAME_MAX	    255

struct note_key {
	char name[NOTE_NAME_MAX + 1]; /* no white space, no "+" */
	uint8_t id[4];
	uint8_t public_key[32];
};

struct note_signature {
	struct span name;
	uint8_t id[4];
	struct span octets; /* after the id: 64 for Ed25519, others are kept */
};

struct note {
	struct span text; /* with its last line feed */
	struct note_signature signatures[NOTE_SIGNATURES_MAX];
	size_t n_signatures; /* 0: an unsigned body */
};

/* Is "name" a legal key name (not empty, no white space, no "+", UTF-8, at
 * most NOTE_NAME_MAX octets)? */
bool note_name_is_valid(struct span name);

/* Read a vkey line (a last line feed is allowed, nothing else); its id must
 * fit.  False on anything else. */
bool note_key_parse(struct note_key *key, const struct crypto *crypto,
    struct span text);

/* Append the vkey, without line feed. */
void note_key_append(GString *out, const struct note_key *key);

/* Make a new key pair: the private key text (with line feed) and the key.
 * Uses the library's random generator: the one place that does. */
bool note_key_generate(struct note_key *key, GString *private_out,
    const struct crypto *crypto, struct span name, GError **error);

/* Parse a note, or the text of one without any signature.  False with
 * *why_out on any spelling that the specification does not allow. */
bool note_parse(struct note *note, struct arena *arena, struct span octets,
    const char **why_out);

enum note_check {
	NOTE_CHECK_GOOD,
	NOTE_CHECK_BAD,	     /* of this key, by name and id, and does not hold */
	NOTE_CHECK_OTHER_KEY /* of another name or id */
};

/* How signature "i" stands to "key". */
enum note_check note_check(const struct note *note, size_t i,
    const struct crypto *crypto, const struct note_key *key);

/* Does "key" sign the note?  True when there is a signature of it and all of
 * them hold; those of other keys are ignored. */
bool note_verify(const struct note *note, const struct crypto *crypto,
    const struct note_key *key);

/* Read a private key text (a last line feed is allowed): the key it belongs
 * to.  False on any other spelling, or when the id does not fit. */
bool note_private_key_parse(struct note_key *key, const struct crypto *crypto,
    struct span text);

/* Append to "out" (which holds a text that ends with a line feed and no
 * signatures, or a note) the signature of the private key over the text. */
bool note_sign(GString *out, const struct crypto *crypto,
    struct span private_key, GError **error);

#endif
