/*
 * archive.c - from paths to batches of messages.
 */
#include "verifier/archive/archive.h"

#include "verifier/archive/archive_file.h"
#include "verifier/archive/archive_level.h"
#include "verifier/archive/archive_walk.h"
#include "verifier/archive/file_sum.h"

#include "keysnap/base/span_key.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* One argument. */
struct argument {
	char *path;  /* links resolved; NULL: standard input */
	char *label; /* what stands for it in records */
	bool folder;
};

struct archive {
	struct argument *arguments;
	size_t n, next;     /* arguments; the next to begin with */
	GHashTable *labels; /* taken: the number to try next for each */
	bool files_only, full_labels;
	struct span only;  /* p NULL: all are read */
	struct walk *walk; /* of the present argument, when it is a folder */
	struct file_reader reader;
	struct levels levels; /* of the present file, when it is a container */
	struct filler filler;
	struct file_sum sum; /* of the file that is hashed as a whole */
	uint64_t total;      /* octets, when "total_known" */
	bool total_known;
	uint64_t batches;
};

G_DEFINE_QUARK(archive - error - quark, archive_error)

/* ---- arguments ----------------------------------------------------------- */

/* The last name of "given"; of "resolved" where that says nothing. */
static char *
base_name(const char *given, const char *resolved)
{
	char *name = g_path_get_basename(given);

	if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
		return name;
	g_free(name);
	return g_path_get_basename(resolved);
}

/* The label of the next argument: equal ones get "~2", ...  The number to go
 * on with is kept, so that many equal names cost no more than others. */
static char *
make_label(struct archive *archive, const char *base)
{
	GHashTable *labels = archive->labels;
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(labels, base));
	char *label = g_strdup(base);

	while (g_hash_table_contains(labels, label)) {
		g_free(label);
		label = g_strdup_printf("%s~%u", base, n++);
	}
	g_hash_table_insert(labels, g_strdup(label), GUINT_TO_POINTER(2));
	g_hash_table_insert(
	    labels, g_strdup(base), GUINT_TO_POINTER(MAX(n, 2)));
	return label;
}

static bool
usage_error(GError **error, const char *path, const char *why)
{
	g_set_error(
	    error, ARCHIVE_ERROR, ARCHIVE_ERROR_USAGE, "%s: %s", path, why);
	return false;
}

static bool
add_argument(struct archive *archive, const char *given, const char *name,
    GError **error)
{
	struct argument *argument = &archive->arguments[archive->n];
	struct stat now;

	if (strcmp(given, "-") == 0) {
		argument->label = make_label(archive, "-");
		archive->n++;
		archive->total_known = false;
		return true;
	}
	char *resolved = realpath(given, NULL);
	if (resolved == NULL)
		return usage_error(error, given, g_strerror(errno));
	argument->path = g_strdup(resolved);
	free(resolved);
	g_autofree char *base = archive->full_labels
	    ? g_strdup(name)
	    : base_name(name, argument->path);
	argument->label = make_label(archive, base);
	archive->n++;
	if (stat(argument->path, &now) != 0)
		return usage_error(error, given, g_strerror(errno));
	argument->folder = S_ISDIR(now.st_mode);
	if (argument->folder && archive->files_only)
		return usage_error(error, given, "is a folder");
	if (argument->folder)
		archive->total_known = false;
	archive->total += (uint64_t)now.st_size;
	return true;
}

/* ---- files --------------------------------------------------------------- */

/* Is what records name "path" to be read? */
static bool
is_chosen(const struct archive *archive, const char *path)
{
	return archive->only.p == NULL ||
	    span_equal(archive->only, span_from_string(path));
}

/* An item for a path that has no octets to give. */
static void
add_trouble(struct archive *archive, enum item_status status, const char *path,
    const char *detail)
{
	struct item item = {
		.status = status,
		.path = span_from_string(path),
		.detail = span_from_string(detail),
	};

	filler_add(&archive->filler, &item);
}

static void
open_file(
    struct archive *archive, int folder_fd, const char *name, const char *path)
{
	g_autoptr(GError) problem = NULL;
	struct source *source =
	    source_open_file(folder_fd, name, path, &problem);

	if (source == NULL)
		add_trouble(archive, ITEM_NO_ACCESS, path, problem->message);
	else
		file_reader_open(&archive->reader, source, path);
}

/* A file that was never delivered has a note and no item. */
static void
add_undelivered(struct archive *archive, const char *path)
{
	const struct input_note note = {
		.path = span_from_string(path),
		.code = "not-delivered",
	};

	filler_add_note(&archive->filler, &note);
}

/* Do paths below a folder begin with its label? */
static bool
is_prefixed(const struct archive *archive)
{
	return archive->n > 1 || archive->full_labels;
}

static void
open_entry(struct archive *archive, const struct walk_entry *entry)
{
	const struct argument *argument =
	    &archive->arguments[archive->next - 1];
	g_autofree char *path = !is_prefixed(archive)
	    ? g_strdup(entry->path)
	    : g_strconcat(argument->label, "/", entry->path, NULL);

	if (!is_chosen(archive, path))
		return;
	if (entry->undelivered) {
		add_undelivered(archive, path);
		return;
	}
	if (entry->status != ITEM_OK) {
		add_trouble(archive, entry->status, path, entry->detail);
		return;
	}
	open_file(archive, entry->folder_fd, entry->name, path);
	if (archive->reader.open)
		archive->reader.maildir = entry->maildir;
}

static void
open_argument(struct archive *archive, const struct argument *argument)
{
	g_autoptr(GError) problem = NULL;

	if (!argument->folder && !is_chosen(archive, argument->label))
		return;
	if (argument->path == NULL) {
		file_reader_open(
		    &archive->reader, source_open_stdin(), argument->label);
	} else if (!argument->folder) {
		open_file(archive, AT_FDCWD, argument->path, argument->label);
	} else {
		archive->walk = walk_open(argument->path, &problem);
		if (archive->walk == NULL)
			add_trouble(archive, ITEM_NO_ACCESS, argument->label,
			    problem->message);
	}
}

/* Go on with the open file; a container becomes a level. */
static bool
read_file(struct archive *archive, GError **error)
{
	struct file_reader *reader = &archive->reader;

	if (!file_reader_next(reader, &archive->filler, error))
		return false;
	if (reader->open && reader->container != CONTAINER_NONE)
		return levels_enter(
		    &archive->levels, reader, &archive->filler, error);
	return true;
}

/* One step: an item, the next file, the next argument.  *more_out is false
 * when there is nothing left. */
static bool
step(struct archive *archive, bool *more_out, GError **error)
{
	struct walk_entry entry;

	*more_out = true;
	if (archive->reader.open)
		return read_file(archive, error);
	if (archive->levels.n > 0)
		return levels_next(&archive->levels, &archive->reader,
		    &archive->filler, error);
	if (archive->walk != NULL) {
		if (walk_next(archive->walk, &entry)) {
			open_entry(archive, &entry);
		} else {
			walk_close(archive->walk);
			archive->walk = NULL;
		}
		return true;
	}
	*more_out = archive->next < archive->n;
	if (*more_out)
		open_argument(archive, &archive->arguments[archive->next++]);
	return true;
}

/* ---- public -------------------------------------------------------------- */

struct archive *
archive_open(const struct archive_options *options, const struct crypto *crypto,
    GError **error)
{
	struct archive *archive = g_new0(struct archive, 1);

	archive->arguments = g_new0(struct argument, options->n_paths);
	archive->labels =
	    g_hash_table_new_full(string_key_hash, g_str_equal, g_free, NULL);
	archive->files_only = options->files_only;
	archive->full_labels = options->full_labels;
	archive->only = options->only;
	archive->total_known = true;
	file_reader_init(&archive->reader);
	archive->reader.files_only = options->files_only;
	levels_init(&archive->levels,
	    options->limits != NULL ? options->limits
				    : &container_limits_default,
	    crypto);
	file_sum_init(&archive->sum, crypto);
	for (size_t i = 0; i < options->n_paths; i++) {
		const char *given = options->paths[i];

		if (!add_argument(archive, given,
			options->names != NULL ? options->names[i] : given,
			error)) {
			archive_close(archive);
			return NULL;
		}
	}
	return archive;
}

void
archive_close(struct archive *archive)
{
	if (archive == NULL)
		return;
	for (size_t i = 0; i < archive->n; i++) {
		g_free(archive->arguments[i].path);
		g_free(archive->arguments[i].label);
	}
	g_free(archive->arguments);
	g_hash_table_unref(archive->labels);
	walk_close(archive->walk);
	levels_clear(&archive->levels);
	file_reader_clear(&archive->reader);
	file_sum_clear(&archive->sum);
	g_free(archive);
}

int
archive_next(struct archive *archive, struct batch *batch, GError **error)
{
	bool more = true, good = true;

	filler_start(&archive->filler, batch, &archive->reader.window);
	batch->number = archive->batches;
	while (good && more && !filler_is_full(&archive->filler))
		good = step(archive, &more, error);
	file_reader_pause(&archive->reader, &archive->filler);
	filler_finish(&archive->filler);
	if (!good)
		return -1;
	if (!more && batch->n_items == 0 && batch->n_files == 0)
		return 0;
	archive->batches++;
	return 1;
}

uint64_t
archive_labels_sha256(const struct archive *archive,
    const struct crypto *crypto, uint8_t out[DIGEST_SHA256_SIZE])
{
	g_autoptr(GString) names = g_string_new(NULL);

	g_string_append_c(names, archive->full_labels ? 'F' : 'B');
	for (size_t i = 0; i < archive->n; i++) {
		const struct argument *argument = &archive->arguments[i];

		g_string_append_c(names, argument->folder ? 'D' : 'F');
		g_string_append(names, argument->label);
		g_string_append_c(names, '\0');
	}
	digest_sha256(crypto,
	    (struct span){ (const uint8_t *)names->str, names->len }, out);
	return archive->n;
}

void
archive_hash(struct archive *archive, struct batch *batch)
{
	file_sum_add(&archive->sum, batch);
}

void
archive_prefix_get(
    const struct archive *archive, struct archive_prefix *prefix_out)
{
	file_sum_prefix(&archive->sum, prefix_out);
}

void
archive_prefix_expect(
    struct archive *archive, const struct archive_prefix *prefix)
{
	file_sum_expect(&archive->sum, prefix);
}

enum archive_prefix_state
archive_prefix_state(const struct archive *archive)
{
	return archive->sum.state;
}

size_t
archive_arguments(const struct archive *archive)
{
	return archive->n;
}

struct archive_argument
archive_argument(const struct archive *archive, size_t number)
{
	const struct argument *argument = &archive->arguments[number];

	return (struct archive_argument){
		.path = argument->path,
		.label = argument->label,
		.folder = argument->folder,
		.prefixed = is_prefixed(archive),
	};
}

void
archive_position(
    const struct archive *archive, uint64_t *done_out, uint64_t *total_out)
{
	const struct file_reader *reader = &archive->reader;

	*done_out = reader->done;
	if (archive->levels.n > 0 && !archive->levels.stack[0].summed)
		*done_out += archive->levels.stack[0].sum.octets;
	else if (archive->levels.n == 0 && reader->open)
		*done_out += window_end(&reader->window);
	*total_out = archive->total_known ? archive->total : 0;
}
