/* fuzz_taglist.c - tags lie inside the text, apart, with distinct names. */
#include "keysnap/key/taglist.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
lies_inside(struct span part, struct span text)
{
	return part.p >= text.p && part.p + part.n <= text.p + text.n;
}

static void
walk_elements(struct span value)
{
	struct span element;
	size_t at = 0, n = 0, octets = 0;

	while (taglist_next_element(value, &at, &element)) {
		g_assert(lies_inside(element, value));
		g_assert(span_find(element, ':') == element.n);
		octets += element.n;
		n++;
	}
	g_assert((n == 0) == (value.n == 0));
	g_assert(n == 0 || octets + n - 1 <= value.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { data, size };
	struct taglist strict, utf8;
	size_t bad_strict, bad_utf8;
	enum taglist_status status =
	    taglist_parse(&strict, text, false, &bad_strict);

	taglist_parse(&utf8, text, true, &bad_utf8);
	g_assert(strict.n <= utf8.n && utf8.n <= TAGLIST_MAX);
	g_assert(status == TAGLIST_OK || bad_strict < size);
	for (size_t i = 0; i < utf8.n; i++) {
		const struct tag *tag = &utf8.tags[i];

		g_assert(lies_inside(tag->name, text) && tag->name.n > 0);
		g_assert(lies_inside(tag->raw_value, text));
		g_assert(lies_inside(tag->value, tag->raw_value));
		g_assert(span_find(tag->raw_value, ';') == tag->raw_value.n);
		for (size_t k = 0; k < i; k++)
			g_assert(!span_equal(utf8.tags[k].name, tag->name));
		walk_elements(tag->value);
	}
	return 0;
}
