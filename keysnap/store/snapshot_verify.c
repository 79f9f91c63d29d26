/*
 * snapshot_verify.c - checking all of a snapshot, finding by finding.
 *
 * The order follows trust: what the checkpoint says, MANIFEST against it, the
 * files against MANIFEST, then what they hold against the log.  A finding
 * that is bad ends only what depends on it.
 */
#include "keysnap/store/snapshot.h"

#include "keysnap/store/index.h"
#include "keysnap/store/log_index.h"
#include "keysnap/store/pack.h"
#include "keysnap/store/sealed_file.h"
#include "keysnap/store/snapshot_folder.h"

#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct verification {
	struct snapshot_folder folder;
	const struct snapshot_trust *trust;
	const struct crypto *crypto;
	void (*report)(void *user, const struct snapshot_finding *finding);
	void *user;
	bool bad;              /* some finding was */
	bool signature_holds;  /* that of the public key given */
	struct log_index *log; /* NULL: the log does not hold */
	int rebuilt;           /* the index that it gives, a private file */
	GError *trouble;       /* of the environment: the end */
};

static void G_GNUC_PRINTF(5, 6) tell(struct verification *v, bool good,
    const char *check, const char *file, const char *format, ...)
{
	struct snapshot_finding finding = {
		.good = good, .check = check, .file = file
	};
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	finding.text = text;
	v->bad = v->bad || !good;
	v->report(v->user, &finding);
}

/* What fits, but says nothing to whoever gave no key. */
static void G_GNUC_PRINTF(3, 4) tell_noted(
    struct verification *v, const char *check, const char *format, ...)
{
	struct snapshot_finding finding = {
		.noted = true, .check = check, .file = "checkpoint"
	};
	g_autofree char *text = NULL;
	va_list list;

	va_start(list, format);
	text = g_strdup_vprintf(format, list);
	va_end(list);
	finding.text = text;
	v->report(v->user, &finding);
}

/* An error of ours about the data is a bad finding; any other is trouble. */
static void
tell_error(
    struct verification *v, const char *check, const char *file, GError *error)
{
	if (g_error_matches(error, STORE_ERROR, STORE_ERROR_INTEGRITY)) {
		tell(v, false, check, file, "%s", error->message);
		g_error_free(error);
	} else if (v->trouble == NULL) {
		v->trouble = error;
	} else {
		g_error_free(error);
	}
}

static void
check_signature(struct verification *v)
{
	const struct checkpoint *checkpoint = &v->folder.checkpoint;
	const struct note_key *given = v->trust->public_key;
	GError *error = NULL;

	if (!snapshot_folder_check_signatures(
		&v->folder, v->crypto, given, &error)) {
		tell_error(v, "signature", "checkpoint", error);
		return;
	}
	v->signature_holds = given != NULL;
	if (given != NULL)
		tell(v, true, "signature", "checkpoint",
		    "signed by the public key given, %s", given->name);
	else if (checkpoint->is_signed)
		tell_noted(v, "signature",
		    "the signature fits the key stated in the checkpoint, %s; "
		    "whether that key is to be trusted needs --public-key",
		    checkpoint->signer.name);
	else
		tell_noted(v, "signature",
		    "unsigned: nobody vouches for this snapshot%s",
		    v->trust->root != NULL ? " but the root given" : "");
}

static bool
check_checkpoint(struct verification *v)
{
	const uint8_t *root = v->trust->root;
	GError *error = NULL;

	if (!snapshot_folder_read_checkpoint(&v->folder, v->crypto, &error)) {
		tell_error(v, "checkpoint", "checkpoint", error);
		return false;
	}
	tell(v, true, "checkpoint", "checkpoint",
	    "%" G_GUINT64_FORMAT " entries", v->folder.checkpoint.size);
	check_signature(v);
	if (root == NULL)
		return true;
	if (memcmp(root, v->folder.checkpoint.root, 32) == 0)
		tell(v, true, "root", "checkpoint", "it is the root given");
	else
		tell(
		    v, false, "root", "checkpoint", "it is not the root given");
	return true;
}

static bool
check_manifest(struct verification *v)
{
	GError *error = NULL;

	if (snapshot_folder_read_manifest(&v->folder, v->crypto, &error)) {
		tell(v, true, "manifest", "MANIFEST", "%zu files, as sealed",
		    v->folder.manifest.n);
		return true;
	}
	tell_error(v, "manifest", "MANIFEST", error);
	if (!v->folder.checkpoint.is_signed && v->trouble == NULL)
		tell(v, false, "manifest", "checkpoint",
		    "or it is this file that was changed: it is unsigned, so "
		    "the two cannot be told apart");
	return false;
}

static void
take_stray(void *user, const char *name, const char *why)
{
	tell(user, false, "files", name, "%s: %s", name, why);
}

static void
check_files(struct verification *v)
{
	GError *error = NULL;
	bool bad = v->bad;

	v->bad = false;
	if (!snapshot_folder_list(&v->folder, take_stray, v, &error))
		tell_error(v, "files", NULL, error);
	else if (!v->bad)
		tell(v, true, "files", NULL, "nothing else lies there");
	v->bad = v->bad || bad;
}

/* The log against the checkpoint; sets v->log when it holds.  A log that
 * "is_sealed" is the one in MANIFEST, which the checkpoint names: then it is
 * the checkpoint that is wrong. */
static void
compare_log(struct verification *v, struct log_index *log, bool is_sealed)
{
	const struct checkpoint *checkpoint = &v->folder.checkpoint;
	const char *file = is_sealed ? "checkpoint" : "log.jsonl";

	if (log->facts.n != checkpoint->size)
		tell(v, false, "log", file,
		    "the log holds %" G_GUINT64_FORMAT
		    " entries; the checkpoint says %" G_GUINT64_FORMAT,
		    log->facts.n, checkpoint->size);
	else if (memcmp(log->facts.root, checkpoint->root, 32) != 0)
		tell(v, false, "log", file,
		    "the root of the log is not the one of the checkpoint");
	else if (!span_equal(log->facts.origin, checkpoint->origin))
		tell(v, false, "log", "checkpoint",
		    "its origin is not the one that the log states");
	else
		v->log = log;
	if (v->log != NULL)
		tell(v, true, "log", "log.jsonl",
		    "every line and the root fit the checkpoint");
	else
		log_index_free(log);
}

static bool
compare_digest(struct verification *v, const char *check, const char *file,
    const uint8_t sha256[32])
{
	const struct manifest_file *wanted =
	    manifest_get(&v->folder.manifest, file);

	bool fits = memcmp(sha256, wanted->sha256, 32) == 0;

	tell(v, fits, check, file,
	    fits ? "its SHA-256 fits MANIFEST"
		 : "its SHA-256 does not fit MANIFEST");
	return fits;
}

/* Read the log; the index that it gives is built in v->rebuilt. */
static struct log_index *
read_log(struct verification *v, int fd, GError **error)
{
	g_autofree char *path = snapshot_folder_path(&v->folder, "log.jsonl");
	g_autofree char *to = NULL;
	struct stat st;

	/* The index takes a quarter of the log. */
	v->rebuilt = sealed_file_new(fstat(fd, &st) == 0 && st.st_size > 0
		? (uint64_t)st.st_size / 4
		: 0,
	    error);
	if (v->rebuilt < 0)
		return NULL;
	to = sealed_file_path(v->rebuilt);
	return log_index_read(fd, path, to, v->crypto, error);
}

static void
check_log(struct verification *v, bool manifest_holds)
{
	GError *error = NULL;
	struct log_index *log = NULL;
	int fd = snapshot_folder_open_file(&v->folder, "log.jsonl", &error);

	if (fd >= 0) {
		log = read_log(v, fd, &error);
		close(fd);
	}
	if (log == NULL) {
		tell_error(v, "log", "log.jsonl", error);
		return;
	}
	compare_log(v, log,
	    manifest_holds &&
		compare_digest(v, "digest", "log.jsonl", log->facts.sha256));
}

/* Is it the next that the log names?  True when the log does not hold. */
static bool
is_next_named(struct verification *v, const uint8_t sha256[32], GError **error)
{
	uint8_t named[32];
	int got =
	    v->log == NULL ? 0 : log_index_next_evidence(v->log, named, error);

	return v->log == NULL || (got > 0 && memcmp(named, sha256, 32) == 0);
}

/* One pack: its blobs, which must be the next that the log names. */
static bool
read_pack(struct verification *v, struct pack_reader *reader, const char *name,
    size_t *at, GError **error)
{
	uint8_t sha256[32];
	struct span blob;
	int got;

	while ((got = pack_reader_next(reader, sha256, &blob, error)) > 0) {
		if (!is_next_named(v, sha256, error)) {
			if (error != NULL && *error != NULL)
				return false;
			g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
			    "%s holds evidence that the log does not name "
			    "there",
			    name);
			return false;
		}
		(*at)++;
	}
	return got == 0;
}

static bool
check_pack(struct verification *v, const char *name, size_t *at)
{
	g_autofree char *path = snapshot_folder_path(&v->folder, name);
	GError *error = NULL;
	struct pack_reader *reader = pack_reader_open(path, v->crypto, &error);
	uint8_t sha256[DIGEST_MAX_SIZE];
	bool ok = false;

	if (reader != NULL) {
		ok = read_pack(v, reader, name, at, &error);
		pack_reader_sha256(reader, sha256);
		pack_reader_close(reader);
	}
	if (ok)
		compare_digest(v, "evidence", name, sha256);
	else
		tell_error(v, "evidence", name, error);
	return ok;
}

static void
check_evidence(struct verification *v)
{
	bool ok = true;
	size_t at = 0;

	for (size_t i = 0; i < v->folder.manifest.n && ok; i++) {
		g_autofree char *name =
		    span_dup(v->folder.manifest.files[i].name);

		if (g_str_has_prefix(name, "evidence/"))
			ok = check_pack(v, name, &at);
	}
	if (!ok || v->log == NULL)
		return;
	if (at == log_index_count_evidence(v->log))
		tell(v, true, "evidence", NULL,
		    "%zu pieces, all that the log names and no other", at);
	else
		tell(v, false, "evidence", NULL,
		    "%zu pieces; the log names %" G_GUINT64_FORMAT, at,
		    log_index_count_evidence(v->log));
}

/* An index that another library made, and that a trusted key vouches for. */
static void
compare_index(struct verification *v, int fd, const char *path)
{
	const struct manifest_file *file =
	    manifest_get(&v->folder.manifest, "keys.mdb");
	GError *error = NULL;
	struct index *index =
	    index_open(fd, path, v->crypto, file->sha256, NULL, &error);

	struct index *rebuilt =
	    index == NULL ? NULL : index_open_own(v->rebuilt, path, &error);

	if (rebuilt == NULL)
		tell_error(v, "index", "keys.mdb", error);
	else if (index_equals(index, rebuilt))
		tell(v, true, "index", "keys.mdb",
		    "the same as the log, entry by entry");
	else
		tell(v, false, "index", "keys.mdb",
		    "it does not hold what the log gives");
	index_close(rebuilt);
	index_close(index);
}

static void
check_index_content(struct verification *v, int fd, const char *path)
{
	const struct manifest_file *file =
	    manifest_get(&v->folder.manifest, "keys.mdb");
	GError *error = NULL;
	uint8_t sha256[32];

	if (!sealed_file_digest(v->rebuilt, path, v->crypto, sha256, &error))
		tell_error(v, "index", "keys.mdb", error);
	else if (memcmp(sha256, file->sha256, 32) == 0)
		tell(v, true, "index", "keys.mdb",
		    "octet for octet what the log gives");
	else if (v->signature_holds)
		compare_index(v, fd, path);
	else
		tell(v, false, "index", "keys.mdb",
		    "it is not the index that the log gives; if another "
		    "version of LMDB made it, give --public-key to have it "
		    "compared entry by entry");
}

/* The pieces by which the verifier opens it, when there are any. */
static bool
check_pieces(struct verification *v, const GByteArray *pieces)
{
	const struct manifest *manifest = &v->folder.manifest;

	if (manifest->n_pieces == 0 ||
	    (manifest->n_pieces == pieces->len / 32 &&
		memcmp(manifest->pieces, pieces->data, pieces->len) == 0))
		return true;
	tell(v, false, "digest", "keys.mdb",
	    "the SHA-256 of its pieces do not fit MANIFEST");
	return false;
}

static void
check_index(struct verification *v)
{
	g_autofree char *path = snapshot_folder_path(&v->folder, "keys.mdb");
	g_autoptr(GByteArray) pieces = g_byte_array_new();
	GError *error = NULL;
	uint8_t sha256[32];
	int fd = snapshot_folder_open_file(&v->folder, "keys.mdb", &error);

	if (fd < 0) {
		tell_error(v, "digest", "keys.mdb", error);
		return;
	}
	if (!sealed_file_digests(
		fd, path, v->crypto, MANIFEST_PIECE, sha256, pieces, &error))
		tell_error(v, "digest", "keys.mdb", error);
	else if (compare_digest(v, "digest", "keys.mdb", sha256) &&
	    check_pieces(v, pieces) && v->log != NULL)
		check_index_content(v, fd, path);
	close(fd);
}

static void
check_all(struct verification *v)
{
	bool manifest_holds;

	if (!check_checkpoint(v)) {
		check_files(v);
		return;
	}
	manifest_holds = check_manifest(v);
	check_files(v);
	if (v->trouble == NULL)
		check_log(v, manifest_holds);
	if (v->trouble == NULL && manifest_holds)
		check_evidence(v);
	if (v->trouble == NULL && manifest_holds)
		check_index(v);
}

bool
snapshot_verify(const char *folder, const struct snapshot_trust *trust,
    const struct crypto *crypto,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user, GError **error)
{
	struct verification v = { .trust = trust,
		.crypto = crypto,
		.report = report,
		.user = user,
		.rebuilt = -1 };

	if (snapshot_folder_open(&v.folder, folder, error))
		check_all(&v);
	else
		v.bad = true;
	log_index_free(v.log);
	if (v.rebuilt >= 0)
		close(v.rebuilt);
	snapshot_folder_clear(&v.folder);
	if (v.trouble != NULL)
		g_propagate_error(error, v.trouble);
	return !v.bad && v.trouble == NULL;
}
