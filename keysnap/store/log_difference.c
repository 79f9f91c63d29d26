/*
 * log_difference.c - which entries one log has that another has not.
 * Limit: memory, some 70 octets for each entry.
 */
#include "keysnap/store/log_difference.h"

#include "keysnap/store/line_table.h"

#include <string.h>

struct comparing {
	struct log_difference *difference;
	struct line_table *lines; /* of A */
	uint64_t *map; /* numbers of B to those of A, or ENTRY_NONE */
	uint64_t same; /* leading entries with the same line */
	GString *line;
};

static bool
add_lines(const struct log_side *a, struct line_table *lines, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct entry entry;

	for (uint64_t i = 0; i < a->size; i++) {
		if (!a->get(a->user, arena, i, &entry, error))
			return false;
		line_table_add(lines, entry.line);
		arena_reset(arena);
	}
	return true;
}

static bool
is_mapped(const struct comparing *comparing, struct entry_numbers numbers)
{
	for (size_t i = 0; i < numbers.n; i++) {
		if (comparing->map[numbers.items[i]] == ENTRY_NONE)
			return false;
	}
	return true;
}

/* The number that an entry of B has in A, or ENTRY_NONE. */
static uint64_t
find(
    const struct comparing *comparing, struct arena *arena, struct entry *entry)
{
	struct entry_references references;

	/* What we do not know may be numbers: nothing but the same line. */
	if (!entry_is_clear(entry))
		return line_table_find(comparing->lines, entry->line);
	entry_references(entry, &references);
	if (!is_mapped(comparing, references.source) ||
	    !is_mapped(comparing, references.others))
		return ENTRY_NONE;
	entry_renumber(entry, arena, comparing->map);
	g_string_truncate(comparing->line, 0);
	entry_write(comparing->line, entry);
	return line_table_find(comparing->lines,
	    (struct span){
		(const uint8_t *)comparing->line->str, comparing->line->len });
}

static void
take(struct comparing *comparing, struct arena *arena, uint64_t number,
    struct entry *entry)
{
	struct log_difference *difference = comparing->difference;
	uint64_t size = line_table_size(comparing->lines), to;

	if (comparing->same == number && number < size &&
	    line_table_is(comparing->lines, number, entry->line))
		comparing->same++;
	if (number == 0) {
		difference->same_origin = comparing->same == 1;
		to = 0;
	} else if (comparing->same == number + 1) {
		to = number;
	} else {
		to = find(comparing, arena, entry);
	}
	comparing->map[number] = to;
	if (to == ENTRY_NONE) {
		difference->only_b[number] = 1;
		difference->n_only_b++;
	} else {
		difference->only_a[line_table_first(comparing->lines, to)] = 0;
	}
}

static bool
compare(struct comparing *comparing, const struct log_side *b, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct entry entry;

	for (uint64_t i = 0; i < b->size; i++) {
		if (!b->get(b->user, arena, i, &entry, error))
			return false;
		take(comparing, arena, i, &entry);
		arena_reset(arena);
	}
	return true;
}

/* Only the first of several entries with one line was looked for. */
static void
count_only_a(struct comparing *comparing, uint64_t size)
{
	struct log_difference *difference = comparing->difference;

	for (uint64_t i = 0; i < size; i++) {
		difference->only_a[i] =
		    difference->only_a[line_table_first(comparing->lines, i)];
		difference->n_only_a += difference->only_a[i];
	}
}

bool
log_difference_find(struct log_difference *difference,
    const struct crypto *crypto, const struct log_side *a,
    const struct log_side *b, GError **error)
{
	struct comparing comparing = {
		.difference = difference,
		.lines = line_table_new(crypto),
		.map = g_new0(uint64_t, b->size + 1),
		.line = g_string_new(NULL),
	};
	bool ok;

	*difference = (struct log_difference){
		.only_a = g_malloc(a->size + 1),
		.only_b = g_malloc0(b->size + 1),
	};
	memset(difference->only_a, 1, a->size + 1);
	ok = add_lines(a, comparing.lines, error) &&
	    compare(&comparing, b, error);
	if (ok)
		count_only_a(&comparing, a->size);
	difference->begins = ok && comparing.same == a->size;
	g_string_free(comparing.line, TRUE);
	g_free(comparing.map);
	line_table_free(comparing.lines);
	return ok;
}

void
log_difference_clear(struct log_difference *difference)
{
	g_free(difference->only_a);
	g_free(difference->only_b);
}
