/*
 * fuzz_json_scan.c - any octets gone through as JSON, without end or harm; of
 * canonical JSON the members that a parser finds.
 */
#include "keysnap/base/json.h"
#include "keysnap/base/json_scan.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_members(struct span text, const json_t *want, unsigned depth)
{
	struct json_scan scan;
	struct span name, value;
	size_t n = 0;

	json_scan_object(&scan, text);
	for (; json_scan_member(&scan, &name, &value); n++) {
		g_autofree char *key = span_dup(name);
		const json_t *member = json_object_get(want, key);
		struct span string;

		if (want != NULL && member == NULL)
			g_error("a member that is none");
		if (json_is_string(member) && json_scan_text(value, &string) &&
		    !span_equal(string,
			(struct span){
			    (const uint8_t *)json_string_value(member),
			    json_string_length(member) }))
			g_error("a member of another value");
		if (depth > 0)
			check_members(value,
			    json_is_object(member) ? member : NULL, depth - 1);
	}
	if (want != NULL && !scan.bad && n != json_object_size(want))
		g_error("members are missing");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct span text = { data, size };
	const char *why;
	json_t *whole = json_parse_line(arena, text, true, &why);

	check_members(text, whole, 3);
	json_decref(whole);
	return 0;
}
