/*
 * bitcoin_header.c - headers of Bitcoin blocks: their work, and their order.
 */
#include "keysnap/store/bitcoin_header.h"

#include "keysnap/base/digest.h"

#include <string.h>

#define OFFSET_BEFORE   4
#define OFFSET_ROOT     36
#define OFFSET_TIME     68
#define OFFSET_BITS     72

#define BITS_LENGTH_MAX 32 /* octets of a target */

/* Hash of the first block, octets in the order of calculation. */
static const uint8_t first_block[] = "\x6f\xe2\x8c\x0a\xb6\xf1\xb3\x72\xc1\xa6"
				     "\xa2\x46\xae\x63\xf7\x4f\x93\x1e\x83\x65"
				     "\xe1\x5a\x08\x9c\x68\xd6\x19\x00\x00\x00"
				     "\x00\x00";

/* The easiest target that the chain allows, octets from the greatest down:
 * that of its first blocks. */
static const uint8_t easiest[32] = { 0, 0, 0, 0, 0xff, 0xff };

static uint32_t
read_u32(const uint8_t *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

static const uint8_t *
header_at(const struct bitcoin_headers *headers, size_t i)
{
	return headers->octets.p + i * BITCOIN_HEADER_SIZE;
}

static void
hash_header(
    const struct crypto *crypto, const uint8_t *header, uint8_t hash_out[32])
{
	digest_sha256(
	    crypto, (struct span){ header, BITCOIN_HEADER_SIZE }, hash_out);
	digest_sha256(crypto, (struct span){ hash_out, 32 }, hash_out);
}

/* The target, octets from the greatest down.  False when it is none: zero or
 * negative, or easier than the chain allows. */
static bool
read_target(const uint8_t *header, uint8_t target_out[32])
{
	uint32_t bits = read_u32(header + OFFSET_BITS);
	uint32_t length = bits >> 24, digits = bits & 0x7fffff;

	memset(target_out, 0, 32);
	if ((bits & 0x800000) != 0 || digits == 0 || length < 3 ||
	    length > BITS_LENGTH_MAX)
		return false;
	target_out[32 - length] = (uint8_t)(digits >> 16);
	target_out[33 - length] = (uint8_t)(digits >> 8);
	target_out[34 - length] = (uint8_t)digits;
	return memcmp(target_out, easiest, 32) <= 0;
}

static void
reverse(const uint8_t hash[32], uint8_t out[32])
{
	for (size_t i = 0; i < 32; i++)
		out[i] = hash[31 - i];
}

/* Is the hash not above the target? */
static bool
has_work(const uint8_t *header, const uint8_t hash[32])
{
	uint8_t target[32], number[32];

	reverse(hash, number);
	return read_target(header, target) && memcmp(number, target, 32) <= 0;
}

/* Zero bits at the front of the target: so often must a coin fall right. */
static unsigned
count_work(const uint8_t *header)
{
	uint8_t target[32];
	unsigned n = 0;

	read_target(header, target);
	while (n < 256 && (target[n / 8] & (0x80 >> (n % 8))) == 0)
		n++;
	return n;
}

static void
say(struct arena *arena, const char **why_out, size_t i, const char *why)
{
	g_autofree char *text = g_strdup_printf("header %zu %s", i + 1, why);

	*why_out = (const char *)arena_copy(arena, span_from_string(text)).p;
}

static bool
check_headers(struct bitcoin_headers *headers, struct arena *arena,
    const struct crypto *crypto, const char **why_out)
{
	size_t n = headers->octets.n / BITCOIN_HEADER_SIZE;
	uint8_t hash[32], before[32];

	for (size_t i = 0; i < n; i++) {
		const uint8_t *header = header_at(headers, i);

		hash_header(crypto, header, hash);
		if (!has_work(header, hash)) {
			say(arena, why_out, i,
			    "has not the work of a block of Bitcoin: its "
			    "hash is above its target, or the target is none");
			return false;
		}
		if (i > 0 && memcmp(header + OFFSET_BEFORE, before, 32) != 0) {
			say(arena, why_out, i, "does not name the one before");
			return false;
		}
		if (i == 0)
			headers->from_first =
			    memcmp(hash, first_block, 32) == 0;
		memcpy(before, hash, 32);
	}
	return true;
}

static int
hex_value(uint8_t octet)
{
	if (octet >= '0' && octet <= '9')
		return octet - '0';
	octet |= 0x20;
	return octet >= 'a' && octet <= 'f' ? octet - 'a' + 10 : -1;
}

/* The header that "file" has in hex digits, or an empty span. */
static struct span
read_hex(struct arena *arena, struct span file)
{
	struct span text = span_trim_fws(file);
	uint8_t *octets;

	if (text.n != (size_t)2 * BITCOIN_HEADER_SIZE)
		return (struct span){ NULL, 0 };
	octets = arena_alloc(arena, BITCOIN_HEADER_SIZE);
	for (size_t i = 0; i < text.n; i++) {
		int value = hex_value(text.p[i]);

		if (value < 0)
			return (struct span){ NULL, 0 };
		octets[i / 2] =
		    (uint8_t)(octets[i / 2] | value << (i % 2 == 0 ? 4 : 0));
	}
	return (struct span){ octets, BITCOIN_HEADER_SIZE };
}

bool
bitcoin_headers_parse(struct bitcoin_headers *headers, struct arena *arena,
    const struct crypto *crypto, struct span file, const char **why_out)
{
	memset(headers, 0, sizeof(*headers));
	headers->octets = read_hex(arena, file);
	if (headers->octets.n == 0)
		headers->octets = file;
	if (headers->octets.n == 0 ||
	    headers->octets.n > BITCOIN_HEADER_FILE_MAX ||
	    headers->octets.n % BITCOIN_HEADER_SIZE != 0) {
		*why_out = "it is neither block headers of 80 octets each nor "
			   "the 160 hex digits of one";
		return false;
	}
	return check_headers(headers, arena, crypto, why_out);
}

bool
bitcoin_headers_find(const struct bitcoin_headers *headers,
    const struct crypto *crypto, const uint8_t root[32], uint64_t height,
    struct bitcoin_block *block_out)
{
	size_t n = headers->octets.n / BITCOIN_HEADER_SIZE, i = 0;
	const uint8_t *header;
	uint8_t hash[32];

	if (headers->from_first && height >= n)
		return false;
	if (headers->from_first)
		i = (size_t)height;
	while (
	    i < n && memcmp(header_at(headers, i) + OFFSET_ROOT, root, 32) != 0)
		i = headers->from_first ? n : i + 1;
	if (i == n)
		return false;
	header = header_at(headers, i);
	hash_header(crypto, header, hash);
	reverse(hash, block_out->hash);
	block_out->time = read_u32(header + OFFSET_TIME);
	block_out->work = count_work(header);
	block_out->height_checked = headers->from_first;
	block_out->before = i;
	return true;
}
