/*
 * reading_oracle.h - what a reading is about, found in the plainest way, to
 * compare the fast one with: unit test and fuzz target.
 */
#ifndef TESTS_UNIT_READING_ORACLE_H
#define TESTS_UNIT_READING_ORACLE_H

#include "verifier/message/reading.h"

#include <glib.h>

static inline void
reading_oracle_traits(struct reading_traits *traits, struct span raw)
{
	*traits = (struct reading_traits){ .crlf = false };
	for (size_t i = 0; i < raw.n; i++) {
		size_t quotes = 0;

		if (raw.p[i] == '\n' && i > 0 && raw.p[i - 1] == '\r')
			traits->crlf = true;
		else if (raw.p[i] == '\n')
			traits->bare_lf = true;
		if (i > 0 && raw.p[i - 1] != '\n')
			continue;
		while (i + quotes < raw.n && raw.p[i + quotes] == '>')
			quotes++;
		if (quotes == 0 ||
		    !span_starts_with(
			span_from(raw, i + quotes), SPAN("From ")))
			continue;
		traits->quoted = true;
		traits->quoted_deep = traits->quoted_deep || quotes > 1;
	}
	traits->final_crlf = span_ends_with(raw, SPAN("\r\n"));
}

/* Are the traits of "raw" what they should be? */
static inline void
reading_oracle_check(struct span raw)
{
	struct reading_traits got, want;

	reading_traits_get(&got, raw);
	reading_oracle_traits(&want, raw);
	g_assert_cmpint(got.crlf, ==, want.crlf);
	g_assert_cmpint(got.bare_lf, ==, want.bare_lf);
	g_assert_cmpint(got.quoted, ==, want.quoted);
	g_assert_cmpint(got.quoted_deep, ==, want.quoted_deep);
	g_assert_cmpint(got.final_crlf, ==, want.final_crlf);
}

#endif
