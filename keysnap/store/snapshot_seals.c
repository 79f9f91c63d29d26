/*
 * snapshot_seals.c - the files in seals/ of a snapshot.
 */
#include "keysnap/store/snapshot_seals.h"

#include "keysnap/base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static bool
refuse(const struct snapshot_seals *seals, const char *why, GError **error)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY, "%s/seals: %s",
	    seals->folder.path, why);
	return false;
}

static int
order(const void *a, const void *b)
{
	return strcmp(((const struct seal_file *)a)->name,
	    ((const struct seal_file *)b)->name);
}

static const char *
keep_name(struct snapshot_seals *seals, const char *name)
{
	return (const char *)arena_copy(
	    seals->folder.arena, span_from_string(name))
	    .p;
}

void
snapshot_seals_extend(
    struct snapshot_seals *seals, const struct seal_file *files, size_t n)
{
	size_t all = seals->set.n + n;
	struct seal_file *copy =
	    arena_alloc_array(seals->folder.arena, all + 1, sizeof(*copy));

	for (size_t i = 0; i < all; i++)
		copy[i] = i < seals->set.n ? seals->set.files[i]
					   : files[i - seals->set.n];
	for (size_t i = seals->set.n; i < all; i++) {
		copy[i].name = keep_name(seals, copy[i].name);
		copy[i].octets =
		    arena_copy(seals->folder.arena, copy[i].octets);
	}
	qsort(copy, all, sizeof(*copy), order);
	seals->set = (struct seal_set){ copy, all };
}

static bool
read_files(struct snapshot_seals *seals, GPtrArray *names, GError **error)
{
	struct seal_file *files = arena_alloc_array(
	    seals->folder.arena, names->len + 1, sizeof(*files));
	size_t total = 0;

	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path =
		    g_build_filename("seals", names->pdata[i], NULL);

		if (!snapshot_folder_read(&seals->folder, path, SEAL_FILE_MAX,
			&files[i].octets, error))
			return false;
		total += files[i].octets.n;
		if (total > SNAPSHOT_SEALS_MAX)
			return refuse(seals, "too large", error);
		files[i].name = keep_name(seals, names->pdata[i]);
	}
	seals->set = (struct seal_set){ files, names->len };
	return true;
}

bool
snapshot_seals_read(struct snapshot_seals *seals, const char *path,
    const struct crypto *crypto, GError **error)
{
	g_autoptr(GPtrArray) names = NULL;

	memset(seals, 0, sizeof(*seals));
	if (!snapshot_folder_open(&seals->folder, path, error) ||
	    !snapshot_folder_read_checkpoint(&seals->folder, crypto, error))
		return false;
	names = snapshot_folder_names(&seals->folder, "seals", error);
	if (names == NULL)
		return false;
	if (names->len > SEAL_FILES_MAX)
		return refuse(seals, "too many files", error);
	return read_files(seals, names, error);
}

void
snapshot_seals_clear(struct snapshot_seals *seals)
{
	snapshot_folder_clear(&seals->folder);
	seals->set = (struct seal_set){ NULL, 0 };
}

void
snapshot_seals_question(const struct snapshot_seals *seals,
    const struct crypto *crypto, const struct seal_trust *trust,
    struct seal_question *question_out)
{
	*question_out = (struct seal_question){
		.crypto = crypto,
		.checkpoint = seals->folder.checkpoint_octets,
		.text = seals->folder.checkpoint.note.text,
		.set = seals->set,
		.trust = trust,
	};
}

bool
snapshot_seals_write(const struct snapshot_seals *seals,
    const struct seal_file *files, size_t n, GError **error)
{
	g_autofree char *folder = snapshot_folder_path(&seals->folder, "seals");
	bool ok = true;

	if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "cannot make %s: %s", folder, g_strerror(errno));
		return false;
	}
	if (!file_sync_folder(seals->folder.path, error))
		return false;
	for (size_t i = 0; i < n && ok; i++) {
		g_autofree char *path =
		    g_build_filename(folder, files[i].name, NULL);

		ok = file_write(path, files[i].octets, false, error);
	}
	return ok;
}
