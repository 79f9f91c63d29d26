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
