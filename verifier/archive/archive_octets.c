/*
 * archive_octets.c - how libarchive gets its octets, and gives those of
 * members.
 *
 * A member ends only when libarchive has no warning left, and where its size
 * says.  libarchive shows block after block; how many there are depends on the
 * archive alone, so what is given before damage does, too.
 */
#include "verifier/archive/archive_octets.h"

#include <string.h>

/* A member's octets.  It borrows the reader. */
struct archive_member {
	struct source source; /* first */
	struct archive_reader *reader;
	uint64_t taken;
	bool sparse;
};

/* ---- the source, for libarchive ------------------------------------------ */

la_ssize_t
archive_on_read(struct archive *archive, void *data, const void **block_out)
{
	struct archive_reader *reader = data;
	struct source *source = reader->source;
	gssize got;

	if (reader->format == CONTAINER_7Z)
		got = source_read_full_at(source, reader->block, ARCHIVE_BLOCK,
		    reader->at, &reader->problem);
	else
		got = source_read_full(
		    source, reader->block, ARCHIVE_BLOCK, &reader->problem);
	if (got < 0) {
		archive_set_error(archive, -1, "cannot read");
		return -1;
	}
	/* At the end the block before stays, for who looks at its rest. */
	if (got > 0)
		reader->n_block = (size_t)got;
	reader->at += (uint64_t)got;
	reader->meter.consumed += (uint64_t)got;
	*block_out = reader->block;
	return (la_ssize_t)got;
}

la_int64_t
archive_on_seek(
    struct archive *archive, void *data, la_int64_t offset, int whence)
{
	struct archive_reader *reader = data;
	la_int64_t size = (la_int64_t)reader->source->size, base = 0, to;

	if (whence == SEEK_CUR)
		base = (la_int64_t)reader->at;
	else if (whence == SEEK_END)
		base = size;
	if (__builtin_add_overflow(base, offset, &to) || to < 0) {
		archive_set_error(archive, -1, "an offset before the start");
		return ARCHIVE_FATAL;
	}
	/* What lies behind the end reads as the end. */
	reader->at = (uint64_t)MIN(to, size);
	return (la_int64_t)reader->at;
}

/* ---- errors -------------------------------------------------------------- */

static bool
says(const char *text, const char *words)
{
	return strstr(text, words) != NULL;
}

const char *
archive_text(const struct archive_reader *reader)
{
	const char *text = archive_error_string(reader->archive);

	return text != NULL ? text : "damaged";
}

/* libarchive has no codes for these: its words are all there is. */
static enum archive_error
code_of(const char *text)
{
	if (says(text, "Crypto codec") || says(text, "ncrypt"))
		return ARCHIVE_ERROR_ENCRYPTED;
	if (says(text, "codec") || says(text, "Unsupported") ||
	    says(text, "not supported"))
		return ARCHIVE_ERROR_UNSUPPORTED;
	return ARCHIVE_ERROR_CONTAINER;
}

void
archive_take_error(struct archive_reader *reader, GError **error)
{
	const char *text = archive_text(reader);

	if (reader->problem != NULL) {
		g_propagate_error(error, g_error_copy(reader->problem));
		return;
	}
	container_error(error, code_of(text), "%s: %s",
	    container_format_name(reader->format), text);
}

/* ---- the octets of a member ---------------------------------------------- */

/* The offset of what libarchive shows must not go back. */
bool
archive_show_more(struct archive_reader *reader)
{
	const void *block = NULL;
	uint64_t end = reader->shown_at + reader->shown.n, expanded;
	la_int64_t offset = 0;
	size_t n = 0;
	int got;

	if (reader->failed != NULL)
		return false;
	got = archive_read_data_block(reader->archive, &block, &n, &offset);
	reader->shown = (struct span){ NULL, 0 };
	reader->shown_at = end;
	if (got == ARCHIVE_EOF) {
		reader->ended = true;
		return true;
	}
	/* A warning is a wrong size or checksum, behind what is shown. */
	if (got != ARCHIVE_OK)
		archive_take_error(reader, &reader->failed);
	if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
		return false;
	if (offset < 0 || (uint64_t)offset < end) {
		g_clear_error(&reader->failed);
		container_error(&reader->failed, ARCHIVE_ERROR_CONTAINER,
		    "tar: the parts of a sparse member overlap");
		return false;
	}
	/* What expands is a hole, too. */
	expanded = (uint64_t)offset - end + n;
	if (!meter_add(&reader->meter, 0, expanded,
		reader->failed == NULL ? &reader->failed : NULL))
		return false;
	reader->shown = (struct span){ block, n };
	reader->shown_at = (uint64_t)offset;
	return true;
}

/* libarchive leaves out a hole at the end of a sparse file. */
static bool
show_hole(struct archive_member *member)
{
	struct archive_reader *reader = member->reader;
	uint64_t end = member->source.size;

	if (reader->failed != NULL)
		return false;
	if (!member->sparse) {
		container_error(&reader->failed, ARCHIVE_ERROR_CONTAINER,
		    "%s: a member is shorter than its size says",
		    container_format_name(reader->format));
		return false;
	}
	reader->shown_at = end;
	return meter_add(
	    &reader->meter, 0, end - member->taken, &reader->failed);
}

/* Octets that can be given: zeros up to what is shown, or that. */
static gssize
take_shown(struct archive_member *member, uint8_t *out, size_t n)
{
	struct archive_reader *reader = member->reader;
	uint64_t hole = reader->shown_at - member->taken;
	size_t take;

	if (reader->shown_at > member->taken) {
		take = (size_t)MIN(n, hole);
		memset(out, 0, take);
	} else {
		take = MIN(n, reader->shown.n);
		memcpy(out, reader->shown.p, take);
		reader->shown = span_from(reader->shown, take);
		reader->shown_at += take;
	}
	member->taken += take;
	return (gssize)take;
}

/* Is there something that can be given? */
static bool
is_shown(const struct archive_member *member)
{
	return member->reader->shown_at > member->taken ||
	    member->reader->shown.n > 0;
}

static gssize
member_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct archive_member *member = (struct archive_member *)self;
	struct archive_reader *reader = member->reader;
	bool good = true;

	/* Behind it is padding, which may be cut: that is told before the next
	 * member, and takes nothing from this one. */
	if (reader->format == CONTAINER_TAR && self->size_known &&
	    member->taken == self->size && !is_shown(member))
		return 0;
	while (good && !is_shown(member) && !reader->ended)
		good = archive_show_more(reader);
	if (good && !is_shown(member) && self->size_known &&
	    member->taken < self->size)
		good = show_hole(member);
	if (good && is_shown(member) && self->size_known) {
		n = (size_t)MIN(n, self->size - member->taken);
		if (n == 0) {
			container_error(&reader->failed,
			    ARCHIVE_ERROR_CONTAINER,
			    "%s: a member is longer than its size says",
			    container_format_name(reader->format));
			good = false;
		}
	}
	if (good)
		return is_shown(member) ? take_shown(member, out, n) : 0;
	g_propagate_error(error, g_error_copy(reader->failed));
	return -1;
}

static bool
member_finish(struct source *self, GError **error)
{
	(void)self;
	(void)error;
	return true; /* the container answers for its own source */
}

static void
member_close(struct source *self)
{
	g_free(self);
}

static const struct source_class member_class = {
	member_read,
	NULL,
	member_finish,
	member_close,
};

struct source *
archive_member_new(struct archive_reader *reader)
{
	struct archive_member *member = g_new0(struct archive_member, 1);
	struct archive_entry *entry = reader->entry;

	member->source.class = &member_class;
	member->source.size_known = archive_entry_size_is_set(entry) != 0;
	member->source.size = (uint64_t)MAX(archive_entry_size(entry), 0);
	member->reader = reader;
	member->sparse = archive_entry_sparse_count(entry) > 0;
	return &member->source;
}
