/*
 * sorter.c - sorting in memory, and merging from a file.
 *
 * A record in memory and in the file is its length, two octets, and its
 * octets.  The file is a row of runs, each sorted; the smallest of their
 * heads, which a heap finds, is the next record.
 */
#include "keysnap/base/sorter.h"

#include "keysnap/base/file.h"

#include <stdlib.h>
#include <unistd.h>

#define HEAD     2
#define READ_MIN 4096      /* octets of a run read at once, at least */
#define READ_MAX (1 << 18) /* and at most */

/* A record in memory; most comparisons end with the first octets. */
struct item {
	uint64_t first; /* eight octets, the first one highest */
	const uint8_t *at;
};

/* What is left of a run in the file. */
struct run {
	int64_t from, end; /* not read yet */
	uint8_t *window;
	size_t at, n; /* of the window */
	struct span head;
};

struct sorter {
	size_t memory;
	uint64_t count;
	GByteArray *octets; /* records, of which "items" are made */
	struct item *items;
	size_t n, next;
	int fd;          /* or -1 */
	int64_t written; /* octets of the file */
	GArray *runs;
	struct run **heap; /* smallest head first */
	size_t n_heap, window;
	bool ready;
};

struct sorter *
sorter_new(size_t memory)
{
	struct sorter *sorter = g_new0(struct sorter, 1);

	sorter->memory = memory;
	sorter->octets = g_byte_array_new();
	sorter->runs = g_array_new(FALSE, TRUE, sizeof(struct run));
	sorter->fd = -1;
	return sorter;
}

void
sorter_free(struct sorter *sorter)
{
	if (sorter == NULL)
		return;
	for (guint i = 0; i < sorter->runs->len; i++)
		g_free(g_array_index(sorter->runs, struct run, i).window);
	if (sorter->fd >= 0)
		close(sorter->fd);
	g_free(sorter->heap);
	g_free(sorter->items);
	g_array_unref(sorter->runs);
	g_byte_array_unref(sorter->octets);
	g_free(sorter);
}

uint64_t
sorter_count(const struct sorter *sorter)
{
	return sorter->count;
}

static struct span
record_at(const uint8_t *at)
{
	return (struct span){ at + HEAD, (size_t)at[0] << 8 | at[1] };
}

static int
order(const void *a, const void *b)
{
	const struct item *left = a, *right = b;

	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	return span_compare(record_at(left->at), record_at(right->at));
}

/* Octets that a record does not have count as NUL; then the whole records
 * decide. */
static uint64_t
first_octets(struct span record)
{
	uint64_t first = 0;

	for (size_t i = 0; i < 8; i++)
		first = first << 8 | (i < record.n ? record.p[i] : 0);
	return first;
}

/* Items of what is in memory, in order. */
static void
sort(struct sorter *sorter)
{
	const uint8_t *at = sorter->octets->data;

	sorter->items = g_renew(struct item, sorter->items, sorter->n + 1);
	for (size_t i = 0; i < sorter->n; i++) {
		struct span record = record_at(at);

		sorter->items[i].at = at;
		sorter->items[i].first = first_octets(record);
		at += HEAD + record.n;
	}
	qsort(sorter->items, sorter->n, sizeof(*sorter->items), order);
}

static bool
write_items(struct sorter *sorter, GError **error)
{
	g_autoptr(GByteArray) buffer = g_byte_array_sized_new(READ_MAX);
	bool ok = true;

	for (size_t i = 0; i < sorter->n && ok; i++) {
		const uint8_t *at = sorter->items[i].at;

		g_byte_array_append(
		    buffer, at, (guint)(HEAD + record_at(at).n));
		if (buffer->len < READ_MAX - HEAD - SORTER_RECORD_MAX &&
		    i + 1 < sorter->n)
			continue;
		ok = file_write_all(sorter->fd, "a temporary file",
		    (struct span){ buffer->data, buffer->len }, error);
		sorter->written += buffer->len;
		g_byte_array_set_size(buffer, 0);
	}
	return ok;
}

/* What is in memory becomes a run of the file. */
static bool
spill(struct sorter *sorter, GError **error)
{
	struct run run = { .from = sorter->written };

	if (sorter->fd < 0)
		sorter->fd = file_temporary(error);
	if (sorter->fd < 0)
		return false;
	sort(sorter);
	if (!write_items(sorter, error))
		return false;
	run.end = sorter->written;
	g_array_append_val(sorter->runs, run);
	g_byte_array_set_size(sorter->octets, 0);
	sorter->n = 0;
	return true;
}

bool
sorter_add(struct sorter *sorter, struct span record, GError **error)
{
	const uint8_t head[HEAD] = { (uint8_t)(record.n >> 8),
		(uint8_t)record.n };
	size_t used = sorter->octets->len + sorter->n * 2 * sizeof(struct item);

	g_assert(!sorter->ready && record.n <= SORTER_RECORD_MAX);
	/* qsort() takes as much again as the items. */
	if (sorter->n > 0 && used >= sorter->memory && !spill(sorter, error))
		return false;
	g_byte_array_append(sorter->octets, head, HEAD);
	if (record.n > 0)
		g_byte_array_append(sorter->octets, record.p, (guint)record.n);
	sorter->n++;
	sorter->count++;
	return true;
}

/* Make the window of the run hold "n" octets more, if there are. */
static bool
fill(struct sorter *sorter, struct run *run, size_t n, GError **error)
{
	size_t left = run->n - run->at, got;

	if (left >= n || run->from == run->end)
		return true;
	memmove(run->window, run->window + run->at, left);
	got = MIN(sorter->window - left, (size_t)(run->end - run->from));
	if (!file_read_at(sorter->fd, "a temporary file", run->window + left,
		got, run->from, error))
		return false;
	run->from += (int64_t)got;
	run->at = 0;
	run->n = left + got;
	return true;
}

/* Go to the next record of the run: 1, 0 at its end, -1 with "error". */
static int
advance(struct sorter *sorter, struct run *run, GError **error)
{
	if (!fill(sorter, run, HEAD + SORTER_RECORD_MAX, error))
		return -1;
	if (run->at == run->n)
		return 0;
	run->head = record_at(run->window + run->at);
	run->at += HEAD + run->head.n;
	return 1;
}

/* Put the run at place "at" of the heap, or below. */
static void
sift(struct sorter *sorter, struct run *run, size_t at)
{
	for (;;) {
		size_t child = 2 * at + 1;

		if (child + 1 < sorter->n_heap &&
		    span_compare(sorter->heap[child + 1]->head,
			sorter->heap[child]->head) < 0)
			child++;
		if (child >= sorter->n_heap ||
		    span_compare(run->head, sorter->heap[child]->head) <= 0)
			break;
		sorter->heap[at] = sorter->heap[child];
		at = child;
	}
	sorter->heap[at] = run;
}

static bool
start_merge(struct sorter *sorter, GError **error)
{
	guint n = sorter->runs->len;

	g_clear_pointer(&sorter->items, g_free);
	g_byte_array_unref(sorter->octets);
	sorter->octets = g_byte_array_new();
	sorter->window = MIN(MAX(sorter->memory / n, READ_MIN), READ_MAX);
	sorter->heap = g_new(struct run *, n);
	for (guint i = 0; i < n; i++) {
		struct run *run = &g_array_index(sorter->runs, struct run, i);

		run->window = g_malloc(sorter->window);
		if (advance(sorter, run, error) < 0)
			return false;
		sorter->heap[i] = run;
	}
	sorter->n_heap = n;
	for (size_t i = n; i-- > 0;)
		sift(sorter, sorter->heap[i], i);
	return true;
}

static bool
start(struct sorter *sorter, GError **error)
{
	sorter->ready = true;
	if (sorter->runs->len == 0) {
		sort(sorter);
		return true;
	}
	return spill(sorter, error) && start_merge(sorter, error);
}

/* The smallest head was given; its run goes on. */
static bool
pass_head(struct sorter *sorter, GError **error)
{
	struct run *run = sorter->heap[0];
	int got = advance(sorter, run, error);

	if (got < 0)
		return false;
	if (got == 0)
		run = sorter->heap[--sorter->n_heap];
	if (sorter->n_heap > 0)
		sift(sorter, run, 0);
	return true;
}

int
sorter_next(struct sorter *sorter, struct span *record_out, GError **error)
{
	bool first = !sorter->ready;

	if (first && !start(sorter, error))
		return -1;
	if (sorter->runs->len == 0) {
		if (sorter->next == sorter->n)
			return 0;
		*record_out = record_at(sorter->items[sorter->next++].at);
		return 1;
	}
	if (!first && sorter->n_heap > 0 && !pass_head(sorter, error))
		return -1;
	if (sorter->n_heap == 0)
		return 0;
	*record_out = sorter->heap[0]->head;
	return 1;
}
