/*
 * merge.c - the entries of another log, added to a store in one pass.
 * Limit: memory for both logs' numbers, some 60 octets for each entry.
 */
#include "keysnap/store/merge.h"

#include "keysnap/base/digest.h"
#include "keysnap/store/line_table.h"
#include "keysnap/store/merge_note.h"

#include <string.h>

/* An entry of the other log that became a source of the store. */
struct source_pair {
	uint64_t from, to;
};

struct merging {
	struct store *store;
	const struct crypto *crypto;
	const struct merge_log *log;
	const struct merge_options *options;
	struct merge_result *result;
	GError **error;
	struct line_table *lines; /* the store's */
	uint64_t before;          /* size of the store at the start */
	uint64_t *map;            /* numbers of the other log to the store's, or
			      ENTRY_NONE for what was left out */
	uint64_t same;            /* leading entries with the same line */
	uint64_t together;        /* leading entries with the same number */
	GArray *sources;          /* struct source_pair, ascending by "from" */
	GArray *marks;            /* what the note at the end is about */
	struct arena *arena;      /* for one entry */
	GString *line;
};

static bool
refuse(const struct merging *merging, uint64_t number, const char *why)
{
	g_set_error(merging->error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
	    "%s: entry %" PRIu64 " %s", merging->log->path, number, why);
	return false;
}

static bool
add_line(void *user, uint64_t index, struct span leaf)
{
	(void)index;
	line_table_add(user, leaf);
	return true;
}

/* For each_evidence(). */
static bool
keep_blob(void *user, const uint8_t sha256[32], struct span octets)
{
	struct merging *merging = user;

	return store_has_evidence(merging->store, sha256) ||
	    store_add_evidence(merging->store, sha256, octets, merging->error);
}

static bool
keep_all_evidence(struct merging *merging)
{
	const struct merge_log *log = merging->log;
	GError *trouble = NULL;

	if (log->each_evidence == NULL)
		return true;
	if (!log->each_evidence(log->user, keep_blob, merging, &trouble)) {
		g_propagate_error(merging->error, trouble);
		return false;
	}
	return *merging->error == NULL;
}

/* The evidence of one line, when the log gives it one by one. */
static bool
keep_evidence(struct merging *merging, struct span line)
{
	const struct merge_log *log = merging->log;
	const uint8_t(*digests)[32];
	size_t n = entry_evidence(merging->arena, line, &digests);

	for (size_t i = 0; i < n && log->get_evidence != NULL; i++) {
		struct span octets;

		if (store_has_evidence(merging->store, digests[i]))
			continue;
		if (!log->get_evidence(log->user, merging->arena, digests[i],
			&octets, merging->error) ||
		    !store_add_evidence(
			merging->store, digests[i], octets, merging->error))
			return false;
	}
	return true;
}

static bool
append_line(struct merging *merging, struct span line, uint64_t *index_out)
{
	if (!keep_evidence(merging, line) ||
	    !store_append_line(merging->store, line, index_out, merging->error))
		return false;
	line_table_add(merging->lines, line);
	return true;
}

static struct span
write_line(struct merging *merging, const struct entry *entry)
{
	g_string_truncate(merging->line, 0);
	entry_write(merging->line, entry);
	return (struct span){ (const uint8_t *)merging->line->str,
		merging->line->len };
}

/* The store's numbers of sources that the other log had below "below"; the
 * store's first entry when there are none. */
static struct entry_numbers
sources_below(const struct merging *merging, uint64_t below)
{
	uint64_t *items =
	    arena_alloc_array(merging->arena, ENTRY_LIST_MAX, sizeof(*items));
	size_t n = 0;

	for (guint i = 0; i < merging->sources->len && n < ENTRY_LIST_MAX;
	     i++) {
		const struct source_pair *pair =
		    &g_array_index(merging->sources, struct source_pair, i);

		if (pair->from < below)
			items[n++] = pair->to;
	}
	if (n == 0)
		items[n++] = 0;
	return (struct entry_numbers){ items, entry_sort_numbers(items, n) };
}

/* The targets of a note on entry 0, in the store's numbers. */
static struct entry_numbers
targets_of_note(
    const struct merging *merging, uint64_t number, struct entry_numbers target)
{
	struct entry_numbers sources = sources_below(merging, number);
	uint64_t *items = arena_alloc_array(
	    merging->arena, sources.n + target.n, sizeof(*items));
	size_t n = target.n - 1;

	memcpy(items, target.items + 1, n * sizeof(*items));
	for (size_t i = 0; i < sources.n && n < ENTRY_LIST_MAX; i++)
		items[n++] = sources.items[i];
	return (struct entry_numbers){ items, entry_sort_numbers(items, n) };
}

/* What says something of its log as a whole, in the store's numbers: a note
 * when the store is another log.  True when it became one. */
static bool
make_foreign(
    const struct merging *merging, uint64_t number, struct entry *entry)
{
	const struct merge_log *log = merging->log;
	struct arena *arena = merging->arena;
	struct entry from = *entry;

	if (entry->type == ENTRY_ANCHOR && from.anchor.of_state &&
	    from.anchor.size > merging->same)
		merge_note_anchor(entry, arena, log, &from.anchor,
		    sources_below(merging, from.anchor.size));
	else if (entry->type == ENTRY_AUDIT &&
	    from.audit.below > merging->together)
		merge_note_audit(entry, arena, log, &from.audit,
		    sources_below(merging, from.audit.below));
	else if (entry->type == ENTRY_ANNOTATION && merging->same == 0 &&
	    from.annotation.target.n > 0 &&
	    from.annotation.target.items[0] == 0)
		merge_note_note(entry, arena, log, &from.annotation,
		    targets_of_note(merging, number, from.annotation.target));
	else
		return false;
	return true;
}

/* Leave out of a list what was left out of the store. */
static void
drop_skipped(const struct merging *merging, struct entry_numbers *list)
{
	uint64_t *items =
	    arena_alloc_array(merging->arena, list->n, sizeof(*items));
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++) {
		if (merging->map[list->items[i]] != ENTRY_NONE)
			items[n++] = list->items[i];
	}
	*list = (struct entry_numbers){ items, n };
}

/* Does an entry still stand without what was left out? */
static bool
stands(const struct merging *merging, struct entry *entry)
{
	struct entry_references references;
	struct entry_numbers *list = entry->type == ENTRY_SIGHTING
	    ? &entry->sighting.of
	    : &entry->annotation.target;

	entry_references(entry, &references);
	if (references.source.n > 0 &&
	    merging->map[references.source.items[0]] == ENTRY_NONE)
		return false;
	if (references.others.n == 0)
		return true;
	if (entry->type == ENTRY_CHAIN_RESULT)
		return merging->map[references.others.items[0]] != ENTRY_NONE;
	drop_skipped(merging, list);
	return list->n > 0 ||
	    (entry->type == ENTRY_ANNOTATION &&
		(entry->annotation.has_key || entry->annotation.name.n > 0));
}

static bool
is_strangers(const struct merge_log *log)
{
	return strcmp(log->vouched, MERGE_NOBODY) == 0;
}

/* Does an annotation reach what the store had before? */
static bool
bears(const struct merging *merging, const struct entry *entry)
{
	const struct entry_annotation *annotation = &entry->annotation;

	if (entry->type != ENTRY_ANNOTATION ||
	    annotation->kind == ANNOTATION_NOTE)
		return false;
	return annotation->kind != ANNOTATION_RETRACT ||
	    (!is_strangers(merging->log) &&
		annotation->target.items[0] < merging->before);
}

static void
count_own(struct merging *merging, const struct entry *entry)
{
	merging->result->total++;
	merging->result->added[entry->type]++;
	if (bears(merging, entry))
		merging->result->bearing++;
}

/* Count an entry that was added, and mark it for the note at the end. */
static void
count(struct merging *merging, const struct entry *entry, uint64_t number)
{
	struct entry_references references;

	count_own(merging, entry);
	entry_references(entry, &references);
	if (references.source.n == 0 ||
	    references.source.items[0] < merging->before)
		g_array_append_val(merging->marks, number);
}

static void
note_number(struct merging *merging, uint64_t from, const struct entry *entry,
    uint64_t to)
{
	struct source_pair pair = { from, to };

	merging->map[from] = to;
	if (to == from && merging->together == from)
		merging->together++;
	if (entry->type == ENTRY_SOURCE)
		g_array_append_val(merging->sources, pair);
}

/* An entry of another log than the store's. */
static bool
add_foreign(struct merging *merging, uint64_t number, struct entry *entry)
{
	struct span line;
	uint64_t to;
	bool clear = entry_is_clear(entry), foreign;

	if (!clear && !merging->options->skip_unknown)
		return refuse(merging, number,
		    "is of a type, or has members, that this version does not "
		    "know, so its numbers cannot be changed; --skip-unknown "
		    "leaves it out");
	if (!clear || !stands(merging, entry)) {
		merging->map[number] = ENTRY_NONE;
		merging->result->skipped++;
		return true;
	}
	entry_renumber(entry, merging->arena, merging->map);
	foreign = make_foreign(merging, number, entry);
	line = write_line(merging, entry);
	to = line_table_find(merging->lines, line);
	if (to == ENTRY_NONE) {
		if (!append_line(merging, line, &to))
			return false;
		count(merging, entry, to);
		if (foreign)
			merging->result->foreign++;
	} else {
		merging->result->known++;
	}
	note_number(merging, number, entry, to);
	return true;
}

/* An entry of the store's own log: of the part that the store has, or of what
 * comes behind it. */
static bool
add_own(struct merging *merging, uint64_t number, const struct entry *entry)
{
	uint64_t to = number;

	merging->same++;
	if (number < merging->before) {
		merging->result->known++;
	} else {
		if (!append_line(merging, entry->line, &to))
			return false;
		if (is_strangers(merging->log))
			count(merging, entry, to);
		else
			count_own(merging, entry);
	}
	note_number(merging, number, entry, to);
	return true;
}

static bool
is_own(const struct merging *merging, uint64_t number, struct span line)
{
	return merging->same == number &&
	    (number >= merging->before ||
		line_table_is(merging->lines, number, line));
}

static bool
add_entries(struct merging *merging)
{
	const struct merge_log *log = merging->log;

	for (uint64_t i = 0; i < log->size; i++) {
		struct entry entry;
		bool ok;

		arena_reset(merging->arena);
		if (!log->get(
			log->user, merging->arena, i, &entry, merging->error))
			return false;
		if (is_own(merging, i, entry.line)) {
			ok = add_own(merging, i, &entry);
		} else if (i == 0) {
			/* Another origin: the store keeps its own. */
			note_number(merging, 0, &entry, 0);
			ok = true;
		} else {
			ok = add_foreign(merging, i, &entry);
		}
		if (!ok)
			return false;
	}
	return true;
}

/* The notes at the end. */
static bool
add_notes(struct merging *merging)
{
	GArray *marks = merging->marks;
	struct span checkpoint = merging->log->checkpoint;
	uint8_t sha256[1][32];

	if (marks->len > 0 && checkpoint.n > 0) {
		digest_sha256(merging->crypto, checkpoint, sha256[0]);
		if (!store_add_evidence(
			merging->store, sha256[0], checkpoint, merging->error))
			return false;
	}
	for (guint i = 0; i < marks->len; i += ENTRY_LIST_MAX) {
		struct entry_numbers target = { &g_array_index(
						    marks, uint64_t, i),
			MIN(marks->len - i, ENTRY_LIST_MAX) };
		struct entry note;
		uint64_t number;

		arena_reset(merging->arena);
		merge_note_copied(&note, merging->arena, merging->log,
		    merging->options, target);
		note.annotation.evidence =
		    (struct entry_hashes){ (const uint8_t(*)[32])sha256,
			    checkpoint.n > 0 ? 1 : 0 };
		if (!store_append(
			merging->store, &note, &number, merging->error))
			return false;
	}
	return true;
}

/* Between begin and commit. */
static bool
merge(struct merging *merging)
{
	merging->before = store_size(merging->store);
	if (!store_each(
		merging->store, 0, add_line, merging->lines, merging->error) ||
	    !keep_all_evidence(merging) || !add_entries(merging))
		return false;
	merging->result->continued = merging->same >= merging->before &&
	    merging->same == merging->log->size && merging->marks->len == 0;
	return add_notes(merging);
}

bool
merge_add(struct store *store, const struct crypto *crypto,
    const struct merge_log *log, const struct merge_options *options,
    struct merge_result *result_out, GError **error)
{
	GError *trouble = NULL;
	struct merging merging = {
		.store = store,
		.crypto = crypto,
		.log = log,
		.options = options,
		.result = result_out,
		.error = &trouble,
		.lines = line_table_new(crypto),
		.map = g_new0(uint64_t, log->size),
		.sources =
		    g_array_new(FALSE, FALSE, sizeof(struct source_pair)),
		.marks = g_array_new(FALSE, FALSE, sizeof(uint64_t)),
		.arena = arena_new(),
		.line = g_string_new(NULL),
	};
	bool ok;

	*result_out = (struct merge_result){ .total = 0 };
	ok = store_begin(store, &trouble) && merge(&merging);
	if (ok && result_out->total > 0)
		ok = store_commit(store, &trouble);
	else
		store_abort(store);
	if (trouble != NULL)
		g_propagate_error(error, trouble);
	g_string_free(merging.line, TRUE);
	arena_free(merging.arena);
	g_array_free(merging.marks, TRUE);
	g_array_free(merging.sources, TRUE);
	g_free(merging.map);
	line_table_free(merging.lines);
	return ok;
}
