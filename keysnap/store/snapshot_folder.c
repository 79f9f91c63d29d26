/*
 * snapshot_folder.c - opening and listing what lies in a snapshot.
 */
#include "keysnap/store/snapshot_folder.h"

#include "keysnap/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES_MAX 10000 /* things in one folder; a snapshot has under 8200 */

char *
snapshot_folder_path(const struct snapshot_folder *folder, const char *name)
{
	return g_build_filename(folder->path, name, NULL);
}

static bool
corrupt(const struct snapshot_folder *folder, const char *name, const char *why,
    GError **error)
{
	g_autofree char *path = snapshot_folder_path(folder, name);

	g_set_error(
	    error, STORE_ERROR, STORE_ERROR_INTEGRITY, "%s: %s", path, why);
	return false;
}

/* What the system said of "name"; a thing that is not there, or not of its
 * kind, is damage. */
static bool
fail(const struct snapshot_folder *folder, const char *name, GError **error)
{
	bool damage = errno == ENOENT || errno == ELOOP || errno == ENOTDIR ||
	    errno == ENXIO || errno == EISDIR;
	g_autofree char *path = snapshot_folder_path(folder, name);

	g_set_error(error, STORE_ERROR,
	    damage ? STORE_ERROR_INTEGRITY : STORE_ERROR_SYSTEM,
	    "cannot open %s: %s", path, g_strerror(errno));
	return false;
}

bool
snapshot_folder_open(
    struct snapshot_folder *folder, const char *path, GError **error)
{
	memset(folder, 0, sizeof(*folder));
	folder->path = g_strdup(path);
	folder->arena = arena_new();
	folder->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder->fd >= 0)
		return true;
	if (errno == ENOTDIR)
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "%s is not a snapshot folder; if it is a store, freeze it "
		    "first: keysnap freeze %s SNAPSHOT",
		    path, path);
	else
		g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM,
		    "cannot open %s: %s", path, g_strerror(errno));
	return false;
}

void
snapshot_folder_clear(struct snapshot_folder *folder)
{
	if (folder->fd >= 0 && folder->path != NULL)
		close(folder->fd);
	if (folder->arena != NULL)
		arena_free(folder->arena);
	g_free(folder->path);
	memset(folder, 0, sizeof(*folder));
	folder->fd = -1;
}

int
snapshot_folder_open_file(
    const struct snapshot_folder *folder, const char *name, GError **error)
{
	struct stat st;
	int fd = openat(
	    folder->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	if (fd < 0) {
		fail(folder, name, error);
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	corrupt(folder, name, "not a regular file", error);
	close(fd);
	return -1;
}

/* Read at most "max" octets into "buffer"; -1 on error, errno set. */
static ssize_t
read_up_to(int fd, uint8_t *buffer, size_t max)
{
	size_t n = 0;

	while (n < max) {
		ssize_t got = read(fd, buffer + n, max - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	return (ssize_t)n;
}

bool
snapshot_folder_read(struct snapshot_folder *folder, const char *name,
    size_t max, struct span *octets_out, GError **error)
{
	int fd = snapshot_folder_open_file(folder, name, error);
	g_autofree uint8_t *buffer = NULL;
	ssize_t n;

	if (fd < 0)
		return false;
	buffer = g_malloc(max + 1);
	n = read_up_to(fd, buffer, max + 1);
	if (n < 0)
		fail(folder, name, error);
	close(fd);
	if (n < 0)
		return false;
	if ((size_t)n > max)
		return corrupt(folder, name, "too long", error);
	*octets_out =
	    arena_copy(folder->arena, (struct span){ buffer, (size_t)n });
	return true;
}

bool
snapshot_folder_read_checkpoint(
    struct snapshot_folder *folder, const struct crypto *crypto, GError **error)
{
	struct span octets;
	const char *why;

	if (!snapshot_folder_read(
		folder, "checkpoint", NOTE_MAX, &octets, error))
		return false;
	folder->checkpoint_octets = octets;
	return checkpoint_parse(
		   &folder->checkpoint, folder->arena, crypto, octets, &why) ||
	    corrupt(folder, "checkpoint", why, error);
}

bool
snapshot_folder_check_signatures(const struct snapshot_folder *folder,
    const struct crypto *crypto, const struct note_key *public_key,
    GError **error)
{
	const char *why;

	return checkpoint_check_signatures(
		   &folder->checkpoint, crypto, public_key, &why) ||
	    corrupt(folder, "checkpoint", why, error);
}

bool
snapshot_folder_read_manifest(
    struct snapshot_folder *folder, const struct crypto *crypto, GError **error)
{
	struct span octets;
	uint8_t sha256[32];
	const char *why;

	if (!snapshot_folder_read(
		folder, "MANIFEST", MANIFEST_MAX, &octets, error))
		return false;
	digest_sha256(crypto, octets, sha256);
	if (memcmp(sha256, folder->checkpoint.manifest_sha256, 32) != 0)
		return corrupt(folder, "MANIFEST",
		    "does not fit its digest in the checkpoint", error);
	return manifest_parse(&folder->manifest, folder->arena, octets, &why) ||
	    corrupt(folder, "MANIFEST", why, error);
}

static int
order_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names in the folder "name" ("." for the snapshot itself), sorted. */
static GPtrArray *
read_names(
    const struct snapshot_folder *folder, const char *name, GError **error)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	int fd = openat(
	    folder->fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *found = NULL;

	if (dir == NULL) {
		fail(folder, name, error);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	do {
		errno = 0;
		found = readdir(dir);
		if (found != NULL && strcmp(found->d_name, ".") != 0 &&
		    strcmp(found->d_name, "..") != 0)
			g_ptr_array_add(names, g_strdup(found->d_name));
	} while (found != NULL && names->len <= NAMES_MAX);
	if (found == NULL && errno != 0) {
		fail(folder, name, error);
		closedir(dir);
		return NULL;
	}
	closedir(dir);
	g_ptr_array_sort(names, order_names);
	return g_steal_pointer(&names);
}

/* What may lie in the folder itself, and whether it is a folder. */
static const struct {
	const char *name;
	bool is_folder;
} places[] = {
	{ "MANIFEST", false },
	{ "checkpoint", false },
	{ "keys.mdb", false },
	{ "log.jsonl", false },
	{ "evidence", true },
	{ "seals", true },
};

static bool
has_packs(const struct snapshot_folder *folder)
{
	return folder->manifest.n == 0 ||
	    manifest_get(&folder->manifest, "evidence/pack-000000") != NULL;
}

static const char *
check_place(const struct snapshot_folder *folder, const char *name)
{
	struct stat st;

	if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return "cannot be examined";
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		if (strcmp(name, places[i].name) != 0)
			continue;
		if (places[i].is_folder ? !S_ISDIR(st.st_mode)
					: !S_ISREG(st.st_mode))
			return "not of the kind that it must be";
		if (strcmp(name, "evidence") == 0 && !has_packs(folder))
			return "MANIFEST names no evidence";
		return NULL;
	}
	return "nothing of this name belongs in a snapshot";
}

/* "name" is "evidence/..." */
static const char *
check_pack(const struct snapshot_folder *folder, const char *name)
{
	struct stat st;

	if (fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return "not a regular file";
	if (folder->manifest.n > 0 &&
	    manifest_get(&folder->manifest, name) == NULL)
		return "MANIFEST does not name it";
	return NULL;
}

/* "name" is "seals/..." */
static const char *
check_seal(const struct snapshot_folder *folder, const char *name)
{
	struct stat st;

	return fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		S_ISREG(st.st_mode)
	    ? NULL
	    : "not a regular file";
}

static bool
is_folder(const struct snapshot_folder *folder, const char *name)
{
	struct stat st;

	return fstatat(folder->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISDIR(st.st_mode);
}

GPtrArray *
snapshot_folder_names(
    const struct snapshot_folder *folder, const char *name, GError **error)
{
	if (!is_folder(folder, name))
		return g_ptr_array_new_with_free_func(g_free);
	return read_names(folder, name, error);
}

/* Report what "check" finds wrong with the things in the folder "in". */
static bool
list_folder(const struct snapshot_folder *folder, const char *in,
    const char *(*check)(
	const struct snapshot_folder *folder, const char *name),
    void (*report)(void *user, const char *name, const char *why), void *user,
    GError **error)
{
	g_autoptr(GPtrArray) names = read_names(folder, in, error);

	for (guint i = 0; names != NULL && i < names->len; i++) {
		g_autofree char *name = strcmp(in, ".") == 0
		    ? g_strdup(names->pdata[i])
		    : g_build_filename(in, names->pdata[i], NULL);
		const char *why = check(folder, name);

		if (why != NULL)
			report(user, name, why);
	}
	return names != NULL;
}

bool
snapshot_folder_list(const struct snapshot_folder *folder,
    void (*report)(void *user, const char *name, const char *why), void *user,
    GError **error)
{
	if (!list_folder(folder, ".", check_place, report, user, error))
		return false;
	if (is_folder(folder, "evidence") &&
	    !list_folder(folder, "evidence", check_pack, report, user, error))
		return false;
	return !is_folder(folder, "seals") ||
	    list_folder(folder, "seals", check_seal, report, user, error);
}
