/*
 * zone_items.c - the TXT and CNAME records of a zone file, by name.
 */
#include "keysnap/import/zone_items.h"

#include "keysnap/base/span_key.h"

struct ends {
	size_t first, last;
};

void
zone_items_init(struct zone_items *items)
{
	items->arena = arena_new();
	items->items = g_array_new(FALSE, FALSE, sizeof(struct zone_item));
	items->by_name = g_hash_table_new(string_key_hash, g_str_equal);
	items->octets = 0;
}

void
zone_items_clear(struct zone_items *items)
{
	g_hash_table_destroy(items->by_name);
	g_array_free(items->items, TRUE);
	arena_free(items->arena);
}

void
zone_items_reset(struct zone_items *items)
{
	g_hash_table_remove_all(items->by_name);
	g_array_set_size(items->items, 0);
	arena_reset(items->arena);
	items->octets = 0;
}

struct zone_item *
zone_items_at(const struct zone_items *items, size_t i)
{
	return &g_array_index(items->items, struct zone_item, i);
}

/* Canonical names in the arena have a NUL behind them and none inside. */
static const char *
key_of(struct span name)
{
	return (const char *)name.p;
}

bool
zone_items_count(struct zone_items *items, size_t octets)
{
	items->octets += octets;
	return items->items->len < ZONE_ITEMS_MAX &&
	    items->octets <= ZONE_OCTETS_MAX;
}

void
zone_items_add(struct zone_items *items, const struct zone_item *item)
{
	struct ends *ends =
	    g_hash_table_lookup(items->by_name, key_of(item->name));
	size_t at = items->items->len;

	g_array_append_val(items->items, *item);
	if (ends != NULL) {
		zone_items_at(items, ends->last)->next = at + 1;
	} else {
		ends = arena_alloc(items->arena, sizeof(*ends));
		ends->first = at;
		g_hash_table_insert(
		    items->by_name, (char *)key_of(item->name), ends);
	}
	ends->last = at;
}

struct zone_item *
zone_items_of_name(const struct zone_items *items, struct span name)
{
	const struct ends *ends =
	    g_hash_table_lookup(items->by_name, key_of(name));

	return ends == NULL ? NULL : zone_items_at(items, ends->first);
}

struct zone_item *
zone_items_next(const struct zone_items *items, const struct zone_item *item)
{
	return item->next == 0 ? NULL : zone_items_at(items, item->next - 1);
}

/* The first CNAME among the records of a name, or NULL. */
static struct zone_item *
find_cname(const struct zone_items *items, struct span name)
{
	struct zone_item *item = zone_items_of_name(items, name);

	while (item != NULL && item->target.n == 0)
		item = zone_items_next(items, item);
	return item;
}

static bool
has_txt(const struct zone_items *items, struct span name)
{
	struct zone_item *item = zone_items_of_name(items, name);

	while (item != NULL && item->target.n > 0)
		item = zone_items_next(items, item);
	return item != NULL;
}

size_t
zone_items_follow(const struct zone_items *items, const struct zone_item *item,
    struct span **chain_out)
{
	struct span *chain =
	    arena_alloc_array(items->arena, ZONE_CHAIN_MAX, sizeof(*chain));

	*chain_out = chain;
	for (size_t n = 0; n < ZONE_CHAIN_MAX && item != NULL; n++) {
		chain[n] = item->target;
		if (has_txt(items, item->target))
			return n + 1;
		item = find_cname(items, item->target);
	}
	return 0;
}

size_t
zone_items_trail(
    const struct zone_items *items, struct span name, struct span **chain_out)
{
	const struct zone_item *item = find_cname(items, name);
	struct span *chain =
	    arena_alloc_array(items->arena, ZONE_CHAIN_MAX, sizeof(*chain));
	size_t n = 0;

	*chain_out = chain;
	for (; item != NULL; item = find_cname(items, item->target)) {
		if (n == ZONE_CHAIN_MAX)
			return 0;
		chain[n++] = item->target;
	}
	return n;
}
