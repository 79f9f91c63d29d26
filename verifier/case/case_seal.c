/* case_seal.c - see case_seal.h. */
#include "verifier/case/case_seal.h"

#include "verifier/run/lines.h"
#include "verifier/run/run.h"
#include "verifier/run/run_file.h"

#include "keysnap/base/file.h"
#include "keysnap/store/manifest.h"
#include "keysnap/store/merkle.h"

#include <stdarg.h>
#include <string.h>

static const char *const covered[] = { "results.jsonl", "run.json",
	"wants.tsv" };

#define N_COVERED G_N_ELEMENTS(covered)

/* What the files are. */
struct sums {
	uint8_t sha256[N_COVERED][DIGEST_SHA256_SIZE];
	uint64_t lines; /* of results.jsonl */
	uint8_t root[32];
};

bool
case_is_sealed(const char *folder)
{
	g_autofree char *path = g_build_filename(folder, "checkpoint", NULL);

	return file_exists(path);
}

/* ---- reading ------------------------------------------------------------- */

static bool
sum_file(const char *folder, const char *name, struct merkle *merkle,
    const struct crypto *crypto, uint8_t sha256_out[DIGEST_SHA256_SIZE],
    GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	struct lines *lines = lines_open(path, RECORD_LINE_MAX, crypto, error);
	struct span line;
	uint8_t hash[32];
	int got = 0;
	bool good = lines != NULL;

	while (good && merkle != NULL &&
	    (got = lines_next(lines, &line, error)) == 1) {
		merkle_leaf(merkle, line, hash);
		merkle_add(merkle, hash);
	}
	good = good && got == 0 && lines_finish(lines, sha256_out, error);
	lines_close(lines);
	return good;
}

static bool
sum_all(const char *folder, const struct crypto *crypto, struct sums *sums,
    GError **error)
{
	struct merkle merkle;
	bool good = true;

	merkle_init(&merkle, crypto);
	for (size_t i = 0; good && i < N_COVERED; i++)
		good = sum_file(folder, covered[i], i == 0 ? &merkle : NULL,
		    crypto, sums->sha256[i], error);
	sums->lines = merkle.size;
	merkle_root(&merkle, sums->root);
	merkle_clear(&merkle);
	return good;
}

static void
append_manifest(GString *out, const struct sums *sums)
{
	for (size_t i = 0; i < N_COVERED; i++)
		manifest_append(out, covered[i], sums->sha256[i]);
}

/* ---- sealing ------------------------------------------------------------- */

static bool
refuse(const char *folder, enum run_error code, const char *why, GError **error)
{
	g_set_error(error, RUN_ERROR, (gint)code, "%s: %s", folder, why);
	return false;
}

static bool
check_case(const char *folder, const struct sums *sums, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "run.json", NULL);
	struct run_file *file = run_file_open(path, error);
	json_t *outputs;
	bool good;

	if (file == NULL)
		return false;
	outputs = run_file_get(file, "outputs");
	good = run_outputs_have(outputs, covered[0], sums->sha256[0]) &&
	    run_outputs_have(outputs, covered[2], sums->sha256[2]);
	json_decref(outputs);
	run_file_close(file);
	return good ||
	    refuse(folder, RUN_ERROR_DIFFERS,
		"its files are not those that run.json names: it is not "
		"sealed",
		error);
}

static bool
write_file(
    const char *folder, const char *name, const GString *text, GError **error)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	GError *cause = NULL;

	/* What a sealing that was cut off left is made anew. */
	if (file_write(path,
		(struct span){ (const uint8_t *)text->str, text->len }, true,
		&cause))
		return true;
	g_set_error(error, RUN_ERROR, RUN_ERROR_OUTPUT, "%s", cause->message);
	g_error_free(cause);
	return false;
}

static bool
make_checkpoint(const struct sums *sums, const GString *manifest,
    struct span origin, struct span private_key, const struct crypto *crypto,
    GString *out, GError **error)
{
	g_autofree char *name = span_dup(origin);
	g_autofree char *whole = g_strconcat(name, CASE_ORIGIN_END, NULL);
	struct checkpoint checkpoint = {
		.origin = span_from_string(whole),
		.size = sums->lines,
		.is_signed = private_key.n > 0,
	};

	memcpy(checkpoint.root, sums->root, sizeof(checkpoint.root));
	digest_sha256(crypto,
	    (struct span){ (const uint8_t *)manifest->str, manifest->len },
	    checkpoint.manifest_sha256);
	if (checkpoint.is_signed)
		note_private_key_parse(&checkpoint.signer, crypto, private_key);
	checkpoint_append(out, &checkpoint);
	return !checkpoint.is_signed ||
	    note_sign(out, crypto, private_key, error);
}

bool
case_seal(const char *folder, struct span origin, struct span private_key,
    const struct crypto *crypto, GError **error)
{
	g_autofree char *run = g_build_filename(folder, "run.json", NULL);
	g_autoptr(GString) manifest = g_string_new(NULL);
	g_autoptr(GString) checkpoint = g_string_new(NULL);
	struct sums sums;

	if (!file_exists(run))
		return refuse(folder, RUN_ERROR_EXISTS,
		    "is no case with a finished run", error);
	if (case_is_sealed(folder))
		return refuse(folder, RUN_ERROR_EXISTS,
		    "is sealed; --sign-key, --request and --attach add to "
		    "that",
		    error);
	if (!sum_all(folder, crypto, &sums, error) ||
	    !check_case(folder, &sums, error))
		return false;
	append_manifest(manifest, &sums);
	return make_checkpoint(&sums, manifest, origin, private_key, crypto,
		   checkpoint, error) &&
	    write_file(folder, "MANIFEST", manifest, error) &&
	    write_file(folder, "checkpoint", checkpoint, error);
}

/* ---- checking ------------------------------------------------------------ */

struct checking {
	void (*report)(void *user, const struct snapshot_finding *finding);
	void *user;
};

static void G_GNUC_PRINTF(5, 6) tell(const struct checking *checking, bool good,
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
	checking->report(checking->user, &finding);
}

/* Line by line, so that the file that differs is named. */
static void
compare_manifests(
    const struct checking *checking, struct span is, const struct sums *sums)
{
	g_autoptr(GString) all = g_string_new(NULL);
	struct span rest = is;

	append_manifest(all, sums);
	if (span_equal(is, (struct span){ (uint8_t *)all->str, all->len })) {
		tell(checking, true, "files", "MANIFEST",
		    "%zu files are what it says", N_COVERED);
		return;
	}
	for (size_t i = 0; i < N_COVERED; i++) {
		g_autoptr(GString) line = g_string_new(NULL);
		size_t n = MIN(span_find(rest, '\n') + 1, rest.n);

		manifest_append(line, covered[i], sums->sha256[i]);
		if (!span_equal(span_sub(rest, 0, n),
			(struct span){ (uint8_t *)line->str, line->len }))
			tell(checking, false, "files", covered[i],
			    "it is not what MANIFEST says");
		rest = span_from(rest, n);
	}
	if (rest.n > 0)
		tell(checking, false, "files", "MANIFEST",
		    "it has lines too many");
}

/* What lies beside is not covered. */
static void
tell_others(const struct checking *checking, const char *folder)
{
	static const char *const known[] = { "MANIFEST", "checkpoint",
		"results.jsonl", "run.json", "seals", "wants.tsv", NULL };
	g_autoptr(GDir) listing = g_dir_open(folder, 0, NULL);
	const char *name;
	uint64_t n = 0;

	while (listing != NULL && (name = g_dir_read_name(listing)) != NULL)
		n += !g_strv_contains(known, name);
	if (n > 0) {
		const struct snapshot_finding finding = {
			.noted = true,
			.check = "files",
			.text = "other files lie beside, which the seal does "
				"not cover",
		};

		checking->report(checking->user, &finding);
	}
}

bool
case_check_files(const char *folder, const struct checkpoint *checkpoint,
    const struct crypto *crypto,
    void (*report)(void *user, const struct snapshot_finding *finding),
    void *user, GError **error)
{
	const struct checking checking = { report, user };
	g_autofree char *path = g_build_filename(folder, "MANIFEST", NULL);
	g_autoptr(GBytes) bytes = NULL;
	uint8_t sha256[DIGEST_SHA256_SIZE];
	struct span text;
	struct sums sums;
	bool same;

	bytes = file_read(path, MANIFEST_MAX, error);
	if (bytes == NULL || !sum_all(folder, crypto, &sums, error))
		return false;
	text.p = g_bytes_get_data(bytes, &text.n);
	digest_sha256(crypto, text, sha256);
	same = memcmp(sha256, checkpoint->manifest_sha256, sizeof(sha256)) == 0;
	tell(&checking, same, "manifest", "MANIFEST",
	    same ? "it is the one of the checkpoint"
		 : "it is not the one of the checkpoint");
	compare_manifests(&checking, text, &sums);
	same = sums.lines == checkpoint->size &&
	    memcmp(sums.root, checkpoint->root, sizeof(sums.root)) == 0;
	tell(&checking, same, "records", "results.jsonl",
	    same ? "its lines give the root of the checkpoint"
		 : "its lines do not give the root of the checkpoint");
	if (!span_ends_with(checkpoint->origin, SPAN(CASE_ORIGIN_END)))
		tell(&checking, false, "origin", "checkpoint",
		    "it is of something else than a case");
	tell_others(&checking, folder);
	return true;
}
