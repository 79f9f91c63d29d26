/*
 * ots_proof.h - proofs of OpenTimestamps (.ots files, version 1).
 *
 * A proof is a tree of operations on a digest.  Each leaf is an attestation:
 * that the octets which the operations have led to existed at a time, because
 * the Merkle root of a Bitcoin block is these octets, or because a calendar
 * promised to bring them into one.
 *
 *   proof       = MAGIC %x01 hash digest timestamp
 *   hash        = %x02 (SHA-1) / %x03 (RIPEMD-160) / %x08 (SHA-256) / %x67
 *                 (Keccak-256)
 *   timestamp   = *( %xFF branch ) branch
 *   branch      = %x00 attestation / operation timestamp
 *   operation   = hash / %xF0 string (append) / %xF1 string (prepend) /
 *                 %xF2 (reverse) / %xF3 (to hex)
 *   attestation = 8OCTET string   ; what it is, and its payload
 *   string      = length *OCTET   ; length in LEB128
 *
 * as https://github.com/opentimestamps/python-opentimestamps has it, the one
 * specification there is.
 */
#ifndef KEYSNAP_STORE_OTS_PROOF_H
#define KEYSNAP_STORE_OTS_PROOF_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"

#define OTS_PROOF_MAX (1 << 20) /* octets; real ones have a few kB */
#define OTS_DEPTH_MAX \
	256                 /* operations in a row, as the reference has
				      it; real proofs have about 60 */
#define OTS_STEPS_MAX 16384 /* operations and attestations */
#define OTS_MESSAGE_MAX \
	4096                      /* octets of a string, and of what operations
				      lead to; the reference's bound */
#define OTS_PAYLOAD_MAX      8192 /* octets of an attestation; likewise */
#define OTS_ATTESTATIONS_MAX 256  /* real proofs have under 10 */

enum ots_hash {
	OTS_SHA1 = 0x02,
	OTS_RIPEMD160 = 0x03,
	OTS_SHA256 = 0x08,
	OTS_KECCAK256 = 0x67
};

enum ots_attestation_kind {
	OTS_BITCOIN, /* the Merkle root of a block */
	OTS_PENDING, /* a calendar's promise: proves nothing yet */
	OTS_OTHER    /* of another chain, or unknown */
};

struct ots_attestation {
	enum ots_attestation_kind kind;
	uint64_t height;     /* of the block */
	struct span uri;     /* of the calendar; any octets */
	struct span message; /* what the operations led to */
	const char *why;     /* static: why "message" could not be calculated,
				or NULL */
	bool sha1;           /* SHA-1 or RIPEMD-160 was on the way: collisions,
				but no second preimages, can be made */
};

/* The spans live in the arena or borrow from the octets. */
struct ots_proof {
	enum ots_hash hash;
	struct span digest;                   /* of the file that it is about */
	struct ots_attestation *attestations; /* in the order of the file */
	size_t n;
};

/* Do the octets begin as a proof does? */
bool ots_proof_is(struct span octets);

/*
 * Read a proof, and calculate what its operations lead to.  False with
 * *why_out (static) and *offset_out, where it went wrong, when it is not one
 * proof to the last octet, or a bound above is reached.
 */
bool ots_proof_parse(struct ots_proof *proof, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out,
    size_t *offset_out);

/* "SHA-256", ... */
const char *ots_hash_name(enum ots_hash hash);

#endif
