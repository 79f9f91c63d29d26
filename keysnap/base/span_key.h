/*
 * span_key.h - spans and strings as the keys of a GHashTable.
 *
 * What comes from outside may be chosen so that all of it has one hash: of
 * those of GLib that is easy to do, and a table of n such texts takes n * n
 * steps.  These are keyed with octets of getrandom(2), so the order within a
 * table is another in each run: what is written must be sorted first.
 */
#ifndef KEYSNAP_BASE_SPAN_KEY_H
#define KEYSNAP_BASE_SPAN_KEY_H

#include "keysnap/base/span.h"

#include <glib.h>

/* For g_hash_table_new(): keys are "struct span *", looked up with the
 * address of any span. */
guint span_key_hash(gconstpointer key);
gboolean span_key_equal(gconstpointer a, gconstpointer b);

/* A key with a copy of the octets, one piece of memory for g_free(). */
struct span *span_key_new(struct span span);

/* Instead of g_str_hash() and g_bytes_hash(), with g_str_equal() and
 * g_bytes_equal(). */
guint string_key_hash(gconstpointer key);
guint bytes_key_hash(gconstpointer key);

#endif
