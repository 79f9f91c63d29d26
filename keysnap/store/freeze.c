/*
 * freeze.c - from a store to a snapshot.
 *
 * The log is written first and then read back as any reader would read it;
 * index, packs, MANIFEST and checkpoint come from what was read, so the
 * snapshot is what its log says and nothing else.  Everything is made in a
 * folder of a temporary name beside the target and renamed when it is synced.
 */
#include "keysnap/store/freeze.h"

#include "keysnap/base/file.h"
#include "keysnap/store/checkpoint.h"
#include "keysnap/store/log_index.h"
#include "keysnap/store/manifest.h"
#include "keysnap/store/pack.h"
#include "keysnap/store/sealed_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER (1 << 20)

struct freezing {
	struct store *store;
	const struct crypto *crypto;
	struct span private_key;
	char *folder; /* temporary */
	uint64_t size;
	struct log_index *log;
	uint8_t (*packs)[32]; /* digests */
	size_t n_packs;
	uint8_t index_sha256[32];
	GByteArray *index_pieces; /* 32 octets each */
};

static bool
fail(GError **error, const char *doing, const char *path)
{
	g_set_error(error, STORE_ERROR, STORE_ERROR_SYSTEM, "cannot %s %s: %s",
	    doing, path, g_strerror(errno));
	return false;
}

/* For store_each(): lines into a buffer, the buffer into the file. */
struct log_writer {
	const struct freezing *freezing;
	int fd;
	const char *path;
	GString *buffer;
	GError *error;
};

static bool
flush(struct log_writer *writer)
{
	bool ok = file_write_all(writer->fd, writer->path,
	    (struct span){
		(const uint8_t *)writer->buffer->str, writer->buffer->len },
	    &writer->error);

	g_string_truncate(writer->buffer, 0);
	return ok;
}

static bool
write_line(void *user, uint64_t index, struct span leaf)
{
	struct log_writer *writer = user;

	if (index >= writer->freezing->size)
		return false;
	g_string_append_len(
	    writer->buffer, (const char *)leaf.p, (gssize)leaf.n);
	g_string_append_c(writer->buffer, '\n');
	return writer->buffer->len < BUFFER || flush(writer);
}

/* Fix the mode and make sure of the octets. */
static bool
finish_file(int fd, const char *path, GError **error)
{
	return (fchmod(fd, 0444) == 0 && fsync(fd) == 0) ||
	    fail(error, "sync", path);
}

static bool
write_log_to(
    const struct freezing *freezing, int fd, const char *path, GError **error)
{
	struct log_writer writer = { freezing, fd, path,
		g_string_sized_new(2 * BUFFER), NULL };
	bool ok = store_each(freezing->store, 0, write_line, &writer, error);

	if (ok && writer.error == NULL)
		flush(&writer);
	g_string_free(writer.buffer, TRUE);
	if (!ok)
		return false;
	if (writer.error != NULL) {
		g_propagate_error(error, writer.error);
		return false;
	}
	return finish_file(fd, path, error);
}

/* What was written must be the log whose root the store keeps; its index is
 * built on the way. */
static bool
read_back(struct freezing *freezing, int fd, const char *path, GError **error)
{
	g_autofree char *index =
	    g_build_filename(freezing->folder, "keys.mdb", NULL);
	uint8_t root[32];

	freezing->log =
	    log_index_read(fd, path, index, freezing->crypto, error);
	if (freezing->log == NULL)
		return false;
	store_root(freezing->store, root);
	if (freezing->log->facts.n == freezing->size &&
	    memcmp(freezing->log->facts.root, root, 32) == 0)
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "the store's log does not give the root that the store keeps: it "
	    "is damaged");
	return false;
}

static bool
write_log(struct freezing *freezing, GError **error)
{
	g_autofree char *path =
	    g_build_filename(freezing->folder, "log.jsonl", NULL);
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	bool ok;

	if (fd < 0)
		return fail(error, "make", path);
	ok = write_log_to(freezing, fd, path, error) &&
	    read_back(freezing, fd, path, error);
	close(fd);
	return ok;
}

static bool
seal_index(struct freezing *freezing, GError **error)
{
	g_autofree char *path =
	    g_build_filename(freezing->folder, "keys.mdb", NULL);
	int fd;
	bool ok;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(error, "open", path);
	ok = sealed_file_digests(fd, path, freezing->crypto, MANIFEST_PIECE,
		 freezing->index_sha256, freezing->index_pieces, error) &&
	    finish_file(fd, path, error);
	close(fd);
	return ok;
}

static bool
add_evidence(
    struct freezing *freezing, struct pack_writer *writer, GError **error)
{
	struct arena *arena = arena_new();
	uint8_t sha256[32];
	struct span octets;
	int got;

	while (
	    (got = log_index_next_evidence(freezing->log, sha256, error)) > 0) {
		arena_reset(arena);
		if (!store_get_evidence(
			freezing->store, arena, sha256, &octets, error) ||
		    !pack_writer_add(writer, sha256, octets, error)) {
			got = -1;
			break;
		}
	}
	arena_free(arena);
	return got == 0;
}

static bool
write_packs(struct freezing *freezing, GError **error)
{
	struct pack_writer *writer =
	    pack_writer_new(freezing->folder, freezing->crypto);

	if (add_evidence(freezing, writer, error))
		return pack_writer_close(
		    writer, &freezing->n_packs, &freezing->packs, error);
	pack_writer_close(writer, NULL, NULL, NULL);
	return false;
}

static bool
write_small(const struct freezing *freezing, const char *name,
    const GString *text, GError **error)
{
	g_autofree char *path = g_build_filename(freezing->folder, name, NULL);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	bool ok;

	if (fd < 0)
		return fail(error, "make", path);
	ok = file_write_all(fd, path,
		 (struct span){ (const uint8_t *)text->str, text->len },
		 error) &&
	    finish_file(fd, path, error);
	close(fd);
	return ok;
}

static void
make_manifest(const struct freezing *freezing, GString *out)
{
	for (size_t i = 0; i < freezing->n_packs; i++) {
		g_autofree char *name = pack_name(i);

		manifest_append(out, name, freezing->packs[i]);
	}
	manifest_append(out, "keys.mdb", freezing->index_sha256);
	manifest_append_pieces(out,
	    (const uint8_t(*)[32])freezing->index_pieces->data,
	    freezing->index_pieces->len / 32);
	manifest_append(out, "log.jsonl", freezing->log->facts.sha256);
}

/* The checkpoint over "manifest", signed when there is a key. */
static bool
make_checkpoint(const struct freezing *freezing, const GString *manifest,
    GString *out, GError **error)
{
	struct checkpoint checkpoint = { .origin = freezing->log->facts.origin,
		.size = freezing->size,
		.is_signed = freezing->private_key.n > 0 };

	memcpy(checkpoint.root, freezing->log->facts.root, 32);
	digest_sha256(freezing->crypto,
	    (struct span){ (const uint8_t *)manifest->str, manifest->len },
	    checkpoint.manifest_sha256);
	if (checkpoint.is_signed &&
	    !note_private_key_parse(
		&checkpoint.signer, freezing->crypto, freezing->private_key)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "the signing key is not one that \"keysnap keygen\" made");
		return false;
	}
	checkpoint_append(out, &checkpoint);
	return !checkpoint.is_signed ||
	    note_sign(out, freezing->crypto, freezing->private_key, error);
}

static bool
write_seal(const struct freezing *freezing, GError **error)
{
	GString *manifest = g_string_new(NULL);
	GString *checkpoint = g_string_new(NULL);
	bool ok;

	make_manifest(freezing, manifest);
	ok = make_checkpoint(freezing, manifest, checkpoint, error) &&
	    write_small(freezing, "MANIFEST", manifest, error) &&
	    write_small(freezing, "checkpoint", checkpoint, error);
	g_string_free(manifest, TRUE);
	g_string_free(checkpoint, TRUE);
	return ok;
}

/* Take back what was made; what cannot be removed stays, under a name that
 * says it is temporary. */
static void
remove_all(const struct freezing *freezing)
{
	static const char *const names[] = { "log.jsonl", "keys.mdb",
		"MANIFEST", "checkpoint" };
	g_autofree char *evidence =
	    g_build_filename(freezing->folder, "evidence", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
		    g_build_filename(freezing->folder, names[i], NULL);

		unlink(path);
	}
	for (size_t i = 0; i < PACK_MAX_COUNT; i++) {
		g_autofree char *name = pack_name(i);
		g_autofree char *path =
		    g_build_filename(freezing->folder, name, NULL);

		if (unlink(path) != 0)
			break;
	}
	rmdir(evidence);
	rmdir(freezing->folder);
}

/* Give the whole folder its name, unless that is taken. */
static bool
place(const struct freezing *freezing, const char *folder, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(folder);

	if (chmod(freezing->folder, 0755) != 0)
		return fail(error, "sync", freezing->folder);
	if (!file_sync_folder(freezing->folder, error))
		return false;
	/* rename() itself refuses to replace a folder that is not empty. */
	if (renameat2(AT_FDCWD, freezing->folder, AT_FDCWD, folder,
		RENAME_NOREPLACE) != 0 &&
	    ((errno != EINVAL && errno != ENOSYS) || file_exists(folder) ||
		rename(freezing->folder, folder) != 0))
		return fail(error, "make", folder);
	return file_sync_folder(parent, error);
}

static bool
fill(struct freezing *freezing, const char *folder, GError **error)
{
	return write_log(freezing, error) && seal_index(freezing, error) &&
	    write_packs(freezing, error) && write_seal(freezing, error) &&
	    place(freezing, folder, error);
}

/* "a/b/" is the folder "a/b". */
static char *
trim_slashes(const char *folder)
{
	size_t n = strlen(folder);

	while (n > 1 && folder[n - 1] == '/')
		n--;
	return g_strndup(folder, n);
}

static bool
refuse_early(const char *folder, struct span private_key,
    const struct crypto *crypto, GError **error)
{
	struct note_key key;

	if (file_exists(folder)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_EXISTS,
		    "%s exists already; a snapshot is never replaced", folder);
		return true;
	}
	if (private_key.n > 0 &&
	    !note_private_key_parse(&key, crypto, private_key)) {
		g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
		    "the signing key is not one that \"keysnap keygen\" made");
		return true;
	}
	return false;
}

bool
freeze_store(struct store *store, const char *folder, struct span private_key,
    const struct crypto *crypto, struct freeze_result *result_out,
    GError **error)
{
	struct freezing freezing = { .store = store,
		.crypto = crypto,
		.private_key = private_key,
		.size = store_size(store) };
	g_autofree char *target = trim_slashes(folder);
	bool ok;

	if (refuse_early(target, private_key, crypto, error))
		return false;
	freezing.folder = g_strconcat(target, ".tmp-XXXXXX", NULL);
	if (g_mkdtemp(freezing.folder) == NULL) {
		fail(error, "make a folder beside", target);
		g_free(freezing.folder);
		return false;
	}
	freezing.index_pieces = g_byte_array_new();
	ok = fill(&freezing, target, error);
	if (ok) {
		result_out->size = freezing.size;
		memcpy(result_out->root, freezing.log->facts.root, 32);
	} else {
		remove_all(&freezing);
	}
	log_index_free(freezing.log);
	g_byte_array_unref(freezing.index_pieces);
	g_free(freezing.packs);
	g_free(freezing.folder);
	return ok;
}
