/*
 * span.c - borrowed runs of bytes.
 *
 * memcmp() and memchr() are never given the NULL of an empty span.
 */
#include "keysnap/base/span.h"

#include "keysnap/base/rfc5234.h"

#include <glib.h>
#include <string.h>

struct span
span_from_string(const char *string)
{
	if (string == NULL)
		return (struct span){ NULL, 0 };
	return (struct span){ (const uint8_t *)string, strlen(string) };
}

struct span
span_sub(struct span span, size_t at, size_t n)
{
	struct span rest = span_from(span, at);

	return (struct span){ rest.p, n < rest.n ? n : rest.n };
}

struct span
span_from(struct span span, size_t at)
{
	if (span.n == 0)
		return span;
	if (at > span.n)
		at = span.n;
	return (struct span){ span.p + at, span.n - at };
}

bool
span_equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool
span_equal_nocase(struct span a, struct span b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (rfc5234_lower(a.p[i]) != rfc5234_lower(b.p[i]))
			return false;
	}
	return true;
}

bool
span_starts_with(struct span span, struct span part)
{
	return span_equal(span_sub(span, 0, part.n), part);
}

bool
span_ends_with(struct span span, struct span part)
{
	return part.n <= span.n &&
	    span_equal(span_from(span, span.n - part.n), part);
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

size_t
span_find(struct span span, uint8_t octet)
{
	const uint8_t *hit = span.n == 0 ? NULL : memchr(span.p, octet, span.n);

	return hit == NULL ? span.n : (size_t)(hit - span.p);
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
