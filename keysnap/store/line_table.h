/*
 * line_table.h - which entry of a log has a given line; and entries of one log
 * in the numbers of another.
 *
 * Two logs have different numbers for the same entry, and so for the entries
 * that it names.  An entry of the one is in the other when its line, written
 * with the other's numbers, is there.
 */
#ifndef KEYSNAP_STORE_LINE_TABLE_H
#define KEYSNAP_STORE_LINE_TABLE_H

#include "keysnap/base/arena.h"
#include "keysnap/base/crypto.h"
#include "keysnap/store/entry.h"

/* The lines of a log, from entry 0 on, by their SHA-256; some 50 octets of
 * memory each. */
struct line_table;
struct line_table *line_table_new(const struct crypto *crypto);
void line_table_free(struct line_table *table);
uint64_t line_table_size(const struct line_table *table);

/* Add the next line.  Of several entries with one line the first is found. */
void line_table_add(struct line_table *table, struct span line);

/* Is it the line of entry "number", which is in the table? */
bool line_table_is(
    const struct line_table *table, uint64_t number, struct span line);

/* The number of the entry with the line, or ENTRY_NONE. */
uint64_t line_table_find(const struct line_table *table, struct span line);

/* The first entry that has the line of entry "number". */
uint64_t line_table_first(const struct line_table *table, uint64_t number);

/*
 * Do we know all of an entry that was parsed?  One of a type, or with members,
 * that we do not know may name others in a way that we do not see; then no
 * number in it may be changed.
 */
bool entry_is_clear(const struct entry *entry);

/* Put map[N] in place of every number N of an entry that is clear; sets are
 * sorted again.  Its lists are made anew in "arena"; "line" is as it was. */
void entry_renumber(
    struct entry *entry, struct arena *arena, const uint64_t *map);

#endif
