/*
 * pack_reader.c - reading packs of evidence.  Blobs are EVIDENCE_MAX octets
 * at most; a line that says otherwise is refused before memory is taken.
 */
#include "keysnap/store/pack.h"

#include "keysnap/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD_MAX 80 /* 64 digits, a space, 8 digits, LF */

struct pack_reader {
	FILE *stream;
	char *path;
	const struct crypto *crypto;
	struct digest digest; /* of the file so far */
	GByteArray *blob;
};

static int
fail(const struct pack_reader *reader, GError **error, const char *what)
{
	if (ferror(reader->stream))
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "cannot read %s: %s", reader->path, g_strerror(errno));
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY, "%s: %s",
		    reader->path, what);
	return -1;
}

/* A regular file, or NULL; one that is missing or of another kind is damage. */
static FILE *
open_regular(const char *path, GError **error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	FILE *stream;
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
		errno = ELOOP;
	}
	stream = fd < 0 ? NULL : fdopen(fd, "rb");
	if (stream != NULL)
		return stream;
	g_set_error(error, STORE_ERROR,
	    errno == ENOENT || errno == ELOOP || errno == ENXIO
		? STORE_ERROR_INTEGRITY
		: STORE_ERROR_SYSTEM,
	    "cannot open %s: %s", path,
	    errno == ELOOP ? "not a regular file" : g_strerror(errno));
	if (fd >= 0)
		close(fd);
	return NULL;
}

struct pack_reader *
pack_reader_open(const char *path, const struct crypto *crypto, GError **error)
{
	struct pack_reader *reader;
	FILE *stream = open_regular(path, error);

	if (stream == NULL)
		return NULL;
	reader = g_new0(struct pack_reader, 1);
	reader->stream = stream;
	reader->path = g_strdup(path);
	reader->crypto = crypto;
	reader->blob = g_byte_array_new();
	digest_init(&reader->digest, crypto, DIGEST_SHA256);
	return reader;
}

/* The line before a blob with its line feed; 0 at the end of the file. */
static size_t
read_head(struct pack_reader *reader, uint8_t head[HEAD_MAX])
{
	size_t n = 0;
	int c;

	while (n < HEAD_MAX && (c = getc_unlocked(reader->stream)) != EOF) {
		head[n++] = (uint8_t)c;
		if (c == '\n')
			break;
	}
	digest_add(&reader->digest, (struct span){ head, n });
	return n;
}

/* "HASH SIZE LF", the size in decimal without leading zeros. */
static bool
parse_head(struct span head, uint8_t sha256_out[32], size_t *size_out)
{
	struct span size = span_from(head, 65);

	if (!digest_from_hex(span_sub(head, 0, 64), sha256_out) ||
	    head.p[64] != ' ' || size.n < 2 || size.n > 9 ||
	    size.p[size.n - 1] != '\n' || (size.p[0] == '0' && size.n > 2))
		return false;
	*size_out = 0;
	for (size_t i = 0; i + 1 < size.n; i++) {
		if (size.p[i] < '0' || size.p[i] > '9')
			return false;
		*size_out = *size_out * 10 + (size_t)(size.p[i] - '0');
	}
	return *size_out <= EVIDENCE_MAX;
}

int
pack_reader_next(struct pack_reader *reader, uint8_t sha256_out[32],
    struct span *blob_out, GError **error)
{
	uint8_t head[HEAD_MAX], sha256[32];
	size_t size, n = read_head(reader, head);
	struct span blob;

	if (n == 0 && !ferror(reader->stream))
		return 0;
	if (n < 66 || !parse_head((struct span){ head, n }, sha256_out, &size))
		return fail(reader, error, "not a pack of evidence");
	g_byte_array_set_size(reader->blob, (guint)size + 1);
	if (fread(reader->blob->data, 1, size + 1, reader->stream) != size + 1)
		return fail(reader, error, "ends inside evidence");
	digest_add(
	    &reader->digest, (struct span){ reader->blob->data, size + 1 });
	blob = (struct span){ reader->blob->data, size };
	digest_sha256(reader->crypto, blob, sha256);
	if (reader->blob->data[size] != '\n' ||
	    !span_equal(
		(struct span){ sha256, 32 }, (struct span){ sha256_out, 32 }))
		return fail(reader, error, "evidence that is not its digest's");
	*blob_out = blob;
	return 1;
}

void
pack_reader_sha256(struct pack_reader *reader, uint8_t sha256_out[32])
{
	digest_finish(&reader->digest, sha256_out);
}

void
pack_reader_close(struct pack_reader *reader)
{
	fclose(reader->stream);
	g_free(reader->path);
	digest_clear(&reader->digest);
	g_byte_array_unref(reader->blob);
	g_free(reader);
}
