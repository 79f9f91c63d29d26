/*
 * source.h - one windowed source of bytes, for files and archive members
 * alike.
 *
 * A vtable: a plain file today, members of containers later.  Bytes come in
 * order through read(); nothing is mapped.  At the end the source says
 * whether what it read is what was there at the start.
 */
#ifndef VERIFIER_ARCHIVE_SOURCE_H
#define VERIFIER_ARCHIVE_SOURCE_H

#include "keysnap/base/digest.h"

struct source;

struct source_class {
	/* Read up to "n" octets into "out": the count, 0 at the end, -1 with
	 * "error". */
	gssize (*read)(struct source *self, uint8_t *out, size_t n,
	    GError **error);
	/* Read up to "n" octets from "offset" on, beside the order of read();
	 * NULL: this source is a stream. */
	gssize (*read_at)(struct source *self, uint8_t *out, size_t n,
	    uint64_t offset, GError **error);
	/* At the end: false with ARCHIVE_ERROR_CHANGED when size or time of
	 * change is not what it was at the start. */
	bool (*finish)(struct source *self, GError **error);
	void (*close)(struct source *self);
};

struct source {
	const struct source_class *class;
	uint64_t size;	/* as found at the start; 0 when not known */
	bool size_known;
};

/* A regular file (relative to "folder_fd"; AT_FDCWD allowed), opened
 * O_RDONLY|O_NOFOLLOW|O_NONBLOCK|O_NOATIME where permitted; or standard
 * input.  "name" is used in errors. */
struct source *source_open_file(int folder_fd, const char *path,
    const char *name, GError **error);
struct source *source_open_stdin(void);
void source_close(struct source *source);

#endif
