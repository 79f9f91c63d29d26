/*
 * regrade.c - see regrade.h.
 *
 * Limit: KEY_CACHE_NAMES names kept.
 */
#include "verifier/run/regrade.h"

#include "keysnap/base/span_key.h"
#include "keysnap/key/dns_name.h"
#include "keysnap/store/provenance_equal.h"
#include "verifier/run/regrade_key.h"
#include "verifier/run/run.h"

#define BYTE_ORDER_MARK SPAN("\xef\xbb\xbf")

/* A name under both logs. */
struct change {
	bool same;
	const struct cached_name *before, *now;
};

struct regrade {
	const struct judge_context *context;
	struct key_cache *before, *now;
	GHashTable *names; /* struct span * -> struct change * */
	struct arena *arena;
	bool log_known, log_same; /* what bears on the whole log */
	GString *line;
};

/* A record at work. */
struct work {
	struct regrade *regrade;
	const struct item *item;
	struct span earlier;
	struct regrade_scan scan;
	size_t copied; /* octets of "earlier" that are in the new line */
	bool changed;  /* something in it */
	bool doubt;    /* it has to be judged */
	GError **error;
};

struct regrade *
regrade_new(const struct judge_context *context)
{
	struct regrade *regrade = g_new0(struct regrade, 1);

	regrade->context = context;
	regrade->before = key_cache_new_past(
	    context->crypto, context->snapshot, context->earlier);
	regrade->now = key_cache_new(context->crypto, context->snapshot);
	regrade->names = g_hash_table_new(span_key_hash, span_key_equal);
	regrade->arena = arena_new();
	regrade->line = g_string_sized_new(8192);
	return regrade;
}

void
regrade_free(struct regrade *regrade)
{
	if (regrade == NULL)
		return;
	g_string_free(regrade->line, TRUE);
	g_hash_table_unref(regrade->names);
	arena_free(regrade->arena);
	key_cache_free(regrade->now);
	key_cache_free(regrade->before);
	g_free(regrade);
}

/* ---- names --------------------------------------------------------------- */

/* Does all that bears on the log as a whole stand in its old entries, and is
 * it trusted as it was? */
static bool
know_log(struct regrade *regrade, GError **error)
{
	const struct key_cache_past *past = regrade->context->earlier;
	bool vouched =
	    snapshot_vouched(regrade->context->snapshot) != SNAPSHOT_BY_NOBODY;
	uint64_t end;

	if (regrade->log_known)
		return true;
	if (!key_cache_log_end(regrade->now, &end, error))
		return false;
	regrade->log_known = true;
	regrade->log_same = end <= past->entries && vouched == past->vouched;
	return true;
}

/* What is derived from the same entries is the same; else compare it. */
static bool
is_same(const struct regrade *regrade, const struct change *change)
{
	if (change->now->end == 0)
		return true;
	return (change->now->end <= regrade->context->earlier->entries &&
		   regrade->log_same) ||
	    known_name_equal(&change->before->known, &change->now->known);
}

static const struct change *
change_of(struct regrade *regrade, struct span name, GError **error)
{
	struct change *change;
	struct span *key;

	if (!know_log(regrade, error))
		return NULL;
	change = arena_alloc(regrade->arena, sizeof(*change));
	change->before = key_cache_get(regrade->before, name, error);
	if (change->before == NULL)
		return NULL;
	change->now = key_cache_get(regrade->now, name, error);
	if (change->now == NULL)
		return NULL;
	change->same = is_same(regrade, change);
	key = arena_alloc(regrade->arena, sizeof(*key));
	*key = arena_copy(regrade->arena, name);
	g_hash_table_insert(regrade->names, key, change);
	return change;
}

static void
trim(struct regrade *regrade)
{
	if (g_hash_table_size(regrade->names) >= KEY_CACHE_NAMES) {
		g_hash_table_remove_all(regrade->names);
		arena_reset(regrade->arena);
		key_cache_trim(regrade->before);
		key_cache_trim(regrade->now);
	}
}

/* ---- one record ---------------------------------------------------------- */

/* The change of "name"; NULL when the record has to be judged (a name that
 * the program never writes), or with "error". */
static const struct change *
look_up(struct work *work, struct span name)
{
	const struct change *change =
	    g_hash_table_lookup(work->regrade->names, &name);
	struct span canonical;

	if (change != NULL)
		return change;
	if (dns_name_canonical(work->scan.arena, name, &canonical) ==
		DNS_NAME_OK &&
	    span_equal(canonical, name))
		return change_of(work->regrade, name, work->error);
	work->doubt = true;
	return NULL;
}

/* Append the record as it is, up to "end". */
static void
copy_until(struct work *work, const uint8_t *end)
{
	const uint8_t *start = work->earlier.p + work->copied;

	g_string_append_len(
	    work->regrade->line, (const char *)start, (gssize)(end - start));
	work->copied = (size_t)(end - work->earlier.p);
}

/* Write the key of "signature" anew. */
static bool
write_key(struct work *work, const struct change *change,
    const struct regrade_signature *signature)
{
	const struct regrade_key tools = {
		.before = &change->before->known,
		.now = &change->now->known,
		.policy = &work->regrade->context->policy,
		.anchored = work->scan.anchored,
	};

	if (signature->key.p == NULL)
		return false;
	copy_until(work, signature->key.p);
	work->copied += signature->key.n;
	return regrade_key(&tools, signature, work->regrade->line);
}

/* False with "error"; "doubt" is set when it does not suffice to grade. */
static bool
take_signature(struct work *work, const struct regrade_signature *signature)
{
	const struct change *change;

	if (signature->key_name.n == 0)
		return true;
	change = look_up(work, signature->key_name);
	if (change == NULL)
		return work->doubt;
	if (change->same)
		return true;
	work->changed = true;
	work->doubt = !write_key(work, change, signature);
	return true;
}

/* Names of readings and repairs that the record does not show must stand. */
static bool
take_other_names(struct work *work)
{
	const struct regrade_scan *scan = &work->scan;

	for (size_t i = 0; i < scan->n_other_names && !work->doubt; i++) {
		const struct change *change =
		    look_up(work, scan->other_names[i]);

		if (change == NULL)
			return work->doubt;
		work->doubt = !change->same;
	}
	return true;
}

/* Was the first reading taken?  Its words are those of record_write.c. */
static bool
is_first_reading(const struct work *work)
{
	const struct regrade_scan *scan = &work->scan;
	bool mbox = work->item->container == CONTAINER_MBOX, kept;
	struct reading readings[READINGS_MAX];
	struct reading_traits traits;

	reading_traits_get(&traits, work->item->raw);
	if (reading_candidates(&traits, mbox, readings) == 1)
		return true;
	kept = traits.bare_lf && readings[0].line_ends == LINE_ENDS_KEPT;
	return kept == (scan->line_ends.p != NULL) &&
	    (!mbox ||
		span_equal(scan->dialect,
		    span_from_string(reading_dialect(&readings[0]))));
}

/* A signature of the message itself that neither passes nor lacks its key
 * made other readings and repairs be tried. */
static bool
all_hold(const struct regrade_scan *scan)
{
	for (size_t i = 0; i < scan->n_signatures; i++) {
		struct span result = scan->signatures[i].result;

		if (!scan->signatures[i].attached &&
		    !span_equal(result, SPAN("pass")) &&
		    !span_equal(result, SPAN("temperror")))
			return false;
	}
	return true;
}

/* Was the message judged once, so that nothing but its signatures counts? */
static bool
was_judged_once(const struct work *work)
{
	return !work->scan.repaired && all_hold(&work->scan) &&
	    !span_starts_with(work->item->raw, BYTE_ORDER_MARK) &&
	    is_first_reading(work);
}

static bool
take_record(struct work *work)
{
	const struct regrade_scan *scan = &work->scan;

	for (size_t i = 0; i < scan->n_signatures && !work->doubt; i++) {
		if (!take_signature(work, &scan->signatures[i]))
			return false;
	}
	if (work->changed && !work->doubt)
		work->doubt = !was_judged_once(work);
	return work->doubt || take_other_names(work);
}

/* ---- the record of an item ----------------------------------------------- */

static bool
differs(GError **error, const struct item *item)
{
	g_autofree char *path = span_dup(item->path);

	g_set_error(error, RUN_ERROR, RUN_ERROR_DIFFERS,
	    "%s: the message at offset %" G_GUINT64_FORMAT
	    " is not what stands there in the case; the archive is not the "
	    "one that was read: run without --update",
	    path, item->offset);
	return false;
}

/* Numbers stand in records up to the largest that JSON has. */
static bool
same_number(uint64_t written, uint64_t number)
{
	return written == MIN(number, (uint64_t)JSON_INTEGER_MAX);
}

static bool
is_of_item(const struct work *work, uint64_t seq)
{
	const struct regrade_scan *scan = &work->scan;
	const struct item *item = work->item;

	return scan->seq == seq && same_number(scan->offset, item->offset) &&
	    same_number(scan->length, item->length) &&
	    span_equal(scan->path, item->path);
}

/* The record as it is, or as it was written anew. */
static bool
get_line(struct work *work, struct span *line_out)
{
	GString *line = work->regrade->line;

	*line_out = (struct span){ work->earlier.p, work->earlier.n + 1 };
	if (!work->changed)
		return true;
	copy_until(work, work->earlier.p + work->earlier.n);
	if (line->len >= RECORD_LINE_MAX)
		return false;
	g_string_append_c(line, '\n');
	*line_out = (struct span){ (const uint8_t *)line->str, line->len };
	return true;
}

bool
regrade_record(struct regrade *regrade, struct arena *arena,
    const struct item *item, uint64_t seq, struct span earlier,
    struct judgement *judgement, enum judged *how_out, GError **error)
{
	struct work work = { .regrade = regrade,
		.item = item,
		.earlier = earlier,
		.error = error };

	*how_out = JUDGED_ANEW;
	trim(regrade);
	g_string_truncate(regrade->line, 0);
	if (item->status != ITEM_OK ||
	    !regrade_scan(arena, earlier, &work.scan))
		return true;
	if (!is_of_item(&work, seq))
		return differs(error, item);
	if (!take_record(&work))
		return false;
	*judgement = work.scan.judgement;
	if (!work.doubt && get_line(&work, &judgement->line))
		*how_out = work.changed ? JUDGED_REGRADED : JUDGED_BEFORE;
	return true;
}
