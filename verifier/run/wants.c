/*
 * wants.c - the names whose keys an archive needs and the snapshot lacks.
 */
#include "verifier/run/wants.h"

#include "keysnap/base/span_key.h"
#include "keysnap/base/text.h"
#include "keysnap/base/timestamp.h"

#include <string.h>

struct wanted {
	char *domain, *selector; /* canonical names hold no NUL */
	int64_t first, last;
	uint64_t count;
};

struct wants {
	GHashTable *names; /* "domain TAB selector" -> struct wanted */
};

static void
wanted_free(gpointer value)
{
	struct wanted *wanted = value;

	g_free(wanted->domain);
	g_free(wanted->selector);
	g_free(wanted);
}

struct wants *
wants_new(void)
{
	struct wants *wants = g_new0(struct wants, 1);

	wants->names = g_hash_table_new_full(
	    string_key_hash, g_str_equal, g_free, wanted_free);
	return wants;
}

void
wants_free(struct wants *wants)
{
	if (wants == NULL)
		return;
	g_hash_table_unref(wants->names);
	g_free(wants);
}

static struct wanted *
wanted_of(struct wants *wants, const struct want *want)
{
	g_autofree char *domain = span_dup(want->domain);
	g_autofree char *selector = span_dup(want->selector);
	g_autofree char *key = g_strdup_printf("%s\t%s", domain, selector);
	struct wanted *wanted = g_hash_table_lookup(wants->names, key);

	if (wanted != NULL)
		return wanted;
	wanted = g_new0(struct wanted, 1);
	wanted->domain = g_steal_pointer(&domain);
	wanted->selector = g_steal_pointer(&selector);
	wanted->first = wanted->last = TIMESTAMP_NONE;
	g_hash_table_insert(wants->names, g_steal_pointer(&key), wanted);
	return wanted;
}

void
wants_add_many(struct wants *wants, const struct want *want, uint64_t count)
{
	struct wanted *wanted = wanted_of(wants, want);

	wanted->count += count;
	if (want->first != TIMESTAMP_NONE &&
	    (wanted->first == TIMESTAMP_NONE || want->first < wanted->first))
		wanted->first = want->first;
	if (want->last != TIMESTAMP_NONE && want->last > wanted->last)
		wanted->last = want->last;
}

void
wants_add(struct wants *wants, const struct want *want)
{
	wants_add_many(wants, want, 1);
}

static gint
compare_wanted(gconstpointer a, gconstpointer b)
{
	const struct wanted *left = *(const struct wanted *const *)a;
	const struct wanted *right = *(const struct wanted *const *)b;
	int order = strcmp(left->domain, right->domain);

	return order != 0 ? order : strcmp(left->selector, right->selector);
}

/* By domain and selector; the order of the table is another in each run. */
static GPtrArray *
sort_names(const struct wants *wants)
{
	GPtrArray *sorted = g_ptr_array_new();
	GHashTableIter iterator;
	gpointer value;

	g_hash_table_iter_init(&iterator, wants->names);
	while (g_hash_table_iter_next(&iterator, NULL, &value))
		g_ptr_array_add(sorted, value);
	g_ptr_array_sort(sorted, compare_wanted);
	return sorted;
}

void
wants_each(const struct wants *wants,
    void (*each)(void *user, const struct want *want, uint64_t count),
    void *user)
{
	g_autoptr(GPtrArray) sorted = sort_names(wants);

	for (guint i = 0; i < sorted->len; i++) {
		const struct wanted *wanted = sorted->pdata[i];
		const struct want want = {
			.domain = span_from_string(wanted->domain),
			.selector = span_from_string(wanted->selector),
			.first = wanted->first,
			.last = wanted->last,
		};

		each(user, &want, wanted->count);
	}
}

static void
add_to(void *user, const struct want *want, uint64_t count)
{
	wants_add_many(user, want, count);
}

void
wants_merge(struct wants *wants, const struct wants *more)
{
	wants_each(more, add_to, wants);
}

size_t
wants_count(const struct wants *wants)
{
	return g_hash_table_size(wants->names);
}

static void
append_time(GString *out, int64_t at)
{
	char text[TIMESTAMP_SIZE];

	if (at == TIMESTAMP_NONE) {
		g_string_append_c(out, '-');
		return;
	}
	timestamp_format(at, text);
	g_string_append(out, text);
}

void
wants_write(GString *out, const struct wants *wants)
{
	g_autoptr(GPtrArray) sorted = sort_names(wants);

	g_string_append(out, "domain\tselector\tfirst\tlast\tcount\n");
	for (guint i = 0; i < sorted->len; i++) {
		const struct wanted *wanted = sorted->pdata[i];

		text_append_tsv(out, span_from_string(wanted->domain));
		g_string_append_c(out, '\t');
		text_append_tsv(out, span_from_string(wanted->selector));
		g_string_append_c(out, '\t');
		append_time(out, wanted->first);
		g_string_append_c(out, '\t');
		append_time(out, wanted->last);
		g_string_append_printf(
		    out, "\t%" G_GUINT64_FORMAT "\n", wanted->count);
	}
}
