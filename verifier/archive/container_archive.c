/*
 * container_archive.c - tar and 7z, through libarchive.
 *
 * libarchive reads leniently, so this file asks it what it passed over: what
 * follows the end mark of a tar, whether there was one, a file whose name ends
 * in "/" and that it takes for a folder, warnings about wrong sizes and
 * checksums (7z), holes at the end of sparse files.
 *
 * Names: libarchive converts between character sets by the locale of the
 * thread and normalises on the way.  Round each of its calls that makes names
 * the locale is set: "C" for tar, where the conversion of anything but ASCII
 * fails and libarchive keeps the octets as they are; "C.UTF-8" for 7z, whose
 * UTF-16 has to be converted.
 */
#include "verifier/archive/container_reader.h"
#include "verifier/archive/meter.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>

#define BLOCK_SIZE (64u << 10) /* octets handed over at once */
#define TAR_BLOCK  512

struct archive_reader {
	struct container_reader reader; /* first */
	struct source *source;
	enum container_format format;
	struct archive *archive;
	struct archive_entry *entry;
	locale_t locale;
	struct meter meter;
	uint64_t at;     /* offset in the source of the next read */
	size_t n_block;  /* octets in "block" */
	GError *problem; /* of the source, met inside libarchive */
	GString *text;   /* for details */
	/* The octets of the member that libarchive has shown. */
	struct span shown;
	uint64_t shown_at; /* their offset in the member */
	bool ended;        /* it has no more of the member */
	GError *failed;    /* behind them; NULL: nothing yet */
	uint8_t block[BLOCK_SIZE];
};

/* A member's octets.  It borrows the reader. */
struct archive_member {
	struct source source; /* first */
	struct archive_reader *reader;
	uint64_t taken;
};

/* ---- the source, for libarchive ------------------------------------------ */

static la_ssize_t
on_read(struct archive *archive, void *data, const void **block_out)
{
	struct archive_reader *reader = data;
	struct source *source = reader->source;
	gssize got;

	if (reader->format == CONTAINER_7Z)
		got = source_read_full_at(source, reader->block, BLOCK_SIZE,
		    reader->at, &reader->problem);
	else
		got = source_read_full(
		    source, reader->block, BLOCK_SIZE, &reader->problem);
	if (got < 0) {
		archive_set_error(archive, -1, "cannot read");
		return -1;
	}
	reader->at += (uint64_t)got;
	reader->n_block = (size_t)got;
	reader->meter.consumed += (uint64_t)got;
	*block_out = reader->block;
	return (la_ssize_t)got;
}

static la_int64_t
on_seek(struct archive *archive, void *data, la_int64_t offset, int whence)
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

static const char *
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

static void
take_error(struct archive_reader *reader, GError **error)
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

/* Have libarchive show the next octets; the offset of what it shows never
 * goes back.  False with "failed", which stays. */
static bool
show_more(struct archive_reader *reader)
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
		take_error(reader, &reader->failed);
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
	if (reader->format != CONTAINER_TAR) {
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

	while (good && !is_shown(member) && !reader->ended)
		good = show_more(reader);
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

static struct source *
member_new(struct archive_reader *reader)
{
	struct archive_member *member = g_new0(struct archive_member, 1);
	struct archive_entry *entry = reader->entry;

	member->source.class = &member_class;
	member->source.size_known = archive_entry_size_is_set(entry) != 0;
	member->source.size = (uint64_t)MAX(archive_entry_size(entry), 0);
	member->reader = reader;
	return &member->source;
}

/* ---- members ------------------------------------------------------------- */

static struct span
set_text(struct archive_reader *reader, const char *text)
{
	g_string_assign(reader->text, text);
	return (struct span){ (const uint8_t *)reader->text->str,
		reader->text->len };
}

/* A 7z says only on reading that it cannot: have it show its first octets.
 * False with "error" when that concerns not this member alone. */
static bool
look_ahead(struct archive_reader *reader, struct member *member, GError **error)
{
	if (show_more(reader))
		return true;
	switch (reader->failed->code) {
	case ARCHIVE_ERROR_ENCRYPTED:
		member->status = ITEM_ENCRYPTED;
		break;
	case ARCHIVE_ERROR_UNSUPPORTED:
		member->status = ITEM_UNSUPPORTED;
		break;
	case ARCHIVE_ERROR_CONTAINER:
		member->status = ITEM_DAMAGED;
		break;
	default:
		g_propagate_error(error, g_error_copy(reader->failed));
		return false;
	}
	member->detail = set_text(reader, reader->failed->message);
	return true;
}

/* A warning that matters: in a tar conversions fail by intention, see above. */
static bool
is_odd(const struct archive_reader *reader, int got)
{
	return got == ARCHIVE_WARN &&
	    (reader->format != CONTAINER_TAR ||
		!says(archive_text(reader), "can't be converted"));
}

static const char *
kind_name(mode_t kind)
{
	switch (kind) {
	case AE_IFCHR:
	case AE_IFBLK:
		return "a device";
	case AE_IFIFO:
		return "a pipe";
	case AE_IFSOCK:
		return "a socket";
	default:
		return "a file of an unknown kind";
	}
}

/* The target of a link, or what stands in for a file; NULL: a file. */
static const char *
link_target(struct archive_entry *entry)
{
	mode_t kind = archive_entry_filetype(entry);
	const char *target = NULL;

	if (archive_entry_size(entry) > 0 && kind != AE_IFLNK)
		return NULL; /* octets are evidence, whatever the kind */
	if (archive_entry_hardlink(entry) != NULL)
		return archive_entry_hardlink(entry);
	if (kind == AE_IFREG || kind == AE_IFDIR)
		return NULL;
	if (kind == AE_IFLNK)
		target = archive_entry_symlink(entry);
	return target != NULL ? target : kind_name(kind);
}

/* Fill "member" from the present entry.  False: "error". */
static bool
take_entry(struct archive_reader *reader, struct member *member, int got,
    GError **error)
{
	struct archive_entry *entry = reader->entry;
	const char *name = archive_entry_pathname(entry);
	const char *target = link_target(entry);

	member->name = span_from_string(name != NULL ? name : "");
	if (target != NULL) {
		member->status = ITEM_LINK;
		member->detail = set_text(reader, target);
		return true;
	}
	if (is_odd(reader, got)) {
		member->notes |= MEMBER_HEADER_ODD;
		member->detail = set_text(reader, archive_text(reader));
	}
	if (archive_entry_is_encrypted(entry)) {
		member->status = ITEM_ENCRYPTED;
		member->detail = set_text(reader, "encrypted");
		return true;
	}
	reader->ended = false;
	if (reader->format == CONTAINER_7Z &&
	    !look_ahead(reader, member, error))
		return false;
	if (member->status == ITEM_OK)
		member->source = member_new(reader);
	return true;
}

static bool
is_folder(struct archive_entry *entry)
{
	return archive_entry_filetype(entry) == AE_IFDIR &&
	    archive_entry_size(entry) <= 0;
}

/* ---- the end ------------------------------------------------------------- */

static bool
all_zero(const uint8_t *p, size_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/* What follows the end mark, in "block" and behind it: zeros only? */
static bool
check_tail(struct archive_reader *reader, GError **error)
{
	uint64_t done = (uint64_t)archive_filter_bytes(reader->archive, 0);
	uint64_t left = reader->at - MIN(done, reader->at);
	size_t n = (size_t)MIN(left, reader->n_block);
	bool zero = all_zero(reader->block + reader->n_block - n, n);
	gssize got;

	while ((got = source_read_full(
		    reader->source, reader->block, BLOCK_SIZE, error)) > 0)
		zero = zero && all_zero(reader->block, (size_t)got);
	if (got < 0)
		return false;
	if (zero)
		return true;
	container_error(error, ARCHIVE_ERROR_CONTAINER,
	    "tar: other octets follow its end mark at octet "
	    "%" G_GUINT64_FORMAT,
	    done);
	return false;
}

/* The end of a tar: a block of zeros, then nothing but zeros. */
static bool
check_tar_end(struct archive_reader *reader, GError **error)
{
	int64_t from = archive_read_header_position(reader->archive);
	int64_t to = archive_filter_bytes(reader->archive, 0);

	if (to >= from + TAR_BLOCK)
		return check_tail(reader, error);
	if (source_drain(reader->source, error))
		container_error(error, ARCHIVE_ERROR_CONTAINER,
		    "tar: has no end mark: it may be cut");
	return false;
}

static int
finish(struct archive_reader *reader, GError **error)
{
	struct source *source = reader->source;

	if (reader->format == CONTAINER_TAR && !check_tar_end(reader, error))
		return -1;
	return source->class->finish(source, error) ? 0 : -1;
}

/* ---- reader -------------------------------------------------------------- */

/* libarchive skips what was not read of a member without counting it: what
 * is compressed is read instead. */
static bool
skip_member(struct archive_reader *reader, GError **error)
{
	bool good = true;

	while (good && !reader->ended && reader->format == CONTAINER_7Z)
		good = show_more(reader);
	/* Damage is this member's; a bound is the next one's, too. */
	if (!good && reader->failed->code == ARCHIVE_ERROR_LIMIT) {
		g_propagate_error(error, g_error_copy(reader->failed));
		return false;
	}
	g_clear_error(&reader->failed);
	reader->shown = (struct span){ NULL, 0 };
	reader->shown_at = 0;
	reader->ended = true;
	return true;
}

static int
next_entry(struct archive_reader *reader)
{
	locale_t before = uselocale(reader->locale);
	int got;

	do {
		got = archive_read_next_header2(reader->archive, reader->entry);
	} while ((got == ARCHIVE_OK || got == ARCHIVE_WARN) &&
	    is_folder(reader->entry));
	uselocale(before);
	return got;
}

static int
archive_reader_next(
    struct container_reader *self, struct member *member_out, GError **error)
{
	struct archive_reader *reader = (struct archive_reader *)self;
	locale_t before;
	bool good;
	int got;

	if (!skip_member(reader, error))
		return -1;
	got = next_entry(reader);
	if (got == ARCHIVE_EOF)
		return finish(reader, error);
	if (got != ARCHIVE_OK && got != ARCHIVE_WARN) {
		take_error(reader, error);
		return -1;
	}
	before = uselocale(reader->locale);
	good = take_entry(reader, member_out, got, error);
	uselocale(before);
	return good ? 1 : -1;
}

static void
archive_reader_close(struct container_reader *self)
{
	struct archive_reader *reader = (struct archive_reader *)self;

	archive_read_free(reader->archive);
	archive_entry_free(reader->entry);
	if (reader->locale != (locale_t)0)
		freelocale(reader->locale);
	g_clear_error(&reader->problem);
	g_clear_error(&reader->failed);
	g_string_free(reader->text, TRUE);
	g_free(reader);
}

static const struct container_reader_class archive_reader_class = {
	archive_reader_next,
	archive_reader_close,
};

static bool
set_up(struct archive_reader *reader)
{
	struct archive *archive = reader->archive = archive_read_new();

	if (archive == NULL)
		return false;
	archive_read_set_callback_data(archive, reader);
	archive_read_set_read_callback(archive, on_read);
	if (reader->format == CONTAINER_7Z) {
		archive_read_set_seek_callback(archive, on_seek);
		archive_read_support_format_7zip(archive);
	} else {
		archive_read_support_format_tar(archive);
	}
	reader->entry = archive_entry_new2(archive);
	return reader->entry != NULL &&
	    archive_read_open1(archive) == ARCHIVE_OK;
}

struct container_reader *
archive_reader_open(struct source *source, enum container_format format,
    const struct container_limits *limits, GError **error)
{
	struct archive_reader *reader = g_new0(struct archive_reader, 1);

	reader->reader.class = &archive_reader_class;
	reader->source = source;
	reader->format = format;
	reader->meter.ratio = limits->ratio;
	reader->text = g_string_new(NULL);
	reader->ended = true;
	if (format == CONTAINER_7Z && limits->utf8 != (locale_t)0)
		reader->locale = duplocale(limits->utf8);
	else
		reader->locale = newlocale(LC_ALL_MASK,
		    format == CONTAINER_7Z ? "C.UTF-8" : "C", (locale_t)0);
	if (reader->locale != (locale_t)0 && set_up(reader))
		return &reader->reader;
	if (reader->locale == (locale_t)0)
		container_error(
		    error, ARCHIVE_ERROR_SYSTEM, "there is no locale C.UTF-8");
	else
		take_error(reader, error);
	archive_reader_close(&reader->reader);
	return NULL;
}
