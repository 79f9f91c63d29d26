/*
 * arena.h - memory that is given back all at once.
 *
 * One arena per worker: what belongs to a message is taken from it and
 * forgotten with arena_reset() before the next.  Not for use by two threads.
 * Allocation failure ends the process, so callers bound sizes first.
 */
#ifndef KEYSNAP_BASE_ARENA_H
#define KEYSNAP_BASE_ARENA_H

#include "keysnap/base/span.h"

#include <glib.h>

typedef struct arena arena_auto; /* g_autoptr(arena_auto) arena = ... */

struct arena *arena_new(void);

/* Frees the arena and everything taken from it; NULL is allowed. */
void arena_free(struct arena *arena);

/* Everything taken so far becomes invalid; the blocks are kept for reuse, up
 * to a bound (ARENA_KEEP in arena.c), so one huge message is not held on to. */
void arena_reset(struct arena *arena);

/* "size" zeroed octets, aligned for any type.  Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* "count" zeroed elements of "size" octets; ends the process on overflow. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* A copy of "span" in the arena, with a NUL behind it that is not counted. */
struct span arena_copy(struct arena *arena, struct span span);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(arena_auto, arena_free)
#endif
