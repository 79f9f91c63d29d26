/*
 * source_memory.c - a stream, copied to where it can be read at any offset.
 *
 * A memory file instead of plain memory, so that the kernel answers for the
 * copy being what was read: sealed, it has no writer.
 */
#include "verifier/archive/source_memory.h"

#include "verifier/archive/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define COPY_STEP (256u << 10) /* octets at once */

struct source_memory {
	struct source source; /* first */
	int fd;
	uint64_t at; /* of read() */
};

static bool
system_error(GError **error, const char *what)
{
	g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_SYSTEM,
	    "%s a memory file: %s", what, g_strerror(errno));
	return false;
}

static gssize
memory_read_at(struct source *self, uint8_t *out, size_t n, uint64_t offset,
    GError **error)
{
	struct source_memory *memory = (struct source_memory *)self;
	ssize_t got;

	if (offset >= self->size)
		return 0;
	do {
		got = pread(memory->fd, out, n, (off_t)offset);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		system_error(error, "cannot read");
	return got;
}

static gssize
memory_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct source_memory *memory = (struct source_memory *)self;
	gssize got = memory_read_at(self, out, n, memory->at, error);

	if (got > 0)
		memory->at += (uint64_t)got;
	return got;
}

static bool
memory_finish(struct source *self, GError **error)
{
	(void)self;
	(void)error;
	return true; /* sealed */
}

static void
memory_close(struct source *self)
{
	struct source_memory *memory = (struct source_memory *)self;

	close(memory->fd);
	g_free(memory);
}

static const struct source_class memory_class = {
	memory_read,
	memory_read_at,
	memory_finish,
	memory_close,
};

static bool
write_all(int fd, const uint8_t *p, size_t n, GError **error)
{
	while (n > 0) {
		ssize_t put = write(fd, p, n);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return system_error(error, "cannot write");
		p += put;
		n -= (size_t)put;
	}
	return true;
}

/* Copy all of "source" to "fd"; its size to "size_out". */
static bool
copy(struct source *source, int fd, uint64_t max, uint64_t *size_out,
    GError **error)
{
	g_autofree uint8_t *step = g_malloc(COPY_STEP);
	uint64_t size = 0;
	gssize got;

	while (
	    (got = source->class->read(source, step, COPY_STEP, error)) > 0) {
		size += (uint64_t)got;
		if (size > max) {
			g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_LIMIT,
			    "needs more than %" G_GUINT64_FORMAT
			    " octets of memory to be read (--max-memory)",
			    max);
			return false;
		}
		if (!write_all(fd, step, (size_t)got, error))
			return false;
	}
	*size_out = size;
	return got == 0 && source->class->finish(source, error);
}

static bool
fill(struct source_memory *memory, struct source *source, uint64_t max,
    GError **error)
{
	const int seals =
	    F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;

	if (memory->fd < 0)
		return system_error(error, "cannot make");
	if (!copy(source, memory->fd, max, &memory->source.size, error))
		return false;
	if (fcntl(memory->fd, F_ADD_SEALS, seals) != 0)
		return system_error(error, "cannot seal");
	return true;
}

struct source *
source_memory_new(struct source *source, uint64_t max, GError **error)
{
	struct source_memory *memory = g_new0(struct source_memory, 1);

	memory->source.class = &memory_class;
	memory->source.size_known = true;
	memory->fd = memfd_create("container", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fill(memory, source, max, error))
		return &memory->source;
	if (memory->fd >= 0)
		close(memory->fd);
	g_free(memory);
	return NULL;
}
