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
#include "verifier/archive/archive_octets.h"
#include "verifier/archive/seven_header.h"

#include <string.h>

#define TAR_BLOCK 512

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
	if (archive_show_more(reader))
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
		strstr(archive_text(reader), "can't be converted") == NULL);
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
	if (reader->unchecked) {
		member->notes |= MEMBER_HEADER_ODD;
		member->detail =
		    set_text(reader, "the 7z has members without a checksum");
		reader->unchecked = false;
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
		member->source = archive_member_new(reader);
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
	bool zero =
	    left == n && all_zero(reader->block + reader->n_block - n, n);
	gssize got;

	while ((got = source_read_full(
		    reader->source, reader->block, ARCHIVE_BLOCK, error)) > 0)
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
	if (reader->format == CONTAINER_7Z && source->size > reader->end) {
		container_error(error, ARCHIVE_ERROR_CONTAINER,
		    "7z: %" G_GUINT64_FORMAT " octets follow its end",
		    source->size - reader->end);
		return -1;
	}
	return source->class->finish(source, error) ? 0 : -1;
}

/* ---- reader -------------------------------------------------------------- */

/* libarchive skips what was not read of a member without counting it: what is
 * compressed is read instead.  Damage is that member's alone; a bound is not,
 * as there is no other way to the next one. */
static bool
read_rest(struct archive_reader *reader, GError **error)
{
	bool good = true;

	while (good && !reader->ended)
		good = archive_show_more(reader);
	if (good || reader->failed->code != ARCHIVE_ERROR_LIMIT)
		return true;
	g_propagate_error(error, g_error_copy(reader->failed));
	return false;
}

static bool
leave_member(struct archive_reader *reader, GError **error)
{
	bool good = reader->format == CONTAINER_7Z
	    ? read_rest(reader, error)
	    : meter_begin(&reader->meter, error);

	g_clear_error(&reader->failed);
	reader->shown = (struct span){ NULL, 0 };
	reader->shown_at = 0;
	reader->ended = true;
	return good;
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

	if (!leave_member(reader, error))
		return -1;
	got = next_entry(reader);
	if (got == ARCHIVE_EOF)
		return finish(reader, error);
	if (got != ARCHIVE_OK && got != ARCHIVE_WARN) {
		archive_take_error(reader, error);
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

	if (reader->archive != NULL)
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
	archive_read_set_read_callback(archive, archive_on_read);
	if (reader->format == CONTAINER_7Z) {
		archive_read_set_seek_callback(archive, archive_on_seek);
		archive_read_support_format_7zip(archive);
	} else {
		archive_read_support_format_tar(archive);
	}
	reader->entry = archive_entry_new2(archive);
	return reader->entry != NULL &&
	    archive_read_open1(archive) == ARCHIVE_OK;
}

/* (locale_t)0: there is none, or a sandbox forbids to open it. */
static locale_t
choose_locale(
    enum container_format format, const struct container_limits *limits)
{
	if (format != CONTAINER_7Z)
		return newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (limits->utf8 != (locale_t)0)
		return duplocale(limits->utf8);
	return newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
}

static bool
start(struct archive_reader *reader, const struct container_limits *limits,
    GError **error)
{
	struct seven_header header = { 0 };

	reader->locale = choose_locale(reader->format, limits);
	if (reader->locale == (locale_t)0) {
		container_error(
		    error, ARCHIVE_ERROR_SYSTEM, "there is no locale C.UTF-8");
		return false;
	}
	if (reader->format == CONTAINER_7Z &&
	    !seven_header_read(reader->source, limits, &header, error))
		return false;
	reader->end = header.end;
	reader->unchecked = header.unchecked;
	if (set_up(reader))
		return true;
	archive_take_error(reader, error);
	return false;
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
	if (start(reader, limits, error))
		return &reader->reader;
	archive_reader_close(&reader->reader);
	return NULL;
}
