/*
 * ots_proof.c - parser and evaluator of OpenTimestamps proofs.
 *
 * The tree is walked once, in the order of the file, with one buffer for each
 * depth.  An operation that cannot be calculated (RIPEMD-160 where OpenSSL has
 * it not, Keccak-256 always) is no reason to refuse a proof: what hangs on
 * other branches may count.
 */
#include "keysnap/store/ots_proof.h"

#include "keysnap/base/digest.h"

#include <openssl/err.h>
#include <string.h>

#define VERSION       1
#define TAG_SIZE      8
#define OCTETS_OF_U64 9 /* of LEB128, for numbers below 2^63 */

enum operation {
	OPERATION_ATTESTATION = 0x00,
	OPERATION_APPEND = 0xf0,
	OPERATION_PREPEND = 0xf1,
	OPERATION_REVERSE = 0xf2,
	OPERATION_HEX = 0xf3,
	OPERATION_FORK = 0xff
};

static const uint8_t magic[] = "\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2"
			       "\xe8\x84\xe8\x92\x94";
static const uint8_t bitcoin_tag[] = "\x05\x88\x96\x0d\x73\xd7\x19\x01";
static const uint8_t pending_tag[] = "\x83\xdf\xe3\x0d\x2e\xf9\x0c\x8e";

static const struct {
	enum ots_hash hash;
	const char *name;  /* for people */
	const char *fetch; /* for OpenSSL, or NULL */
	size_t size;
} hashes[] = {
	{ OTS_SHA1, "SHA-1", "SHA1", 20 },
	{ OTS_RIPEMD160, "RIPEMD-160", "RIPEMD160", 20 },
	{ OTS_SHA256, "SHA-256", "SHA256", 32 },
	{ OTS_KECCAK256, "Keccak-256", NULL, 32 },
};

struct message {
	struct span octets;
	const char *why; /* it could not be calculated, or NULL */
	bool sha1;
};

struct walk {
	struct ots_proof *proof;
	struct arena *arena;
	const struct crypto *crypto;
	struct span rest;
	size_t steps;
	uint8_t *buffers[OTS_DEPTH_MAX + 1]; /* one for each depth, or NULL */
	const char *why;
};

static bool
fail(struct walk *walk, const char *why)
{
	walk->why = why;
	return false;
}

static bool
take(struct walk *walk, size_t n, struct span *span_out)
{
	if (walk->rest.n < n)
		return fail(walk, "it ends too soon");
	*span_out = span_sub(walk->rest, 0, n);
	walk->rest = span_from(walk->rest, n);
	return true;
}

static bool
take_number(struct walk *walk, uint64_t *number_out)
{
	struct span octet;

	*number_out = 0;
	for (unsigned i = 0; i < OCTETS_OF_U64; i++) {
		if (!take(walk, 1, &octet))
			return false;
		*number_out |= (uint64_t)(*octet.p & 0x7f) << (7 * i);
		if (*octet.p < 0x80)
			return true;
	}
	return fail(walk, "a number is too large");
}

static bool
take_string(struct walk *walk, size_t max, struct span *string_out)
{
	uint64_t n;

	if (!take_number(walk, &n))
		return false;
	if (n > max)
		return fail(walk, "a string is too long");
	return take(walk, (size_t)n, string_out);
}

static size_t
hash_index(uint8_t tag)
{
	size_t i = 0;

	while (i < G_N_ELEMENTS(hashes) && hashes[i].hash != tag)
		i++;
	return i;
}

const char *
ots_hash_name(enum ots_hash hash)
{
	return hashes[hash_index((uint8_t)hash)].name;
}

/* "out" has room for OTS_MESSAGE_MAX octets. */
static void
calculate_hash(const struct walk *walk, size_t index,
    const struct message *from, uint8_t *out, struct message *to)
{
	EVP_MD *method = hashes[index].fetch == NULL
	    ? NULL
	    : EVP_MD_fetch(walk->crypto->libctx, hashes[index].fetch, NULL);
	unsigned n = 0;

	if (method != NULL &&
	    EVP_Digest(from->octets.p, from->octets.n, out, &n, method, NULL) ==
		1)
		to->octets = (struct span){ out, n };
	else
		to->why = hashes[index].hash == OTS_KECCAK256
		    ? "it goes through Keccak-256, which is not calculated here"
		    : "it goes through RIPEMD-160, which this OpenSSL has not";
	to->sha1 = from->sha1 || hashes[index].hash == OTS_SHA1 ||
	    hashes[index].hash == OTS_RIPEMD160;
	EVP_MD_free(method);
	ERR_clear_error();
}

static bool
join(struct walk *walk, struct span a, struct span b, uint8_t *out,
    struct message *to)
{
	if (a.n + b.n > OTS_MESSAGE_MAX)
		return fail(walk, "an operation leads to too many octets");
	memcpy(out, a.p, a.n);
	memcpy(out + a.n, b.p, b.n);
	to->octets = (struct span){ out, a.n + b.n };
	return true;
}

static bool
write_hex(struct walk *walk, struct span from, uint8_t *out, struct message *to)
{
	static const char digits[] = "0123456789abcdef";

	if (2 * from.n > OTS_MESSAGE_MAX)
		return fail(walk, "an operation leads to too many octets");
	for (size_t i = 0; i < from.n; i++) {
		out[2 * i] = (uint8_t)digits[from.p[i] >> 4];
		out[2 * i + 1] = (uint8_t)digits[from.p[i] & 15];
	}
	to->octets = (struct span){ out, 2 * from.n };
	return true;
}

static void
reverse(struct span from, uint8_t *out, struct message *to)
{
	for (size_t i = 0; i < from.n; i++)
		out[i] = from.p[from.n - 1 - i];
	to->octets = (struct span){ out, from.n };
}

/* The buffer for what an operation at "depth" leads to. */
static uint8_t *
get_buffer(struct walk *walk, unsigned depth)
{
	if (walk->buffers[depth] == NULL)
		walk->buffers[depth] =
		    arena_alloc(walk->arena, OTS_MESSAGE_MAX);
	return walk->buffers[depth];
}

/* One operation; its string is read even where nothing can be calculated. */
static bool
operate(struct walk *walk, uint8_t tag, const struct message *from,
    unsigned depth, struct message *to)
{
	size_t index = hash_index(tag);
	bool is_binary = tag == OPERATION_APPEND || tag == OPERATION_PREPEND;
	uint8_t *out = get_buffer(walk, depth);
	struct span string = { NULL, 0 };

	*to = *from;
	if (index == G_N_ELEMENTS(hashes) && !is_binary &&
	    tag != OPERATION_REVERSE && tag != OPERATION_HEX)
		return fail(walk, "an operation that is not known");
	if (is_binary && !take_string(walk, OTS_MESSAGE_MAX, &string))
		return false;
	if (is_binary && string.n == 0)
		return fail(walk, "an operation with an empty string");
	if (from->why != NULL)
		return true;
	if (tag == OPERATION_APPEND)
		return join(walk, from->octets, string, out, to);
	if (tag == OPERATION_PREPEND)
		return join(walk, string, from->octets, out, to);
	if (tag == OPERATION_HEX)
		return write_hex(walk, from->octets, out, to);
	if (tag == OPERATION_REVERSE)
		reverse(from->octets, out, to);
	else
		calculate_hash(walk, index, from, out, to);
	return true;
}

/* The payload of an attestation is one string, or one number, and no more. */
static bool
read_payload(
    struct walk *walk, struct span payload, struct ots_attestation *attestation)
{
	struct span rest = walk->rest;
	bool ok = true;

	walk->rest = payload;
	if (attestation->kind == OTS_BITCOIN)
		ok = take_number(walk, &attestation->height);
	else if (attestation->kind == OTS_PENDING)
		ok = take_string(walk, OTS_PAYLOAD_MAX, &attestation->uri);
	ok = ok &&
	    (attestation->kind == OTS_OTHER || walk->rest.n == 0 ||
		fail(walk, "an attestation says more than it should"));
	walk->rest = rest;
	return ok;
}

static bool
read_attestation(struct walk *walk, const struct message *message)
{
	struct ots_proof *proof = walk->proof;
	struct ots_attestation *attestation = &proof->attestations[proof->n];
	struct span tag, payload;

	if (proof->n == OTS_ATTESTATIONS_MAX)
		return fail(walk, "too many attestations");
	if (!take(walk, TAG_SIZE, &tag) ||
	    !take_string(walk, OTS_PAYLOAD_MAX, &payload))
		return false;
	attestation->kind = memcmp(tag.p, bitcoin_tag, TAG_SIZE) == 0
	    ? OTS_BITCOIN
	    : memcmp(tag.p, pending_tag, TAG_SIZE) == 0 ? OTS_PENDING
							: OTS_OTHER;
	attestation->why = message->why;
	attestation->sha1 = message->sha1;
	if (message->why == NULL)
		attestation->message = arena_copy(walk->arena, message->octets);
	proof->n++;
	return read_payload(walk, payload, attestation);
}

static bool read_timestamp(
    struct walk *walk, const struct message *message, unsigned depth);

static bool
read_branch(struct walk *walk, const struct message *message, uint8_t tag,
    unsigned depth)
{
	struct message next;

	if (++walk->steps > OTS_STEPS_MAX)
		return fail(walk, "too many operations");
	if (tag == OPERATION_ATTESTATION)
		return read_attestation(walk, message);
	if (depth == OTS_DEPTH_MAX)
		return fail(walk, "too many operations in a row");
	return operate(walk, tag, message, depth + 1, &next) &&
	    read_timestamp(walk, &next, depth + 1);
}

/* All branches from "message" on; the recursion is as deep as
 * OTS_DEPTH_MAX. */
static bool
read_timestamp(struct walk *walk, const struct message *message, unsigned depth)
{
	struct span tag;

	for (;;) {
		bool is_last;

		if (!take(walk, 1, &tag))
			return false;
		is_last = *tag.p != OPERATION_FORK;
		if (!is_last && !take(walk, 1, &tag))
			return false;
		if (!read_branch(walk, message, *tag.p, depth))
			return false;
		if (is_last)
			return true;
	}
}

static bool
read_proof(struct walk *walk)
{
	struct ots_proof *proof = walk->proof;
	struct message message = { 0 };
	uint64_t version;
	struct span tag;

	if (!ots_proof_is(walk->rest))
		return fail(walk, "it does not begin as a proof does");
	walk->rest = span_from(walk->rest, sizeof(magic) - 1);
	if (!take_number(walk, &version) || !take(walk, 1, &tag))
		return false;
	if (version != VERSION)
		return fail(walk, "its version is not 1");
	if (hash_index(*tag.p) == G_N_ELEMENTS(hashes))
		return fail(walk, "its hash is not known");
	proof->hash = (enum ots_hash) * tag.p;
	if (!take(walk, hashes[hash_index(*tag.p)].size, &proof->digest))
		return false;
	message.octets = proof->digest;
	message.sha1 = proof->hash == OTS_SHA1 || proof->hash == OTS_RIPEMD160;
	if (!read_timestamp(walk, &message, 0))
		return false;
	return walk->rest.n == 0 || fail(walk, "something follows its end");
}

bool
ots_proof_is(struct span octets)
{
	return span_starts_with(
	    octets, (struct span){ magic, sizeof(magic) - 1 });
}

bool
ots_proof_parse(struct ots_proof *proof, struct arena *arena,
    const struct crypto *crypto, struct span octets, const char **why_out,
    size_t *offset_out)
{
	struct walk walk = {
		.proof = proof, .arena = arena, .crypto = crypto, .rest = octets
	};
	bool ok;

	memset(proof, 0, sizeof(*proof));
	proof->attestations = arena_alloc_array(
	    arena, OTS_ATTESTATIONS_MAX, sizeof(*proof->attestations));
	ok = octets.n <= OTS_PROOF_MAX ? read_proof(&walk)
				       : fail(&walk, "it is too large");
	*why_out = walk.why;
	*offset_out = octets.n - walk.rest.n;
	return ok;
}
