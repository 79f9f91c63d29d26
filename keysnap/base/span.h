/*
 * span.h - a borrowed run of bytes.
 *
 * Mail, keys and DNS data are spans from the first read to the last hash.
 * A span owns nothing, may hold any octet (NUL too), and lives as long as
 * the memory that it points into.  No str*() and no ctype on spans.
 *
 * The small ones are inline: parsers call them for every few octets of mail.
 * memcmp() and memchr() are never given the NULL of an empty span.
 */
#ifndef KEYSNAP_BASE_SPAN_H
#define KEYSNAP_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
	const uint8_t *p; /* may be NULL when n is 0 */
	size_t n;	  /* octets */
};

/* The span over a string literal, without its final NUL. */
#define SPAN(literal) \
	((struct span){ (const uint8_t *)(literal), sizeof(literal) - 1 })

/* The span over a C string of ours, without its NUL; NULL gives the empty
 * span.  Never for text from outside, which may hold NUL. */
static inline struct span
span_from_string(const char *string)
{
	if (string == NULL)
		return (struct span){ NULL, 0 };
	return (struct span){ (const uint8_t *)string, strlen(string) };
}

/* What is left of "span" from offset "at" on. */
static inline struct span
span_from(struct span span, size_t at)
{
	if (span.n == 0)
		return span;
	if (at > span.n)
		at = span.n;
	return (struct span){ span.p + at, span.n - at };
}

/* "n" octets of "span" from offset "at"; both are cut to what is there. */
static inline struct span
span_sub(struct span span, size_t at, size_t n)
{
	struct span rest = span_from(span, at);

	return (struct span){ rest.p, n < rest.n ? n : rest.n };
}

/* Same octets? */
static inline bool
span_equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Are the "n" octets at "a" and "b" the same but for the case of letters? */
bool span_same_letters(const uint8_t *a, const uint8_t *b, size_t n);

/* Same octets, ASCII letters compared without case (RFC 5234 2.3)? */
static inline bool
span_equal_nocase(struct span a, struct span b)
{
	return a.n == b.n && span_same_letters(a.p, b.p, a.n);
}

/* Does "span" begin, or end, with "part"? */
static inline bool
span_starts_with(struct span span, struct span part)
{
	return part.n <= span.n && span_equal(span_sub(span, 0, part.n), part);
}

static inline bool
span_ends_with(struct span span, struct span part)
{
	return part.n <= span.n &&
	    span_equal(span_from(span, span.n - part.n), part);
}

/* Order by octets, then by length: <0, 0, >0. */
int span_compare(struct span a, struct span b);

/* Offset of the first "octet" in "span", or span.n when there is none. */
static inline size_t
span_find(struct span span, uint8_t octet)
{
	const uint8_t *hit = span.n == 0
	    ? NULL : (const uint8_t *)memchr(span.p, octet, span.n);

	return hit == NULL ? span.n : (size_t)(hit - span.p);
}

/* How many octets stand before the first one that is not printable ASCII (SP
 * to "~"), or is a quote or a backslash. */
size_t span_plain(struct span span);

/* "span" without leading and trailing WSP (SP, HTAB). */
struct span span_trim_wsp(struct span span);

/* "span" without leading and trailing SP, HTAB, CR and LF: FWS of RFC 6376
 * section 2.8, for text whose line structure has been checked before. */
struct span span_trim_fws(struct span span);

/* A new NUL-terminated copy, to be freed with g_free().  For text of ours
 * and for octets checked to hold no NUL. */
char *span_dup(struct span span);

#endif
