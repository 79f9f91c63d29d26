/*
 * case_files.c - the files of a case directory, opened.
 */
#include "verifier/run/case_files.h"

#include "keysnap/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define RESULTS_BUFFER 65536u

bool
case_output_failed(GError **error, const char *path, const char *what)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_OUTPUT, "%s: %s: %s", path,
	    what, g_strerror(errno));
	return false;
}

static bool
in_the_way(GError **error, const char *path, const char *what)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_EXISTS, "%s: %s", path, what);
	return false;
}

static bool
has(const struct case_folder *folder, const char *name)
{
	g_autofree char *path = g_build_filename(folder->path, name, NULL);

	return file_exists(path);
}

/* What lies in the folder already: *unfinished_out is true when it is a run
 * that is to be taken up. */
static bool
look_around(const struct case_folder *folder, bool resume, bool *unfinished_out,
    GError **error)
{
	g_autoptr(GDir) listing = g_dir_open(folder->path, 0, NULL);

	*unfinished_out = false;
	if (listing != NULL && g_dir_read_name(listing) == NULL)
		return true;
	if (has(folder, "run.json") && resume) {
		/* It may have been stopped just before it did this. */
		unlink(folder->journal_path);
		return in_the_way(error, folder->path,
		    "the run in it has ended; there is nothing to resume");
	}
	if (has(folder, "run.json") || !has(folder, CASE_JOURNAL))
		return in_the_way(error, folder->path,
		    "not an empty folder; a run writes only into a new one");
	*unfinished_out = resume;
	return resume ||
	    in_the_way(error, folder->path,
		"holds an unfinished run; --resume goes on with it");
}

/* A regular file: anything else in its place might hold us up for ever. */
static bool
open_file(const char *path, int flags, int *fd_out, GError **error)
{
	struct stat now;

	*fd_out = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | flags, 0666);
	if (*fd_out < 0)
		return case_output_failed(error, path, "cannot be opened");
	return (fstat(*fd_out, &now) == 0 && S_ISREG(now.st_mode)) ||
	    in_the_way(error, path, "not a regular file");
}

/* A file of the folder without a name: it is gone with the run. */
static int
open_nameless(const struct case_folder *folder, GError **error)
{
	g_autofree char *path =
	    g_build_filename(folder->path, "lines.tmp", NULL);
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0)
		case_output_failed(error, path, "cannot be made");
	else
		unlink(path);
	return fd;
}

/* Open and lock the journal.  Who gets the lock when the run before has just
 * ended finds the journal without a name. */
static bool
open_journal(struct case_folder *folder, int flags, GError **error)
{
	struct stat now;

	if (!open_file(folder->journal_path, flags, &folder->journal, error))
		return false;
	if (flock(folder->journal, LOCK_EX | LOCK_NB) != 0)
		return in_the_way(
		    error, folder->path, "another run is at work in it");
	if (fstat(folder->journal, &now) != 0)
		return case_output_failed(
		    error, folder->journal_path, "cannot be read");
	return now.st_nlink > 0 ||
	    in_the_way(error, folder->path, "the run in it has just ended");
}

bool
case_write_to(int fd, const char *path, struct span span, GError **error)
{
	GError *cause = NULL;

	if (file_write_all(fd, path, span, &cause))
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

/* The journal comes first: a folder that has one is a run of ours. */
static bool
open_new(struct case_folder *folder, GError **error)
{
	folder->settled = true;
	return open_journal(folder, O_CREAT | O_EXCL, error) &&
	    case_write_to(folder->journal, folder->journal_path,
		span_of(folder->run), error) &&
	    open_file(folder->results_path, O_CREAT | O_EXCL,
		&folder->files[RUN_RECORDS], error);
}

/* Hash the records that stay; they must be what was synced. */
static bool
check_results(struct case_folder *folder, GError **error)
{
	const struct journal_point *point = resume_point(folder->resume);
	g_autofree uint8_t *buffer = g_malloc(RESULTS_BUFFER);
	uint8_t sha256[DIGEST_MAX_SIZE];
	ssize_t got = 1;

	while (folder->octets < point->octets && got > 0) {
		uint64_t n =
		    MIN(point->octets - folder->octets, RESULTS_BUFFER);

		got = read(folder->files[RUN_RECORDS], buffer, (size_t)n);
		if (got < 0)
			return case_output_failed(
			    error, folder->results_path, "cannot be read");
		digest_add(
		    &folder->digest, (struct span){ buffer, (size_t)got });
		folder->octets += (uint64_t)got;
	}
	digest_peek(&folder->digest, sha256);
	if (point->records == 0 ||
	    (folder->octets == point->octets &&
		memcmp(sha256, point->results_sha256, DIGEST_SHA256_SIZE) == 0))
		return true;
	g_set_error(error, RUN_ERROR, RUN_ERROR_DIFFERS,
	    "%s: is not what the interrupted run wrote; begin anew in another "
	    "folder",
	    folder->results_path);
	return false;
}

/* What a crash in the last moments of a run leaves. */
static void
remove_leftovers(const struct case_folder *folder)
{
	g_autoptr(GDir) listing = g_dir_open(folder->path, 0, NULL);
	const char *name;

	while (listing != NULL && (name = g_dir_read_name(listing)) != NULL) {
		g_autofree char *path =
		    g_build_filename(folder->path, name, NULL);

		if (strcmp(name, "lines.tmp") == 0 ||
		    strcmp(name, "run.json.tmp") == 0 ||
		    g_str_has_prefix(name, "wants.tsv"))
			unlink(path);
	}
}

static bool
open_unfinished(struct case_folder *folder, GError **error)
{
	if (!open_journal(folder, 0, error))
		return false;
	folder->resume = resume_open(
	    folder->journal_path, span_of(folder->run), folder->crypto, error);
	if (folder->resume == NULL ||
	    !open_file(folder->results_path, O_CREAT,
		&folder->files[RUN_RECORDS], error) ||
	    !check_results(folder, error))
		return false;
	remove_leftovers(folder);
	return true;
}

bool
case_open_files(struct case_folder *folder, bool resume, GError **error)
{
	bool unfinished;

	if (!look_around(folder, resume, &unfinished, error) ||
	    !(unfinished ? open_unfinished : open_new)(folder, error))
		return false;
	folder->files[RUN_INPUTS] = open_nameless(folder, error);
	if (folder->files[RUN_INPUTS] < 0)
		return false;
	folder->files[RUN_NOTES] = open_nameless(folder, error);
	return folder->files[RUN_NOTES] >= 0;
}
