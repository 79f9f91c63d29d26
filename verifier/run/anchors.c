/*
 * anchors.c - reading the proofs that were given, and looking digests up.
 */
#include "verifier/run/anchors.h"

#include "keysnap/base/digest.h"
#include "keysnap/base/file.h"
#include "verifier/archive/checksum_list.h"

#include <stdlib.h>

struct anchors {
	struct arena *arena;
	const struct crypto *crypto;
	GPtrArray *bytes; /* that the rest borrows from */
	struct time_trust_files files;
	struct anchor anchors[ANCHORS_MAX];
	struct anchor_list lists[ANCHORS_MAX];
	bool reaches[ANCHORS_MAX][ANCHORS_MAX]; /* proof, list */
	struct anchor_trust trusted[TIME_TRUST_FILES_MAX];
	struct anchors_given given;
};

static bool
fail(GError **error, const char *path, const char *why)
{
	g_set_error(
	    error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", path, why);
	return false;
}

/* The octets of a file, which "anchors" keeps. */
static bool
read_octets(struct anchors *anchors, const char *path, size_t max,
    struct span *octets_out, GError **error)
{
	GBytes *bytes = file_read(path, max, error);

	if (bytes == NULL)
		return false;
	g_ptr_array_add(anchors->bytes, bytes);
	octets_out->p = g_bytes_get_data(bytes, &octets_out->n);
	return true;
}

static struct span
base_name(struct anchors *anchors, const char *path)
{
	g_autofree char *name = g_path_get_basename(path);

	return arena_copy(anchors->arena, span_from_string(name));
}

/* How many there are; false when there are too many. */
static bool
count(char **paths, const char *option, size_t *n_out, GError **error)
{
	*n_out = paths == NULL ? 0 : g_strv_length(paths);
	if (*n_out <= ANCHORS_MAX)
		return true;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "%s is given more than %d times", option, ANCHORS_MAX);
	return false;
}

/* What the proofs are checked against, for records. */
static void
list_trusted(struct anchors *anchors)
{
	for (size_t i = 0; i < anchors->files.n; i++) {
		const struct time_trust_file *file = &anchors->files.files[i];
		struct anchor_trust *trust = &anchors->trusted[i];

		trust->option = file->use;
		trust->name = base_name(anchors, file->path);
		memcpy(trust->sha256, file->sha256, sizeof(trust->sha256));
	}
	anchors->given.trusted = anchors->trusted;
	anchors->given.n_trusted = anchors->files.n;
}

/* ---- lists --------------------------------------------------------------- */

static int
compare_digests(const void *a, const void *b)
{
	return memcmp(a, b, 32);
}

/* The SHA-256 sums of a list's lines. */
static bool
parse_list(struct anchor_list *list, struct arena *arena, const char *path,
    struct span octets, GError **error)
{
	g_autofree uint8_t *scratch = g_malloc(octets.n + 1);
	GArray *digests = g_array_new(FALSE, FALSE, 32);
	uint64_t number = 0;
	bool ok = true;

	for (struct span rest = octets; rest.n > 0 && ok;) {
		size_t n = MIN(span_find(rest, '\n') + 1, rest.n);
		struct checksum_entry entry;
		const char *why;
		enum checksum_line line =
		    checksum_line_parse(span_sub(rest, 0, n), ++number,
			CHECKSUM_FORM_ANY, scratch, &entry, &why);

		rest = span_from(rest, n);
		ok = line != CHECKSUM_BAD;
		if (!ok)
			g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
			    "%s: line %" PRIu64 ": %s", path, number, why);
		else if (line == CHECKSUM_ENTRY &&
		    entry.algorithm == CHECKSUM_SHA256)
			g_array_append_vals(digests, entry.digest, 1);
	}
	if (ok && digests->len == 0)
		ok = fail(error, path, "lists no SHA-256 of a file");
	g_array_sort(digests, compare_digests);
	list->n = digests->len;
	list->digests = (const uint8_t(*)[32])(const void *)arena_copy(arena,
	    (struct span){
		(const uint8_t *)digests->data, (size_t)digests->len * 32 })
			    .p;
	g_array_unref(digests);
	return ok;
}

static bool
read_lists(struct anchors *anchors, char **paths, GError **error)
{
	size_t n;

	if (!count(paths, "--hash-list", &n, error))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct anchor_list *list = &anchors->lists[i];
		struct span octets;

		if (!read_octets(
			anchors, paths[i], ANCHOR_LIST_MAX, &octets, error) ||
		    !parse_list(list, anchors->arena, paths[i], octets, error))
			return false;
		list->name = base_name(anchors, paths[i]);
		digest_sha256(anchors->crypto, octets, list->sha256);
	}
	anchors->given.lists = anchors->lists;
	anchors->given.n_lists = n;
	return true;
}

static bool
list_holds(const struct anchor_list *list, const uint8_t sha256[32])
{
	return bsearch(sha256, list->digests, list->n, 32, compare_digests) !=
	    NULL;
}

/* ---- proofs -------------------------------------------------------------- */

static bool
read_proofs(struct anchors *anchors, char **paths, GError **error)
{
	size_t n;

	if (!count(paths, "--anchor", &n, error))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct anchor *anchor = &anchors->anchors[i];
		struct span octets;

		if (!read_octets(
			anchors, paths[i], TIME_PROOF_MAX, &octets, error))
			return false;
		anchor->name = base_name(anchors, paths[i]);
		digest_sha256(anchors->crypto, octets, anchor->sha256);
		time_proof_check(&anchor->proof, anchors->arena,
		    anchors->crypto, &anchors->files.trust, octets);
		if (anchor->proof.state == TIME_PROOF_BROKEN)
			return fail(error, paths[i], anchor->proof.text);
		anchor->counts = anchor->proof.state == TIME_PROOF_COUNTS;
	}
	anchors->given.anchors = anchors->anchors;
	anchors->given.n = n;
	return true;
}

/* Does proof "i" cover it, by itself or by a list that it reaches?  That list
 * then, or NULL. */
static bool
covers(const struct anchors *anchors, size_t i, const uint8_t sha256[32],
    const struct anchor_list **list_out)
{
	*list_out = NULL;
	if (time_proof_covers(&anchors->anchors[i].proof, sha256))
		return true;
	for (size_t j = 0; j < anchors->given.n_lists; j++) {
		if (!anchors->reaches[i][j] ||
		    !list_holds(&anchors->lists[j], sha256))
			continue;
		*list_out = &anchors->lists[j];
		return true;
	}
	return false;
}

/* Which lists each proof reaches; a list may name another. */
static void
reach_lists(struct anchors *anchors)
{
	for (size_t i = 0; i < anchors->given.n; i++) {
		bool more = true;

		while (more) {
			more = false;
			for (size_t j = 0; j < anchors->given.n_lists; j++) {
				const struct anchor_list *by;

				if (anchors->reaches[i][j] ||
				    !covers(anchors, i,
					anchors->lists[j].sha256, &by))
					continue;
				anchors->reaches[i][j] = more = true;
			}
		}
	}
}

/* The earliest proof that counts, covers the file of "anchor", and was made
 * before its certificate ended. */
static const struct anchor *
find_renewal(const struct anchors *anchors, const struct anchor *anchor)
{
	const struct anchor *best = NULL;

	for (size_t i = 0; i < anchors->given.n; i++) {
		const struct anchor *other = &anchors->anchors[i];
		const struct anchor_list *by;

		if (other != anchor && other->counts &&
		    other->proof.time <= anchor->proof.until &&
		    covers(anchors, i, anchor->sha256, &by) &&
		    (best == NULL || other->proof.time < best->proof.time))
			best = other;
	}
	return best;
}

/* One that was renewed may itself have renewed others. */
static void
apply_renewals(struct anchors *anchors)
{
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < anchors->given.n; i++) {
			struct anchor *anchor = &anchors->anchors[i];

			if (anchor->counts ||
			    anchor->proof.state != TIME_PROOF_EXPIRED)
				continue;
			anchor->renewed_by = find_renewal(anchors, anchor);
			anchor->counts = anchor->renewed_by != NULL;
			more = more || anchor->counts;
		}
	}
}

/* ---- public -------------------------------------------------------------- */

struct anchors *
anchors_open(const struct anchor_paths *paths, int64_t as_of,
    const struct crypto *crypto, GError **error)
{
	struct anchors *anchors = g_new0(struct anchors, 1);

	anchors->arena = arena_new();
	anchors->crypto = crypto;
	anchors->bytes =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	if (!time_trust_read(
		&anchors->files, &paths->trust, as_of, crypto, error) ||
	    !read_lists(anchors, paths->lists, error) ||
	    !read_proofs(anchors, paths->proofs, error)) {
		anchors_close(anchors);
		return NULL;
	}
	list_trusted(anchors);
	reach_lists(anchors);
	apply_renewals(anchors);
	return anchors;
}

void
anchors_close(struct anchors *anchors)
{
	if (anchors == NULL)
		return;
	time_trust_clear(&anchors->files);
	g_ptr_array_unref(anchors->bytes);
	arena_free(anchors->arena);
	g_free(anchors);
}

const struct anchors_given *
anchors_given(const struct anchors *anchors)
{
	return &anchors->given;
}

bool
anchors_cover(const struct anchors *anchors, const uint8_t sha256[32])
{
	struct anchored_by by[ANCHORS_MAX];
	size_t n = 0;

	anchors_find(anchors, sha256, ANCHORED_ARCHIVE, by, &n);
	return n > 0;
}

void
anchors_find(const struct anchors *anchors, const uint8_t sha256[32],
    enum anchored_what over, struct anchored_by *by, size_t *n)
{
	for (size_t i = 0; i < anchors->given.n; i++) {
		const struct anchor *anchor = &anchors->anchors[i];
		const struct anchor_list *list;
		size_t j = 0;

		while (j < *n && by[j].anchor != anchor)
			j++;
		if (j < *n || !anchor->counts ||
		    !covers(anchors, i, sha256, &list))
			continue;
		by[(*n)++] = (struct anchored_by){ anchor, list, over };
	}
}

/* Of equal times the one that was given first. */
static int
compare_times(const void *a, const void *b)
{
	const struct anchored_by *x = a, *y = b;
	int64_t tx = x->anchor->proof.time, ty = y->anchor->proof.time;

	if (tx != ty)
		return tx < ty ? -1 : 1;
	return x->anchor < y->anchor ? -1 : x->anchor > y->anchor;
}

void
anchors_sort(struct anchored_by *by, size_t n)
{
	if (n > 1)
		qsort(by, n, sizeof(*by), compare_times);
}
