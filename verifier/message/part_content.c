/*
 * part_content.c - see part_content.h.
 *
 * PIECE octets are decoded at a time.  Base64 is decoded from the stored
 * octets, whose line ends and quoting mean nothing there.
 */
#include "verifier/message/part_content.h"

#include "keysnap/base/octets32.h"
#include "keysnap/base/rfc5234.h"

#include <gmime/gmime.h>

#define PIECE       16384
#define DECODED_MAX (PIECE + 64) /* nothing decoded is longer than encoded */

const char *
part_decode_name(enum part_decode decode)
{
	static const char *const names[] = { [PART_CLEAN] = "clean",
		[PART_DEFECTIVE] = "defective",
		[PART_UNKNOWN] = "unknown" };

	return names[decode];
}

/* Octets on their way through the decoder into the digest. */
struct decoding {
	struct sink sink; /* first */
	GMimeEncoding state;
	struct digest *digest;
	struct part_content *content;
	size_t digits_due; /* quoted-printable: behind "=" */
	bool soft_break;   /* behind "=" and white space: a line end is due */
};

static void
take(struct decoding *decoding, struct span decoded)
{
	decoding->content->size += decoded.n;
	if (decoded.n > 0)
		digest_add(decoding->digest, decoded);
}

static void
decode(struct decoding *decoding, struct span span)
{
	char decoded[DECODED_MAX];

	while (span.n > 0) {
		struct span piece = span_sub(span, 0, PIECE);
		size_t n = g_mime_encoding_step(
		    &decoding->state, (const char *)piece.p, piece.n, decoded);

		g_assert(n <= sizeof(decoded));
		take(decoding, (struct span){ (const uint8_t *)decoded, n });
		span = span_from(span, PIECE);
	}
}

static void
finish_decoding(struct decoding *decoding)
{
	char decoded[DECODED_MAX];
	size_t n = g_mime_encoding_flush(&decoding->state, "", 0, decoded);

	g_assert(n <= sizeof(decoded));
	take(decoding, (struct span){ (const uint8_t *)decoded, n });
}

/* ---- base64 ---------------------------------------------------------------- */

#define BLOCKS_MAX 255 /* after which a count of one octet is full */

static uint64_t
sum_octets(const octets32 *counts)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < OCTETS32; i++)
		sum += (*counts)[i];
	return sum;
}

/* Octets of "span" that are white space; those that are "=" in *padding_out. */
OCTETS32_CLONES static uint64_t
count_white(struct span span, uint64_t *padding_out)
{
	uint64_t white = 0, padding = 0;

	while (span.n >= OCTETS32) {
		size_t blocks = MIN(span.n / OCTETS32, BLOCKS_MAX);
		octets32 w = { 0 }, p = { 0 }, here;

		/* What is true is 255, which is -1. */
		for (size_t i = 0; i < blocks; i++) {
			octets32_load(&here, span.p + i * OCTETS32);
			w -= (octets32)(here == '\n') |
			    (octets32)(here == '\r') | (octets32)(here == ' ') |
			    (octets32)(here == '\t');
			p -= (octets32)(here == '=');
		}
		white += sum_octets(&w);
		padding += sum_octets(&p);
		span = span_from(span, blocks * OCTETS32);
	}
	for (size_t i = 0; i < span.n; i++) {
		uint8_t c = span.p[i];

		white += c == '\n' || c == '\r' || c == ' ' || c == '\t';
		padding += c == '=';
	}
	*padding_out = padding;
	return white;
}

/*
 * Base64 without rubbish (RFC 2045 6.8): groups of four, "=" at the end alone.
 * An octet of no alphabet is skipped by the decoder, so the size falls short.
 */
static bool
is_clean_base64(struct span text, uint64_t size)
{
	uint64_t padding;
	uint64_t solid = text.n - count_white(text, &padding);
	struct span end = text;

	if (solid % 4 != 0 || padding > 2 || solid / 4 * 3 != size + padding)
		return false;
	for (; padding > 0; padding--) {
		end = span_trim_fws(end);
		if (!span_ends_with(end, SPAN("=")))
			return false;
		end = span_sub(end, 0, end.n - 1);
	}
	return true;
}

static void
hash_base64(struct decoding *decoding, struct span text)
{
	g_mime_encoding_init_decode(
	    &decoding->state, GMIME_CONTENT_ENCODING_BASE64);
	decode(decoding, text);
	finish_decoding(decoding);
	if (!is_clean_base64(text, decoding->content->size))
		decoding->content->decode = PART_DEFECTIVE;
}

/* ---- what is read ---------------------------------------------------------- */

static bool
is_hex(uint8_t octet)
{
	return rfc5234_is(octet, RFC5234_DIGIT) ||
	    (octet >= 'A' && octet <= 'F') || (octet >= 'a' && octet <= 'f');
}

/* Look at an octet behind "=": two digits, or a soft line break (RFC 2045
 * 6.7).  Lower-case digits are read alike by all. */
static void
check_escape(struct decoding *decoding, uint8_t octet)
{
	bool space = octet == ' ' || octet == '\t' || octet == '\r';

	if (decoding->soft_break || decoding->digits_due == 2) {
		if (octet == '\n') {
			decoding->soft_break = false;
			decoding->digits_due = 0;
			return;
		}
		if (space) {
			decoding->soft_break = true;
			return;
		}
	}
	if (decoding->soft_break || !is_hex(octet)) {
		decoding->content->decode = PART_DEFECTIVE;
		decoding->soft_break = false;
		decoding->digits_due = octet == '=' ? 2 : 0;
		return;
	}
	decoding->digits_due--;
}

static void
check_quoted(struct decoding *decoding, struct span span)
{
	size_t at = 0;

	while (at < span.n) {
		if (decoding->digits_due > 0) {
			check_escape(decoding, span.p[at++]);
			continue;
		}
		at += span_find(span_from(span, at), '=');
		if (at < span.n)
			decoding->digits_due = 2;
		at++;
	}
}

static void
push_quoted(struct sink *self, struct span span)
{
	struct decoding *decoding = (struct decoding *)self;

	check_quoted(decoding, span);
	decode(decoding, span);
}

static void
push_identity(struct sink *self, struct span span)
{
	take((struct decoding *)self, span);
}

/* Push "text", stored octets from the start of a line on, as they are read. */
static void
push_read(
    struct decoding *decoding, const struct message *message, struct span text)
{
	struct reading_stream stream;

	reading_start(
	    &stream, &message->reading, message->buffer, &decoding->sink);
	reading_push(&stream, text);
	reading_finish(&stream, false);
}

static void
hash_quoted(
    struct decoding *decoding, const struct message *message, struct span text)
{
	decoding->sink.push = push_quoted;
	g_mime_encoding_init_decode(
	    &decoding->state, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
	push_read(decoding, message, text);
	finish_decoding(decoding);
	if (decoding->digits_due == 1)
		decoding->content->decode = PART_DEFECTIVE;
}

void
part_content_hash(struct part_content *content, struct digest *digest,
    const struct message *message, const struct mime_part *part)
{
	struct decoding decoding = {
		.sink = { push_identity }, .digest = digest, .content = content
	};
	uint8_t hash[DIGEST_MAX_SIZE];

	content->size = 0;
	content->decode = PART_CLEAN;
	digest_reset(digest);
	switch (mime_part_encoding(&part->header)) {
	case MIME_BASE64:
		hash_base64(&decoding, part->body);
		break;
	case MIME_QUOTED_PRINTABLE:
		hash_quoted(&decoding, message, part->body);
		break;
	case MIME_ENCODING_UNKNOWN:
		content->decode = PART_UNKNOWN;
		push_read(&decoding, message, part->body);
		break;
	case MIME_IDENTITY:
		push_read(&decoding, message, part->body);
		break;
	}
	digest_finish(digest, hash);
	memcpy(content->sha256, hash, sizeof(content->sha256));
}
