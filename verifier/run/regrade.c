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
#include "verifier/run/regrade_read.h"
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
	struct arena *arena;
	const struct item *item;
	json_t *record;
	int64_t anchored;
	bool changed; /* something in it */
	bool doubt;   /* it has to be judged */
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
	struct change *change = g_hash_table_lookup(regrade->names, &name);
	struct span *key;

	if (change != NULL)
		return change;
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
	struct span canonical;

	if (dns_name_canonical(work->arena, name, &canonical) == DNS_NAME_OK &&
	    span_equal(canonical, name))
		return change_of(work->regrade, name, work->error);
	work->doubt = true;
	return NULL;
}

/* False with "error"; "doubt" is set when it does not suffice to grade. */
static bool
take_signature(struct work *work, json_t *signature)
{
	struct span name = regrade_text(work->arena, signature, "key_name");
	const struct change *change;
	struct regrade_key tools;

	if (name.n == 0)
		return true;
	change = look_up(work, name);
	if (change == NULL)
		return work->doubt;
	if (change->same)
		return true;
	tools = (struct regrade_key){
		.before = &change->before->known,
		.now = &change->now->known,
		.policy = &work->regrade->context->policy,
		.anchored = work->anchored,
	};
	work->doubt = !regrade_key(&tools, signature);
	work->changed = true;
	return true;
}

static bool
take_signatures(struct work *work, const json_t *of)
{
	json_t *signatures = json_object_get(of, "signatures");

	for (size_t i = 0; i < json_array_size(signatures); i++) {
		if (work->doubt)
			return true;
		if (!take_signature(work, json_array_get(signatures, i)))
			return false;
	}
	return true;
}

/* Names of readings and repairs that the record does not show must stand. */
static bool
take_other_names(struct work *work)
{
	const json_t *names = json_object_get(work->record, "other_names");

	for (size_t i = 0; i < json_array_size(names) && !work->doubt; i++) {
		const json_t *name = json_array_get(names, i);
		struct span text = { (const uint8_t *)json_string_value(name),
			json_string_length(name) };
		const struct change *change = look_up(work, text);

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
	const json_t *source = json_object_get(work->record, "source");
	bool mbox = work->item->container == CONTAINER_MBOX, kept;
	struct reading readings[READINGS_MAX];
	struct reading_traits traits;

	reading_traits_get(&traits, work->item->raw);
	if (reading_candidates(&traits, mbox, readings) == 1)
		return true;
	kept = traits.bare_lf && readings[0].line_ends == LINE_ENDS_KEPT;
	return kept == (json_object_get(source, "line_ends") != NULL) &&
	    (!mbox ||
		span_equal(record_get_string(source, "dialect"),
		    span_from_string(reading_dialect(&readings[0]))));
}

/* A signature of the message itself that neither passes nor lacks its key
 * made other readings and repairs be tried. */
static bool
all_hold(const json_t *record)
{
	const json_t *signatures = json_object_get(record, "signatures");

	for (size_t i = 0; i < json_array_size(signatures); i++) {
		struct span result =
		    record_get_string(json_array_get(signatures, i), "result");

		if (!span_equal(result, SPAN("pass")) &&
		    !span_equal(result, SPAN("temperror")))
			return false;
	}
	return true;
}

/* Was the message judged once, so that nothing but its signatures counts? */
static bool
was_judged_once(const struct work *work)
{
	const json_t *repairs = json_object_get(work->record, "repairs");

	return json_array_size(repairs) == 0 && all_hold(work->record) &&
	    !span_starts_with(work->item->raw, BYTE_ORDER_MARK) &&
	    is_first_reading(work);
}

/* The names of the message first; when one of them changed, the octets are
 * looked at, too. */
static bool
take_record(struct work *work)
{
	const json_t *embedded = json_object_get(work->record, "embedded");

	if (!take_signatures(work, work->record))
		return false;
	if (work->changed && !work->doubt)
		work->doubt = !was_judged_once(work);
	if (!work->doubt && !take_other_names(work))
		return false;
	for (size_t i = 0; i < json_array_size(embedded) && !work->doubt; i++) {
		if (!take_signatures(work, json_array_get(embedded, i)))
			return false;
	}
	return true;
}

static bool
write_record(struct work *work, struct span *line_out)
{
	GString *line = work->regrade->line;
	struct json_writer writer;

	g_string_truncate(line, 0);
	json_writer_init(&writer, line);
	if (!json_write_value(&writer, NULL, work->record) ||
	    line->len >= RECORD_LINE_MAX)
		return false;
	g_string_append_c(line, '\n');
	*line_out = (struct span){ (const uint8_t *)line->str, line->len };
	return true;
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

static bool
has_count(const json_t *object, const char *name, uint64_t count)
{
	const json_t *value = json_object_get(object, name);

	return json_is_integer(value) &&
	    (uint64_t)json_integer_value(value) ==
	    MIN(count, (uint64_t)JSON_INTEGER_MAX);
}

static bool
is_of_item(const struct work *work, uint64_t seq)
{
	const json_t *source = json_object_get(work->record, "source");

	return has_count(work->record, "seq", seq) &&
	    has_count(source, "offset", work->item->offset) &&
	    has_count(source, "length", work->item->length) &&
	    span_equal(
		regrade_text(work->arena, source, "path"), work->item->path);
}

/* The earliest proof over the message: the first of the list. */
static int64_t
anchored_time(const json_t *record)
{
	return regrade_time(
	    json_array_get(json_object_get(record, "anchors"), 0), "time");
}

static bool
take(struct work *work, struct span earlier, struct judgement *judgement,
    enum judged *how_out)
{
	if (!regrade_read(work->arena, work->record, judgement))
		return true;
	if (!take_record(work))
		return false;
	judgement->line = (struct span){ earlier.p, earlier.n + 1 };
	if (work->doubt ||
	    (work->changed && !write_record(work, &judgement->line)))
		return true;
	*how_out = work->changed ? JUDGED_REGRADED : JUDGED_BEFORE;
	return true;
}

bool
regrade_record(struct regrade *regrade, struct arena *arena,
    const struct item *item, uint64_t seq, struct span earlier,
    struct judgement *judgement, enum judged *how_out, GError **error)
{
	struct work work = {
		.regrade = regrade, .arena = arena, .item = item, .error = error
	};
	const char *why;
	bool good;

	*how_out = JUDGED_ANEW;
	trim(regrade);
	work.record = json_parse_line(arena, earlier, false, &why);
	if (work.record == NULL || !is_of_item(&work, seq)) {
		json_decref(work.record);
		return differs(error, item);
	}
	work.anchored = anchored_time(work.record);
	good =
	    item->status != ITEM_OK || take(&work, earlier, judgement, how_out);
	json_decref(work.record);
	return good;
}
