/*
 * gunzip.c - a stream that undoes gzip (RFC 1952), or passes through.
 */
#include "keysnap/import/gunzip.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#define MAGIC_OCTETS 2 /* RFC 1952 2.3.1: ID1 and ID2 */

void
gunzip_init(struct gunzip *gunzip, cookie_read_function_t *read, void *user)
{
	*gunzip = (struct gunzip){
		.read = read,
		.user = user,
		.buffer = g_malloc(GUNZIP_BUFFER),
	};
}

void
gunzip_clear(struct gunzip *gunzip)
{
	if (gunzip->is_gzip)
		inflateEnd(&gunzip->inflate);
	g_free(gunzip->buffer);
}

/* Read on behind what is in the buffer; false when reading failed. */
static bool
fill(struct gunzip *gunzip)
{
	ssize_t n =
	    gunzip->read(gunzip->user, (char *)gunzip->buffer + gunzip->filled,
		GUNZIP_BUFFER - gunzip->filled);

	if (n < 0)
		return false;
	gunzip->filled += (size_t)n;
	gunzip->at_end = n == 0;
	return true;
}

/* Look at the first octets. */
static bool
start(struct gunzip *gunzip)
{
	while (gunzip->filled < MAGIC_OCTETS && !gunzip->at_end) {
		if (!fill(gunzip))
			return false;
	}
	gunzip->started = true;
	if (gunzip->filled < MAGIC_OCTETS || gunzip->buffer[0] != 0x1f ||
	    gunzip->buffer[1] != 0x8b)
		return true;
	if (inflateInit2(&gunzip->inflate, MAX_WBITS + 16) != Z_OK)
		g_error("gunzip: no memory");
	gunzip->is_gzip = gunzip->in_member = true;
	return true;
}

static ssize_t
damaged(struct gunzip *gunzip, const char *why)
{
	gunzip->why = why;
	errno = EBADMSG;
	return -1;
}

/* Have at least one octet, if there is one. */
static bool
refill(struct gunzip *gunzip)
{
	if (gunzip->at < gunzip->filled || gunzip->at_end)
		return true;
	gunzip->at = gunzip->filled = 0;
	return fill(gunzip);
}

static ssize_t
pass_through(struct gunzip *gunzip, char *out, size_t size)
{
	size_t n;

	if (gunzip->at == gunzip->filled && !gunzip->at_end)
		return gunzip->read(gunzip->user, out, size);
	n = MIN(size, gunzip->filled - gunzip->at);
	memcpy(out, gunzip->buffer + gunzip->at, n);
	gunzip->at += n;
	return (ssize_t)n;
}

/* One step of inflate; octets put out, or -1. */
static ssize_t
step(struct gunzip *gunzip, char *out, size_t size)
{
	z_stream *inflate_stream = &gunzip->inflate;
	uInt room = (uInt)MIN(size, (size_t)GUNZIP_BUFFER);
	int status;

	inflate_stream->next_in = gunzip->buffer + gunzip->at;
	inflate_stream->avail_in = (uInt)(gunzip->filled - gunzip->at);
	inflate_stream->next_out = (Bytef *)out;
	inflate_stream->avail_out = room;
	status = inflate(inflate_stream, Z_NO_FLUSH);
	gunzip->at = gunzip->filled - inflate_stream->avail_in;
	if (status == Z_STREAM_END) {
		gunzip->in_member = false;
		inflateReset(inflate_stream);
	} else if (status == Z_MEM_ERROR) {
		g_error("gunzip: no memory");
	} else if (status != Z_OK && status != Z_BUF_ERROR) {
		return damaged(gunzip, "the gzip data is damaged");
	}
	return (ssize_t)(room - inflate_stream->avail_out);
}

static ssize_t
read_gzip(struct gunzip *gunzip, char *out, size_t size)
{
	for (;;) {
		ssize_t n;

		if (!refill(gunzip))
			return -1;
		if (gunzip->at == gunzip->filled)
			return gunzip->in_member
			    ? damaged(gunzip, "the gzip data is cut short")
			    : 0;
		if (!gunzip->in_member && gunzip->buffer[gunzip->at] != 0x1f)
			return damaged(gunzip,
			    "what follows the gzip data is not gzip data");
		gunzip->in_member = true;
		n = step(gunzip, out, size);
		if (n != 0)
			return n;
	}
}

static ssize_t
gunzip_read(void *cookie, char *out, size_t size)
{
	struct gunzip *gunzip = cookie;

	if (gunzip->why != NULL)
		return damaged(gunzip, gunzip->why);
	if (!gunzip->started && !start(gunzip))
		return -1;
	if (size == 0)
		return 0;
	return gunzip->is_gzip ? read_gzip(gunzip, out, size)
			       : pass_through(gunzip, out, size);
}

FILE *
gunzip_stream(struct gunzip *gunzip)
{
	const cookie_io_functions_t functions = { .read = gunzip_read };

	return fopencookie(gunzip, "r", functions);
}
