/*
 * member_name.c - what the name of a member in a container gives away.
 */
#include "verifier/archive/member_name.h"

#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"
#include "verifier/archive/container.h"

/* Cut the part before the next "/" off "rest". */
static struct span
next_part(struct span *rest)
{
	size_t slash = span_find(*rest, '/');
	struct span part = span_sub(*rest, 0, slash);

	*rest = span_from(*rest, slash + 1);
	return part;
}

static bool
has_parent(struct span name)
{
	while (name.n > 0) {
		if (span_equal(next_part(&name), SPAN("..")))
			return true;
	}
	return false;
}

unsigned
member_name_notes(struct span name)
{
	unsigned notes = 0;

	if (span_starts_with(name, SPAN("/")))
		notes |= MEMBER_ABSOLUTE_NAME;
	if (has_parent(name))
		notes |= MEMBER_PARENT_NAME;
	if (!text_is_utf8(name))
		notes |= MEMBER_NAME_NOT_UTF8;
	return notes;
}

/* TIME "." UNIQUE "." HOST, as it is before delivery. */
static bool
is_delivery(struct span file)
{
	size_t dot = span_find(file, '.');

	for (size_t i = 0; i < dot; i++)
		if (!rfc5234_is(file.p[i], RFC5234_DIGIT))
			return false;
	file = span_from(file, dot + 1);
	return dot >= MEMBER_TIME_DIGITS && span_find(file, '.') < file.n;
}

enum member_place
member_name_place(struct span name)
{
	struct span folder = { 0 }, file = { 0 };

	while (name.n > 0) {
		folder = file;
		file = next_part(&name);
	}
	if (file.n == 0 || !rfc5234_is(file.p[0], RFC5234_DIGIT) ||
	    span_find(file, '.') == file.n)
		return MEMBER_ANYWHERE;
	if (span_equal(folder, SPAN("cur")) || span_equal(folder, SPAN("new")))
		return MEMBER_IN_MAILDIR;
	if (span_equal(folder, SPAN("tmp")) && is_delivery(file))
		return MEMBER_IN_TMP;
	return MEMBER_ANYWHERE;
}
