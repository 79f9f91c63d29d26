/*
 * exhibit.h - what a snapshot holds on one name, with its proofs, in one file
 * that is checked without the snapshot.
 *
 * Lines of canonical JSON (base/json.h), in this order; HASH 64 lower-case hex
 * digits, BASE64 of RFC 4648 section 4, padded:
 *
 *   {"format":"keysnap-exhibit 1","left_out":[HASH...],"name":NAME,
 *    "type":"exhibit"}                     left_out: evidence not in the file
 *   {"text":TEXT,"type":"checkpoint"}      the file "checkpoint"
 *   {"leaf":LINE,"number":N,"proof":[BASE64...],"type":"entry"}
 *        one or more, by ascending number; the first is entry 0; the
 *        inclusion proof of RFC 6962 2.1.1 from the leaf up
 *   {"file":"NNNN.KIND","octets":BASE64,"type":"seal"}
 *        by ascending name (seal.h)
 *   {"octets":BASE64,"sha256":HASH,"type":"evidence"}
 *        in the order in which the entries first name them
 *
 * The entries are those that bear on the name (entry.h, "What concerns
 * what").  A log cannot prove that there are no others: for that the whole
 * snapshot is needed.
 */
#ifndef KEYSNAP_STORE_EXHIBIT_H
#define KEYSNAP_STORE_EXHIBIT_H

#include "keysnap/store/checkpoint.h"
#include "keysnap/store/proof.h"
#include "keysnap/store/seal.h"
#include "keysnap/store/snapshot.h"

#define EXHIBIT_HEAD	      "{\"format\":\"keysnap-exhibit "
#define EXHIBIT_MAX	      (256 << 20) /* octets of the file */
#define EXHIBIT_ENTRIES_MAX   16384
#define EXHIBIT_EVIDENCE_MAX  (128 << 20) /* octets of all pieces */
#define EXHIBIT_PIECES_MAX    16384

struct exhibit_entry {
	uint64_t number;
	struct span leaf;
	struct proof proof;
};

struct exhibit_piece {
	uint8_t sha256[32];
	struct span octets;
};

struct exhibit {
	struct span name;
	struct span checkpoint_octets;
	struct checkpoint checkpoint; /* of the same */
	struct exhibit_entry *entries;
	size_t n_entries;
	struct seal_set seals;
	struct exhibit_piece *pieces;
	size_t n_pieces;
	uint8_t (*left_out)[32];
	size_t n_left_out;
};

/* Append the lines. */
void exhibit_write(GString *out, const struct exhibit *exhibit);

/* Read them; one spelling only.  False with *why_out.  Everything lives in
 * "arena".  Nothing is checked but the form. */
bool exhibit_parse(struct exhibit *exhibit, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out);

/*
 * Check what the exhibit holds against its checkpoint, one finding each: the
 * proof of every entry, the origin, that it is about its name, that no source
 * is missing, and the evidence.  The checkpoint's signatures and the seals are
 * for the caller.
 */
void exhibit_check(const struct exhibit *exhibit, const struct crypto *crypto,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user);

#endif
