/*
 * anchor_files.c - the files of an archive that a proof covers.
 *
 * A file is known by its path and the numbers of the members that lead to it.
 * Only those that a proof covers are kept.
 */
#include "verifier/run/anchor_files.h"

#include "keysnap/base/span_key.h"

struct covered_file {
	uint8_t sha256[DIGEST_SHA256_SIZE];
	bool seen; /* again */
};

struct anchor_files {
	const struct anchors *anchors;
	GHashTable *covered; /* GBytes of a name -> struct covered_file */
	size_t unseen;
};

/* The path, NUL, and each number with NUL: no two files share it, as a path
 * holds no NUL. */
static GBytes *
name_of(struct span path, const struct chain_link *chain, size_t n)
{
	GByteArray *name = g_byte_array_new();

	g_byte_array_append(name, path.p, (guint)path.n);
	for (size_t i = 0; i < n; i++) {
		g_autofree char *number =
		    g_strdup_printf("%" PRIu64, chain[i].number);

		g_byte_array_append(name, (const guint8 *)"", 1);
		g_byte_array_append(
		    name, (const guint8 *)number, (guint)strlen(number));
	}
	return g_byte_array_free_to_bytes(name);
}

/* NULL when no proof covers it. */
static struct covered_file *
find_file(const struct anchor_files *files, struct span path,
    const struct chain_link *chain, size_t n)
{
	g_autoptr(GBytes) name = name_of(path, chain, n);

	return g_hash_table_lookup(files->covered, name);
}

static void
add_files(struct anchor_files *files, const struct batch *batch)
{
	for (size_t i = 0; i < batch->n_files; i++) {
		const struct input_file *file = &batch->files[i];

		struct covered_file *covered;

		if (!anchors_cover(files->anchors, file->sha256))
			continue;
		covered = g_new0(struct covered_file, 1);
		memcpy(covered->sha256, file->sha256, DIGEST_SHA256_SIZE);
		files->unseen += (size_t)g_hash_table_replace(files->covered,
		    name_of(file->path, file->chain, file->n_chain), covered);
	}
}

struct anchor_files *
anchor_files_read(const struct anchors *anchors, struct archive *archive,
    bool (*interrupted)(void), GError **error)
{
	struct anchor_files *files = g_new0(struct anchor_files, 1);
	struct batch *batch = batch_new();
	int more = 1;

	files->anchors = anchors;
	files->covered = g_hash_table_new_full(bytes_key_hash, g_bytes_equal,
	    (GDestroyNotify)g_bytes_unref, g_free);
	while (more == 1 && (interrupted == NULL || !interrupted())) {
		more = archive_next(archive, batch, error);
		archive_hash(archive, batch);
		if (more == 1)
			add_files(files, batch);
	}
	batch_free(batch);
	if (more >= 0)
		return files;
	anchor_files_free(files);
	return NULL;
}

void
anchor_files_free(struct anchor_files *files)
{
	if (files == NULL)
		return;
	g_hash_table_unref(files->covered);
	g_free(files);
}

static bool
fail(GError **error, struct span path)
{
	g_autofree char *text = span_dup(path);

	g_set_error(error, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED,
	    "%s: changed while the archive was read: at first a proof of "
	    "--anchor covered it",
	    text);
	return false;
}

/* The first name of those that were not there again, in the order of octets:
 * the path, up to its NUL. */
static bool
fail_unseen(const struct anchor_files *files, GError **error)
{
	struct span first = { NULL, 0 };
	GHashTableIter iter;
	gpointer key, value;

	g_hash_table_iter_init(&iter, files->covered);
	while (g_hash_table_iter_next(&iter, &key, &value)) {
		const struct covered_file *covered = value;
		struct span name;

		name.p = g_bytes_get_data(key, &name.n);
		if (!covered->seen &&
		    (first.p == NULL || span_compare(name, first) < 0))
			first = name;
	}
	return fail(error, span_sub(first, 0, span_find(first, '\0')));
}

bool
anchor_files_check(struct anchor_files *files, const struct batch *batch,
    bool last, GError **error)
{
	for (size_t i = 0; files != NULL && i < batch->n_files; i++) {
		const struct input_file *file = &batch->files[i];
		struct covered_file *before =
		    find_file(files, file->path, file->chain, file->n_chain);

		if (before == NULL)
			continue;
		if (memcmp(before->sha256, file->sha256, DIGEST_SHA256_SIZE))
			return fail(error, file->path);
		files->unseen -= !before->seen;
		before->seen = true;
	}
	return files == NULL || !last || files->unseen == 0 ||
	    fail_unseen(files, error);
}

void
anchor_files_find(const struct anchor_files *files, const struct item *item,
    struct anchored_by *by, size_t *n)
{
	if (files == NULL)
		return;
	for (size_t depth = item->n_chain + 1; depth-- > 0;) {
		const struct covered_file *covered =
		    find_file(files, item->path, item->chain, depth);

		if (covered != NULL)
			anchors_find(files->anchors, covered->sha256,
			    ANCHORED_ARCHIVE, by, n);
	}
}
