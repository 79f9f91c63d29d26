/*
 * gunzip.h - a stream that undoes gzip (RFC 1952) when what it reads starts
 * like it, and gives anything else as it is.
 *
 * Members may follow each other; anything else behind one is an error, and
 * so is data that is cut short or does not match its checksum.
 */
#ifndef KEYSNAP_IMPORT_GUNZIP_H
#define KEYSNAP_IMPORT_GUNZIP_H

#include "keysnap/base/span.h"

#include <stdio.h>
#include <zlib.h>

#define GUNZIP_BUFFER 65536 /* octets of one read */

struct gunzip {
	cookie_read_function_t *read; /* what is below */
	void *user;
	uint8_t *buffer;
	size_t at, filled; /* what of the buffer is still to be taken */
	bool started, is_gzip;
	bool in_member;
	bool at_end;	   /* of what is below */
	z_stream inflate;
	const char *why;   /* damaged: a static text, or NULL */
};

/* "read" is as for fopencookie(3), and "user" what it is called with. */
void gunzip_init(struct gunzip *gunzip, cookie_read_function_t *read,
    void *user);
void gunzip_clear(struct gunzip *gunzip);

/*
 * The stream, to be closed before gunzip_clear(); NULL with errno set when
 * there is none.  A read that fails with gunzip->why set (and errno EBADMSG)
 * is the fault of the data.
 */
FILE *gunzip_stream(struct gunzip *gunzip);

#endif
