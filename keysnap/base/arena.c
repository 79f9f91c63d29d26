/*
 * arena.c - a chain of blocks, filled from the front.
 */
#include "keysnap/base/arena.h"

#include <stdalign.h>
#include <string.h>

#define ARENA_BLOCK (64 * 1024)       /* most messages need one */
#define ARENA_KEEP  (8 * 1024 * 1024) /* kept at most over a reset */
#define ARENA_ALIGN alignof(max_align_t)

struct block {
	struct block *next;
	size_t size; /* of "data" */
	size_t used;
	alignas(max_align_t) uint8_t data[];
};

struct arena {
	struct block *first;
	struct block *current; /* those behind it are empty */
};

static struct block *
block_new(size_t size, struct block *next)
{
	struct block *block;

	if (size > SIZE_MAX - sizeof(*block))
		g_error("arena: a request of %zu octets", size);
	block = g_malloc(sizeof(*block) + size);
	block->next = next;
	block->size = size;
	block->used = 0;
	return block;
}

struct arena *
arena_new(void)
{
	struct arena *arena = g_new(struct arena, 1);

	arena->first = arena->current = block_new(ARENA_BLOCK, NULL);
	return arena;
}

static void
free_chain(struct block *block)
{
	while (block != NULL) {
		struct block *next = block->next;

		g_free(block);
		block = next;
	}
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	free_chain(arena->first);
	g_free(arena);
}

/* Empty the blocks and drop those that do not fit under ARENA_KEEP. */
void
arena_reset(struct arena *arena)
{
	struct block **link = &arena->first;
	size_t kept = 0;

	while (*link != NULL) {
		struct block *block = *link;

		if (block->size <= ARENA_KEEP - kept) {
			kept += block->size;
			block->used = 0;
			link = &block->next;
		} else {
			*link = block->next;
			g_free(block);
		}
	}
	arena->current = arena->first;
}

/* Make the current block one with room for "size" octets. */
static void
make_room(struct arena *arena, size_t size)
{
	struct block *current = arena->current;

	if (current->next == NULL || current->next->size < size)
		current->next = block_new(
		    size > ARENA_BLOCK ? size : ARENA_BLOCK, current->next);
	arena->current = current->next;
}

static void *
take(struct arena *arena, size_t size)
{
	struct block *block;
	void *taken;

	if (size > SIZE_MAX - ARENA_ALIGN)
		g_error("arena: a request of %zu octets", size);
	size = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (size > arena->current->size - arena->current->used)
		make_room(arena, size);
	block = arena->current;
	taken = block->data + block->used;
	block->used += size;
	return taken;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

void *
arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	if (size > 0 && count > SIZE_MAX / size)
		g_error("arena: %zu elements of %zu octets", count, size);
	return arena_alloc(arena, count * size);
}

struct span
arena_copy(struct arena *arena, struct span span)
{
	uint8_t *copy;

	if (span.n == SIZE_MAX)
		g_error("arena: a request of %zu octets", span.n);
	copy = take(arena, span.n + 1);
	if (span.n > 0)
		memcpy(copy, span.p, span.n);
	copy[span.n] = '\0';
	return (struct span){ copy, span.n };
}
