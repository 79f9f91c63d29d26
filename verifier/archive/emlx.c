/*
 * emlx.c - Apple Mail .emlx: a count line, the message, a property list.
 *
 * The count has at most EMLX_COUNT_DIGITS digits, so it cannot overflow, and
 * is only compared with what is there.
 */
#include "verifier/archive/emlx.h"

#include "keysnap/base/rfc5234.h"
#include "verifier/archive/from_line.h"

#include <string.h>

/* Parse 1*DIGIT *WSP [CR] LF; the octets of the line, or 0.  A CR comes from
 * whoever converted the file's line ends. */
static size_t
parse_count_line(struct span start, uint64_t *count_out)
{
	uint64_t count = 0;
	size_t at = 0;

	start = span_sub(start, 0, EMLX_COUNT_LINE);
	while (at < start.n && rfc5234_is(start.p[at], RFC5234_DIGIT)) {
		if (at == EMLX_COUNT_DIGITS)
			return 0;
		count = 10 * count + (uint64_t)(start.p[at++] - '0');
	}
	if (at == 0)
		return 0;
	while (at < start.n && rfc5234_is(start.p[at], RFC5234_WSP))
		at++;
	if (at < start.n && start.p[at] == '\r')
		at++;
	if (at == start.n || start.p[at] != '\n')
		return 0;
	*count_out = count;
	return at + 1;
}

static bool
begins_like_mail(struct span message)
{
	if (span_starts_with(message, SPAN("\xef\xbb\xbf")))
		message = span_from(message, 3);
	return from_line_is_field(message);
}

/* One list, and nothing behind it: other mail could hide between two. */
static bool
is_property_list(struct span text)
{
	static const struct span end = { (const uint8_t *)"</plist>", 8 };
	const uint8_t *first = memmem(text.p, text.n, end.p, end.n);

	return first != NULL && first + end.n == text.p + text.n &&
	    (span_starts_with(text, SPAN("<?xml")) ||
		span_starts_with(text, SPAN("<!DOCTYPE plist")) ||
		span_starts_with(text, SPAN("<plist")));
}

static enum emlx_defect
judge_rest(struct span rest)
{
	rest = span_trim_fws(rest);
	if (rest.n == 0)
		return EMLX_NO_LIST;
	return is_property_list(rest) ? EMLX_WHOLE : EMLX_OTHER_LIST;
}

bool
emlx_is_emlx(struct span start)
{
	uint64_t count;
	size_t n;

	start = span_sub(start, 0, EMLX_START);
	n = parse_count_line(start, &count);
	return n > 0 && begins_like_mail(span_from(start, n));
}

bool
emlx_parse(struct span file, struct emlx *emlx_out)
{
	*emlx_out = (struct emlx){ 0 };
	if (!emlx_is_emlx(file))
		return false;
	emlx_out->offset = parse_count_line(file, &emlx_out->count);
	struct span rest = span_from(file, emlx_out->offset);
	emlx_out->length = rest.n;
	if (emlx_out->count > rest.n) {
		emlx_out->defect = EMLX_CUT;
		return true;
	}
	emlx_out->length = (size_t)emlx_out->count;
	emlx_out->defect = judge_rest(span_from(rest, emlx_out->length));
	return true;
}

bool
emlx_is_partial(struct span name)
{
	const struct span ending = SPAN(".partial.emlx");

	return name.n > ending.n &&
	    span_equal_nocase(span_from(name, name.n - ending.n), ending);
}

const char *
emlx_defect_code(enum emlx_defect defect)
{
	switch (defect) {
	case EMLX_CUT:
		return "emlx-cut";
	case EMLX_NO_LIST:
		return "emlx-no-list";
	case EMLX_OTHER_LIST:
		return "emlx-other-list";
	case EMLX_WHOLE:
		break;
	}
	return NULL;
}
