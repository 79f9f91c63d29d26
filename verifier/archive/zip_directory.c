/*
 * zip_directory.c - the central directory of a zip file.
 */
#include "verifier/archive/zip_directory.h"

#include "verifier/archive/container_reader.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_SIZE   46 /* fixed part of a directory entry */
#define LOCAL_SIZE   30
#define END_SIZE     22
#define LOCATOR_SIZE 20
#define END64_SIZE   56
#define COMMENT_MAX  65535
#define VARIABLE_MAX (2 * 65535) /* a name and an extra field */
#define VIEW_STEP    (64u << 10)
#define EXTRA_ZIP64  1
#define MAX16        0xffffu
#define MAX32        0xffffffffu

/* ---- numbers and views --------------------------------------------------- */

uint16_t
zip_u16(struct span octets, size_t at)
{
	const uint8_t *p = octets.p + at;

	return (uint16_t)(p[0] | p[1] << 8);
}

uint32_t
zip_u32(struct span octets, size_t at)
{
	return zip_u16(octets, at) | (uint32_t)zip_u16(octets, at + 2) << 16;
}

uint64_t
zip_u64(struct span octets, size_t at)
{
	return zip_u32(octets, at) | (uint64_t)zip_u32(octets, at + 4) << 32;
}

void
zip_view_init(struct zip_view *view, struct source *source, size_t step)
{
	*view = (struct zip_view){ .source = source, .step = step };
}

void
zip_view_clear(struct zip_view *view)
{
	g_free(view->buffer);
	view->buffer = NULL;
}

bool
zip_view_get(struct zip_view *view, uint64_t at, size_t n,
    struct span *octets_out, GError **error)
{
	size_t want = MAX(n, view->step);
	gssize got;

	if (at < view->base || at - view->base > view->n ||
	    view->n - (at - view->base) < n) {
		if (view->room < want) {
			view->buffer = g_realloc(view->buffer, want);
			view->room = want;
		}
		view->n = 0;
		got = source_read_full_at(
		    view->source, view->buffer, want, at, error);
		if (got < 0)
			return false;
		view->base = at;
		view->n = (size_t)got;
	}
	*octets_out = span_sub((struct span){ view->buffer, view->n },
	    (size_t)(at - view->base), n);
	return true;
}

/* ---- entries ------------------------------------------------------------- */

/* Put the value of zip64 (section 4.5.3) in for one that is at its end. */
static void
take_zip64(struct span *extra, uint64_t *value)
{
	if (*value != MAX32 || extra->n < 8)
		return;
	*value = zip_u64(*extra, 0);
	*extra = span_from(*extra, 8);
}

static void
read_extra(struct zip_entry *entry, struct span extra, uint64_t *local)
{
	while (extra.n >= 4) {
		uint16_t id = zip_u16(extra, 0);
		struct span field = span_sub(extra, 4, zip_u16(extra, 2));
		if (id == EXTRA_ZIP64) {
			take_zip64(&field, &entry->size);
			take_zip64(&field, &entry->compressed);
			if (local != NULL)
				take_zip64(&field, local);
			return;
		}
		extra = span_from(extra, 4u + zip_u16(extra, 2));
	}
}

/* The entry at "at"; *next_out is where the one behind it begins, 0 when
 * there is no entry at "at". */
static bool
read_entry(struct zip_directory *directory, uint64_t at,
    struct zip_entry *entry, uint64_t *next_out, GError **error)
{
	uint64_t left = directory->end - at;
	size_t want = (size_t)MIN(left, ENTRY_SIZE + VARIABLE_MAX);
	size_t name, extra, comment;
	struct span s;

	*next_out = 0;
	if (!zip_view_get(
		&directory->view, at, MIN(want, ENTRY_SIZE), &s, error))
		return false;
	if (s.n < ENTRY_SIZE || !span_starts_with(s, SPAN("PK\1\2")))
		return true;
	name = zip_u16(s, 28);
	extra = zip_u16(s, 30);
	comment = zip_u16(s, 32);
	if (ENTRY_SIZE + name + extra + comment > left)
		return true;
	if (!zip_view_get(
		&directory->view, at, ENTRY_SIZE + name + extra, &s, error))
		return false;
	if (s.n < ENTRY_SIZE + name + extra)
		return true;
	*entry = (struct zip_entry){
		.name = span_sub(s, ENTRY_SIZE, name),
		.made_by = zip_u16(s, 4),
		.flags = zip_u16(s, 8),
		.method = zip_u16(s, 10),
		.crc = zip_u32(s, 16),
		.compressed = zip_u32(s, 20),
		.size = zip_u32(s, 24),
		.attributes = zip_u32(s, 38),
		.local = zip_u32(s, 42),
	};
	read_extra(entry, span_sub(s, ENTRY_SIZE + name, extra), &entry->local);
	if (__builtin_add_overflow(
		entry->local, directory->prefix, &entry->local))
		return true;
	*next_out = at + ENTRY_SIZE + name + extra + comment;
	return true;
}

bool
zip_local_header(struct zip_view *view, uint64_t at,
    struct zip_entry *entry_out, size_t *size_out, bool *found_out,
    GError **error)
{
	size_t name, extra;
	struct span s;

	*found_out = false;
	if (!zip_view_get(view, at, LOCAL_SIZE, &s, error))
		return false;
	if (s.n < LOCAL_SIZE || !span_starts_with(s, SPAN("PK\3\4")))
		return true;
	name = zip_u16(s, 26);
	extra = zip_u16(s, 28);
	if (!zip_view_get(view, at, LOCAL_SIZE + name + extra, &s, error))
		return false;
	if (s.n < LOCAL_SIZE + name + extra)
		return true;
	*entry_out = (struct zip_entry){
		.name = span_sub(s, LOCAL_SIZE, name),
		.flags = zip_u16(s, 6),
		.method = zip_u16(s, 8),
		.crc = zip_u32(s, 14),
		.compressed = zip_u32(s, 18),
		.size = zip_u32(s, 22),
		.local = at,
	};
	read_extra(entry_out, span_sub(s, LOCAL_SIZE + name, extra), NULL);
	*size_out = LOCAL_SIZE + name + extra;
	*found_out = true;
	return true;
}

/* ---- the end record ------------------------------------------------------ */

/* What the end records say. */
struct end_record {
	uint64_t at;  /* where they begin: the directory's end */
	uint64_t end; /* where they end, with the comment */
	uint64_t offset, size, count;
	bool count_exact; /* not cut to 16 bits */
	bool volumes;     /* one of several */
};

/* Where in "tail" (the end of the file) the end record is; tail.n: nowhere.
 * One whose comment ends with the file is preferred, the last of them. */
static size_t
find_end(struct span tail)
{
	size_t found = tail.n;

	for (size_t i = tail.n < END_SIZE ? 0 : tail.n - END_SIZE + 1;
	     i-- > 0;) {
		struct span here = span_from(tail, i);
		if (!span_starts_with(here, SPAN("PK\5\6")))
			continue;
		size_t n = (size_t)END_SIZE + zip_u16(here, 20);
		if (n == here.n)
			return i;
		if (n < here.n && found == tail.n)
			found = i;
	}
	return found;
}

/* The record of zip64 (section 4.3.14), through its locator before "at". */
static bool
read_end64(
    struct zip_directory *directory, struct end_record *end, GError **error)
{
	uint64_t at = end->at;
	struct span s;

	if (at < LOCATOR_SIZE + END64_SIZE)
		return true;
	if (!zip_view_get(
		&directory->view, at - LOCATOR_SIZE, LOCATOR_SIZE, &s, error))
		return false;
	if (s.n < LOCATOR_SIZE || !span_starts_with(s, SPAN("PK\6\7")))
		return true;
	/* Where it says; with octets put before it all, right before here. */
	uint64_t places[2] = { zip_u64(s, 8), at - LOCATOR_SIZE - END64_SIZE };
	end->volumes = end->volumes || zip_u32(s, 16) > 1;
	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		if (places[i] > at - LOCATOR_SIZE - END64_SIZE)
			continue;
		if (!zip_view_get(
			&directory->view, places[i], END64_SIZE, &s, error))
			return false;
		if (!span_starts_with(s, SPAN("PK\6\6")))
			continue;
		if (places[i] + 12 + zip_u64(s, 4) != at - LOCATOR_SIZE)
			g_string_append(directory->trouble,
			    "octets between its end records; ");
		end->at = places[i];
		end->count = zip_u64(s, 32);
		end->size = zip_u64(s, 40);
		end->offset = zip_u64(s, 48);
		end->count_exact = true;
		return true;
	}
	g_string_append(
	    directory->trouble, "the end record of zip64 is missing; ");
	return true;
}

static bool
read_end(
    struct zip_directory *directory, struct end_record *end, GError **error)
{
	uint64_t size = directory->view.source->size;
	size_t n = (size_t)MIN(size, COMMENT_MAX + END_SIZE);
	struct span tail, s;
	size_t found;

	if (!zip_view_get(&directory->view, size - n, n, &tail, error))
		return false;
	found = find_end(tail);
	if (found == tail.n) {
		container_error(error, ARCHIVE_ERROR_CONTAINER,
		    "zip: has no end record: it is cut, or no zip");
		return false;
	}
	s = span_from(tail, found);
	*end = (struct end_record){
		.at = size - n + found,
		.end = size - n + found + END_SIZE + zip_u16(s, 20),
		.offset = zip_u32(s, 16),
		.size = zip_u32(s, 12),
		.count = zip_u16(s, 10),
		.volumes = (zip_u16(s, 4) != 0 && zip_u16(s, 4) != MAX16) ||
		    zip_u16(s, 8) != zip_u16(s, 10),
	};
	if (end->end < size)
		g_string_append_printf(directory->trouble,
		    "%" G_GUINT64_FORMAT " octets follow its end; ",
		    size - end->end);
	return read_end64(directory, end, error);
}

/* ---- the directory ------------------------------------------------------- */

static bool
damaged(GError **error, const char *what)
{
	container_error(error, ARCHIVE_ERROR_CONTAINER, "zip: %s", what);
	return false;
}

/* Where the directory is: right before its end records, or where they say.
 * The difference is what was put before the whole file. */
static bool
place(struct zip_directory *directory, const struct end_record *end,
    GError **error)
{
	struct span s;

	if (end->size > end->at)
		return damaged(error, "its directory is cut");
	directory->start = end->at - end->size;
	directory->end = end->at;
	directory->prefix = directory->start - end->offset;
	if (!zip_view_get(&directory->view, directory->start, 4, &s, error))
		return false;
	if (directory->start >= end->offset &&
	    (end->size == 0 || span_starts_with(s, SPAN("PK\1\2"))))
		return true;
	if (end->offset > end->at - end->size)
		return damaged(error, "its directory is not where it says");
	directory->start = end->offset;
	directory->end = end->offset + end->size;
	directory->prefix = 0;
	g_string_append(directory->trouble,
	    "octets between its directory and the end record; ");
	return true;
}

static int
compare_slots(const void *a, const void *b)
{
	const struct zip_slot *x = a, *y = b;

	if (x->local != y->local)
		return x->local < y->local ? -1 : 1;
	return x->entry < y->entry ? -1 : x->entry > y->entry;
}

/* Go through the entries and note where they are. */
static bool
scan(struct zip_directory *directory, uint64_t max, uint64_t *count_out,
    GError **error)
{
	GArray *slots = g_array_new(FALSE, FALSE, sizeof(struct zip_slot));
	uint64_t at = directory->start, next, count = 0;
	struct zip_entry entry;
	bool good = true;

	while (good && at < directory->end) {
		good = read_entry(directory, at, &entry, &next, error);
		if (!good || next == 0)
			break;
		struct zip_slot slot = { entry.local, at };
		if (count < max)
			g_array_append_val(slots, slot);
		count++;
		at = next;
	}
	if (at < directory->end)
		g_string_append_printf(directory->trouble,
		    "its directory is damaged at octet %" G_GUINT64_FORMAT "; ",
		    at);
	directory->more = count > max;
	directory->n = slots->len;
	directory->slots =
	    (struct zip_slot *)(void *)g_array_free(slots, FALSE);
	*count_out = count;
	return good;
}

bool
zip_directory_open(struct zip_directory *directory, struct source *source,
    uint64_t max, GError **error)
{
	struct end_record end;
	uint64_t count = 0, mask;

	*directory = (struct zip_directory){ .trouble = g_string_new(NULL) };
	zip_view_init(&directory->view, source, VIEW_STEP);
	if (!read_end(directory, &end, error))
		return false;
	if (end.volumes) {
		container_error(error, ARCHIVE_ERROR_UNSUPPORTED,
		    "zip: is one of several volumes");
		return false;
	}
	if (!place(directory, &end, error) ||
	    !scan(directory, max, &count, error))
		return false;
	/* Some write more than 65,535 entries without zip64. */
	mask = end.count_exact ? UINT64_MAX : MAX16;
	if ((count & mask) != (end.count & mask))
		g_string_append_printf(directory->trouble,
		    "its directory has %" G_GUINT64_FORMAT
		    " entries, its end record says %" G_GUINT64_FORMAT "; ",
		    count, end.count);
	if (directory->n > 0)
		qsort(directory->slots, directory->n, sizeof(struct zip_slot),
		    compare_slots);
	return true;
}

void
zip_directory_clear(struct zip_directory *directory)
{
	zip_view_clear(&directory->view);
	g_free(directory->slots);
	if (directory->trouble != NULL)
		g_string_free(directory->trouble, TRUE);
	*directory = (struct zip_directory){ 0 };
}

bool
zip_directory_entry(struct zip_directory *directory, size_t i,
    struct zip_entry *entry_out, GError **error)
{
	uint64_t next;

	if (!read_entry(
		directory, directory->slots[i].entry, entry_out, &next, error))
		return false;
	/* It was there when the directory was gone through. */
	if (next == 0) {
		container_error(error, ARCHIVE_ERROR_CHANGED,
		    "zip: its directory changed while it was read");
		return false;
	}
	return true;
}
