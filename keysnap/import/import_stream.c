/*
 * import_stream.c - a stream in front of another one.
 */
#include "keysnap/import/import_stream.h"

#include <errno.h>
#include <glib.h>

struct input {
	FILE *inner;
	struct span head;
};

static ssize_t
read_input(void *cookie, char *buffer, size_t size)
{
	struct input *input = cookie;
	size_t n = MIN(size, input->head.n);

	if (n > 0) {
		memcpy(buffer, input->head.p, n);
		input->head = span_from(input->head, n);
		return (ssize_t)n;
	}
	n = fread(buffer, 1, size, input->inner);
	return n == 0 && ferror(input->inner) ? -1 : (ssize_t)n;
}

static int
close_input(void *cookie)
{
	g_free(cookie);
	return 0;
}

FILE *
import_stream_open(FILE *inner, struct span head)
{
	const cookie_io_functions_t functions = { .read = read_input,
		.close = close_input };
	struct input *input = g_new(struct input, 1);
	FILE *stream;

	*input = (struct input){ inner, head };
	stream = fopencookie(input, "r", functions);
	if (stream == NULL)
		g_free(input);
	return stream;
}
