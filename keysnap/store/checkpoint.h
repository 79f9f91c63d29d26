/*
 * checkpoint.h - the checkpoint of a snapshot (C2SP tlog-checkpoint).
 *
 * The note text is four lines, and a fifth when it is signed:
 *
 *   origin            as given to "keysnap init --origin"
 *   size              entries of the log, decimal without leading zeros
 *   base64(root)      RFC 6962 root, 44 characters
 *   manifest-sha256 HEX   SHA-256 of the octets of MANIFEST
 *   signer VKEY       the key that "keysnap freeze" signed with (note.h)
 *
 * so one signature covers all files.  A checkpoint without signature is the
 * four lines alone, without the empty line, and is called unsigned everywhere.
 * The signer's line lets anyone find damage in a signature; whether that key
 * is to be trusted is for whoever gives a public key to say.
 */
#ifndef KEYSNAP_STORE_CHECKPOINT_H
#define KEYSNAP_STORE_CHECKPOINT_H

#include "keysnap/store/note.h"

struct checkpoint {
	struct span origin; /* borrows from the parsed octets */
	uint64_t size;
	uint8_t root[32];
	uint8_t manifest_sha256[32];
	bool is_signed;
	struct note_key signer; /* when signed */
	struct note note; /* for the signatures */
};

/* An origin is a legal note key name (note.h).  False with *why_out on any
 * other spelling; also when a signer is named but no signature is there, or
 * the other way round, or when a key has signed twice.  Signatures are not
 * checked. */
bool checkpoint_parse(struct checkpoint *checkpoint, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out);

/*
 * Check every signature: the signer's must be there and hold, and each other
 * one must be of "public_key" (NULL: none given) and hold, as a damaged line
 * could not be told from a foreign one.  With "public_key" its signature must
 * be there.  An unsigned checkpoint holds only without "public_key".
 */
bool checkpoint_check_signatures(const struct checkpoint *checkpoint,
    const struct crypto *crypto, const struct note_key *public_key,
    const char **why_out);

/* Append the four or five lines. */
void checkpoint_append(GString *out, const struct checkpoint *checkpoint);

#endif
