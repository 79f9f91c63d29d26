/*
 * bag.c - completeness and validity of a bag, RFC 8493.
 *
 * Manifests are read into memory (bag_manifest.h), then the folder is walked
 * once and each file read once for all of them (bag_walk.c); what is then left
 * over in a manifest is found by reading that again.
 */
#include "verifier/archive/bag_check.h"

#include "verifier/archive/checksum_list.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- problems ------------------------------------------------------------ */

void
bag_problem(struct bag_check *check, const char *code, struct span path,
    const char *detail)
{
	struct bag_report *report = check->report;

	if (report->n_problems == BAG_PROBLEMS_MAX) {
		report->n_more++;
		return;
	}
	report->problems[report->n_problems++] = (struct bag_problem){
		code,
		arena_copy(report->memory, path),
		arena_copy(report->memory, span_from_string(detail)),
	};
}

bool
bag_trouble(struct bag_check *check, struct span path, GError *problem)
{
	if (g_error_matches(problem, ARCHIVE_ERROR, ARCHIVE_ERROR_CHANGED)) {
		g_propagate_error(check->error, problem);
		return false;
	}
	bag_problem(check, "bag-unreadable", path, problem->message);
	g_error_free(problem);
	return true;
}

/* ---- paths --------------------------------------------------------------- */

/* Some write "./data/x", as find prints it. */
static struct span
without_dot(struct span path)
{
	return span_starts_with(path, SPAN("./")) ? span_from(path, 2) : path;
}

/* The path that the entry means; see bag.h on escapes. */
static struct span
meant_path(const struct bag_check *check, const struct checksum_entry *entry)
{
	struct span plain = without_dot(entry->raw_name);
	struct span decoded = without_dot(entry->name);
	struct span first = check->each_manifest ? decoded : plain;
	struct span second = check->each_manifest ? plain : decoded;

	if (!span_equal(first, second) && bag_path_is_safe(first) &&
	    !bag_has(check, first) && bag_path_is_safe(second) &&
	    bag_has(check, second))
		return second;
	return first;
}

/* ---- manifests ----------------------------------------------------------- */

typedef void (*entry_reaction)(struct bag_check *check,
    struct bag_manifest *manifest, struct span path, uint64_t number,
    const struct checksum_entry *entry);

/* Is this a path that "manifest" may have? */
static bool
is_in_place(const struct bag_manifest *manifest, struct span path)
{
	return bag_path_is_safe(path) &&
	    span_starts_with(path, SPAN("data/")) == manifest->payload;
}

/* Give each good entry of the manifest to "react"; "first" reports the bad
 * ones.  False with check->error set. */
static bool
each_entry(struct bag_check *check, struct bag_manifest *manifest,
    entry_reaction react, bool first)
{
	struct source *source;
	GError *problem = NULL;
	struct checksum_item item;
	struct span name = span_from_string(manifest->name);
	int got = bag_open_tag_file(check, manifest->name, &source);

	if (got <= 0)
		return got == 0;
	struct checksum_list *list =
	    checksum_list_new(source, CHECKSUM_FORM_BAG);
	while ((got = checksum_list_next(list, &item, &problem)) == 1) {
		const char *why = item.why;
		if (why == NULL && item.entry.algorithm != manifest->algorithm)
			why = "the digest has another length";
		struct span path =
		    why == NULL ? meant_path(check, &item.entry) : name;
		if (why == NULL && is_in_place(manifest, path))
			react(check, manifest, path, item.number, &item.entry);
		else if (first)
			bag_line_problem(check,
			    why == NULL ? "bag-path" : "bag-line", path,
			    manifest->name, item.number, why);
	}
	checksum_list_free(list);
	return got == 0 || bag_trouble(check, name, problem);
}

static void
add_entry(struct bag_check *check, struct bag_manifest *manifest,
    struct span path, uint64_t number, const struct checksum_entry *entry)
{
	(void)number;
	if (!bag_manifest_add(manifest, check->crypto, path, entry->digest))
		bag_problem(check, "bag-limit", path, manifest->name);
}

static void
report_entry(struct bag_check *check, struct bag_manifest *manifest,
    struct span path, uint64_t number, const struct checksum_entry *line)
{
	struct bag_entry *entry =
	    bag_manifest_find(manifest, check->crypto, path);

	(void)line;
	if (entry == NULL)
		return; /* past BAG_FILES_MAX */
	if (entry->reported != 0)
		bag_line_problem(
		    check, "bag-duplicate", path, manifest->name, number, NULL);
	else if (entry->found == 0 && !bag_has(check, path))
		bag_problem(check, "bag-missing", path, manifest->name);
	entry->reported = 1;
}

/* ---- the bag ------------------------------------------------------------- */

/* Read all manifests into memory; false with check->error set. */
static bool
load_manifests(struct bag_check *check)
{
	g_autoptr(GPtrArray) names = bag_names(check->fd);
	bool payload = false;

	for (guint i = 0; names != NULL && i < names->len; i++) {
		const char *name = g_ptr_array_index(names, i);
		if (!bag_manifest_is_name(name))
			continue;
		struct bag_manifest *manifest = bag_manifest_new(name);
		if (manifest == NULL) {
			bag_problem(check, "bag-algorithm",
			    span_from_string(name), NULL);
			continue;
		}
		g_ptr_array_add(check->manifests, manifest);
		if (!each_entry(check, manifest, add_entry, true))
			return false;
		bag_manifest_sort(manifest);
		payload |= manifest->payload;
	}
	if (!payload)
		bag_problem(check, "bag-no-manifest", SPAN(""), NULL);
	return true;
}

static void
init_sums(struct bag_check *check)
{
	unsigned wanted[2] = { 0, 0 };

	for (guint i = 0; i < check->manifests->len; i++) {
		const struct bag_manifest *manifest =
		    g_ptr_array_index(check->manifests, i);
		wanted[manifest->payload] |= 1u << manifest->algorithm;
	}
	for (int i = 0; i < 2; i++)
		checksums_init(&check->sums[i], check->crypto, wanted[i]);
}

/* What is in a manifest and was not found; false with check->error set. */
static bool
report_manifests(struct bag_check *check)
{
	for (guint i = 0; i < check->manifests->len; i++) {
		if (!each_entry(check, g_ptr_array_index(check->manifests, i),
			report_entry, false))
			return false;
	}
	return true;
}

static bool
check_all(struct bag_check *check)
{
	struct stat now;

	if (!bag_read_declaration(check) || !load_manifests(check))
		return false;
	if (fstatat(check->fd, "data", &now, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISDIR(now.st_mode))
		bag_problem(check, "bag-no-payload", SPAN("data"), NULL);
	init_sums(check);
	return bag_walk(check) && report_manifests(check) &&
	    bag_read_fetch(check) && bag_read_info(check);
}

/* ---- public -------------------------------------------------------------- */

bool
bag_is_bag(int fd)
{
	struct stat now;

	return fstatat(fd, "bagit.txt", &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    S_ISREG(now.st_mode);
}

static void
free_manifest(gpointer manifest)
{
	bag_manifest_free(manifest);
}

bool
bag_check(int fd, const struct crypto *crypto, struct bag_report *report_out,
    GError **error)
{
	struct bag_check check = {
		.fd = fd,
		.crypto = crypto,
		.report = report_out,
		.manifests = g_ptr_array_new_with_free_func(free_manifest),
		.path = g_string_new(NULL),
		.error = error,
	};

	*report_out = (struct bag_report){ .memory = arena_new() };
	bool good = check_all(&check);
	report_out->valid = good && report_out->n_problems == 0;
	for (int i = 0; i < 2; i++)
		checksums_clear(&check.sums[i]);
	g_ptr_array_unref(check.manifests);
	g_string_free(check.path, TRUE);
	return good;
}

void
bag_report_clear(struct bag_report *report)
{
	arena_free(report->memory);
	*report = (struct bag_report){ .valid = false };
}
