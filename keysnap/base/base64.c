/*
 * base64.c - RFC 4648 section 4.
 */
#include "keysnap/base/base64.h"

#include "keysnap/base/rfc5234.h"

/* A group still open while decoding. */
struct group {
	uint32_t bits;
	unsigned sextets; /* 0 to 3 */
	unsigned padding; /* "=" seen */
};

void
base64_append(GString *out, struct span span)
{
	gsize at = out->len;
	gint state = 0, save = 0;
	gsize n;

	if (span.n == 0)
		return;
	/* g_base64_encode_step() asks for (n / 3 + 1) * 4 + 4 octets. */
	g_assert(span.n < G_MAXSIZE / 2);
	g_string_set_size(out, at + (span.n / 3 + 1) * 4 + 4);
	n = g_base64_encode_step(
	    span.p, span.n, FALSE, out->str + at, &state, &save);
	n += g_base64_encode_close(FALSE, out->str + at + n, &state, &save);
	g_string_truncate(out, at + n);
}

/* The sextet of an octet, with this bit, which no other octet has. */
#define IS_SEXTET 0x40

/* clang-format off */
static const uint8_t sextets[256] = {
	['A'] =  64,  65,  66,  67,  68,  69,  70,  71,  72,  73,  74,  75,  76,
		 77,  78,  79,  80,  81,  82,  83,  84,  85,  86,  87,  88,  89,
	['a'] =  90,  91,  92,  93,  94,  95,  96,  97,  98,  99, 100, 101, 102,
		103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115,
	['0'] = 116, 117, 118, 119, 120, 121, 122, 123, 124, 125,
	['+'] = 126,
	['/'] = 127,
};
/* clang-format on */

static uint32_t
sextet_of(uint8_t octet)
{
	return sextets[octet] & (IS_SEXTET - 1u);
}

/* Decode four octets to three, if they are a group without padding. */
static bool
decode_four(const uint8_t *p, uint8_t *out)
{
	uint32_t bits;

	if ((sextets[p[0]] & sextets[p[1]] & sextets[p[2]] & sextets[p[3]] &
		IS_SEXTET) == 0)
		return false;
	bits = sextet_of(p[0]) << 18 | sextet_of(p[1]) << 12 |
	    sextet_of(p[2]) << 6 | sextet_of(p[3]);
	out[0] = (uint8_t)(bits >> 16);
	out[1] = (uint8_t)(bits >> 8);
	out[2] = (uint8_t)bits;
	return true;
}

/* Add one sextet; three octets go to "out" when it fills the group. */
static uint8_t *
add_sextet(struct group *group, uint32_t sextet, uint8_t *out)
{
	group->bits = group->bits << 6 | sextet;
	if (++group->sextets < 4)
		return out;
	*out++ = (uint8_t)(group->bits >> 16);
	*out++ = (uint8_t)(group->bits >> 8);
	*out++ = (uint8_t)group->bits;
	*group = (struct group){ 0 };
	return out;
}

/* Write what an open group holds; the padding must fill it exactly. */
static enum base64_status
close_group(const struct group *group, uint8_t **out)
{
	uint32_t unused;

	if (group->sextets == 0)
		return group->padding == 0 ? BASE64_OK : BASE64_BAD_LENGTH;
	if (group->sextets == 1 || group->sextets + group->padding != 4)
		return BASE64_BAD_LENGTH;
	if (group->sextets == 2) {
		*(*out)++ = (uint8_t)(group->bits >> 4);
		unused = group->bits & 0xf;
	} else {
		*(*out)++ = (uint8_t)(group->bits >> 10);
		*(*out)++ = (uint8_t)(group->bits >> 2);
		unused = group->bits & 0x3;
	}
	return unused == 0 ? BASE64_OK : BASE64_UNUSED_BITS;
}

/* Decode groups without padding from "at" on; returns where they end. */
static size_t
decode_groups(struct span text, size_t at, uint8_t **out)
{
	uint8_t *to = *out;

	while (text.n - at >= 4 && decode_four(text.p + at, to)) {
		to += 3;
		at += 4;
	}
	*out = to;
	return at;
}

/* Decode to "out", which has room; octets of "skipped" classes are ignored.
 * Between these, four octets are taken at a time. */
static enum base64_status
decode(struct span text, unsigned skipped, uint8_t **out)
{
	struct group group = { 0 };

	for (size_t i = 0; i < text.n; i++) {
		if (group.sextets == 0 && group.padding == 0)
			i = decode_groups(text, i, out);
		if (i == text.n)
			break;
		uint8_t octet = text.p[i];
		if (rfc5234_is(octet, RFC4648_BASE64)) {
			if (group.padding > 0)
				return BASE64_BAD_LENGTH;
			*out = add_sextet(&group, sextet_of(octet), *out);
		} else if (octet == '=') {
			if (++group.padding > 2)
				return BASE64_BAD_LENGTH;
		} else if (!rfc5234_is(octet, skipped)) {
			return BASE64_BAD_CHARACTER;
		}
	}
	return close_group(&group, out);
}

static enum base64_status
decode_to_arena(struct arena *arena, struct span text, unsigned skipped,
    struct span *octets_out)
{
	uint8_t *octets = arena_alloc(arena, text.n / 4 * 3 + 3);
	uint8_t *end = octets;
	enum base64_status status = decode(text, skipped, &end);

	*octets_out = (struct span){ octets, (size_t)(end - octets) };
	if (status != BASE64_OK && status != BASE64_UNUSED_BITS)
		*octets_out = (struct span){ NULL, 0 };
	return status;
}

bool
base64_decode_strict(
    struct arena *arena, struct span text, struct span *octets_out)
{
	if (decode_to_arena(arena, text, 0, octets_out) == BASE64_OK)
		return true;
	*octets_out = (struct span){ NULL, 0 };
	return false;
}

enum base64_status
base64_decode_fws(
    struct arena *arena, struct span text, struct span *octets_out)
{
	return decode_to_arena(
	    arena, text, RFC5234_WSP | RFC5234_CRLF, octets_out);
}
