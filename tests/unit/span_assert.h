/*
 * span_assert.h - the span assertion of all unit tests.
 */
#ifndef TESTS_UNIT_SPAN_ASSERT_H
#define TESTS_UNIT_SPAN_ASSERT_H

#include "keysnap/base/span.h"

/* Fail the running test, with both spans escaped, when they differ; "what"
 * names the case. */
#define span_assert_equal(what, got, want) \
	span_assert_equal_at(__FILE__, __LINE__, __func__, what, got, want)

void span_assert_equal_at(const char *file, int line, const char *function,
    const char *what, struct span got, struct span want);

#endif
