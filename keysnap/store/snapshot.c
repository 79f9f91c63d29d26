/*
 * snapshot.c - opening a snapshot, and reading entries out of it.
 *
 * The log stays open and its lines are read when they are asked for; each is
 * hashed again then, so that a log that changes under our hands is found.
 */
#include "keysnap/store/snapshot_private.h"

#include "keysnap/base/file.h"
#include "keysnap/store/log_index.h"
#include "keysnap/store/pack.h"
#include "keysnap/store/sealed_file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
corrupt(const char *path, const char *why, GError **error)
{
	g_set_error(
	    error, STORE_ERROR, STORE_ERROR_INTEGRITY, "%s: %s", path, why);
	return false;
}

/* Read "n" octets of the log; a log that is too short is damage. */
static bool
read_log(const struct snapshot *snapshot, uint8_t *out, size_t n,
    uint64_t offset, GError **error)
{
	GError *trouble = NULL;
	struct stat st;

	if (offset > INT64_MAX - n)
		return corrupt(snapshot->log_path, "cut short", error);
	if (file_read_at(snapshot->log_fd, snapshot->log_path, out, n,
		(int64_t)offset, &trouble))
		return true;
	if (fstat(snapshot->log_fd, &st) == 0 &&
	    (uint64_t)st.st_size < offset + n) {
		g_error_free(trouble);
		return corrupt(snapshot->log_path, "cut short", error);
	}
	g_propagate_error(error, trouble);
	return false;
}

bool
snapshot_get(struct snapshot *snapshot, struct arena *arena, uint64_t number,
    struct entry *entry_out, GError **error)
{
	struct index_entry where;
	uint8_t *octets, hash[32];
	const char *why;

	if (snapshot->excerpt != NULL) {
		struct bearing_log log = excerpt_log(snapshot->excerpt);

		return log.get(log.user, arena, number, entry_out, error);
	}
	if (!index_get(snapshot->index, number, &where) ||
	    where.length > ENTRY_LINE_MAX) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "%s has no entry %" G_GUINT64_FORMAT, snapshot->folder.path,
		    number);
		return false;
	}
	/* The leaf hash is over 0x00 and the line (RFC 6962 2.1). */
	octets = arena_alloc(arena, (size_t)where.length + 1);
	if (!read_log(snapshot, octets + 1, where.length, where.offset, error))
		return false;
	digest_sha256(snapshot->crypto,
	    (struct span){ octets, (size_t)where.length + 1 }, hash);
	if (memcmp(hash, where.leaf_hash, sizeof(hash)) != 0)
		return corrupt(snapshot->log_path,
		    "a line does not fit its leaf hash", error);
	return entry_parse(entry_out, arena,
		   (struct span){ octets + 1, where.length }, number, &why) ||
	    corrupt(snapshot->log_path, why, error);
}

static bool
check_root(const struct snapshot *snapshot, const uint8_t root[32],
    uint64_t size, const char *path, GError **error)
{
	const struct checkpoint *checkpoint = &snapshot->folder.checkpoint;

	if (size != checkpoint->size)
		return corrupt(path,
		    "does not hold as many entries as the checkpoint says",
		    error);
	return memcmp(root, checkpoint->root, 32) == 0 ||
	    corrupt(path, "does not give the root of the checkpoint", error);
}

static bool
check_origin(
    const struct snapshot *snapshot, struct span origin, GError **error)
{
	g_autofree char *path =
	    snapshot_folder_path(&snapshot->folder, "checkpoint");

	return span_equal(origin, snapshot->folder.checkpoint.origin) ||
	    corrupt(path, "its origin is not that of the log", error);
}

/* Does what was read of the log fit MANIFEST and checkpoint? */
static bool
check_log(const struct snapshot *snapshot, const struct log_facts *facts,
    GError **error)
{
	const struct manifest_file *file =
	    manifest_get(&snapshot->folder.manifest, "log.jsonl");

	if (memcmp(facts->sha256, file->sha256, 32) != 0)
		return corrupt(snapshot->log_path,
		    "does not fit its digest in MANIFEST", error);
	return check_root(snapshot, facts->root, facts->n, snapshot->log_path,
		   error) &&
	    check_origin(snapshot, facts->origin, error);
}

/* Build an index of our own in the empty private file "fd". */
static bool
build_own(struct snapshot *snapshot, int fd, GError **error)
{
	g_autofree char *path = sealed_file_path(fd);
	struct log_index *log = log_index_read(snapshot->log_fd,
	    snapshot->log_path, path, snapshot->crypto, error);
	bool ok = log != NULL && check_log(snapshot, &log->facts, error);

	log_index_free(log);
	if (!ok)
		return false;
	sealed_file_seal(fd);
	snapshot->index = index_open_own(fd, path, error);
	return snapshot->index != NULL;
}

/* Nobody's word: hash the whole log.  Its index takes a quarter of it. */
static bool
open_by_log(struct snapshot *snapshot, GError **error)
{
	struct stat st;
	uint64_t size = fstat(snapshot->log_fd, &st) == 0 && st.st_size > 0
	    ? (uint64_t)st.st_size / 4
	    : 0;
	int fd = sealed_file_new(size, error);
	bool ok = fd >= 0 && build_own(snapshot, fd, error);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* The signer's word: keys.mdb is as it was frozen. */
static bool
open_by_key(struct snapshot *snapshot, GError **error)
{
	struct snapshot_folder *folder = &snapshot->folder;
	const struct manifest_file *file =
	    manifest_get(&folder->manifest, "keys.mdb");
	const struct sealed_pieces pieces = { MANIFEST_PIECE,
		(const uint8_t(*)[32])folder->manifest.pieces,
		folder->manifest.n_pieces };
	g_autofree char *path = snapshot_folder_path(folder, "keys.mdb");
	int fd = snapshot_folder_open_file(folder, "keys.mdb", error);
	struct entry first;
	uint8_t root[32];

	if (fd < 0)
		return false;
	snapshot->index = index_open(
	    fd, path, snapshot->crypto, file->sha256, &pieces, error);
	close(fd);
	if (snapshot->index == NULL)
		return false;
	index_root(snapshot->index, root);
	return check_root(
		   snapshot, root, index_size(snapshot->index), path, error) &&
	    snapshot_get(snapshot, folder->arena, 0, &first, error) &&
	    check_origin(snapshot, first.store.origin, error);
}

/* The first thing that has no place in the folder. */
struct stray {
	const struct snapshot_folder *folder;
	GError *first;
};

static void
take_stray(void *user, const char *name, const char *why)
{
	struct stray *stray = user;
	g_autofree char *path = snapshot_folder_path(stray->folder, name);

	if (stray->first == NULL)
		corrupt(path, why, &stray->first);
}

static bool
check_list(const struct snapshot_folder *folder, GError **error)
{
	struct stray stray = { folder, NULL };

	if (!snapshot_folder_list(folder, take_stray, &stray, error)) {
		g_clear_error(&stray.first);
		return false;
	}
	if (stray.first == NULL)
		return true;
	g_propagate_error(error, stray.first);
	return false;
}

static bool
open_files(struct snapshot *snapshot, const char *path,
    const struct snapshot_trust *trust, GError **error)
{
	struct snapshot_folder *folder = &snapshot->folder;
	const struct crypto *crypto = snapshot->crypto;

	if (!snapshot_folder_open(folder, path, error) ||
	    !snapshot_folder_read_checkpoint(folder, crypto, error) ||
	    !snapshot_folder_check_signatures(
		folder, crypto, trust->public_key, error))
		return false;
	if (trust->root != NULL &&
	    memcmp(trust->root, folder->checkpoint.root, 32) != 0)
		return corrupt(path, "its root is not the one given", error);
	if (!snapshot_folder_read_manifest(folder, crypto, error) ||
	    !check_list(folder, error))
		return false;
	snapshot->log_fd =
	    snapshot_folder_open_file(folder, "log.jsonl", error);
	if (snapshot->log_fd < 0)
		return false;
	return snapshot->vouched == SNAPSHOT_BY_KEY
	    ? open_by_key(snapshot, error)
	    : open_by_log(snapshot, error);
}

struct snapshot *
snapshot_open(const char *folder, const struct snapshot_trust *trust,
    const struct crypto *crypto, GError **error)
{
	struct snapshot *snapshot = g_new0(struct snapshot, 1);

	snapshot->crypto = crypto;
	snapshot->log_fd = -1;
	snapshot->log_path = g_build_filename(folder, "log.jsonl", NULL);
	if (trust->root != NULL)
		snapshot->vouched = SNAPSHOT_BY_ROOT;
	else if (trust->public_key != NULL)
		snapshot->vouched = SNAPSHOT_BY_KEY;
	else
		snapshot->vouched = SNAPSHOT_BY_NOBODY;
	if (open_files(snapshot, folder, trust, error))
		return snapshot;
	snapshot_close(snapshot);
	return NULL;
}

struct snapshot *
snapshot_of_excerpt(struct excerpt *excerpt,
    const struct checkpoint *checkpoint, enum snapshot_vouched vouched,
    const struct crypto *crypto)
{
	struct snapshot *snapshot = g_new0(struct snapshot, 1);

	snapshot->crypto = crypto;
	snapshot->log_fd = snapshot->folder.fd = -1;
	snapshot->folder.checkpoint = *checkpoint;
	snapshot->vouched = vouched;
	snapshot->excerpt = excerpt;
	return snapshot;
}

void
snapshot_close(struct snapshot *snapshot)
{
	if (snapshot == NULL)
		return;
	if (snapshot->log_fd >= 0)
		close(snapshot->log_fd);
	index_close(snapshot->index);
	excerpt_free(snapshot->excerpt);
	snapshot_folder_clear(&snapshot->folder);
	g_free(snapshot->log_path);
	g_free(snapshot);
}

const struct checkpoint *
snapshot_checkpoint(const struct snapshot *snapshot)
{
	return &snapshot->folder.checkpoint;
}

struct span
snapshot_checkpoint_octets(const struct snapshot *snapshot)
{
	return snapshot->folder.checkpoint_octets;
}

enum snapshot_vouched
snapshot_vouched(const struct snapshot *snapshot)
{
	return snapshot->vouched;
}

const char *
snapshot_vouched_name(enum snapshot_vouched vouched)
{
	static const char *const names[] = { "nobody", "public-key", "root" };

	return names[vouched];
}

/* False with "error", or when "visit" wants no more. */
static bool
each_of_pack(const struct snapshot *snapshot, const char *path,
    bool (*visit)(void *user, const uint8_t sha256[32], struct span octets),
    void *user, GError **error)
{
	struct pack_reader *reader =
	    pack_reader_open(path, snapshot->crypto, error);
	uint8_t sha256[32];
	struct span blob;
	int got = -1;

	if (reader == NULL)
		return false;
	while ((got = pack_reader_next(reader, sha256, &blob, error)) > 0 &&
	    visit(user, sha256, blob))
		continue;
	pack_reader_close(reader);
	return got == 0;
}

bool
snapshot_each_evidence(struct snapshot *snapshot,
    bool (*visit)(void *user, const uint8_t sha256[32], struct span octets),
    void *user, GError **error)
{
	const struct manifest *manifest = &snapshot->folder.manifest;
	GError *trouble = NULL;
	bool more = true;

	for (size_t i = 0; i < manifest->n && more; i++) {
		g_autofree char *name = span_dup(manifest->files[i].name);
		g_autofree char *path =
		    snapshot_folder_path(&snapshot->folder, name);

		if (g_str_has_prefix(name, "evidence/"))
			more =
			    each_of_pack(snapshot, path, visit, user, &trouble);
	}
	if (trouble == NULL)
		return true;
	g_propagate_error(error, trouble);
	return false;
}

uint64_t
snapshot_names(struct snapshot *snapshot)
{
	return index_names(snapshot->index);
}
