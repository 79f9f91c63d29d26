/*
 * person_key.c - see person_key.h.  Observers and names come from the
 * snapshot, and are escaped for terminals.
 */
#include "verifier/report/person_key.h"

#include "keysnap/base/text.h"

#include <inttypes.h>

#define OWNERS_MAX 8 /* that are shown */

/* An integer that record_read() has checked; -1 for null or none. */
static int64_t
get_count(const json_t *key, const char *name)
{
	const json_t *value = json_object_get(key, name);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

/* "1 day", "2 days" */
static void
append_number(GString *out, int64_t n, const char *unit)
{
	g_string_append_printf(
	    out, "%" PRIi64 " %s%s", n, unit, n == 1 ? "" : "s");
}

static void
append_days(GString *out, int64_t days, const char *words)
{
	append_number(out, days, "day");
	g_string_append(out, words);
}

static bool
has_flag(const json_t *key, const char *flag)
{
	const json_t *value;
	size_t i;

	json_array_foreach(json_object_get(key, "flags"), i, value)
	{
		if (g_strcmp0(json_string_value(value), flag) == 0)
			return true;
	}
	return false;
}

/* The nearest times on both sides, as far as there are any. */
static void
append_nearest(GString *out, const json_t *key)
{
	int64_t before = get_count(key, "days_before");
	int64_t after = get_count(key, "days_after");

	if (before < 0 && after < 0)
		return;
	g_string_append(out, " (seen ");
	if (before >= 0)
		append_days(out, before, " before");
	if (before >= 0 && after >= 0)
		g_string_append(out, " and ");
	if (after >= 0)
		append_days(out, after, " after");
	g_string_append_c(out, ')');
}

/* How the window stands to the message's time. */
static void
append_standing(GString *out, const json_t *key)
{
	struct span state = record_get_string(key, "time_state");
	int64_t days = get_count(key, "days");

	if (span_equal(state, SPAN("seen"))) {
		g_string_append(out, "covers that time");
	} else if (span_equal(state, SPAN("claimed"))) {
		g_string_append(out, "said to cover that time");
	} else if (span_equal(state, SPAN("bridged"))) {
		g_string_append(out, "seen before and after that time");
		append_nearest(out, key);
	} else if (span_equal(state, SPAN("before-first"))) {
		append_days(out, days, " before it was first seen");
	} else if (span_equal(state, SPAN("after-last"))) {
		append_days(out, days, " after it was last seen");
	} else if (span_equal(state, SPAN("contradicted"))) {
		g_string_append(
		    out, "another observation contradicts that time");
		append_nearest(out, key);
	} else {
		g_string_append(out, "nothing says that it was in use then");
		append_nearest(out, key);
	}
}

/* "by 3 independent observers" */
static void
append_observers(GString *out, const json_t *key)
{
	int64_t all = (int64_t)json_array_size(json_object_get(key, "sources"));
	int64_t independent = get_count(key, "independent");

	g_string_append(out, " by ");
	if (all < 2 || independent < 0) {
		append_number(out, all, "observer");
	} else if (independent >= all) {
		append_number(out, all, "independent observer");
	} else {
		append_number(out, all, "observer");
		if (independent < 2)
			g_string_append(out, ", not known to be independent");
		else
			g_string_append_printf(out,
			    ", %" PRIi64 " of them independent", independent);
	}
}

/* "seen 2016-10-31 .. 2023-11-02": days are enough here. */
static void
append_window(GString *out, const json_t *key)
{
	struct span first = record_get_string(key, "first_seen");
	struct span last = record_get_string(key, "last_seen");

	if (first.n == 0 || last.n == 0) {
		g_string_append(out, "given without a time");
	} else {
		g_string_append(out, "seen ");
		text_append_terminal(out, span_sub(first, 0, 10));
		g_string_append(out, " .. ");
		text_append_terminal(out, span_sub(last, 0, 10));
	}
	append_observers(out, key);
}

static void
append_type(GString *out, const json_t *key)
{
	struct span type = record_get_string(key, "type");

	if (span_equal(type, SPAN("rsa")))
		g_string_append(out, "RSA");
	else if (span_equal(type, SPAN("ed25519")))
		g_string_append(out, "Ed25519");
	else
		text_append_terminal(out, type);
	g_string_append_printf(out, " %" PRIi64, get_count(key, "bits"));
}

/* The texts of a list, each behind a space. */
static void
append_texts(GString *out, const json_t *list, size_t most)
{
	size_t n = json_array_size(list);

	for (size_t i = 0; i < MIN(n, most); i++) {
		g_string_append_c(out, ' ');
		text_append_terminal(out,
		    span_from_string(
			json_string_value(json_array_get(list, i))));
	}
	if (n > most)
		g_string_append_printf(out, " and %zu more", n - most);
}

/* Who holds the name that a CNAME led to can put another key there. */
static void
append_owners(GString *out, const json_t *key)
{
	const json_t *owners = json_object_get(key, "owners");

	if (json_array_size(owners) == 0)
		return;
	g_string_append(out, "    controlled by whoever holds");
	append_texts(out, owners, OWNERS_MAX);
	g_string_append(out, ", where a CNAME led\n");
}

/* The date from which anybody could have signed. */
static void
append_forgeable(GString *out, const json_t *key)
{
	const json_t *value = json_object_get(key, "forgeable_since");
	struct span since = record_get_string(key, "forgeable_since");

	if (value == NULL)
		return;
	g_string_append(out, "    others than its holder could sign ");
	if (since.n > 0) {
		g_string_append(out, "since ");
		text_append_terminal(out, since);
	} else {
		g_string_append(
		    out, "from the beginning: it is not known since when");
	}
	g_string_append_c(out, '\n');
}

static void
append_weak(GString *out, const json_t *key)
{
	struct span since = record_get_string(key, "weak_since");

	if (since.n == 0 || !has_flag(key, "weak"))
		return;
	g_string_append(out, "    moduli of its size are factored since ");
	text_append_terminal(out, span_sub(since, 0, 7));
	g_string_append(out, ", in public\n");
}

void
person_append_key(GString *out, const json_t *key)
{
	const json_t *flags = json_object_get(key, "flags");

	append_type(out, key);
	g_string_append(out, "  grade ");
	text_append_terminal(out, record_get_string(key, "grade"));
	g_string_append(out, ", ");
	append_window(out, key);
	g_string_append(out, ", ");
	append_standing(out, key);
	if (json_array_size(flags) > 0) {
		g_string_append(out, ", flags:");
		append_texts(out, flags, SIZE_MAX);
	}
	g_string_append_printf(
	    out, ", log entry %" PRIi64 "\n", get_count(key, "entry"));
	append_owners(out, key);
	append_forgeable(out, key);
	append_weak(out, key);
}

void
person_append_log(
    GString *out, struct span root, uint64_t entries, struct span vouched)
{
	static const char *const words[][2] = {
		{ "public-key", "its public key vouches for it" },
		{ "root", "it is the root that was asked for" },
		{ "nobody", "nobody vouches for it" },
	};

	if (root.n == 0)
		return;
	g_string_append_printf(
	    out, "log of %" PRIu64 " entries, root ", entries);
	text_append_terminal(out, root);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (span_equal(vouched, span_from_string(words[i][0])))
			g_string_append_printf(out, ": %s", words[i][1]);
	}
	g_string_append_c(out, '\n');
}
