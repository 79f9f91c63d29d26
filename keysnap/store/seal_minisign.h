/*
 * seal_minisign.h - signatures and public keys of minisign.
 *
 * A signature file has four lines: an untrusted comment; base64 of the
 * algorithm ("Ed": Ed25519 over the file; "ED": over its BLAKE2b-512), 8
 * octets of key id and 64 of signature; a trusted comment; base64 of the
 * signature over the 64 octets and the trusted comment.  A key file has two:
 * an untrusted comment; base64 of "Ed", the key id and 32 octets of key.
 */
#ifndef KEYSNAP_STORE_SEAL_MINISIGN_H
#define KEYSNAP_STORE_SEAL_MINISIGN_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"

#define MINISIGN_FILE_MAX 16384 /* octets; minisign's own bound for a comment
				   is 8192 */

struct minisign_key {
	uint8_t id[8];
	uint8_t public_key[32];
};

struct minisign_signature {
	bool prehashed;
	uint8_t id[8];
	struct span signature, comment, global; /* comment without prefix */
};

/* Read a key file, or its second line alone (with or without line end). */
bool minisign_key_parse(struct minisign_key *key, struct span text);

/* Append a key file. */
void minisign_key_append(GString *out, const struct minisign_key *key);

/* The spans live in "arena" or borrow from "text". */
bool minisign_parse(struct minisign_signature *signature, struct arena *arena,
    struct span text, const char **why_out);

/* Does it hold over "file", comment included?  False with *why_out. */
bool minisign_verify(const struct minisign_signature *signature,
    const struct crypto *crypto, const struct minisign_key *key,
    struct span file, const char **why_out);

#endif
