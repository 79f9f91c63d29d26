/*
 * span.c - borrowed runs of bytes.
 */
#include "keysnap/base/span.h"

#include "keysnap/base/rfc5234.h"

#include <glib.h>

bool
span_same_letters(const uint8_t *a, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (a[i] != b[i] && rfc5234_lower(a[i]) != rfc5234_lower(b[i]))
			return false;
	}
	return true;
}

int
span_compare(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n == 0 ? 0 : memcmp(a.p, b.p, n);

	if (order != 0)
		return order;
	return (a.n > b.n) - (a.n < b.n);
}

static struct span
trim(struct span span, unsigned classes)
{
	while (span.n > 0 && rfc5234_is(span.p[0], classes))
		span = span_from(span, 1);
	while (span.n > 0 && rfc5234_is(span.p[span.n - 1], classes))
		span.n--;
	return span;
}

#define EACH(octet) (UINT64_C(0x0101010101010101) * (octet))

/* A bit set in the first octet of "eight" that is below "octet", and in none
 * before it; what is set behind it may be wrong. */
static uint64_t
below(uint64_t eight, uint8_t octet)
{
	return (eight - EACH(octet)) & ~eight & EACH(0x80);
}

static bool
is_plain(uint8_t octet)
{
	return octet >= 0x20 && octet <= 0x7e && octet != '"' && octet != '\\';
}

size_t
span_plain(struct span span)
{
	size_t n = 0;

	/* Eight at once, until one of them is not plain. */
	while (span.n - n >= 8) {
		uint64_t eight;

		memcpy(&eight, span.p + n, 8);
		if ((below(eight, 0x20) | (eight & EACH(0x80)) |
			below(eight ^ EACH('"'), 1) |
			below(eight ^ EACH('\\'), 1) |
			below(eight ^ EACH(0x7f), 1)) != 0)
			break;
		n += 8;
	}
	while (n < span.n && is_plain(span.p[n]))
		n++;
	return n;
}

struct span
span_trim_wsp(struct span span)
{
	return trim(span, RFC5234_WSP);
}

struct span
span_trim_fws(struct span span)
{
	return trim(span, RFC5234_WSP | RFC5234_CRLF);
}

char *
span_dup(struct span span)
{
	char *copy = g_malloc(span.n + 1);

	if (span.n > 0)
		memcpy(copy, span.p, span.n);
	copy[span.n] = '\0';
	return copy;
}
