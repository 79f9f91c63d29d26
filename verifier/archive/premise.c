/*
 * premise.c - the digests that came with an archive.
 *
 * Folders are looked through by names alone; only files that are named like a
 * list or a bag's declaration are opened.  Names from lists are opened below
 * the list's folder and through no link (open_below()).
 */
#include "verifier/archive/premise.h"

#include "verifier/archive/bag.h"
#include "verifier/archive/bag_manifest.h"
#include "verifier/archive/checksum_list.h"
#include "verifier/archive/siblings.h"
#include "verifier/archive/sum_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (256u << 10)

/* The check of one folder: an argument, or what holds some. */
struct check {
	const struct crypto *crypto;
	struct premises *out;
	int fd;                 /* of the folder that is looked through */
	const char *label;      /* before the paths; NULL: they stand alone */
	GHashTable *only;       /* names that count -> labels; NULL: all do */
	GPtrArray *found;       /* paths below the folder */
	struct sum_cache *sums; /* of files below the folder */
};

/* ---- findings ------------------------------------------------------------ */

static void
add(struct check *check, const char *path, const char *code, const char *detail,
    bool broken)
{
	struct premises *out = check->out;
	g_autofree char *full = check->label == NULL
	    ? g_strdup(path)
	    : g_strconcat(check->label, "/", path, NULL);

	out->broken += broken;
	if (out->n == PREMISES_MAX) {
		out->n_more++;
		return;
	}
	out->list[out->n++] = (struct premise){
		.path = arena_copy(out->memory, span_from_string(full)),
		.code = code,
		.detail = arena_copy(out->memory, span_from_string(detail)),
		.broken = broken,
	};
}

static bool
is_changed(const GError *problem)
{
	return g_error_matches(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED);
}

/* ---- files below a folder ------------------------------------------------ */

/* The folder that "path" (relative, "" for "fd" itself) names below "fd",
 * through no link; -1 with errno. */
static int
open_folder_below(int fd, const char *path)
{
	g_auto(GStrv) parts = g_strsplit(path, "/", -1);
	int at = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	for (char **part = parts; at >= 0 && *part != NULL; part++) {
		if (**part == '\0' || strcmp(*part, ".") == 0)
			continue;
		int next = openat(
		    at, *part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		int trouble = errno;

		close(at);
		errno = trouble;
		at = next;
	}
	return at;
}

/* Open the file "path", which is safe, below "fd". */
static struct source *
open_below(int fd, const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree char *name = g_path_get_basename(path);
	int at = open_folder_below(fd, folder);
	struct source *source;

	if (at < 0) {
		g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_SYSTEM,
		    "%s: %s", path, g_strerror(errno));
		return NULL;
	}
	source = source_open_file(at, name, path, error);
	close(at);
	return source;
}

/* A bag's manifests are checked with it; without its declaration, which may
 * have been taken away, they are lists like any. */
static bool
is_wanted(const char *name, bool in_bag)
{
	if (strcmp(name, "bagit.txt") == 0)
		return true;
	return checksum_list_is_name(span_from_string(name)) &&
	    !(in_bag && bag_manifest_is_name(name));
}

/* Not every file system says what an entry is. */
static bool
is_folder(DIR *stream, const struct dirent *entry)
{
	struct stat now;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(dirfd(stream), entry->d_name, &now,
		   AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(now.st_mode);
}

/* Collect the wanted names in the folder "path" and below it; folders that
 * cannot be read are the archive's to report. */
static void
look_through(struct check *check, const char *path, unsigned depth)
{
	int fd = open_folder_below(check->fd, path);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool bag;

	if (stream == NULL) {
		if (fd >= 0)
			close(fd);
		return;
	}
	bag = bag_is_bag(fd);
	while ((entry = readdir(stream)) != NULL) {
		const char *name = entry->d_name;
		bool folder = is_folder(stream, entry);

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
		    (!folder && !is_wanted(name, bag)))
			continue;
		char *below = *path == '\0'
		    ? g_strdup(name)
		    : g_strconcat(path, "/", name, NULL);
		if (!folder) {
			g_ptr_array_add(check->found, below);
			continue;
		}
		if (depth < ARCHIVE_FOLDER_DEPTH && check->only == NULL)
			look_through(check, below, depth + 1);
		g_free(below);
	}
	closedir(stream);
}

/* ---- a bag --------------------------------------------------------------- */

static bool
check_bag(struct check *check, const char *path, GError **error)
{
	g_autofree char *folder = g_path_get_dirname(path);
	g_autofree struct bag_report *report = g_new0(struct bag_report, 1);
	int fd = open_folder_below(check->fd, folder);
	bool good = fd >= 0 && bag_check(fd, check->crypto, report, error);

	if (fd < 0)
		return true; /* gone meanwhile: the archive reports it */
	for (size_t i = 0; i < report->n_problems; i++) {
		const struct bag_problem *problem = &report->problems[i];
		g_autofree char *at = g_strdup_printf("%s/%.*s", folder,
		    (int)problem->path.n, (const char *)problem->path.p);
		g_autofree char *detail = g_strndup(
		    (const char *)problem->detail.p, problem->detail.n);

		add(check, g_str_has_prefix(at, "./") ? at + 2 : at,
		    problem->code, detail != NULL ? detail : "", true);
	}
	check->out->n_more += report->n_more;
	check->out->broken += report->n_more;
	if (good && report->valid) {
		g_autofree char *detail = g_strdup_printf(
		    "%" G_GUINT64_FORMAT " files, %" G_GUINT64_FORMAT " octets",
		    report->files, report->octets);
		add(check, path, "bag-valid", detail, false);
	}
	bag_report_clear(report);
	close(fd);
	return good;
}

/* ---- a list -------------------------------------------------------------- */

/* The digest of all of "source"; false with "error". */
static bool
sum_up(struct check *check, struct source *source,
    enum checksum_algorithm algorithm, uint8_t out[CHECKSUM_SIZE_MAX],
    GError **error)
{
	uint8_t sums[CHECKSUM_ALGORITHMS][CHECKSUM_SIZE_MAX];
	g_autofree uint8_t *block = g_malloc(BLOCK);
	struct checksums running;
	gssize n;

	checksums_init(&running, check->crypto, 1u << algorithm);
	while ((n = source->class->read(source, block, BLOCK, error)) > 0)
		checksums_add(&running, (struct span){ block, (size_t)n });
	checksums_finish(&running, sums);
	checksums_clear(&running);
	memcpy(out, sums[algorithm], checksum_size(algorithm));
	return n == 0 && source->class->finish(source, error);
}

/* What records call the file "at": of an argument, its label. */
static const char *
label_of(const struct check *check, const char *at)
{
	const char *label =
	    check->only != NULL ? g_hash_table_lookup(check->only, at) : NULL;

	return label != NULL ? label : at;
}

/* The digest of the file "at", which is safe: 1, or 0 when that was told, or
 * -1 with "error" when it changed. */
static int
sum_of(struct check *check, const char *at, const char *path,
    enum checksum_algorithm algorithm, uint8_t out[CHECKSUM_SIZE_MAX],
    GError **error)
{
	struct span span = span_from_string(at);
	g_autoptr(GError) problem = NULL;
	struct source *source;
	bool read;

	if (sum_cache_get(check->sums, span, algorithm, out))
		return 1;
	source = open_below(check->fd, at, &problem);
	if (source == NULL) {
		add(check, path, "checksum-missing", at, false);
		return 0;
	}
	read = sum_up(check, source, algorithm, out, &problem);
	source_close(source);
	if (read) {
		sum_cache_put(check->sums, span, algorithm, out);
		return 1;
	}
	if (is_changed(problem)) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return -1;
	}
	add(check, label_of(check, at), "checksum-unread", problem->message,
	    false);
	return 0;
}

/* The path below the folder of the file "name" of the list "path". */
static char *
path_beside(const char *path, const char *name)
{
	g_autofree char *folder = g_path_get_dirname(path);

	return strcmp(folder, ".") == 0 ? g_strdup(name)
					: g_strconcat(folder, "/", name, NULL);
}

/* Compare one file of the list "path": 1 when it holds, 0 when not, -1 with
 * "error" when it changed. */
static int
check_entry(struct check *check, const char *path, const char *name,
    const struct checksum_entry *entry, GError **error)
{
	g_autofree char *at = path_beside(path, name);
	uint8_t sum[CHECKSUM_SIZE_MAX] = { 0 };
	int got;

	if (!bag_path_is_safe(span_from_string(name))) {
		add(check, path, "checksum-missing", name, false);
		return 0;
	}
	got = sum_of(check, at, path, entry->algorithm, sum, error);
	if (got != 1 ||
	    memcmp(sum, entry->digest, checksum_size(entry->algorithm)) == 0)
		return got;
	add(check, label_of(check, at), "checksum-mismatch", path, true);
	return 0;
}

/* The name in "entry", without the "./" that find puts before it. */
static char *
name_of(const struct checksum_entry *entry)
{
	struct span name = entry->name;

	while (span_starts_with(name, SPAN("./")))
		name = span_from(name, 2);
	return g_strndup((const char *)name.p, name.n);
}

/* Is the file "name" one of those that count? */
static bool
is_meant(const struct check *check, const char *name)
{
	return check->only == NULL || g_hash_table_contains(check->only, name);
}

static bool
check_entries(struct check *check, const char *path, struct checksum_list *list,
    GError **error)
{
	uint64_t entries = 0, held = 0;
	struct checksum_item item;
	g_autofree char *detail = NULL;
	int got, holds;

	while ((got = checksum_list_next(list, &item, error)) == 1) {
		if (item.why != NULL) {
			g_autofree char *line =
			    g_strdup_printf("line %" G_GUINT64_FORMAT ": %s",
				item.number, item.why);
			if (check->only == NULL)
				add(check, path, "checksum-bad-line", line,
				    false);
			continue;
		}
		g_autofree char *name = name_of(&item.entry);
		if (!is_meant(check, name))
			continue;
		entries++;
		holds = check_entry(check, path, name, &item.entry, error);
		if (holds < 0)
			return false;
		held += (uint64_t)holds;
	}
	detail = g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
				 " files are as listed",
	    held, entries);
	if (entries > 0)
		add(check, path, "checksum-list", detail, false);
	return got == 0;
}

static bool
check_list(struct check *check, const char *path, GError **error)
{
	g_autoptr(GError) problem = NULL;
	struct source *source = open_below(check->fd, path, &problem);
	struct checksum_list *list;
	bool good;

	if (source == NULL)
		return true; /* the archive reports it */
	list = checksum_list_new(source, CHECKSUM_FORM_ANY);
	good = check_entries(check, path, list, &problem);
	checksum_list_free(list);
	if (good || !is_changed(problem))
		return true;
	g_propagate_error(error, g_steal_pointer(&problem));
	return false;
}

/* ---- arguments ----------------------------------------------------------- */

static gint
compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
check_found(struct check *check, GError **error)
{
	g_ptr_array_sort(check->found, compare_paths);
	for (guint i = 0; i < check->found->len; i++) {
		const char *path = g_ptr_array_index(check->found, i);
		bool bag = g_str_has_suffix(path, "bagit.txt");

		if (bag && check->only != NULL)
			continue;
		if (bag ? !check_bag(check, path, error)
			: !check_list(check, path, error))
			return false;
	}
	return true;
}

/* The folder "path", with what lies below it or only what counts in it. */
static bool
check_folder(struct check *check, const char *path, GError **error)
{
	bool good;

	check->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (check->fd < 0)
		return true; /* the archive reports it */
	check->found = g_ptr_array_new_with_free_func(g_free);
	check->sums = sum_cache_new(check->crypto);
	look_through(check, "", 0);
	good = check_found(check, error);
	sum_cache_free(check->sums);
	g_ptr_array_unref(check->found);
	close(check->fd);
	return good;
}

/* ---- public -------------------------------------------------------------- */

bool
premises_check(struct archive *archive, const struct crypto *crypto,
    struct premises *out, GError **error)
{
	struct check check = { .crypto = crypto, .out = out };
	g_autoptr(GPtrArray) files = siblings_gather(archive);
	bool good = true;

	*out = (struct premises){ .memory = arena_new() };
	out->list = g_new(struct premise, PREMISES_MAX);
	for (size_t i = 0; good && i < archive_arguments(archive); i++) {
		const struct archive_argument argument =
		    archive_argument(archive, i);
		check.label = argument.prefixed ? argument.label : NULL;
		if (argument.path != NULL && argument.folder)
			good = check_folder(&check, argument.path, error);
	}
	check.label = NULL;
	for (guint i = 0; good && i < files->len; i++) {
		const struct siblings *siblings = g_ptr_array_index(files, i);
		check.only = siblings->names;
		good = check_folder(&check, siblings->folder, error);
	}
	return good;
}

void
premises_clear(struct premises *premises)
{
	if (premises->memory != NULL)
		arena_free(premises->memory);
	g_free(premises->list);
	*premises = (struct premises){ .list = NULL };
}
