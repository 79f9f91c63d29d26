/*
 * resume.c - what an interrupted run left, and whether its input is the same.
 *
 * The journal may be as large as the list of all files; nothing but the
 * tally is kept of it.  It is read once to its last good block, and then once
 * more for each kind of line that is compared, in step with the archive.
 */
#include "verifier/run/resume.h"

#include "verifier/run/input_line.h"
#include "verifier/run/run.h"
#include "verifier/run/trace.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The lines of one kind, one after the other. */
struct cursor {
	FILE *stream;
	enum journal_kind kind;
	uint64_t at, end; /* octets of the journal */
	GString *line;    /* the present one, when there is one */
	bool there;
};

struct resume {
	char *path;
	const struct crypto *crypto;
	uint64_t length;
	GString *last; /* the line of the last point */
	struct journal_point point;
	struct arena *memory; /* of "point" */
	struct tally tally;
	struct cursor inputs, notes, points;
	uint64_t items; /* seen again */
};

static struct span
span_of(const GString *string)
{
	return (struct span){ (const uint8_t *)string->str, string->len };
}

/* ---- lines of a file ----------------------------------------------------- */

/* One line, without its line feed; false when no whole line follows, or one
 * that is too long. */
static bool
read_line(FILE *stream, GString *line, uint64_t *at)
{
	int c;

	g_string_truncate(line, 0);
	while ((c = getc_unlocked(stream)) != EOF && c != '\n') {
		if (line->len == JOURNAL_LINE_MAX)
			return false;
		g_string_append_c(line, (char)c);
	}
	*at += line->len + 1;
	return c == '\n';
}

static FILE *
open_journal(const char *path, GError **error)
{
	FILE *stream = fopen(path, "rbe");

	if (stream == NULL)
		g_set_error(error, RUN_ERROR, RUN_ERROR_OUTPUT, "%s: %s", path,
		    g_strerror(errno));
	return stream;
}

static void
cursor_next(struct cursor *cursor)
{
	do {
		cursor->there = cursor->at < cursor->end &&
		    read_line(cursor->stream, cursor->line, &cursor->at);
	} while (
	    cursor->there && !journal_is(span_of(cursor->line), cursor->kind));
}

static bool
cursor_open(struct cursor *cursor, const struct resume *resume,
    enum journal_kind kind, GError **error)
{
	cursor->stream = open_journal(resume->path, error);
	if (cursor->stream == NULL)
		return false;
	cursor->kind = kind;
	cursor->end = resume->length;
	cursor->line = g_string_new(NULL);
	cursor_next(cursor);
	return true;
}

static void
cursor_clear(struct cursor *cursor)
{
	if (cursor->stream != NULL)
		fclose(cursor->stream);
	if (cursor->line != NULL)
		g_string_free(cursor->line, TRUE);
}

/* ---- blocks -------------------------------------------------------------- */

/* The block that is being read. */
struct block {
	struct digest digest;
	struct tally tally;
	GString *point; /* its line; empty: not yet there */
	uint64_t records;
};

static void
add_line(struct block *block, const struct journal_line *line, struct span text)
{
	struct run_counts *counts = &block->tally.counts;

	if (line->kind == JOURNAL_SENDER)
		tally_add_sender(&block->tally, line->text);
	if (line->kind == JOURNAL_DOMAIN)
		tally_add_domain(&block->tally, line->text);
	if (line->kind == JOURNAL_WANT)
		wants_add_many(
		    block->tally.wants, &line->want, line->want_count);
	if (line->kind == JOURNAL_POINT) {
		*counts = line->point.counts;
		block->records = line->point.records;
		g_string_assign(block->point, "");
		g_string_append_len(
		    block->point, (const char *)text.p, (gssize)text.n);
	}
	digest_add(&block->digest, text);
	digest_add(&block->digest, SPAN("\n"));
}

/* Take a block over whose end line is there; false when it does not fit. */
static bool
end_block(struct resume *resume, struct block *block,
    const struct journal_line *line, uint64_t at)
{
	uint8_t sha256[DIGEST_MAX_SIZE];
	GString *point = block->point;

	digest_finish(&block->digest, sha256);
	digest_reset(&block->digest);
	if (memcmp(sha256, line->sha256, DIGEST_SHA256_SIZE) != 0 ||
	    point->len == 0 || block->tally.counts.messages == 0 ||
	    resume->tally.counts.messages + block->tally.counts.messages !=
		block->records)
		return false;
	tally_merge(&resume->tally, &block->tally);
	block->point = resume->last;
	resume->last = point;
	g_string_truncate(block->point, 0);
	resume->length = at;
	return true;
}

/* All good blocks that follow the first line. */
static void
read_blocks(struct resume *resume, FILE *stream)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(NULL);
	struct block block = { .point = g_string_new(NULL) };
	struct journal_line line;
	uint64_t at = resume->length;
	const char *why;

	tally_init(&block.tally);
	digest_init(&block.digest, resume->crypto, DIGEST_SHA256);
	while (read_line(stream, text, &at) &&
	    journal_read_line(&line, arena, span_of(text), &why) &&
	    line.kind != JOURNAL_RUN) {
		if (line.kind != JOURNAL_END)
			add_line(&block, &line, span_of(text));
		else if (!end_block(resume, &block, &line, at))
			break;
		arena_reset(arena);
	}
	digest_clear(&block.digest);
	tally_clear(&block.tally);
	g_string_free(block.point, TRUE);
}

/* ---- opening ------------------------------------------------------------- */

/* The first line; one that is cut short or full of zeros was never synced,
 * and nothing behind it counts. */
static bool
read_first(struct resume *resume, FILE *stream, struct span run, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	g_autoptr(GString) text = g_string_new(NULL);
	struct journal_line theirs, ours;
	const char *why;
	uint64_t at = 0;

	if (!read_line(stream, text, &at) ||
	    memchr(text->str, '\0', text->len) != NULL)
		return true;
	if (!journal_read_line(&theirs, arena, span_of(text), &why) ||
	    theirs.kind != JOURNAL_RUN ||
	    !journal_read_line(
		&ours, arena, span_sub(run, 0, run.n - 1), &why)) {
		g_set_error(error, RUN_ERROR, RUN_ERROR_EXISTS,
		    "%s: not the journal of a run", resume->path);
		return false;
	}
	why = journal_run_difference(theirs.text, ours.text);
	if (why == NULL) {
		resume->length = at;
		return true;
	}
	g_set_error(error, RUN_ERROR, RUN_ERROR_EXISTS,
	    "%s: cannot go on: the interrupted run had something else for %s",
	    resume->path, why);
	return false;
}

static bool
read_journal(struct resume *resume, struct span run, GError **error)
{
	FILE *stream = open_journal(resume->path, error);
	struct journal_line line;
	const char *why;
	bool good;

	if (stream == NULL)
		return false;
	good = read_first(resume, stream, run, error);
	if (good && resume->length > 0)
		read_blocks(resume, stream);
	fclose(stream);
	if (good && resume->last->len > 0 &&
	    journal_read_line(
		&line, resume->memory, span_of(resume->last), &why))
		resume->point = line.point;
	return good &&
	    cursor_open(&resume->inputs, resume, JOURNAL_INPUT, error) &&
	    cursor_open(&resume->notes, resume, JOURNAL_NOTE, error) &&
	    cursor_open(&resume->points, resume, JOURNAL_POINT, error);
}

struct resume *
resume_open(const char *path, struct span run, const struct crypto *crypto,
    GError **error)
{
	struct resume *resume = g_new0(struct resume, 1);

	resume->path = g_strdup(path);
	resume->crypto = crypto;
	resume->last = g_string_new(NULL);
	resume->memory = arena_new();
	tally_init(&resume->tally);
	if (read_journal(resume, run, error))
		return resume;
	resume_close(resume);
	return NULL;
}

void
resume_close(struct resume *resume)
{
	if (resume == NULL)
		return;
	cursor_clear(&resume->inputs);
	cursor_clear(&resume->notes);
	cursor_clear(&resume->points);
	tally_clear(&resume->tally);
	arena_free(resume->memory);
	g_string_free(resume->last, TRUE);
	g_free(resume->path);
	g_free(resume);
}

uint64_t
resume_length(const struct resume *resume)
{
	return resume->length;
}

const struct journal_point *
resume_point(const struct resume *resume)
{
	return &resume->point;
}

void
resume_restore(struct resume *resume, struct tally *tally)
{
	tally_merge(tally, &resume->tally);
}

/* ---- comparing ----------------------------------------------------------- */

/* The value of the present line. */
static struct span
cursor_value(const struct cursor *cursor)
{
	struct span line = span_of(cursor->line);
	size_t at = span_find(line, ':') + 1;

	return span_sub(line, at, line.n - at - 1);
}

static bool
differs(GError **error, const char *path, const char *what)
{
	g_set_error(error, RUN_ERROR, RUN_ERROR_DIFFERS,
	    "%s: %s: the input changed since the run was interrupted; nothing "
	    "was written",
	    path, what);
	return false;
}

static bool
line_differs(const struct cursor *cursor, struct span now, GError **error)
{
	g_autofree char *then_path = input_line_path(cursor_value(cursor));
	g_autofree char *now_path = input_line_path(now);
	g_autofree char *other =
	    g_strdup_printf("stands where %s was", then_path);

	return differs(error, now_path,
	    strcmp(then_path, now_path) == 0 ? "is not what was read" : other);
}

bool
resume_lines(struct resume *resume, enum journal_kind kind, struct span *lines,
    GError **error)
{
	struct cursor *cursor =
	    kind == JOURNAL_INPUT ? &resume->inputs : &resume->notes;

	while (lines->n > 0 && cursor->there) {
		size_t n = span_find(*lines, '\n');
		struct span line = span_sub(*lines, 0, n);

		if (!span_equal(line, cursor_value(cursor)))
			return line_differs(cursor, line, error);
		*lines = span_from(*lines, n + 1);
		cursor_next(cursor);
	}
	return true;
}

/* Compare with all points that stand where the items are now. */
static bool
compare_points(
    struct resume *resume, const struct digest *items, GError **error)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct cursor *cursor = &resume->points;
	uint8_t sha256[DIGEST_MAX_SIZE];
	struct journal_line line;
	const char *why;

	while (cursor->there) {
		if (!journal_read_line(
			&line, arena, span_of(cursor->line), &why))
			return differs(error, resume->path, why);
		if (line.point.records > resume->items)
			return true;
		digest_peek(items, sha256);
		if (memcmp(sha256, line.point.items_sha256,
			DIGEST_SHA256_SIZE) != 0) {
			g_autofree char *path = span_dup(line.point.path);
			g_autofree char *what = g_strdup_printf(
			    "up to its message, number %" G_GUINT64_FORMAT
			    ", not all is what was read",
			    line.point.records);
			return differs(error, path, what);
		}
		cursor_next(cursor);
	}
	return true;
}

/* How many items may be added before the next point. */
static uint64_t
room_of(const struct resume *resume)
{
	g_autoptr(arena_auto) arena = arena_new();
	struct journal_line line;
	const char *why;

	if (!resume->points.there ||
	    !journal_read_line(
		&line, arena, span_of(resume->points.line), &why))
		return UINT64_MAX;
	return line.point.records - MIN(resume->items, line.point.records);
}

bool
resume_items(struct resume *resume, struct digest *items, struct span traces,
    GError **error)
{
	uint64_t room = room_of(resume);
	struct span trace;

	while (trace_next(&traces, &trace)) {
		digest_add(items, trace);
		resume->items++;
		if (--room > 0)
			continue;
		if (!compare_points(resume, items, error))
			return false;
		room = room_of(resume);
	}
	return true;
}

bool
resume_is_through(const struct resume *resume, GError **error)
{
	const struct cursor *const lines[] = { &resume->inputs,
		&resume->notes };

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		if (lines[i]->there) {
			g_autofree char *path =
			    input_line_path(cursor_value(lines[i]));
			return differs(error, path, "is not there any more");
		}
	}
	if (resume->points.there) {
		g_autofree char *path = span_dup(resume->point.path);
		return differs(error, path, "is not there any more");
	}
	return true;
}
