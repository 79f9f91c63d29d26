/*
 * content_length.c - the Content-Length of a message in a mailbox.
 */
#include "verifier/archive/content_length.h"

#include "keysnap/base/rfc5234.h"

static bool
parse_length(struct span value, uint64_t max, uint64_t *length_out)
{
	uint64_t n = 0;

	value = span_trim_fws(value);
	for (size_t i = 0; i < value.n; i++) {
		if (!rfc5234_is(value.p[i], RFC5234_DIGIT))
			return false;
		n = 10 * n + (uint64_t)(value.p[i] - '0');
		if (n > max)
			return false;
	}
	*length_out = n;
	return value.n > 0;
}

/* Does the field before "rest" go on there? */
static bool
is_folded(struct span rest)
{
	return rest.n > 0 && rfc5234_is(rest.p[0], RFC5234_WSP);
}

bool
content_length_find(struct span section, uint64_t max, uint64_t *length_out)
{
	const struct span name = SPAN("content-length:");
	size_t seen = 0;
	bool good = false;

	while (section.n > 0) {
		struct span line =
		    span_sub(section, 0, span_find(section, '\n') + 1);
		section = span_from(section, line.n);
		if (!span_equal_nocase(span_sub(line, 0, name.n), name))
			continue;
		seen++;
		good = !is_folded(section) &&
		    parse_length(span_from(line, name.n), max, length_out);
	}
	return seen == 1 && good;
}
