/*
 * taglist.c - RFC 6376 section 3.2 tag-lists.
 *
 * Limit kept: TAGLIST_MAX tags.
 */
#include "keysnap/key/taglist.h"

#include "keysnap/base/octets16.h"
#include "keysnap/base/rfc5234.h"
#include "keysnap/base/text.h"

/* tag-name = ALPHA *ALNUMPUNC */
static bool
is_tag_name(struct span name)
{
	if (name.n == 0 || !rfc5234_is(name.p[0], RFC5234_ALPHA))
		return false;
	for (size_t i = 1; i < name.n; i++) {
		if (!rfc5234_is(name.p[i], RFC5234_ALPHA | RFC5234_DIGIT) &&
		    name.p[i] != '_')
			return false;
	}
	return true;
}

/* Does every CR and LF belong to a CRLF with WSP behind it? */
static bool
folds_well(struct span text)
{
	for (;;) {
		struct span line = span_sub(text, 0, span_find(text, '\n'));
		size_t cr = span_find(line, '\r');

		if (line.n == text.n)
			return cr == line.n;
		if (cr + 1 != line.n || text.n - line.n < 2 ||
		    !rfc5234_is(text.p[line.n + 1], RFC5234_WSP))
			return false;
		text = span_from(text, line.n + 1);
	}
}

/* How many octets at the front of "value" are printable ASCII or SP, by
 * blocks: most of a value, or nothing. */
static size_t
plain_run(struct span value)
{
	size_t n = 0;

	for (; value.n - n >= OCTETS16; n += OCTETS16) {
		octets16 block = octets16_load(value.p + n);

		if (octets16_any((octets16)(block < ' ') |
			(octets16)(block > '~') | octets16_equal(block, ';')))
			break;
	}
	return n;
}

/* tag-value = [ tval *( 1*(WSP / FWS) tval ) ] */
static bool
is_tag_value(struct span value, bool utf8_allowed)
{
	unsigned classes = RFC6376_VALCHAR | RFC5234_WSP | RFC5234_CRLF |
	    (utf8_allowed ? (unsigned)RFC5234_UTF8 : 0);
	unsigned seen = 0; /* classes */

	for (size_t i = 0; i < value.n; i++) {
		if (i % OCTETS16 == 0)
			i += plain_run(span_from(value, i));
		if (i == value.n)
			break;
		if (!rfc5234_is(value.p[i], classes))
			return false;
		seen |= rfc5234_table[value.p[i]];
	}
	return ((seen & RFC5234_CRLF) == 0 || folds_well(value)) &&
	    ((seen & RFC5234_UTF8) == 0 || text_is_utf8(value));
}

/* tag-spec = [FWS] tag-name [FWS] "=" [FWS] tag-value [FWS] */
static enum taglist_status
parse_tag_spec(struct tag *tag, struct span spec, bool utf8_allowed)
{
	size_t at = span_find(spec, '=');

	if (at == spec.n)
		return TAGLIST_NO_EQUALS;
	tag->name = span_trim_fws(span_sub(spec, 0, at));
	tag->raw_value = span_from(spec, at + 1);
	tag->value = span_trim_fws(tag->raw_value);
	if (!is_tag_name(tag->name) || !folds_well(span_sub(spec, 0, at)))
		return TAGLIST_BAD_NAME;
	if (!is_tag_value(tag->raw_value, utf8_allowed))
		return TAGLIST_BAD_VALUE;
	return TAGLIST_OK;
}

static bool
has_name(const struct taglist *list, struct span name)
{
	for (size_t i = 0; i < list->n; i++) {
		if (span_equal(list->tags[i].name, name))
			return true;
	}
	return false;
}

static enum taglist_status
add_tag_spec(struct taglist *list, struct span spec, bool utf8_allowed)
{
	struct tag tag;
	enum taglist_status status = parse_tag_spec(&tag, spec, utf8_allowed);

	if (status != TAGLIST_OK)
		return status;
	if (has_name(list, tag.name))
		return TAGLIST_DUPLICATE;
	if (list->n == TAGLIST_MAX)
		return TAGLIST_TOO_MANY;
	list->tags[list->n++] = tag;
	return TAGLIST_OK;
}

enum taglist_status
taglist_parse(
    struct taglist *list, struct span text, bool utf8_allowed, size_t *bad_out)
{
	size_t at = 0;

	list->n = 0;
	*bad_out = 0;
	while (at < text.n) {
		struct span rest = span_from(text, at);
		struct span spec = span_sub(rest, 0, span_find(rest, ';'));
		enum taglist_status status;

		/* Nothing, or white space, behind the last ";". */
		if (spec.n == rest.n && span_trim_fws(spec).n == 0 &&
		    folds_well(spec))
			break;
		status = add_tag_spec(list, spec, utf8_allowed);
		if (status != TAGLIST_OK) {
			*bad_out = at;
			return status;
		}
		at += spec.n + 1;
	}
	return TAGLIST_OK;
}

const struct tag *
taglist_get(const struct taglist *list, const char *name)
{
	struct span wanted = span_from_string(name);

	for (size_t i = 0; i < list->n; i++) {
		if (span_equal(list->tags[i].name, wanted))
			return &list->tags[i];
	}
	return NULL;
}

bool
taglist_next_element(struct span value, size_t *at, struct span *element_out)
{
	struct span rest, element;

	/* One past the end is where the last element leaves *at, so that the
	 * empty element behind a final ":" is still given. */
	if (*at > value.n || value.n == 0)
		return false;
	rest = span_from(value, *at);
	element = span_sub(rest, 0, span_find(rest, ':'));
	*at += element.n + 1;
	*element_out = span_trim_fws(element);
	return true;
}
