/* span_assert.c - the span assertion of all unit tests. */
#include "tests/unit/span_assert.h"

#include <glib.h>

static char *
escape(struct span span)
{
	GString *out = g_string_new("\"");

	for (size_t i = 0; i < span.n; i++) {
		uint8_t octet = span.p[i];

		if (octet >= 0x20 && octet <= 0x7e && octet != '\\')
			g_string_append_c(out, (char)octet);
		else
			g_string_append_printf(out, "\\x%02x", octet);
	}
	g_string_append_printf(out, "\" (%zu)", span.n);
	return g_string_free(out, FALSE);
}

void
span_assert_equal_at(const char *file, int line, const char *function,
    const char *what, struct span got, struct span want)
{
	g_autofree char *got_text = NULL;
	g_autofree char *want_text = NULL;
	g_autofree char *message = NULL;

	if (span_equal(got, want))
		return;
	got_text = escape(got);
	want_text = escape(want);
	message =
	    g_strdup_printf("%s: got %s, want %s", what, got_text, want_text);
	g_assertion_message(G_LOG_DOMAIN, file, line, function, message);
}
