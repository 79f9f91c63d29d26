/*
 * snapshot_bag.c - a snapshot packed as a BagIt bag (RFC 8493).
 * Limit: one pass over each file, BUFFER octets at a time.
 */
#include "keysnap/store/snapshot_bag.h"

#include "keysnap/base/file.h"
#include "keysnap/base/text.h"
#include "keysnap/store/snapshot_folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER (1 << 20)

struct bagging {
	struct snapshot_folder folder;
	const struct crypto *crypto;
	char *bag;                /* temporary */
	GPtrArray *made;          /* paths of files and folders, in order */
	GString *manifest, *tags; /* lines of the two manifests */
	uint64_t octets, files;   /* of the payload */
	GError **error;
};

static bool
fail(const struct bagging *bagging, const char *doing, const char *path)
{
	g_set_error(bagging->error, STORE_ERROR, STORE_ERROR_SYSTEM,
	    "cannot %s %s: %s", doing, path, g_strerror(errno));
	return false;
}

static bool
corrupt(const struct bagging *bagging, const char *name, const char *why)
{
	g_set_error(bagging->error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "%s/%s: %s", bagging->folder.path, name, why);
	return false;
}

/* "HASH  PATH" with "%", CR and LF in it as RFC 8493 section 2.1.3 has it. */
static void
append_line(GString *out, const uint8_t sha256[32], const char *path)
{
	char hex[DIGEST_HEX_SIZE];

	digest_to_hex((struct span){ sha256, 32 }, hex);
	g_string_append_printf(out, "%s  ", hex);
	for (; *path != '\0'; path++) {
		if (*path == '%' || *path == '\r' || *path == '\n')
			g_string_append_printf(out, "%%%02X", *path);
		else
			g_string_append_c(out, *path);
	}
	g_string_append_c(out, '\n');
}

static bool
make_folder(struct bagging *bagging, const char *name)
{
	char *path = g_build_filename(bagging->bag, name, NULL);

	g_ptr_array_add(bagging->made, path);
	return mkdir(path, 0755) == 0 || fail(bagging, "make", path);
}

/* A new file of the bag, or -1. */
static int
make_file(struct bagging *bagging, const char *name)
{
	char *path = g_build_filename(bagging->bag, name, NULL);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	g_ptr_array_add(bagging->made, path);
	if (fd < 0)
		fail(bagging, "make", path);
	return fd;
}

/* All octets of "in" to "out", and their hash. */
static bool
copy_octets(struct bagging *bagging, int in, int out, const char *name,
    uint8_t sha256_out[32])
{
	g_autofree uint8_t *buffer = g_malloc(BUFFER);
	struct digest digest;
	ssize_t n;
	bool ok = true;

	digest_init(&digest, bagging->crypto, DIGEST_SHA256);
	while (ok && (n = read(in, buffer, BUFFER)) != 0) {
		struct span octets = { buffer, (size_t)n };

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			ok = fail(bagging, "read", name);
			break;
		}
		digest_add(&digest, octets);
		bagging->octets += octets.n;
		ok = file_write_all(out, name, octets, bagging->error);
	}
	digest_finish(&digest, sha256_out);
	digest_clear(&digest);
	return ok;
}

/* One file of the snapshot to data/; it must have the digest "want", when
 * there is one. */
static bool
copy_file(struct bagging *bagging, const char *name, const uint8_t *want)
{
	g_autofree char *to = g_build_filename("data", name, NULL);
	int in =
	    snapshot_folder_open_file(&bagging->folder, name, bagging->error);
	int out = in < 0 ? -1 : make_file(bagging, to);
	uint8_t sha256[32];
	bool ok = out >= 0 && copy_octets(bagging, in, out, name, sha256);

	if (ok && (fchmod(out, 0444) != 0 || fsync(out) != 0))
		ok = fail(bagging, "sync", to);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	if (ok && want != NULL && memcmp(want, sha256, 32) != 0)
		ok = corrupt(bagging, name, "does not fit its digest");
	if (ok) {
		append_line(bagging->manifest, sha256, to);
		bagging->files++;
	}
	return ok;
}

/* What lies in seals/ vouches for itself. */
static bool
copy_seals(struct bagging *bagging)
{
	g_autoptr(GPtrArray) names =
	    snapshot_folder_names(&bagging->folder, "seals", bagging->error);

	if (names == NULL)
		return false;
	if (names->len > 0 && !make_folder(bagging, "data/seals"))
		return false;
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *name =
		    g_build_filename("seals", names->pdata[i], NULL);

		if (!text_is_utf8(span_from_string(name)))
			return corrupt(bagging, name,
			    "a bag cannot name a file whose name is not UTF-8");
		if (!copy_file(bagging, name, NULL))
			return false;
	}
	return true;
}

static bool
copy_all(struct bagging *bagging)
{
	const struct snapshot_folder *folder = &bagging->folder;
	const struct manifest *manifest = &folder->manifest;
	uint8_t checkpoint[32];

	digest_sha256(bagging->crypto, folder->checkpoint_octets, checkpoint);
	if (!make_folder(bagging, "data") ||
	    (manifest_get(manifest, "evidence/pack-000000") != NULL &&
		!make_folder(bagging, "data/evidence")) ||
	    !copy_file(
		bagging, "MANIFEST", folder->checkpoint.manifest_sha256) ||
	    !copy_file(bagging, "checkpoint", checkpoint))
		return false;
	for (size_t i = 0; i < manifest->n; i++) {
		g_autofree char *name = span_dup(manifest->files[i].name);

		if (!copy_file(bagging, name, manifest->files[i].sha256))
			return false;
	}
	return copy_seals(bagging);
}

static bool
write_tag(struct bagging *bagging, const char *name, const GString *text)
{
	struct span octets = { (const uint8_t *)text->str, text->len };
	int fd = make_file(bagging, name);
	uint8_t sha256[32];
	bool ok = fd >= 0 && file_write_all(fd, name, octets, bagging->error) &&
	    (fsync(fd) == 0 || fail(bagging, "sync", name));

	if (fd >= 0)
		close(fd);
	digest_sha256(bagging->crypto, octets, sha256);
	append_line(bagging->tags, sha256, name);
	return ok;
}

/* RFC 8493 section 2.2.2; a value has no line breaks. */
static void
append_info(const struct bagging *bagging, int64_t date, GString *out)
{
	const struct checkpoint *checkpoint = &bagging->folder.checkpoint;
	char root[DIGEST_HEX_SIZE], at[TIMESTAMP_SIZE];

	digest_to_hex((struct span){ checkpoint->root, 32 }, root);
	timestamp_format(date, at);
	g_string_append_printf(
	    out, "Bag-Software-Agent: keysnap %s\n", PROGRAM_VERSION);
	g_string_append_printf(out, "Bagging-Date: %.10s\n", at);
	g_string_append(
	    out, "External-Description: keysnap snapshot of DKIM keys, log ");
	text_append_terminal(out, checkpoint->origin);
	g_string_append_printf(out,
	    "\nExternal-Identifier: %s\n"
	    "Payload-Oxum: %" PRIu64 ".%" PRIu64 "\n",
	    root, bagging->octets, bagging->files);
}

static bool
write_tags(struct bagging *bagging, int64_t date)
{
	g_autoptr(GString) info = g_string_new(NULL);
	g_autoptr(GString) declaration =
	    g_string_new("BagIt-Version: 1.0\n"
			 "Tag-File-Character-Encoding: UTF-8\n");
	g_autoptr(GString) tags = NULL;

	append_info(bagging, date, info);
	if (!write_tag(bagging, "bag-info.txt", info) ||
	    !write_tag(bagging, "bagit.txt", declaration) ||
	    !write_tag(bagging, "manifest-sha256.txt", bagging->manifest))
		return false;
	tags = g_string_new(bagging->tags->str);
	return write_tag(bagging, "tagmanifest-sha256.txt", tags);
}

/* Give the whole bag its name, unless that is taken. */
static bool
place(struct bagging *bagging, const char *bag)
{
	g_autofree char *parent = g_path_get_dirname(bag);

	if (chmod(bagging->bag, 0755) != 0)
		return fail(bagging, "sync", bagging->bag);
	for (guint i = 0; i < bagging->made->len; i++) {
		const char *path = bagging->made->pdata[i];

		if (g_file_test(path, G_FILE_TEST_IS_DIR) &&
		    !file_sync_folder(path, bagging->error))
			return false;
	}
	if (!file_sync_folder(bagging->bag, bagging->error))
		return false;
	/* rename() itself refuses to replace a folder that is not empty. */
	if (renameat2(
		AT_FDCWD, bagging->bag, AT_FDCWD, bag, RENAME_NOREPLACE) != 0 &&
	    ((errno != EINVAL && errno != ENOSYS) || file_exists(bag) ||
		rename(bagging->bag, bag) != 0))
		return fail(bagging, "make", bag);
	return file_sync_folder(parent, bagging->error);
}

static void
remove_all(struct bagging *bagging)
{
	for (guint i = bagging->made->len; i-- > 0;)
		g_remove(bagging->made->pdata[i]);
	g_rmdir(bagging->bag);
}

/* The checkpoint must still be the one that was opened. */
static bool
open_folder(
    struct bagging *bagging, const struct snapshot *snapshot, const char *path)
{
	if (!snapshot_folder_open(&bagging->folder, path, bagging->error) ||
	    !snapshot_folder_read_checkpoint(
		&bagging->folder, bagging->crypto, bagging->error) ||
	    !snapshot_folder_read_manifest(
		&bagging->folder, bagging->crypto, bagging->error))
		return false;
	return span_equal(bagging->folder.checkpoint_octets,
		   snapshot_checkpoint_octets(snapshot)) ||
	    corrupt(bagging, "checkpoint", "changed while it was read");
}

static bool
fill(struct bagging *bagging, const char *bag, int64_t date)
{
	bagging->bag = g_strconcat(bag, ".tmp-XXXXXX", NULL);
	if (g_mkdtemp(bagging->bag) == NULL)
		return fail(bagging, "make a folder beside", bag);
	if (copy_all(bagging) && write_tags(bagging, date) &&
	    place(bagging, bag))
		return true;
	remove_all(bagging);
	return false;
}

bool
snapshot_bag_write(const struct snapshot *snapshot, const char *path,
    const char *bag, int64_t date, const struct crypto *crypto, GError **error)
{
	g_autofree char *target = g_strdup(bag);
	struct bagging bagging = {
		.crypto = crypto,
		.made = g_ptr_array_new_with_free_func(g_free),
		.manifest = g_string_new(NULL),
		.tags = g_string_new(NULL),
		.error = error,
	};
	bool ok = false;

	for (size_t n = strlen(target); n > 1 && target[n - 1] == '/'; n--)
		target[n - 1] = '\0';
	if (file_exists(target))
		g_set_error(error, STORE_ERROR, STORE_ERROR_EXISTS,
		    "%s exists already; a bag is never replaced", target);
	else
		ok = open_folder(&bagging, snapshot, path) &&
		    fill(&bagging, target, date);
	snapshot_folder_clear(&bagging.folder);
	g_string_free(bagging.tags, TRUE);
	g_string_free(bagging.manifest, TRUE);
	g_ptr_array_free(bagging.made, TRUE);
	g_free(bagging.bag);
	return ok;
}
