/* json_scan.c - see json_scan.h.  Time is linear for each level of nesting. */
#include "keysnap/base/json_scan.h"

#include "keysnap/base/rfc5234.h"

#define COUNT_DIGITS 16 /* 2^53 has as many */

/* The octets of the string that "rest" begins with, marks included; 0 when it
 * does not close. */
static size_t
string_length(struct span rest)
{
	size_t at = 1;

	while (at < rest.n) {
		size_t end = at + span_find(span_from(rest, at), '"');
		size_t slashes = 0;

		if (end == rest.n)
			return 0;
		while (end - slashes > 1 && rest.p[end - slashes - 1] == '\\')
			slashes++;
		if (slashes % 2 == 0)
			return end + 1;
		at = end + 1;
	}
	return 0;
}

/* The octets of an object or array; 0 when it does not close. */
static size_t
nested_length(struct span rest)
{
	size_t depth = 0, at = 0;

	while (at < rest.n) {
		uint8_t c = rest.p[at];

		if (c == '"') {
			size_t n = string_length(span_from(rest, at));

			if (n == 0)
				return 0;
			at += n;
			continue;
		}
		at++;
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			return at;
	}
	return 0;
}

static size_t
value_length(struct span rest)
{
	size_t n = 0;

	if (rest.n == 0)
		return 0;
	if (rest.p[0] == '"')
		return string_length(rest);
	if (rest.p[0] == '{' || rest.p[0] == '[')
		return nested_length(rest);
	/* Numbers and words: integers, null, true, false. */
	while (n < rest.n && rfc5234_is(rest.p[n], RFC6376_HYPHENATED))
		n++;
	return n;
}

static void
start(struct json_scan *scan, struct span value, uint8_t open, uint8_t close)
{
	*scan = (struct json_scan){ .close = close, .first = true };
	scan->bad =
	    value.n < 2 || value.p[0] != open || value.p[value.n - 1] != close;
	if (!scan->bad)
		scan->rest = span_from(value, 1);
}

void
json_scan_object(struct json_scan *scan, struct span value)
{
	start(scan, value, '{', '}');
}

void
json_scan_array(struct json_scan *scan, struct span value)
{
	start(scan, value, '[', ']');
}

static bool
fail(struct json_scan *scan)
{
	scan->bad = true;
	return false;
}

/* Past the comma before the next one; false at the end. */
static bool
next(struct json_scan *scan)
{
	if (scan->bad)
		return false;
	if (scan->rest.n == 1 && scan->rest.p[0] == scan->close)
		return false;
	if (!scan->first) {
		if (scan->rest.n == 0 || scan->rest.p[0] != ',')
			return fail(scan);
		scan->rest = span_from(scan->rest, 1);
	}
	scan->first = false;
	return true;
}

static bool
take(struct json_scan *scan, struct span *value_out)
{
	size_t n = value_length(scan->rest);

	if (n == 0)
		return fail(scan);
	*value_out = span_sub(scan->rest, 0, n);
	scan->rest = span_from(scan->rest, n);
	return true;
}

bool
json_scan_member(
    struct json_scan *scan, struct span *name_out, struct span *value_out)
{
	struct span name;

	if (!next(scan))
		return false;
	if (scan->rest.n == 0 || scan->rest.p[0] != '"' || !take(scan, &name) ||
	    !json_scan_text(name, name_out) || scan->rest.n == 0 ||
	    scan->rest.p[0] != ':')
		return fail(scan);
	scan->rest = span_from(scan->rest, 1);
	return take(scan, value_out);
}

bool
json_scan_element(struct json_scan *scan, struct span *value_out)
{
	return next(scan) && take(scan, value_out);
}

bool
json_scan_text(struct span value, struct span *text_out)
{
	*text_out = (struct span){ NULL, 0 };
	if (span_equal(value, SPAN("null")))
		return true;
	if (value.n < 2 || value.p[0] != '"' || value.p[value.n - 1] != '"' ||
	    span_find(value, '\\') < value.n)
		return false;
	*text_out = (struct span){ value.p + 1, value.n - 2 };
	return true;
}

bool
json_scan_count(struct span value, uint64_t *count_out)
{
	*count_out = 0;
	if (value.n == 0 || value.n > COUNT_DIGITS)
		return false;
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] < '0' || value.p[i] > '9')
			return false;
		*count_out = *count_out * 10 + (value.p[i] - '0');
	}
	return true;
}
