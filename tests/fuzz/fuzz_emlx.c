/*
 * fuzz_emlx.c - the message lies in the file, behind the count line; the
 * start alone tells the same; a file cut anywhere is never whole and longer.
 */
#include "verifier/archive/emlx.h"

#include <glib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span file = { data, size };
	struct emlx emlx, half;
	bool found = emlx_parse(file, &emlx);

	emlx_is_partial(file);
	g_assert(emlx_is_emlx(span_sub(file, 0, EMLX_START)) == found);
	if (!found)
		return 0;
	g_assert(emlx.offset >= 2 && emlx.offset <= EMLX_COUNT_LINE);
	g_assert(data[emlx.offset - 1] == '\n');
	g_assert(emlx.length <= size - emlx.offset);
	g_assert((emlx.defect == EMLX_CUT) == (emlx.length < emlx.count));
	if (emlx_parse(span_sub(file, 0, emlx.offset + emlx.length / 2), &half))
		g_assert(half.offset == emlx.offset &&
		    half.length <= emlx.length &&
		    (half.length == emlx.length || half.defect == EMLX_CUT));
	return 0;
}
