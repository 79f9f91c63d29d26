/*
 * sealed_file.c - memfd_create(2) and its seals.
 */
#include "keysnap/store/sealed_file.h"

#include "keysnap/base/digest.h"
#include "keysnap/base/file.h"
#include "keysnap/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK       (1 << 20)
#define MEMORY_SURE (64 << 20) /* octets that are always had */
#define DIRECT_MAX \
	(256 << 20) /* larger files are hashed before they are
				  copied: a hole of terabytes must not fill
				  the memory first */

static bool
fail(GError **error, const char *doing, const char *path)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM, "cannot %s %s: %s",
	    doing, path, g_strerror(errno));
	return false;
}

static bool
mismatch(GError **error, const char *path)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "%s does not fit its digest in MANIFEST", path);
	return false;
}

/* Would "size" octets take more than half of the memory that can be had?  Where
 * that is not known, no. */
static bool
is_memory_short(uint64_t size)
{
	g_autofree char *text = NULL;
	const char *at = NULL;

	if (size > MEMORY_SURE &&
	    g_file_get_contents("/proc/meminfo", &text, NULL, NULL))
		at = strstr(text, "MemAvailable:");
	return at != NULL &&
	    size / 1024 > g_ascii_strtoull(at + 13, NULL, 10) / 2;
}

int
sealed_file_new(uint64_t size, GError **error)
{
	int fd = -1;

	if (!is_memory_short(size))
		fd = memfd_create("keysnap", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd >= 0 ? fd : file_temporary(error);
}

char *
sealed_file_path(int fd)
{
	return g_strdup_printf("/proc/self/fd/%d", fd);
}

/* Where the octets of a file go. */
struct pumping {
	int fd;
	const char *path;
	int to; /* a copy, or -1 */
	int64_t max;
	struct digest *digest;
	struct digest *piece_digest; /* of the piece begun, or NULL */
	size_t piece, in_piece;      /* octets of a piece, and hashed of it */
	GByteArray *pieces;
};

static void
end_piece(struct pumping *pumping)
{
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_finish(pumping->piece_digest, sha256);
	g_byte_array_append(pumping->pieces, sha256, 32);
	digest_reset(pumping->piece_digest);
	pumping->in_piece = 0;
}

static void
add_to_pieces(struct pumping *pumping, struct span span)
{
	while (span.n > 0) {
		size_t n = MIN(span.n, pumping->piece - pumping->in_piece);

		digest_add(pumping->piece_digest, span_sub(span, 0, n));
		pumping->in_piece += n;
		span = span_from(span, n);
		if (pumping->in_piece == pumping->piece)
			end_piece(pumping);
	}
}

static bool
take(struct pumping *pumping, struct span span, GError **error)
{
	digest_add(pumping->digest, span);
	if (pumping->piece_digest != NULL)
		add_to_pieces(pumping, span);
	return pumping->to < 0 ||
	    file_write_all(pumping->to, "a private copy", span, error);
}

/* Read the file to its end. */
static bool
pump(struct pumping *pumping, GError **error)
{
	g_autofree uint8_t *buffer = g_malloc(CHUNK);
	int64_t done = 0;

	for (;;) {
		ssize_t got = pread(pumping->fd, buffer, CHUNK, done);
		struct span span = { buffer, got > 0 ? (size_t)got : 0 };

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail(error, "read", pumping->path);
		if (got == 0)
			break;
		done += got;
		if (done > pumping->max)
			return mismatch(error, pumping->path);
		if (!take(pumping, span, error))
			return false;
	}
	if (pumping->in_piece > 0)
		end_piece(pumping);
	return true;
}

static bool
pump_digest(struct pumping *pumping, const struct crypto *crypto,
    uint8_t sha256_out[32], GError **error)
{
	uint8_t sha256[DIGEST_MAX_SIZE];
	struct digest digest;
	bool ok;

	digest_init(&digest, crypto, DIGEST_SHA256);
	pumping->digest = &digest;
	ok = pump(pumping, error);
	digest_finish(&digest, sha256);
	digest_clear(&digest);
	memcpy(sha256_out, sha256, 32);
	return ok;
}

bool
sealed_file_digest(int fd, const char *path, const struct crypto *crypto,
    uint8_t sha256_out[32], GError **error)
{
	struct pumping pumping = {
		.fd = fd, .path = path, .to = -1, .max = INT64_MAX
	};

	return pump_digest(&pumping, crypto, sha256_out, error);
}

bool
sealed_file_digests(int fd, const char *path, const struct crypto *crypto,
    size_t piece, uint8_t sha256_out[32], GByteArray *pieces, GError **error)
{
	struct digest digest;
	struct pumping pumping = { .fd = fd,
		.path = path,
		.to = -1,
		.max = INT64_MAX,
		.piece_digest = &digest,
		.piece = piece,
		.pieces = pieces };
	bool ok;

	digest_init(&digest, crypto, DIGEST_SHA256);
	ok = pump_digest(&pumping, crypto, sha256_out, error);
	digest_clear(&digest);
	return ok;
}

void
sealed_file_seal(int fd)
{
	fcntl(fd, F_ADD_SEALS,
	    F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
}

static bool
fits(int fd, const char *path, int to, int64_t max, const struct crypto *crypto,
    const uint8_t sha256[32], GError **error)
{
	struct pumping pumping = {
		.fd = fd, .path = path, .to = to, .max = max
	};
	uint8_t got[32];

	return pump_digest(&pumping, crypto, got, error) &&
	    (memcmp(got, sha256, 32) == 0 || mismatch(error, path));
}

int
sealed_file_copy(int fd, const char *path, int64_t max,
    const struct crypto *crypto, const uint8_t sha256[32], GError **error)
{
	struct stat st;
	int copy;

	if (fstat(fd, &st) != 0) {
		fail(error, "read", path);
		return -1;
	}
	if (st.st_size > DIRECT_MAX &&
	    !fits(fd, path, -1, max, crypto, sha256, error))
		return -1;
	copy = sealed_file_new((uint64_t)MAX(st.st_size, 0), error);
	if (copy < 0)
		return -1;
	if (!fits(fd, path, copy, MIN(max, MAX(st.st_size, 0)), crypto, sha256,
		error)) {
		close(copy);
		return -1;
	}
	sealed_file_seal(copy);
	return copy;
}
