/* excerpt.c - see excerpt.h. */
#include "keysnap/store/excerpt.h"

#include "keysnap/key/dns_name.h"
#include "keysnap/store/index.h"
#include "keysnap/store/store.h"

#include <stdlib.h>
#include <string.h>

struct excerpt {
	struct arena *arena;
	struct excerpt_line *lines; /* by number */
	size_t n;
	/* Names by place in "lines"; what is about entries and keys, by
	 * number. */
	struct index_table table;
};

static int
compare_lines(const void *a, const void *b)
{
	const struct excerpt_line *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

/* Copy the lines, in order, each once. */
static bool
take_lines(struct excerpt *excerpt, const struct excerpt_line *lines, size_t n)
{
	struct excerpt_line *list =
	    arena_alloc_array(excerpt->arena, n + 1, sizeof(*list));

	if (n > 0)
		memcpy(list, lines, n * sizeof(*list));
	qsort(list, n, sizeof(*list), compare_lines);
	excerpt->lines = list;
	for (size_t i = 0; i < n; i++) {
		const struct excerpt_line *last =
		    excerpt->n == 0 ? NULL : &list[excerpt->n - 1];

		if (last == NULL || last->number != list[i].number) {
			list[excerpt->n].number = list[i].number;
			list[excerpt->n++].leaf =
			    arena_copy(excerpt->arena, list[i].leaf);
		} else if (!span_equal(last->leaf, list[i].leaf)) {
			return false;
		}
	}
	return true;
}

static void
add_topics(struct excerpt *excerpt, size_t place, const struct entry *entry,
    GArray *about, GArray *keys)
{
	uint64_t number = excerpt->lines[place].number;
	struct index_entry *out = &excerpt->table.entries[place];
	struct entry_topics topics;

	entry_topics(entry, &topics);
	if (topics.name.n > 0)
		out->reversed_name =
		    dns_name_reversed(excerpt->arena, topics.name);
	for (size_t i = 0; i < topics.about.n; i++) {
		struct index_about one = { topics.about.items[i], number };

		g_array_append_val(about, one);
	}
	if (topics.key != NULL) {
		struct index_key one = { .number = number };

		memcpy(one.key, topics.key, sizeof(one.key));
		g_array_append_val(keys, one);
	}
}

/* The table frees its arrays with g_free(). */
static bool
make_table(struct excerpt *excerpt, const char **why_out)
{
	GArray *about = g_array_new(FALSE, FALSE, sizeof(struct index_about));
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(struct index_key));
	struct index_table *table = &excerpt->table;
	bool good = true;

	table->entries = g_new0(struct index_entry, excerpt->n + 1);
	table->n = excerpt->n;
	for (size_t i = 0; good && i < excerpt->n; i++) {
		const struct excerpt_line *line = &excerpt->lines[i];
		struct entry entry;

		good = entry_parse(
		    &entry, excerpt->arena, line->leaf, line->number, why_out);
		if (good)
			add_topics(excerpt, i, &entry, about, keys);
	}
	table->n_about = about->len;
	table->about = (struct index_about *)g_array_free(about, FALSE);
	table->n_keys = keys->len;
	table->keys = (struct index_key *)g_array_free(keys, FALSE);
	if (good)
		index_table_sort(table);
	return good;
}

struct excerpt *
excerpt_new(const struct excerpt_line *lines, size_t n, const char **why_out)
{
	struct excerpt *excerpt = g_new0(struct excerpt, 1);

	excerpt->arena = arena_new();
	*why_out = "two entries have one number";
	if (take_lines(excerpt, lines, n) && make_table(excerpt, why_out))
		return excerpt;
	excerpt_free(excerpt);
	return NULL;
}

void
excerpt_free(struct excerpt *excerpt)
{
	if (excerpt == NULL)
		return;
	index_table_clear(&excerpt->table);
	arena_free(excerpt->arena);
	g_free(excerpt);
}

/* ---- the log ------------------------------------------------------------- */

static bool
get(void *user, struct arena *arena, uint64_t number, struct entry *entry_out,
    GError **error)
{
	const struct excerpt *excerpt = user;
	const struct excerpt_line wanted = { .number = number };
	const struct excerpt_line *line = excerpt->n == 0
	    ? NULL
	    : bsearch(&wanted, excerpt->lines, excerpt->n, sizeof(*line),
		  compare_lines);
	const char *why = "it is not there";

	if (line != NULL &&
	    entry_parse(entry_out, arena, line->leaf, number, &why))
		return true;
	g_set_error(error, STORE_ERROR, STORE_ERROR_INTEGRITY,
	    "entry %" G_GUINT64_FORMAT " of the exhibit: %s", number, why);
	return false;
}

static bool
each_of_name(void *user, struct span name,
    bool (*visit)(void *user, uint64_t number), void *visit_user,
    GError **error)
{
	const struct excerpt *excerpt = user;
	g_autoptr(arena_auto) arena = arena_new();
	uint64_t n,
	    at = index_table_find(
		&excerpt->table, dns_name_reversed(arena, name), &n);

	(void)error;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t place = excerpt->table.by_name[at + i];

		if (!visit(visit_user, excerpt->lines[place].number))
			break;
	}
	return true;
}

static bool
each_of_key(void *user, const uint8_t key[32],
    bool (*visit)(void *user, uint64_t number), void *visit_user,
    GError **error)
{
	const struct index_table *table =
	    &((const struct excerpt *)user)->table;
	uint64_t n, at = index_table_find_key(table, key, &n);

	(void)error;
	for (uint64_t i = 0; i < n; i++) {
		if (!visit(visit_user, table->keys[at + i].number))
			break;
	}
	return true;
}

static bool
each_about(void *user, uint64_t of, bool (*visit)(void *user, uint64_t number),
    void *visit_user, GError **error)
{
	const struct index_table *table =
	    &((const struct excerpt *)user)->table;
	uint64_t n, at = index_table_find_about(table, of, &n);

	(void)error;
	for (uint64_t i = 0; i < n; i++) {
		if (!visit(visit_user, table->about[at + i].number))
			break;
	}
	return true;
}

struct bearing_log
excerpt_log(const struct excerpt *excerpt)
{
	return (struct bearing_log){
		.user = (void *)(uintptr_t)excerpt,
		.path = "the exhibit",
		.topics = true,
		.get = get,
		.each_of_name = each_of_name,
		.each_of_key = each_of_key,
		.each_about = each_about,
	};
}
