/*
 * journal_read.c - lines of a journal, read back.
 *
 * Each line is an object with one member, whose name tells the kind.  Lines
 * are canonical, so the value of a line stands in it as it was written.
 */
#include "keysnap/base/timestamp.h"
#include "verifier/run/journal.h"

#include <string.h>

typedef bool (*read_value)(struct journal_line *line, struct arena *arena,
    const json_t *value, const char **why_out);

/* ---- values -------------------------------------------------------------- */

static bool
get_count(const json_t *object, const char *name, uint64_t *count_out)
{
	const json_t *value = json_object_get(object, name);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*count_out = (uint64_t)json_integer_value(value);
	return true;
}

static bool
get_seconds(const json_t *object, const char *name, int64_t *at_out)
{
	const json_t *value = json_object_get(object, name);

	*at_out = TIMESTAMP_NONE;
	if (json_is_null(value))
		return true;
	if (!json_is_integer(value) ||
	    json_integer_value(value) < TIMESTAMP_MIN ||
	    json_integer_value(value) > TIMESTAMP_MAX)
		return false;
	*at_out = json_integer_value(value);
	return true;
}

static struct span
string_of(const json_t *value)
{
	return (struct span){ (const uint8_t *)json_string_value(value),
		json_string_length(value) };
}

static bool
get_octets(const json_t *value, struct arena *arena, struct span *octets_out)
{
	return json_is_string(value) &&
	    json_read_octets(arena, string_of(value), octets_out);
}

static bool
get_hash(const json_t *value, uint8_t out[DIGEST_SHA256_SIZE])
{
	return json_is_string(value) && digest_from_hex(string_of(value), out);
}

/* ---- lines --------------------------------------------------------------- */

static bool
read_object(struct journal_line *line, struct arena *arena, const json_t *value,
    const char **why_out)
{
	(void)line;
	(void)arena;
	*why_out = "no object";
	return json_is_object(value);
}

static bool
read_member(struct journal_line *line, struct arena *arena, const json_t *value,
    const char **why_out)
{
	*why_out = "no octets";
	return get_octets(value, arena, &line->text) && line->text.n > 0;
}

/* Names of DNS hold no NUL; what has one would be cut short. */
static bool
is_name(struct span name)
{
	return name.n > 0 && memchr(name.p, '\0', name.n) == NULL;
}

static bool
read_want(struct journal_line *line, struct arena *arena, const json_t *value,
    const char **why_out)
{
	struct want *want = &line->want;

	*why_out = "no want";
	return get_count(value, "count", &line->want_count) &&
	    line->want_count > 0 &&
	    get_octets(
		json_object_get(value, "domain"), arena, &want->domain) &&
	    get_octets(
		json_object_get(value, "selector"), arena, &want->selector) &&
	    is_name(want->domain) && is_name(want->selector) &&
	    get_seconds(value, "first", &want->first) &&
	    get_seconds(value, "last", &want->last);
}

static bool
read_prefix(
    struct journal_point *point, struct arena *arena, const json_t *value)
{
	struct archive_prefix *prefix = &point->prefix;

	if (json_is_null(value))
		return true;
	return get_count(value, "file", &prefix->file) && prefix->file > 0 &&
	    get_count(value, "octets", &prefix->octets) && prefix->octets > 0 &&
	    get_octets(
		json_object_get(value, "path"), arena, &point->prefix_path) &&
	    get_hash(json_object_get(value, "sha256"), prefix->sha256);
}

static bool
read_verdicts(struct run_counts *counts, const json_t *value)
{
	if (!json_is_array(value) || json_array_size(value) != VERDICTS)
		return false;
	for (size_t i = 0; i < VERDICTS; i++) {
		const json_t *count = json_array_get(value, i);

		if (!json_is_integer(count) || json_integer_value(count) < 0)
			return false;
		counts->verdicts[i] = (uint64_t)json_integer_value(count);
		counts->messages += counts->verdicts[i];
	}
	return true;
}

/* After the verdicts: what was neither left nor regraded was judged. */
static bool
read_judged(struct run_counts *counts, const json_t *value)
{
	uint64_t *judged = counts->judged;

	if (value != NULL &&
	    (!get_count(value, "before", &judged[JUDGED_BEFORE]) ||
		!get_count(value, "regraded", &judged[JUDGED_REGRADED]) ||
		judged[JUDGED_BEFORE] > counts->messages ||
		judged[JUDGED_REGRADED] >
		    counts->messages - judged[JUDGED_BEFORE]))
		return false;
	judged[JUDGED_ANEW] =
	    counts->messages - judged[JUDGED_BEFORE] - judged[JUDGED_REGRADED];
	return true;
}

static bool
read_point(struct journal_line *line, struct arena *arena, const json_t *value,
    const char **why_out)
{
	struct journal_point *point = &line->point;
	struct run_counts *counts = &point->counts;

	*why_out = "no point";
	return get_seconds(value, "first_date", &counts->first_date) &&
	    get_hash(
		json_object_get(value, "items_sha256"), point->items_sha256) &&
	    get_seconds(value, "last_date", &counts->last_date) &&
	    get_count(value, "octets", &point->octets) &&
	    get_octets(json_object_get(value, "path"), arena, &point->path) &&
	    read_prefix(point, arena, json_object_get(value, "prefix")) &&
	    get_count(value, "records", &point->records) &&
	    get_hash(json_object_get(value, "results_sha256"),
		point->results_sha256) &&
	    read_verdicts(counts, json_object_get(value, "verdicts")) &&
	    read_judged(counts, json_object_get(value, "judged")) &&
	    get_count(value, "wanted_signatures", &counts->wanted_signatures);
}

static bool
read_end(struct journal_line *line, struct arena *arena, const json_t *value,
    const char **why_out)
{
	(void)arena;
	*why_out = "no hash";
	return get_hash(value, line->sha256);
}

static const struct {
	const char *name, *start;
	read_value read;
} kinds[JOURNAL_KINDS] = {
	[JOURNAL_RUN] = { "run", "{\"run\":", read_object },
	[JOURNAL_INPUT] = { "input", "{\"input\":", read_object },
	[JOURNAL_NOTE] = { "note", "{\"note\":", read_object },
	[JOURNAL_SENDER] = { "sender", "{\"sender\":", read_member },
	[JOURNAL_DOMAIN] = { "domain", "{\"domain\":", read_member },
	[JOURNAL_WANT] = { "want", "{\"want\":", read_want },
	[JOURNAL_POINT] = { "point", "{\"point\":", read_point },
	[JOURNAL_END] = { "end", "{\"end\":", read_end },
};

bool
journal_is(struct span line, enum journal_kind kind)
{
	return span_starts_with(line, span_from_string(kinds[kind].start));
}

static bool
read_kind(struct journal_line *out, struct arena *arena, struct span line,
    const json_t *json, const char **why_out)
{
	for (int i = 0; i < JOURNAL_KINDS; i++) {
		size_t start = strlen(kinds[i].start);

		if (!journal_is(line, (enum journal_kind)i))
			continue;
		out->kind = (enum journal_kind)i;
		out->text = span_sub(line, start, line.n - start - 1);
		return kinds[i].read(
		    out, arena, json_object_get(json, kinds[i].name), why_out);
	}
	*why_out = "unknown kind";
	return false;
}

bool
journal_read_line(struct journal_line *line_out, struct arena *arena,
    struct span line, const char **why_out)
{
	json_t *json;
	bool good;

	memset(line_out, 0, sizeof(*line_out));
	json = json_parse_line(arena, line, true, why_out);
	if (json == NULL)
		return false;
	*why_out = "more than one member";
	good = json_object_size(json) == 1 &&
	    read_kind(line_out, arena, line, json, why_out);
	json_decref(json);
	return good;
}

/* ---- what decides the results -------------------------------------------- */

static const struct {
	const char *name, *words;
} deciders[] = {
	{ "schema", "the version of verifier" },
	{ "tool", "the version of verifier" },
	{ "snapshot", "the snapshot, or who vouches for it" },
	{ "min_grade", "--min-grade" },
	{ "max_gap_days", "--max-gap" },
	{ "repairs", "--repairs" },
	{ "equivalences_sha256", "--equivalences" },
	{ "anchors_sha256", "--anchor, or what goes with it" },
	{ "public_suffix_list_sha256", "the public suffix list" },
	{ "limits", "the bounds on containers" },
	{ "arguments", "the archive arguments" },
	{ "update_sha256", "--update, or the case that it names" },
};

static const char *
first_difference(const json_t *run, const json_t *other)
{
	for (size_t i = 0; i < G_N_ELEMENTS(deciders); i++) {
		if (!json_equal(json_object_get(run, deciders[i].name),
			json_object_get(other, deciders[i].name)))
			return deciders[i].words;
	}
	return "something";
}

const char *
journal_run_difference(struct span run, struct span other)
{
	g_autoptr(arena_auto) arena = arena_new();
	const char *why, *words;
	json_t *one, *two;

	if (span_equal(run, other))
		return NULL;
	one = json_parse_line(arena, run, false, &why);
	two = json_parse_line(arena, other, false, &why);
	words = first_difference(one, two);
	json_decref(one);
	json_decref(two);
	return words;
}
