/*
 * lmdb_file.c - LMDB files from outside LMDB: data version 1, 64-bit
 * little-endian (LMDB 0.9).
 *
 * A meta page: 16 octets of page header, u32 magic, u32 version, u64 address,
 * u64 map size, two database records of 48 octets (the first starts with the
 * page size, u32), u64 last page, u64 transaction.  Meta page 1 follows one
 * page size later.
 */
#include "keysnap/store/lmdb_file.h"

#include "keysnap/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define META_MAGIC   0xBEEFC0DEu
#define META_VERSION 1u
#define META_SIZE    152 /* header to transaction */
#define MAP_SIZE_AT  32
#define MAP_SIZE_MAX (UINT64_C(1) << 46) /* half of what x86-64 can map */

_Static_assert(sizeof(size_t) == 8, "LMDB files of ours are of 64 bits");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
    "LMDB files of ours are little-endian");

GQuark
store_error_quark(void)
{
	return g_quark_from_static_string("store-error");
}

bool
lmdb_file_fail(GError **error, const char *doing, const char *path, int status)
{
	bool damaged = status == MDB_CORRUPTED || status == MDB_INVALID ||
	    status == MDB_PAGE_NOTFOUND || status == MDB_VERSION_MISMATCH ||
	    status == MDB_NOTFOUND || status == MDB_INCOMPATIBLE;

	g_set_error(error, STORE_ERROR,
	    damaged ? STORE_ERROR_INTEGRITY : STORE_ERROR_SYSTEM, "%s %s: %s",
	    doing, path, mdb_strerror(status));
	return false;
}

bool
lmdb_file_corrupt(GError **error, const char *path, const char *text)
{
	g_set_error(
	    error, STORE_ERROR, STORE_ERROR_INTEGRITY, "%s: %s", path, text);
	return false;
}

uint32_t
lmdb_file_number32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

uint64_t
lmdb_file_number64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return value;
}

static const char *
check_meta(const uint8_t page[META_SIZE], uint64_t size,
    struct lmdb_file_meta *meta_out)
{
	if (lmdb_file_number32(page + 16) != META_MAGIC)
		return "not an LMDB file of 64 bits, little-endian";
	if (lmdb_file_number32(page + 20) != META_VERSION)
		return "LMDB data of another version; make it anew from the "
		       "log";
	if (lmdb_file_number32(page + 40) != LMDB_FILE_PAGE)
		return "LMDB pages of another size; make it anew from the log";
	meta_out->map_size = lmdb_file_number64(page + MAP_SIZE_AT);
	meta_out->last_page = lmdb_file_number64(page + 136);
	if (meta_out->last_page >= size / LMDB_FILE_PAGE)
		return "cut short: the file ends before its last page";
	if (meta_out->map_size > MAP_SIZE_MAX)
		return "states an absurd map size";
	return NULL;
}

static bool
read_metas(int fd, const char *path, uint8_t page[2][META_SIZE], GError **error)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return lmdb_file_fail(error, "cannot read", path, errno);
	if (!S_ISREG(st.st_mode) || st.st_size < 2 * LMDB_FILE_PAGE)
		return lmdb_file_corrupt(
		    error, path, "not an LMDB file: no file, or too short");
	return file_read_at(fd, path, page[0], META_SIZE, 0, error) &&
	    file_read_at(fd, path, page[1], META_SIZE, LMDB_FILE_PAGE, error);
}

bool
lmdb_file_check(
    int fd, const char *path, struct lmdb_file_meta *meta_out, GError **error)
{
	uint8_t page[2][META_SIZE];
	struct lmdb_file_meta meta[2];
	struct stat st;
	int i;

	if (!read_metas(fd, path, page, error))
		return false;
	/* Asked after reading: a writer writes pages first, then says so. */
	if (fstat(fd, &st) != 0)
		return lmdb_file_fail(error, "cannot read", path, errno);
	for (i = 0; i < 2; i++) {
		const char *why =
		    check_meta(page[i], (uint64_t)st.st_size, &meta[i]);

		if (why != NULL)
			return lmdb_file_corrupt(error, path, why);
	}
	i = lmdb_file_number64(page[1] + 144) >
	    lmdb_file_number64(page[0] + 144);
	*meta_out = meta[i];
	meta_out->newer = i;
	return true;
}

static bool
trim(int fd, const char *path, GError **error)
{
	struct lmdb_file_meta meta;
	uint64_t size;

	if (!lmdb_file_check(fd, path, &meta, error))
		return false;
	size = (meta.last_page + 1) * LMDB_FILE_PAGE;
	if (ftruncate(fd, (off_t)size) != 0)
		return lmdb_file_fail(error, "cannot write", path, errno);
	for (off_t i = 0; i < 2; i++) {
		if (pwrite(fd, &size, sizeof(size),
			i * LMDB_FILE_PAGE + MAP_SIZE_AT) != sizeof(size))
			return lmdb_file_fail(
			    error, "cannot write", path, errno);
	}
	return fsync(fd) == 0 ||
	    lmdb_file_fail(error, "cannot sync", path, errno);
}

bool
lmdb_file_trim(const char *path, GError **error)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return lmdb_file_fail(error, "cannot open", path, errno);
	ok = trim(fd, path, error);
	close(fd);
	return ok;
}

/* A line of /proc/self/maps: does it show the file, shared and to be read
 * only?  LMDB's own pages that are yet to be written are elsewhere. */
static bool
is_map_of(const char *line, const struct stat *st, uint64_t *start_out,
    uint64_t *end_out)
{
	char flags[5] = "";
	unsigned device_major, device_minor;
	uint64_t inode;

	return sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %*x %x:%x %" SCNu64,
		   start_out, end_out, flags, &device_major, &device_minor,
		   &inode) == 6 &&
	    strcmp(flags, "r--s") == 0 && inode == st->st_ino &&
	    device_major == major(st->st_dev) &&
	    device_minor == minor(st->st_dev);
}

void
lmdb_file_forget(MDB_env *env)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	struct stat st;
	mdb_filehandle_t fd;

	if (mdb_env_get_fd(env, &fd) != 0 || fstat(fd, &st) != 0 ||
	    !g_file_get_contents("/proc/self/maps", &text, NULL, NULL))
		return;
	lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line != NULL; line++) {
		uint64_t start, end;

		if (is_map_of(*line, &st, &start, &end))
			madvise((void *)(uintptr_t)start, (size_t)(end - start),
			    MADV_DONTNEED);
	}
}

void
lmdb_file_put64(uint8_t out[8], uint64_t value)
{
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (56 - 8 * i));
}

uint64_t
lmdb_file_get64(const uint8_t in[8])
{
	uint64_t value = 0;

	for (int i = 0; i < 8; i++)
		value = value << 8 | in[i];
	return value;
}
