/*
 * import_input.c - the file behind an import.
 */
#include "keysnap/import/import_input.h"
#include "keysnap/import/import_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (64 * 1024) /* octets of one read */

static ssize_t
input_read(void *cookie, char *buffer, size_t size)
{
	struct import_input *input = cookie;
	ssize_t n;

	do
		n = pread(input->fd, buffer, size, input->at);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		input->failed = errno;
		return -1;
	}
	input->at += n;
	digest_add(&input->digest,
	    (struct span){ (const uint8_t *)buffer, (size_t)n });
	return n;
}

bool
import_input_open(struct import_input *input, const char *path,
    const struct crypto *crypto, GError **error)
{
	struct stat status;

	*input = (struct import_input){ .path = path };
	/* A FIFO must not hold us up before we know that it is one. */
	input->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (input->fd < 0 || fstat(input->fd, &status) != 0) {
		import_set_read_error(error, path, errno);
	} else if (!S_ISREG(status.st_mode)) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "cannot read %s: not a regular file", path);
	} else {
		digest_init(&input->digest, crypto, DIGEST_SHA256);
		return true;
	}
	if (input->fd >= 0)
		close(input->fd);
	return false;
}

void
import_input_close(struct import_input *input)
{
	digest_clear(&input->digest);
	close(input->fd);
}

FILE *
import_input_begin(struct import_input *input, GError **error)
{
	gunzip_init(&input->gunzip, input_read, input);
	input->stream = gunzip_stream(&input->gunzip);
	if (input->stream != NULL)
		return input->stream;
	import_set_read_error(error, input->path, errno);
	gunzip_clear(&input->gunzip);
	return NULL;
}

bool
import_input_end(struct import_input *input, bool whole, GError **error)
{
	g_autofree char *block = g_malloc(BLOCK);
	const char *why;

	while (whole && fread(block, 1, BLOCK, input->stream) > 0)
		;
	fclose(input->stream);
	why = input->gunzip.why;
	gunzip_clear(&input->gunzip);
	if (why == NULL && input->failed == 0)
		return true;
	g_clear_error(error);
	if (why != NULL)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
		    "cannot read %s: %s", input->path, why);
	else
		import_set_read_error(error, input->path, input->failed);
	return false;
}

bool
import_input_finish(struct import_input *input, uint8_t sha256_out[32],
    uint64_t *size_out, GError **error)
{
	g_autofree char *block = g_malloc(BLOCK);

	while (input->failed == 0 && input_read(input, block, BLOCK) > 0)
		;
	if (input->failed != 0) {
		import_set_read_error(error, input->path, input->failed);
		return false;
	}
	digest_finish(&input->digest, sha256_out);
	*size_out = (uint64_t)input->at;
	digest_reset(&input->digest);
	input->at = 0;
	return true;
}
