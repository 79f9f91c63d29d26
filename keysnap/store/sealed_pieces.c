/*
 * sealed_pieces.c - hashing and copying the pieces of a file by several
 * threads.  A piece that does not fit ends it, so a hole of terabytes fills no
 * memory: of each thread, one piece.
 */
#include "keysnap/store/sealed_file.h"

#include "keysnap/base/digest.h"
#include "keysnap/base/file.h"
#include "keysnap/store/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK       (1 << 18) /* stays in the cache between its two uses */
#define THREADS_MAX 8         /* more only wait for the memory */

struct copying {
	int fd, copy;
	const char *path;
	const struct sealed_pieces *pieces;
	const struct crypto *crypto;
	int64_t size; /* of the file */
	gint next;    /* piece to be taken by a thread */
	gint failed;
	GMutex mutex; /* of "error" */
	GError *error;
};

static bool
note(struct copying *copying, GError *error)
{
	g_atomic_int_set(&copying->failed, 1);
	g_mutex_lock(&copying->mutex);
	if (copying->error == NULL)
		copying->error = g_steal_pointer(&error);
	g_mutex_unlock(&copying->mutex);
	g_clear_error(&error);
	return false;
}

static GError *
mismatch(const char *path)
{
	return g_error_new(STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "%s does not fit its digest in MANIFEST", path);
}

static bool
write_at(int fd, struct span span, int64_t at)
{
	while (span.n > 0) {
		ssize_t put = pwrite(fd, span.p, span.n, at);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		span = span_from(span, (size_t)put);
		at += put;
	}
	return true;
}

/* Hash and copy the octets from "at" to "end". */
static bool
copy_range(struct copying *copying, struct digest *digest, uint8_t *buffer,
    int64_t at, int64_t end)
{
	while (at < end && g_atomic_int_get(&copying->failed) == 0) {
		struct span span = { buffer, (size_t)MIN(CHUNK, end - at) };
		GError *error = NULL;

		if (!file_read_at(
			copying->fd, copying->path, buffer, span.n, at, &error))
			return note(copying, error);
		digest_add(digest, span);
		if (!write_at(copying->copy, span, at))
			return note(copying,
			    g_error_new(STORE_ERROR, STORE_ERROR_SYSTEM,
				"cannot write a private copy of %s: %s",
				copying->path, g_strerror(errno)));
		at += (int64_t)span.n;
	}
	return at == end;
}

static bool
copy_piece(struct copying *copying, struct digest *digest, uint8_t *buffer,
    size_t number)
{
	const struct sealed_pieces *pieces = copying->pieces;
	int64_t at = (int64_t)(number * pieces->size);
	int64_t end = MIN(at + (int64_t)pieces->size, copying->size);
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_reset(digest);
	if (!copy_range(copying, digest, buffer, at, end))
		return false;
	digest_finish(digest, sha256);
	return memcmp(sha256, pieces->sha256[number], 32) == 0 ||
	    note(copying, mismatch(copying->path));
}

static gpointer
work(gpointer user)
{
	struct copying *copying = user;
	g_autofree uint8_t *buffer = g_malloc(CHUNK);
	struct digest digest;
	size_t number;

	digest_init(&digest, copying->crypto, DIGEST_SHA256);
	do {
		number = (size_t)g_atomic_int_add(&copying->next, 1);
	} while (number < copying->pieces->n &&
	    copy_piece(copying, &digest, buffer, number));
	digest_clear(&digest);
	return NULL;
}

static void
work_together(struct copying *copying)
{
	guint n = MIN(MIN(g_get_num_processors(), THREADS_MAX),
	    (guint)copying->pieces->n);
	GThread *threads[THREADS_MAX] = { NULL };

	/* Where no thread can be had, this one does it all. */
	for (guint i = 1; i < n; i++)
		threads[i] = g_thread_try_new("piece", work, copying, NULL);
	work(copying);
	for (guint i = 1; i < n; i++) {
		if (threads[i] != NULL)
			g_thread_join(threads[i]);
	}
}

/* Is the file as long as so many pieces are? */
static bool
has_length(const struct sealed_pieces *pieces, int64_t size)
{
	return size > 0 && ((uint64_t)size - 1) / pieces->size + 1 == pieces->n;
}

int
sealed_file_copy_pieces(int fd, const char *path,
    const struct sealed_pieces *pieces, const struct crypto *crypto,
    GError **error)
{
	struct copying copying = {
		.fd = fd, .path = path, .pieces = pieces, .crypto = crypto
	};
	struct stat st;

	if (fstat(fd, &st) != 0 || !has_length(pieces, st.st_size)) {
		g_propagate_error(error, mismatch(path));
		return -1;
	}
	copying.size = st.st_size;
	copying.copy = sealed_file_new((uint64_t)st.st_size, error);
	if (copying.copy < 0)
		return -1;
	g_mutex_init(&copying.mutex);
	work_together(&copying);
	g_mutex_clear(&copying.mutex);
	if (copying.error != NULL) {
		close(copying.copy);
		g_propagate_error(error, copying.error);
		return -1;
	}
	sealed_file_seal(copying.copy);
	return copying.copy;
}
