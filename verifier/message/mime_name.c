/*
 * mime_name.c - see mime_name.h.  MIME_NAME_FIELD_MAX octets of a field are
 * looked at.
 */
#include "verifier/message/mime_name.h"

#include "keysnap/base/text.h"
#include "verifier/message/display.h"

#include <gmime/gmime.h>
#include <string.h>

#define MIME_NAME_FIELD_MAX 8192

static struct span
get_value(const struct mime_part *part, struct span name)
{
	const struct header_field *field = header_get(&part->header, name, 0);

	return field == NULL ? SPAN("") : span_trim_fws(field->value);
}

struct span
mime_disposition(const struct mime_part *part)
{
	struct span value = get_value(part, SPAN("Content-Disposition"));

	return span_trim_fws(span_sub(value, 0, span_find(value, ';')));
}

static struct span
shorten(struct span text)
{
	size_t n = MIN(text.n, MIME_NAME_MAX);

	while (n < text.n && n > 0 && (text.p[n] & 0xc0) == 0x80)
		n--;
	return span_sub(text, 0, n);
}

/* Most fields have no name, and need no GMime. */
static bool
mentions_name(struct span value)
{
	const struct span name = SPAN("name");

	for (size_t at = 0; at + name.n < value.n; at++) {
		if (span_equal_nocase(span_sub(value, at, name.n), name))
			return true;
	}
	return false;
}

/* The parameter "name" among those of the field value "value". */
static struct span
find_parameter(struct arena *arena, struct span value, const char *name)
{
	struct span found = { NULL, 0 };
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) clean = g_string_new(NULL);

	value = span_sub(value, 0, MIME_NAME_FIELD_MAX);
	value = span_from(value, span_find(value, ';') + 1);
	if (!mentions_name(value))
		return found;
	display_append_unfolded(text, value);
	GMimeParserOptions *options = display_parser_options();
	GMimeParamList *list = g_mime_param_list_parse(options, text->str);
	GMimeParam *param =
	    list == NULL ? NULL : g_mime_param_list_get_parameter(list, name);
	const char *raw = param == NULL ? NULL : g_mime_param_get_value(param);
	if (raw != NULL) {
		text_append_utf8(clean, span_from_string(raw));
		found = arena_copy(arena,
		    shorten((struct span){
			(const uint8_t *)clean->str, clean->len }));
	}
	g_clear_object(&list);
	g_mime_parser_options_free(options);
	return found;
}

struct span
mime_name_get(struct arena *arena, const struct mime_part *part)
{
	struct span name = find_parameter(
	    arena, get_value(part, SPAN("Content-Disposition")), "filename");

	return name.p != NULL ? name
			      : find_parameter(arena, part->type, "name");
}
