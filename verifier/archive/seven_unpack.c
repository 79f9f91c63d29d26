/*
 * seven_unpack.c - the packed header of a 7z file.
 */
#include "verifier/archive/seven_unpack.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>

/* The settings of LZMA or LZMA2, for liblzma; false when it is neither. */
static bool
set_filter(uint64_t coder, struct span settings, lzma_filter *filter)
{
	filter->options = NULL;
	filter->id =
	    coder == SEVEN_LZMA ? LZMA_FILTER_LZMA1 : LZMA_FILTER_LZMA2;
	return (coder == SEVEN_LZMA || coder == SEVEN_LZMA2) &&
	    lzma_properties_decode(filter, NULL, settings.p, settings.n) ==
	    LZMA_OK;
}

/* Fill all of "out"; LZMA1 in a 7z has no end mark, so there may be none. */
static bool
decode(struct span packed, const lzma_filter *filters, GByteArray *out)
{
	lzma_stream lzma = LZMA_STREAM_INIT;
	lzma_ret got = lzma_raw_decoder(&lzma, filters);

	lzma.next_in = packed.p;
	lzma.avail_in = packed.n;
	lzma.next_out = out->data;
	lzma.avail_out = out->len;
	while (got == LZMA_OK && lzma.avail_out > 0)
		got = lzma_code(&lzma, LZMA_RUN);
	lzma_end(&lzma);
	return lzma.avail_out == 0;
}

GByteArray *
seven_unpack(
    struct span packed, uint64_t coder, struct span settings, size_t size)
{
	lzma_filter filters[2] = { { 0 }, { LZMA_VLI_UNKNOWN, NULL } };
	GByteArray *out = g_byte_array_new();
	bool good = false;

	g_byte_array_set_size(out, (guint)size);
	if (coder == SEVEN_COPY && packed.n == size) {
		if (packed.n > 0)
			memcpy(out->data, packed.p, packed.n);
		good = true;
	} else if (set_filter(coder, settings, &filters[0])) {
		good = decode(packed, filters, out);
		free(filters[0].options);
	}
	if (good)
		return out;
	g_byte_array_unref(out);
	return NULL;
}
