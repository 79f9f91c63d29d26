/*
 * fuzz_gunzip.c - any octets through gunzip, in two sizes of reads: the same
 * comes out, and what is no gzip comes out as it went in.
 */
#include "keysnap/import/gunzip.h"

#include <glib.h>
#include <string.h>

#define OUTPUT_MAX (1 << 20) /* octets to look at */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct below {
	struct span rest;
	size_t step;
};

static ssize_t
read_below(void *user, char *out, size_t size)
{
	struct below *below = user;
	size_t n = MIN(MIN(size, below->step), below->rest.n);

	if (n > 0)
		memcpy(out, below->rest.p, n);
	below->rest = span_from(below->rest, n);
	return (ssize_t)n;
}

static GString *
run(struct span octets, size_t step, const char **why_out)
{
	struct below below = { octets, step };
	GString *out = g_string_new(NULL);
	struct gunzip gunzip;
	FILE *stream;
	char block[4096];
	size_t n;

	gunzip_init(&gunzip, read_below, &below);
	stream = gunzip_stream(&gunzip);
	g_assert(stream != NULL);
	while (out->len < OUTPUT_MAX &&
	    (n = fread(block, 1, sizeof(block), stream)) > 0)
		g_string_append_len(out, block, (gssize)n);
	*why_out = gunzip.why;
	fclose(stream);
	gunzip_clear(&gunzip);
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span octets = { data, size };
	const char *why, *why_again;
	GString *out = run(octets, 3, &why);
	GString *again = run(octets, SIZE_MAX, &why_again);

	/* How much comes out before damage is found depends on the reads. */
	if (out->len < OUTPUT_MAX && again->len < OUTPUT_MAX)
		g_assert(why == why_again &&
		    (why != NULL || g_string_equal(out, again)));
	if (!span_starts_with(octets, SPAN("\x1f\x8b")) && size < OUTPUT_MAX)
		g_assert(why == NULL && out->len == size &&
		    (size == 0 || memcmp(out->str, data, size) == 0));
	g_string_free(out, TRUE);
	g_string_free(again, TRUE);
	return 0;
}
