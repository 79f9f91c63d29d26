/*
 * container_reader.h - what the readers of the container formats share.
 *
 * container.c picks a reader, numbers its members, looks at their names and
 * bounds their size; a reader knows one format.
 */
#ifndef VERIFIER_ARCHIVE_CONTAINER_READER_H
#define VERIFIER_ARCHIVE_CONTAINER_READER_H

#include "verifier/archive/container.h"

struct container_reader;

struct container_reader_class {
	/* Fill status, name, source, detail and notes of the next member, all
	 * else is done.  The source of the member before is closed by now, but
	 * may not have been read to its end.  As container_next(); at the end
	 * the source has been read to its end and finish() was true. */
	int (*next)(struct container_reader *self, struct member *member_out,
	    GError **error);
	void (*close)(struct container_reader *self);
};

struct container_reader {
	const struct container_reader_class *class;
};

/* Readers borrow "source" and "limits" and outlive neither.  NULL with
 * "error". */
struct container_reader *archive_reader_open(struct source *source,
    enum container_format format, const struct container_limits *limits,
    GError **error);
struct container_reader *zip_reader_open(struct source *source,
    const struct container_limits *limits, GError **error);

/* Set "error": of the source's own kind, else damaged. */
void container_error(GError **error, enum archive_error code,
    const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Read until "n" octets are there or the source ends.  The count, or -1.
 * Octets before an error are given first: the sources here fail again. */
gssize source_read_full(
    struct source *source, uint8_t *out, size_t n, GError **error);
gssize source_read_full_at(struct source *source, uint8_t *out, size_t n,
    uint64_t offset, GError **error);

/* Read to the end and throw away, then ask whether the source changed. */
bool source_drain(struct source *source, GError **error);

#endif
