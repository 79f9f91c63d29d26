/*
 * span_assert.h - the span assertion of all unit tests.
 */
#ifndef TESTS_UNIT_SPAN_ASSERT_H
#define TESTS_UNIT_SPAN_ASSERT_H

#include "keysnap/base/span.h"

/* span_assert_equal(what, got, want): fail the running test, with both spans
 * escaped, when they differ; "what" names the case. */
#define span_assert_equal(...) \
	span_assert_equal_at(__FILE__, __LINE__, __func__, __VA_ARGS__)

void span_assert_equal_at(const char *file, int line, const char *function,
    const char *what, struct span got, struct span want);

#endif
