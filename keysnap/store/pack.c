/*
 * pack.c - writing packs of evidence.
 */
#include "keysnap/store/pack.h"

#include "keysnap/base/file.h"
#include "keysnap/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct pack_writer {
	char *folder;
	struct digest digest; /* of the open pack */
	char *path;           /* of the open pack, or NULL */
	int fd;
	uint64_t size;   /* octets in it */
	GArray *digests; /* of the finished packs */
};

char *
pack_name(size_t number)
{
	return g_strdup_printf("evidence/pack-%06zu", number);
}

struct pack_writer *
pack_writer_new(const char *folder, const struct crypto *crypto)
{
	struct pack_writer *writer = g_new0(struct pack_writer, 1);

	writer->folder = g_strdup(folder);
	writer->fd = -1;
	writer->digests = g_array_new(FALSE, FALSE, 32);
	digest_init(&writer->digest, crypto, DIGEST_SHA256);
	return writer;
}

static bool
fail(GError **error, const char *doing, const char *path)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM, "cannot %s %s: %s",
	    doing, path, g_strerror(errno));
	return false;
}

static bool
make_folder(const struct pack_writer *writer, GError **error)
{
	g_autofree char *path =
	    g_build_filename(writer->folder, "evidence", NULL);

	return mkdir(path, 0755) == 0 || fail(error, "make", path);
}

static bool
open_pack(struct pack_writer *writer, GError **error)
{
	g_autofree char *name = pack_name(writer->digests->len);

	if (writer->digests->len == PACK_MAX_COUNT) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "%s: more evidence than %d packs hold", writer->folder,
		    PACK_MAX_COUNT);
		return false;
	}
	if (writer->digests->len == 0 && !make_folder(writer, error))
		return false;
	writer->path = g_build_filename(writer->folder, name, NULL);
	writer->fd =
	    open(writer->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	writer->size = 0;
	digest_reset(&writer->digest);
	return writer->fd >= 0 || fail(error, "make", writer->path);
}

static bool
close_pack(struct pack_writer *writer, GError **error)
{
	uint8_t sha256[DIGEST_MAX_SIZE];
	bool ok;

	if (writer->path == NULL)
		return true;
	digest_finish(&writer->digest, sha256);
	g_array_append_vals(writer->digests, sha256, 1);
	ok = (fchmod(writer->fd, 0444) == 0 && fsync(writer->fd) == 0) ||
	    fail(error, "sync", writer->path);
	if (writer->fd >= 0)
		close(writer->fd);
	writer->fd = -1;
	g_clear_pointer(&writer->path, g_free);
	return ok;
}

static bool
put(struct pack_writer *writer, struct span span, GError **error)
{
	digest_add(&writer->digest, span);
	writer->size += span.n;
	return file_write_all(writer->fd, writer->path, span, error);
}

bool
pack_writer_add(struct pack_writer *writer, const uint8_t sha256[32],
    struct span blob, GError **error)
{
	char hex[65];
	g_autofree char *head = NULL;
	struct span line;

	digest_to_hex((struct span){ sha256, 32 }, hex);
	if (blob.n > EVIDENCE_MAX) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "evidence %s is larger than %d octets", hex, EVIDENCE_MAX);
		return false;
	}
	head = g_strdup_printf("%s %zu\n", hex, blob.n);
	line = span_from_string(head);
	if (writer->path != NULL &&
	    writer->size + line.n + blob.n + 1 > PACK_MAX &&
	    !close_pack(writer, error))
		return false;
	if (writer->path == NULL && !open_pack(writer, error))
		return false;
	return put(writer, line, error) && put(writer, blob, error) &&
	    put(writer, SPAN("\n"), error);
}

bool
pack_writer_close(struct pack_writer *writer, size_t *n_out,
    uint8_t (**sha256_out)[32], GError **error)
{
	bool ok = close_pack(writer, error);
	g_autofree char *path =
	    g_build_filename(writer->folder, "evidence", NULL);

	if (ok && writer->digests->len > 0)
		ok = file_sync_folder(path, error);
	if (n_out != NULL)
		*n_out = writer->digests->len;
	if (sha256_out != NULL)
		*sha256_out =
		    (uint8_t(*)[32])g_array_steal(writer->digests, NULL);
	g_array_unref(writer->digests);
	digest_clear(&writer->digest);
	g_free(writer->folder);
	g_free(writer);
	return ok;
}
