/*
 * zone_items.h - the TXT and CNAME records of a zone file, or of one answer
 * of dig, kept until all are read: a CNAME may stand before or after the
 * record that it leads to.
 */
#ifndef KEYSNAP_IMPORT_ZONE_ITEMS_H
#define KEYSNAP_IMPORT_ZONE_ITEMS_H

#include "keysnap/base/arena.h"
#include "keysnap/import/zone_text.h"

#define ZONE_ITEMS_MAX \
	(4 << 20)                   /* records; the largest zones of mail
				       providers have under a million keys */
#define ZONE_OCTETS_MAX (512 << 20) /* of their text, together */
#define ZONE_CHAIN_MAX \
	16 /* CNAMEs to follow; resolvers stop at 8
				       to 16 */

struct zone_item {
	uint64_t line;
	int64_t ttl; /* -1: none */
	struct span name;
	struct span target;   /* of a CNAME; else empty */
	struct span *strings; /* of a TXT */
	size_t n_strings;
	bool in_answer;  /* in the section that is named so */
	bool validated;  /* delv says so */
	bool used;       /* gave an observation */
	bool has_serial; /* of the SOA above it in a master file */
	uint32_t serial;
	size_t next; /* of the same name, plus 1; 0: none */
};

struct zone_items {
	struct arena *arena;
	GArray *items;       /* struct zone_item, in order of lines */
	GHashTable *by_name; /* char * -> first and last item */
	size_t octets;
};

void zone_items_init(struct zone_items *items);
void zone_items_clear(struct zone_items *items);
void zone_items_reset(struct zone_items *items);

/* Count one record of "octets" of text; false when the limits above do not
 * allow it.  Before anything of it is taken from items->arena. */
bool zone_items_count(struct zone_items *items, size_t octets);

/* Keep "item", whose spans already live in items->arena. */
void zone_items_add(struct zone_items *items, const struct zone_item *item);

struct zone_item *zone_items_at(const struct zone_items *items, size_t i);

/* The first item of a canonical name, or NULL; and the next of the same. */
struct zone_item *zone_items_of_name(
    const struct zone_items *items, struct span name);
struct zone_item *zone_items_next(
    const struct zone_items *items, const struct zone_item *item);

/*
 * Follow the CNAMEs from "item" (a CNAME).  *chain_out gets the names on the
 * way, the last one being that of the TXT records; 0 when they lead nowhere,
 * in a circle, or past ZONE_CHAIN_MAX.  The array lives in the arena.
 */
size_t zone_items_follow(const struct zone_items *items,
    const struct zone_item *item, struct span **chain_out);

/* The same from a canonical name on, to where no further CNAME is; 0 when
 * there is none, in a circle, or past ZONE_CHAIN_MAX. */
size_t zone_items_trail(
    const struct zone_items *items, struct span name, struct span **chain_out);

#endif
