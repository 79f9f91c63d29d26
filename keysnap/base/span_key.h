/*
 * span_key.h - spans as the keys of a GHashTable.
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

#endif
