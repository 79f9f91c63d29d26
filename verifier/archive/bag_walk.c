/*
 * bag_walk.c - the files of a bag against its manifests.
 *
 * All names count, also what archive_walk.c passes over as never delivered: a
 * bag lists every file.  At most ARCHIVE_FOLDER_DEPTH folders deep.
 */
#include "verifier/archive/bag_check.h"

#include "verifier/archive/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE (256u << 10)

static struct span
path_of(const struct bag_check *check)
{
	return (struct span){ (uint8_t *)check->path->str, check->path->len };
}

/* ---- one file ------------------------------------------------------------ */

/* Add the octets of "source" to "sums"; false with "error". */
static bool
hash(struct source *source, struct checksums *sums, uint64_t *octets_out,
    GError **error)
{
	g_autofree uint8_t *buffer = g_malloc(READ_SIZE);
	gssize got;

	*octets_out = 0;
	checksums_reset(sums);
	while (
	    (got = source->class->read(source, buffer, READ_SIZE, error)) > 0) {
		checksums_add(sums, (struct span){ buffer, (size_t)got });
		*octets_out += (uint64_t)got;
	}
	return got == 0 && source->class->finish(source, error);
}

static void
judge_digest(struct bag_check *check, const struct bag_manifest *manifest,
    struct bag_entry *entry,
    uint8_t digests[CHECKSUM_ALGORITHMS][CHECKSUM_SIZE_MAX])
{
	entry->found = 1;
	if (memcmp(entry->digest, digests[manifest->algorithm],
		checksum_size(manifest->algorithm)) != 0)
		bag_problem(
		    check, "bag-digest", path_of(check), manifest->name);
}

/* Look the file up in the manifests of its kind.  A tag file may be left out
 * of any, a payload file of none, or before 1.0 of all but one. */
static void
look_up(struct bag_check *check, bool payload,
    uint8_t digests[CHECKSUM_ALGORITHMS][CHECKSUM_SIZE_MAX])
{
	bool any = false, reported = false;

	for (guint i = 0; i < check->manifests->len; i++) {
		struct bag_manifest *manifest =
		    g_ptr_array_index(check->manifests, i);
		struct bag_entry *entry = manifest->payload == payload
		    ? bag_manifest_find(manifest, check->crypto, path_of(check))
		    : NULL;
		any |= entry != NULL;
		if (entry != NULL)
			judge_digest(check, manifest, entry, digests);
		if (entry == NULL && payload && manifest->payload &&
		    check->each_manifest) {
			bag_problem(check, "bag-unlisted", path_of(check),
			    manifest->name);
			reported = true;
		}
	}
	if (payload && !any && !reported)
		bag_problem(check, "bag-unlisted", path_of(check), NULL);
}

static bool
check_file(struct bag_check *check, int fd, const char *name, bool payload)
{
	uint8_t digests[CHECKSUM_ALGORITHMS][CHECKSUM_SIZE_MAX];
	struct checksums *sums = &check->sums[payload];
	GError *problem = NULL;
	uint64_t octets;
	struct source *source =
	    source_open_file(fd, name, check->path->str, &problem);

	if (source == NULL)
		return bag_trouble(check, path_of(check), problem);
	bool good = hash(source, sums, &octets, &problem);
	source_close(source);
	if (!good)
		return bag_trouble(check, path_of(check), problem);
	checksums_finish(sums, digests);
	look_up(check, payload, digests);
	if (payload) {
		check->report->files++;
		check->report->octets += octets;
	}
	return true;
}

/* ---- folders ------------------------------------------------------------- */

static gint
compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in "stream", unsorted; NULL with errno. */
static GPtrArray *
read_names(DIR *stream)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	struct dirent *entry;

	errno = 0;
	while ((entry = readdir(stream)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			g_ptr_array_add(names, g_strdup(entry->d_name));
		errno = 0;
	}
	if (errno == 0)
		return names;
	g_ptr_array_unref(names);
	return NULL;
}

GPtrArray *
bag_names(int fd)
{
	/* Opened anew: a duplicate would share the place where "fd" reads. */
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *stream = own < 0 ? NULL : fdopendir(own);
	GPtrArray *names = stream == NULL ? NULL : read_names(stream);
	int trouble = errno;

	if (stream != NULL)
		closedir(stream);
	else if (own >= 0)
		close(own);
	errno = trouble;
	if (names != NULL)
		g_ptr_array_sort(names, compare_names);
	return names;
}

static bool walk_folder(struct bag_check *check, int fd, const char *name,
    bool payload, unsigned depth);

/* The file or folder "name" in "fd"; its path is set. */
static bool
visit(struct bag_check *check, int fd, const char *name, bool payload,
    unsigned depth)
{
	struct stat now;

	if (fstatat(fd, name, &now, AT_SYMLINK_NOFOLLOW) != 0)
		bag_problem(
		    check, "bag-unreadable", path_of(check), g_strerror(errno));
	else if (S_ISREG(now.st_mode))
		return check_file(check, fd, name, payload);
	else if (!S_ISDIR(now.st_mode))
		bag_problem(check, "bag-link", path_of(check), NULL);
	else if (depth == ARCHIVE_FOLDER_DEPTH)
		bag_problem(check, "bag-too-deep", path_of(check), NULL);
	else
		return walk_folder(check, fd, name, payload, depth + 1);
	return true;
}

/* Everything in the folder "fd"; at depth 0 that is the bag itself, in which
 * "data" is the payload. */
static bool
walk_names(struct bag_check *check, int fd, bool payload, unsigned depth)
{
	g_autoptr(GPtrArray) names = bag_names(fd);
	size_t length = check->path->len;
	bool good = true;

	if (names == NULL)
		bag_problem(
		    check, "bag-unreadable", path_of(check), g_strerror(errno));
	for (guint i = 0; good && names != NULL && i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		if (length > 0)
			g_string_append_c(check->path, '/');
		g_string_append(check->path, name);
		good = visit(check, fd, name,
		    payload || (depth == 0 && strcmp(name, "data") == 0),
		    depth);
		g_string_truncate(check->path, length);
	}
	return good;
}

static bool
walk_folder(struct bag_check *check, int fd, const char *name, bool payload,
    unsigned depth)
{
	int folder =
	    openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (folder < 0) {
		bag_problem(
		    check, "bag-unreadable", path_of(check), g_strerror(errno));
		return true;
	}
	bool good = walk_names(check, folder, payload, depth);
	close(folder);
	return good;
}

bool
bag_walk(struct bag_check *check)
{
	return walk_names(check, check->fd, false, 0);
}
