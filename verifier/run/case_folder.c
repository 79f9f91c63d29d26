/*
 * case_folder.c - the files of a run.
 */
#include "verifier/run/case_folder.h"

#include "keysnap/base/file.h"
#include "verifier/run/run_json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUTS_BUFFER 65536

struct case_folder {
	char *path;
	char *results_path;
	int results, inputs;
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

static bool
open_files(struct case_folder *folder, GError **error)
{
	g_autofree char *inputs =
	    g_build_filename(folder->path, "inputs.tmp", NULL);

	folder->results = open(folder->results_path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (folder->results < 0)
		return output_failed(
		    error, folder->results_path, "cannot be made");
	folder->inputs =
	    open(inputs, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (folder->inputs < 0)
		return output_failed(error, inputs, "cannot be made");
	unlink(inputs);
	return true;
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
	folder->results = folder->inputs = -1;
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
	if (folder->results >= 0)
		close(folder->results);
	if (folder->inputs >= 0)
		close(folder->inputs);
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
case_folder_write(struct case_folder *folder, struct span lines, GError **error)
{
	digest_add(&folder->digest, lines);
	return write_to(folder->results, folder->results_path, lines, error);
}

bool
case_folder_write_inputs(
    struct case_folder *folder, struct span lines, GError **error)
{
	return write_to(folder->inputs, folder->path, lines, error);
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
	if (fsync(folder->results) != 0)
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

/* The lines of the inputs with commas between them. */
static bool
append_inputs(struct case_folder *folder, GString *out, GError **error)
{
	g_autofree char *buffer = g_malloc(INPUTS_BUFFER);
	ssize_t got;
	gsize start = out->len;

	if (lseek(folder->inputs, 0, SEEK_SET) != 0)
		return output_failed(error, folder->path, "cannot be read");
	while ((got = read(folder->inputs, buffer, INPUTS_BUFFER)) > 0)
		g_string_append_len(out, buffer, got);
	if (got < 0)
		return output_failed(error, folder->path, "cannot be read");
	if (out->len > start)
		g_string_truncate(out, out->len - 1);
	for (char *at = out->str + start; (at = strchr(at, '\n')) != NULL;)
		*at = ',';
	return true;
}

bool
case_folder_write_run(struct case_folder *folder,
    const struct run_environment *environment, const struct run_counts *counts,
    GError **error)
{
	g_autoptr(GString) inputs = g_string_new("[");
	g_autoptr(GString) out = g_string_new(NULL);

	if (!append_inputs(folder, inputs, error))
		return false;
	g_string_append_c(inputs, ']');
	run_json_write(out, environment, counts,
	    (struct span){ (const uint8_t *)inputs->str, inputs->len },
	    folder->outputs, folder->n_outputs);
	return case_folder_add(folder, "run.json",
	    (struct span){ (const uint8_t *)out->str, out->len }, error);
}
