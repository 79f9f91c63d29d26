/*
 * bitcoin_header.h - headers of Bitcoin blocks, as a user gives them.
 *
 * A header has 80 octets: version, 4; hash of the header before it, 32; Merkle
 * root, 32; time, 4; bits, 4; nonce, 4; numbers little-endian.  Its hash is
 * SHA-256 of the SHA-256.  "bits" is the target in floating point: the first
 * octet from the end is the length of the number, the three below it are its
 * first digits; the hash, as a little-endian number, must not be above it, and
 * the target not above the easiest that the chain allows.
 *
 * What can be seen offline: that so much work was done for each header, that
 * each names the one before it, and whether they begin with the first block of
 * the chain.  That the chain which everybody uses has a header is not seen from
 * it alone, and the least work takes a machine minutes: it is taken on trust
 * from whoever gave it, and that is said.
 */
#ifndef KEYSNAP_STORE_BITCOIN_HEADER_H
#define KEYSNAP_STORE_BITCOIN_HEADER_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"

#define BITCOIN_HEADER_SIZE 80
#define BITCOIN_HEADERS_MAX (1 << 21) /* a block in ten minutes for 40 years */
#define BITCOIN_HEADER_FILE_MAX \
	((size_t)BITCOIN_HEADERS_MAX * BITCOIN_HEADER_SIZE)

/*
 * A block's time is what its miner wrote.  Nodes take it when it is after the
 * median of the eleven blocks before, and at most two hours ahead of their own
 * clock: it may be off by about two hours to either side.
 */
#define BITCOIN_TIME_SLACK INT64_C(7200)

struct bitcoin_headers {
	struct span octets; /* of all headers, one behind the other */
	bool from_first;    /* they begin with the first block of the chain: the
			       height of each is its place */
};

/*
 * Read a file: headers one behind the other, or hex digits of one (white space
 * around them is passed over).  What it gives lives in "arena" or borrows from
 * "file".  False with *why_out, in "arena", when it is neither, a header does
 * not fulfil its own target, or one does not name the one before it.
 */
bool bitcoin_headers_parse(struct bitcoin_headers *headers, struct arena *arena,
    const struct crypto *crypto, struct span file, const char **why_out);

struct bitcoin_block {
	int64_t time;        /* as its header says */
	uint8_t hash[32];    /* octets in the order that people write */
	unsigned work;       /* about 2^work hashes were tried for it */
	bool height_checked; /* by its place behind the first block */
	size_t before;       /* headers before it, each naming the last */
};

/*
 * The header with this Merkle root, at the height that the proof states.  False
 * when there is none; with headers from the first block on only the one at that
 * height counts.
 */
bool bitcoin_headers_find(const struct bitcoin_headers *headers,
    const struct crypto *crypto, const uint8_t root[32], uint64_t height,
    struct bitcoin_block *block_out);

#endif
