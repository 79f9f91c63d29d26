/*
 * source_file.c - a regular file, or standard input, as a source.
 */
#include "verifier/archive/source.h"

#include "verifier/archive/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct source_file {
	struct source source; /* first */
	int fd;
	char *name;
	struct stat before;
	uint64_t taken; /* octets read */
};

static void
set_error(GError **error, const char *name, const char *what)
{
	g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_SYSTEM, "%s: %s: %s",
	    name, what, g_strerror(errno));
}

static gssize
file_read_some(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct source_file *file = (struct source_file *)self;
	ssize_t got;

	do {
		got = read(file->fd, out, n);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		set_error(error, file->name, "cannot read");
	else
		file->taken += (uint64_t)got;
	return got;
}

static gssize
file_read_at(struct source *self, uint8_t *out, size_t n, uint64_t offset,
    GError **error)
{
	struct source_file *file = (struct source_file *)self;
	ssize_t got;

	do {
		got = pread(file->fd, out, n, (off_t)offset);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		set_error(error, file->name, "cannot read");
	return got;
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool
is_unchanged(const struct source_file *file, const struct stat *now)
{
	return now->st_size == file->before.st_size &&
	    file->taken <= (uint64_t)now->st_size &&
	    same_time(now->st_mtim, file->before.st_mtim) &&
	    same_time(now->st_ctim, file->before.st_ctim);
}

static bool
file_finish(struct source *self, GError **error)
{
	struct source_file *file = (struct source_file *)self;
	struct stat now;

	if (fstat(file->fd, &now) != 0) {
		set_error(error, file->name, "cannot stat");
		return false;
	}
	if (is_unchanged(file, &now))
		return true;
	g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED,
	    "%s: changed while it was read", file->name);
	return false;
}

static bool
stdin_finish(struct source *self, GError **error)
{
	(void)self;
	(void)error;
	return true; /* a stream has no state to compare with */
}

static void
file_close(struct source *self)
{
	struct source_file *file = (struct source_file *)self;

	if (file->fd != STDIN_FILENO)
		close(file->fd);
	g_free(file->name);
	g_free(file);
}

static const struct source_class file_class = {
	file_read_some,
	file_read_at,
	file_finish,
	file_close,
};

static const struct source_class stdin_class = {
	file_read_some,
	NULL,
	stdin_finish,
	file_close,
};

/* O_NOATIME keeps evidence as it is, but only the owner may ask for it. */
static int
open_quietly(int folder_fd, const char *path)
{
	int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;
	int fd = openat(folder_fd, path, flags | O_NOATIME);

	if (fd < 0 && errno == EPERM)
		fd = openat(folder_fd, path, flags);
	return fd;
}

static struct source *
source_new(const struct source_class *class, int fd, const char *name)
{
	struct source_file *file = g_new0(struct source_file, 1);

	file->source.class = class;
	file->fd = fd;
	file->name = g_strdup(name);
	return &file->source;
}

struct source *
source_open_file(
    int folder_fd, const char *path, const char *name, GError **error)
{
	int fd = open_quietly(folder_fd, path);
	struct stat now;

	if (fd < 0) {
		set_error(error, name, "cannot open");
		return NULL;
	}
	if (fstat(fd, &now) != 0 || !S_ISREG(now.st_mode)) {
		g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_SYSTEM,
		    "%s: not a regular file", name);
		close(fd);
		return NULL;
	}
	struct source *source = source_new(&file_class, fd, name);
	((struct source_file *)source)->before = now;
	source->size = (uint64_t)now.st_size;
	source->size_known = true;
	return source;
}

struct source *
source_open_stdin(void)
{
	return source_new(&stdin_class, STDIN_FILENO, "standard input");
}

void
source_close(struct source *source)
{
	if (source != NULL)
		source->class->close(source);
}
