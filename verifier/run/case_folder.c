/*
 * case_folder.c - the files of a run.
 */
#include "verifier/run/case_folder.h"

#include "keysnap/base/file.h"
#include "verifier/run/run_json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_BUFFER 65536

struct case_folder {
	char *path;
	char *results_path;
	int files[RUN_NOTES + 1]; /* by enum run_lines */
	const struct crypto *crypto;
	struct digest digest;
	struct run_output outputs[RUN_OUTPUTS_MAX];
	size_t n_outputs;
};

/* Output trouble has its own domain, so that it gets its own exit code. */
static bool
output_failed(GError **error, const char *path, const char *what)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_OUTPUT, "%s: %s: %s", path,
	    what, g_strerror(errno));
	return false;
}

static bool
make_folder(const char *path, GError **error)
{
	g_autoptr(GDir) listing = NULL;

	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return output_failed(error, path, "cannot make the folder");
	listing = g_dir_open(path, 0, NULL);
	if (listing != NULL && g_dir_read_name(listing) == NULL)
		return true;
	g_set_error(error, RUN_ERROR, RUN_ERROR_EXISTS,
	    "%s: not an empty folder; a run writes only into a new one", path);
	return false;
}

/* A file of the folder without a name: it is gone with the run. */
static int
open_nameless(const struct case_folder *folder, GError **error)
{
	g_autofree char *path =
	    g_build_filename(folder->path, "lines.tmp", NULL);
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		output_failed(error, path, "cannot be made");
	else
		unlink(path);
	return fd;
}

static bool
open_files(struct case_folder *folder, GError **error)
{
	int fd = open(folder->results_path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

	if (fd < 0)
		return output_failed(
		    error, folder->results_path, "cannot be made");
	folder->files[RUN_RECORDS] = fd;
	folder->files[RUN_INPUTS] = open_nameless(folder, error);
	if (folder->files[RUN_INPUTS] < 0)
		return false;
	folder->files[RUN_NOTES] = open_nameless(folder, error);
	return folder->files[RUN_NOTES] >= 0;
}

struct case_folder *
case_folder_open(const char *path, const struct crypto *crypto, GError **error)
{
	struct case_folder *folder;

	if (!make_folder(path, error))
		return NULL;
	folder = g_new0(struct case_folder, 1);
	folder->path = g_strdup(path);
	folder->results_path = g_build_filename(path, "results.jsonl", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(folder->files); i++)
		folder->files[i] = -1;
	folder->crypto = crypto;
	digest_init(&folder->digest, crypto, DIGEST_SHA256);
	if (open_files(folder, error))
		return folder;
	case_folder_close(folder);
	return NULL;
}

void
case_folder_close(struct case_folder *folder)
{
	if (folder == NULL)
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(folder->files); i++)
		if (folder->files[i] >= 0)
			close(folder->files[i]);
	digest_clear(&folder->digest);
	g_free(folder->results_path);
	g_free(folder->path);
	g_free(folder);
}

static bool
write_to(int fd, const char *path, struct span span, GError **error)
{
	GError *cause = NULL;

	if (file_write_all(fd, path, span, &cause))
		return true;
	g_set_error(error, RUN_ERROR, RUN_ERROR_OUTPUT, "%s", cause->message);
	g_error_free(cause);
	return false;
}

bool
case_folder_write(struct case_folder *folder, enum run_lines kind,
    struct span lines, GError **error)
{
	if (kind == RUN_RECORDS)
		digest_add(&folder->digest, lines);
	return write_to(
	    folder->files[kind], folder->results_path, lines, error);
}

static bool
sync_folder(const char *path, GError **error)
{
	GError *cause = NULL;

	if (file_sync_folder(path, &cause))
		return true;
	g_set_error(error, RUN_ERROR, RUN_ERROR_OUTPUT, "%s", cause->message);
	g_error_free(cause);
	return false;
}

static void
remember(struct case_folder *folder, const char *name,
    const uint8_t sha256[DIGEST_MAX_SIZE])
{
	struct run_output *output = &folder->outputs[folder->n_outputs++];

	g_assert(folder->n_outputs <= RUN_OUTPUTS_MAX);
	output->name = name;
	memcpy(output->sha256, sha256, DIGEST_SHA256_SIZE);
}

bool
case_folder_finish(struct case_folder *folder, GError **error)
{
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_finish(&folder->digest, sha256);
	remember(folder, "results.jsonl", sha256);
	if (fsync(folder->files[RUN_RECORDS]) != 0)
		return output_failed(
		    error, folder->results_path, "cannot be synced");
	return true;
}

bool
case_folder_add(struct case_folder *folder, const char *name,
    struct span contents, GError **error)
{
	g_autofree char *path = g_build_filename(folder->path, name, NULL);
	uint8_t sha256[DIGEST_MAX_SIZE];
	GError *cause = NULL;

	digest_sha256(folder->crypto, contents, sha256);
	remember(folder, name, sha256);
	if (file_write(path, contents, false, &cause))
		return true;
	g_set_error(error, RUN_ERROR, RUN_ERROR_OUTPUT, "%s", cause->message);
	g_error_free(cause);
	return false;
}

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

/* Append the lines of one kind to "fd" as a JSON array: a comma for each line
 * feed between two. */
static bool
append_lines(const struct case_folder *folder, enum run_lines kind, int fd,
    const char *path, GError **error)
{
	g_autofree char *buffer = g_malloc(LINES_BUFFER);
	int lines = folder->files[kind];
	const char *before = "[";
	ssize_t got;

	if (lseek(lines, 0, SEEK_SET) != 0)
		return output_failed(error, folder->path, "cannot be read");
	while ((got = read(lines, buffer, LINES_BUFFER)) > 0) {
		bool whole = buffer[got - 1] == '\n';
		size_t n = (size_t)got - whole;

		for (char *at = buffer;
		     (at = memchr(at, '\n', n - (size_t)(at - buffer))) !=
		     NULL;)
			*at = ',';
		if (!write_to(fd, path, span_from_string(before), error) ||
		    !write_to(fd, path,
			(struct span){ (const uint8_t *)buffer, n }, error))
			return false;
		before = whole ? "," : "";
	}
	if (got < 0)
		return output_failed(error, folder->path, "cannot be read");
	return write_to(
	    fd, path, *before == '[' ? SPAN("[]") : SPAN("]"), error);
}

static bool
write_pieces(const struct case_folder *folder, int fd, const char *path,
    GString *const pieces[RUN_JSON_PIECES], GError **error)
{
	static const enum run_lines arrays[] = { RUN_INPUTS, RUN_NOTES };

	for (size_t i = 0; i < RUN_JSON_PIECES; i++) {
		if (!write_to(fd, path, span_of(pieces[i]), error))
			return false;
		if (i < G_N_ELEMENTS(arrays) &&
		    !append_lines(folder, arrays[i], fd, path, error))
			return false;
	}
	return fsync(fd) == 0 || output_failed(error, path, "cannot be synced");
}

/* Make "path" from its pieces, by way of a temporary name. */
static bool
write_run_file(const struct case_folder *folder, const char *path,
    GString *const pieces[RUN_JSON_PIECES], GError **error)
{
	g_autofree char *temporary = g_strconcat(path, ".tmp", NULL);
	int fd =
	    open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	bool good;

	if (fd < 0)
		return output_failed(error, temporary, "cannot be made");
	good = write_pieces(folder, fd, temporary, pieces, error);
	close(fd);
	if (good && rename(temporary, path) != 0)
		good = output_failed(error, path, "cannot be named");
	if (!good)
		unlink(temporary);
	return good;
}

bool
case_folder_write_run(struct case_folder *folder,
    const struct run_environment *environment, const struct run_counts *counts,
    GError **error)
{
	g_autofree char *path =
	    g_build_filename(folder->path, "run.json", NULL);
	GString *pieces[RUN_JSON_PIECES];
	const struct run_json json = {
		.environment = environment,
		.counts = counts,
		.outputs = folder->outputs,
		.n_outputs = folder->n_outputs,
	};
	bool good;

	for (size_t i = 0; i < RUN_JSON_PIECES; i++)
		pieces[i] = g_string_new(NULL);
	run_json_write(pieces, &json);
	good = write_run_file(folder, path, pieces, error);
	for (size_t i = 0; i < RUN_JSON_PIECES; i++)
		g_string_free(pieces[i], TRUE);
	return good && sync_folder(folder->path, error);
}
