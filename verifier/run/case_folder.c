/*
 * case_folder.c - the files of a run.
 */
#include "verifier/run/case_files.h"

#include "keysnap/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINES_BUFFER 65536u

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

struct case_folder *
case_folder_open(const struct case_options *options, GError **error)
{
	struct case_folder *folder;

	if (mkdir(options->path, 0777) != 0 && errno != EEXIST) {
		case_output_failed(
		    error, options->path, "cannot make the folder");
		return NULL;
	}
	folder = g_new0(struct case_folder, 1);
	folder->path = g_strdup(options->path);
	folder->results_path =
	    g_build_filename(options->path, "results.jsonl", NULL);
	folder->journal_path =
	    g_build_filename(options->path, CASE_JOURNAL, NULL);
	folder->journal = -1;
	for (size_t i = 0; i < G_N_ELEMENTS(folder->files); i++) {
		folder->files[i] = -1;
		folder->fresh[i] = g_string_new(NULL);
	}
	folder->crypto = options->crypto;
	digest_init(&folder->digest, options->crypto, DIGEST_SHA256);
	digest_init(&folder->items, options->crypto, DIGEST_SHA256);
	folder->run = g_string_new(NULL);
	journal_write_run(folder->run, options->run);
	if (case_open_files(folder, options->resume, error))
		return folder;
	case_folder_close(folder);
	return NULL;
}

void
case_folder_close(struct case_folder *folder)
{
	if (folder == NULL)
		return;
	resume_close(folder->resume);
	for (size_t i = 0; i < G_N_ELEMENTS(folder->files); i++) {
		if (folder->files[i] >= 0)
			close(folder->files[i]);
		g_string_free(folder->fresh[i], TRUE);
	}
	if (folder->journal >= 0)
		close(folder->journal);
	digest_clear(&folder->digest);
	digest_clear(&folder->items);
	g_string_free(folder->run, TRUE);
	g_free(folder->journal_path);
	g_free(folder->results_path);
	g_free(folder->path);
	g_free(folder);
}

const struct journal_point *
case_folder_resume(struct case_folder *folder, struct tally *tally)
{
	static const struct journal_point start;

	if (folder->resume == NULL)
		return &start;
	resume_restore(folder->resume, tally);
	return resume_point(folder->resume);
}

bool
case_folder_is_settled(const struct case_folder *folder)
{
	return folder->settled;
}

/* ---- writing ------------------------------------------------------------- */

/* Cut "fd" off behind what holds, and go on there. */
static bool
cut(int fd, const char *path, uint64_t length, GError **error)
{
	if (ftruncate(fd, (off_t)length) != 0 ||
	    lseek(fd, (off_t)length, SEEK_SET) < 0)
		return case_output_failed(error, path, "cannot be cut");
	return true;
}

/* Before the first octet is written: what the interrupted run had read was
 * seen again, so what it wrote behind its last point may go. */
static bool
settle(struct case_folder *folder, GError **error)
{
	uint64_t length;

	if (folder->settled)
		return true;
	length = resume_length(folder->resume);
	if (!resume_is_through(folder->resume, error) ||
	    !cut(folder->files[RUN_RECORDS], folder->results_path,
		folder->octets, error) ||
	    !cut(folder->journal, folder->journal_path, length, error))
		return false;
	folder->settled = true;
	return length > 0 ||
	    case_write_to(folder->journal, folder->journal_path,
		span_of(folder->run), error);
}

/* Lines for run.json; what the journal has not goes there with the next
 * point. */
static bool
write_lines(struct case_folder *folder, enum run_lines kind, struct span lines,
    GError **error)
{
	if (!case_write_to(folder->files[kind], folder->path, lines, error))
		return false;
	if (folder->resume != NULL &&
	    !resume_lines(folder->resume,
		kind == RUN_INPUTS ? JOURNAL_INPUT : JOURNAL_NOTE, &lines,
		error))
		return false;
	if (lines.n > 0)
		g_string_append_len(folder->fresh[kind], (const char *)lines.p,
		    (gssize)lines.n);
	return true;
}

bool
case_folder_write(struct case_folder *folder, enum run_lines kind,
    struct span lines, GError **error)
{
	switch (kind) {
	case RUN_INPUTS:
	case RUN_NOTES:
		return write_lines(folder, kind, lines, error);
	case RUN_ITEMS:
		if (folder->resume != NULL)
			return resume_items(
			    folder->resume, &folder->items, lines, error);
		digest_add(&folder->items, lines);
		return true;
	case RUN_RECORDS:
		break;
	}
	if (!settle(folder, error))
		return false;
	digest_add(&folder->digest, lines);
	folder->octets += lines.n;
	return case_write_to(
	    folder->files[RUN_RECORDS], folder->results_path, lines, error);
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

static bool
sync_file(int fd, const char *path, GError **error)
{
	return fdatasync(fd) == 0 ||
	    case_output_failed(error, path, "cannot be synced");
}

/* The block of the journal that ends with "point". */
static GString *
make_block(struct case_folder *folder, const struct run_point *point)
{
	GString *block = g_string_new(NULL);
	struct journal_point last = {
		.records = point->known->counts.messages +
		    point->more->counts.messages,
		.octets = folder->octets,
		.path = point->path,
		.prefix = *point->prefix,
		.prefix_path = point->prefix_path,
		.counts = point->more->counts,
	};
	uint8_t sha256[DIGEST_MAX_SIZE];

	digest_peek(&folder->digest, sha256);
	memcpy(last.results_sha256, sha256, DIGEST_SHA256_SIZE);
	digest_peek(&folder->items, sha256);
	memcpy(last.items_sha256, sha256, DIGEST_SHA256_SIZE);
	journal_write_lines(
	    block, JOURNAL_INPUT, span_of(folder->fresh[RUN_INPUTS]));
	journal_write_lines(
	    block, JOURNAL_NOTE, span_of(folder->fresh[RUN_NOTES]));
	journal_write_tally(block, point->more, point->known);
	journal_write_point(block, &last);
	journal_write_end(block, folder->crypto);
	return block;
}

bool
case_folder_point(
    struct case_folder *folder, const struct run_point *point, GError **error)
{
	g_autoptr(GString) block = make_block(folder, point);
	bool good;

	good = sync_file(
		   folder->files[RUN_RECORDS], folder->results_path, error) &&
	    case_write_to(
		folder->journal, folder->journal_path, span_of(block), error) &&
	    sync_file(folder->journal, folder->journal_path, error) &&
	    (folder->named || sync_folder(folder->path, error));
	folder->named = true;
	g_string_truncate(folder->fresh[RUN_INPUTS], 0);
	g_string_truncate(folder->fresh[RUN_NOTES], 0);
	return good;
}

/* ---- ending -------------------------------------------------------------- */

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

	if (!settle(folder, error))
		return false;
	digest_finish(&folder->digest, sha256);
	remember(folder, "results.jsonl", sha256);
	return sync_file(
	    folder->files[RUN_RECORDS], folder->results_path, error);
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
		return case_output_failed(
		    error, folder->path, "cannot be read");
	while ((got = read(lines, buffer, LINES_BUFFER)) > 0) {
		bool whole = buffer[got - 1] == '\n';
		size_t n = (size_t)got - whole;

		for (char *at = buffer;
		     (at = memchr(at, '\n', n - (size_t)(at - buffer))) !=
		     NULL;)
			*at = ',';
		if (!case_write_to(fd, path, span_from_string(before), error) ||
		    !case_write_to(fd, path,
			(struct span){ (const uint8_t *)buffer, n }, error))
			return false;
		before = whole ? "," : "";
	}
	if (got < 0)
		return case_output_failed(
		    error, folder->path, "cannot be read");
	return case_write_to(
	    fd, path, *before == '[' ? SPAN("[]") : SPAN("]"), error);
}

static bool
write_pieces(const struct case_folder *folder, int fd, const char *path,
    GString *const pieces[RUN_JSON_PIECES], GError **error)
{
	static const enum run_lines arrays[] = { RUN_INPUTS, RUN_NOTES };

	for (size_t i = 0; i < RUN_JSON_PIECES; i++) {
		if (!case_write_to(fd, path, span_of(pieces[i]), error))
			return false;
		if (i < G_N_ELEMENTS(arrays) &&
		    !append_lines(folder, arrays[i], fd, path, error))
			return false;
	}
	return fsync(fd) == 0 ||
	    case_output_failed(error, path, "cannot be synced");
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
		return case_output_failed(error, temporary, "cannot be made");
	good = write_pieces(folder, fd, temporary, pieces, error);
	close(fd);
	if (good && rename(temporary, path) != 0)
		good = case_output_failed(error, path, "cannot be named");
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
	if (!good || !sync_folder(folder->path, error))
		return false;
	unlink(folder->journal_path);
	return true;
}
