/*
 * source_read.c - what readers of containers do with sources.
 */
#include "verifier/archive/container_reader.h"

#include <stdarg.h>

#define DRAIN_STEP (64u << 10)

void
container_error(
    GError **error, enum archive_error code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_propagate_error(error,
	    g_error_new_valist(ARCHIVE_ERROR, (gint)code, format, arguments));
	va_end(arguments);
}

gssize
source_read_full(struct source *source, uint8_t *out, size_t n, GError **error)
{
	size_t have = 0;

	while (have < n) {
		GError *problem = NULL;
		gssize got =
		    source->class->read(source, out + have, n - have, &problem);
		if (got < 0 && have == 0) {
			g_propagate_error(error, problem);
			return -1;
		}
		g_clear_error(&problem);
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return (gssize)have;
}

gssize
source_read_full_at(struct source *source, uint8_t *out, size_t n,
    uint64_t offset, GError **error)
{
	size_t have = 0;

	while (have < n) {
		gssize got = source->class->read_at(
		    source, out + have, n - have, offset + have, error);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (gssize)have;
}

bool
source_drain(struct source *source, GError **error)
{
	g_autofree uint8_t *step = g_malloc(DRAIN_STEP);
	gssize got;

	do {
		got = source->class->read(source, step, DRAIN_STEP, error);
	} while (got > 0);
	return got == 0 && source->class->finish(source, error);
}
