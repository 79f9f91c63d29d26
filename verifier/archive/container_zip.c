/*
 * container_zip.c - the members of a zip file.
 *
 * Read here and not through libarchive: it takes names from the local headers,
 * leaves out the second of two entries that share octets, and says nothing of
 * octets that lie between the members.  A zip that shows one reader other mail
 * than the next must not do so unsaid, so:
 *
 * - the directory decides; a local header that says otherwise is a note, a
 *   missing one is damage;
 * - members come in the order of their octets, and one that shares octets
 *   with a member before it is damaged: it is not read a second time;
 * - octets that no member owns are a member ITEM_DAMAGED without a name,
 *   unless they are all zero.
 *
 * The octets of members are in zip_member.c.
 */
#include "verifier/archive/container_reader.h"
#include "verifier/archive/zip_directory.h"
#include "verifier/archive/zip_member.h"

#include "keysnap/base/text.h"

#include <sys/stat.h>

#define LOCAL_STEP 512 /* octets read for a local header */
#define GAP_STEP   (64u << 10)
#define TARGET_MAX 4096 /* octets of a link's target: PATH_MAX of Linux */
#define FOLDER_MAX 14   /* octets that an empty "compressed" folder has */
#define MADE_UNIX  3
#define MADE_MACOS 19
#define DOS_FOLDER 0x10u
#define METHOD_AES 99

struct zip_reader {
	struct container_reader reader; /* first */
	struct source *source;
	struct zip_directory directory;
	struct zip_view local;
	struct meter meter;
	uint64_t memory;
	size_t next;      /* slot */
	uint64_t covered; /* all before it is a member's, or told */
	GString *text;    /* for details */
	GString *name;    /* of the present member */
};

/* ---- local headers ------------------------------------------------------- */

/* A value of a local header may be left to the descriptor behind the octets. */
static bool
value_differs(const struct zip_entry *local, uint64_t here, uint64_t there)
{
	bool later = (local->flags & (ZIP_DESCRIPTOR | ZIP_MASKED)) != 0;

	return here != there && !(later && (here == 0 || here == UINT32_MAX));
}

/* What "local" says otherwise, added to the reader's text. */
static void
compare(struct zip_reader *reader, const struct zip_entry *entry,
    const struct zip_entry *local)
{
	GString *text = reader->text;

	if (!span_equal(entry->name, local->name)) {
		g_string_append(text, "the name \"");
		text_append_utf8(text, local->name);
		g_string_append(text, "\", ");
	}
	if (entry->method != local->method)
		g_string_append(text, "another method, ");
	if (((entry->flags ^ local->flags) & (ZIP_ENCRYPTED | ZIP_UTF8)) != 0)
		g_string_append(text, "other flags, ");
	if (value_differs(local, local->crc, entry->crc))
		g_string_append(text, "another checksum, ");
	if (value_differs(local, local->compressed, entry->compressed) ||
	    value_differs(local, local->size, entry->size))
		g_string_append(text, "other sizes, ");
	if (text->len == 0)
		return;
	g_string_truncate(text, text->len - 2);
	g_string_prepend(text, "its local header has ");
}

/*
 * Octets of the data descriptor at "at" (APPNOTE.TXT 4.3.9): with or without
 * its signature, with sizes of 32 or 64 bits.  0: none that fits.
 */
static bool
descriptor_size(struct zip_reader *reader, const struct zip_entry *entry,
    uint64_t at, size_t *size_out, GError **error)
{
	struct span s;

	*size_out = 0;
	if (!zip_view_get(&reader->local, at, 24, &s, error))
		return false;
	for (size_t skip = 0; skip <= 4; skip += 4) {
		struct span d = span_from(s, skip);
		bool marked = span_starts_with(s, SPAN("PK\7\x08"));
		if ((skip == 4) != marked || d.n < 12 ||
		    zip_u32(d, 0) != entry->crc)
			continue;
		if (d.n >= 20 && zip_u64(d, 4) == entry->compressed &&
		    zip_u64(d, 12) == entry->size)
			*size_out = skip + 20;
		else if (zip_u32(d, 4) == (uint32_t)entry->compressed &&
		    zip_u32(d, 8) == (uint32_t)entry->size)
			*size_out = skip + 12;
	}
	return true;
}

/* Where a member's octets are. */
struct extent {
	uint64_t data, end; /* "end" with the descriptor */
};

/* Why the member cannot be read, or NULL with its extent.  False: "error". */
static bool
find_extent(struct zip_reader *reader, const struct zip_entry *entry,
    struct extent *extent, const char **why_out, GError **error)
{
	uint64_t limit = reader->directory.start;
	struct zip_entry local;
	size_t header, descriptor = 0;
	bool found;

	*why_out = NULL;
	if (entry->local < reader->covered) {
		*why_out = "shares octets with a member before it";
		return true;
	}
	if (!zip_local_header(
		&reader->local, entry->local, &local, &header, &found, error))
		return false;
	if (!found || entry->local + header > limit) {
		*why_out = "has no local header";
		return true;
	}
	extent->data = entry->local + header;
	if (entry->compressed > limit - extent->data) {
		*why_out = "is cut, or reaches into the directory";
		return true;
	}
	extent->end = extent->data + entry->compressed;
	compare(reader, entry, &local);
	if (((local.flags | entry->flags) & ZIP_DESCRIPTOR) != 0 &&
	    !descriptor_size(reader, entry, extent->end, &descriptor, error))
		return false;
	if (descriptor <= limit - extent->end)
		extent->end += descriptor;
	return true;
}

/* ---- members ------------------------------------------------------------- */

static struct span
text_span(const GString *text)
{
	return (struct span){ (const uint8_t *)text->str, text->len };
}

static int
told(struct zip_reader *reader, struct member *member, enum item_status status,
    const char *why)
{
	g_string_assign(reader->text, why);
	member->status = status;
	member->detail = text_span(reader->text);
	return 1;
}

/* The kind of file, by the mode of Unix where there is one; 0: not said. */
static mode_t
kind_of(const struct zip_entry *entry)
{
	unsigned system = entry->made_by >> 8;

	if (system != MADE_UNIX && system != MADE_MACOS)
		return 0;
	return (mode_t)(entry->attributes >> 16) & S_IFMT;
}

/* A folder has no octets; a file that is called one is a file. */
static bool
is_folder(const struct zip_entry *entry)
{
	bool folder = span_ends_with(entry->name, SPAN("/")) ||
	    kind_of(entry) == S_IFDIR || (entry->attributes & DOS_FOLDER) != 0;

	return folder && entry->size == 0 && entry->compressed <= FOLDER_MAX;
}

/* The octets of a symbolic link are its target. */
static int
give_link(struct zip_reader *reader, struct member *member, mode_t kind,
    struct source *source)
{
	uint8_t target[TARGET_MAX];
	gssize got = 0;

	if (kind == S_IFLNK && source != NULL)
		got = source_read_full(source, target, sizeof(target), NULL);
	source_close(source);
	if (kind != S_IFLNK)
		return told(reader, member, ITEM_LINK, "a device");
	told(reader, member, ITEM_LINK, "");
	g_string_append_len(
	    reader->text, (const char *)target, (gssize)MAX(got, 0));
	member->detail = text_span(reader->text);
	return 1;
}

static int
give(struct zip_reader *reader, const struct zip_entry *entry, uint64_t data,
    struct member *member)
{
	mode_t kind = kind_of(entry);
	struct source *source;

	if (reader->text->len > 0) {
		member->notes |= MEMBER_NAME_DIFFERS;
		member->detail = text_span(reader->text);
	}
	if ((entry->flags & (ZIP_ENCRYPTED | ZIP_MASKED)) != 0 ||
	    entry->method == METHOD_AES)
		return told(reader, member, ITEM_ENCRYPTED, "encrypted");
	source = zip_member_new(
	    reader->source, entry, data, reader->memory, &reader->meter);
	if (source == NULL || (entry->flags & ZIP_PATCH) != 0) {
		source_close(source);
		told(reader, member, ITEM_UNSUPPORTED, "");
		g_string_printf(reader->text,
		    "compressed by method %u, which is not supported",
		    entry->method);
		member->detail = text_span(reader->text);
		return 1;
	}
	/* Of a pipe it may have been the octets that were packed. */
	if (kind == S_IFLNK ||
	    (kind != 0 && kind != S_IFREG && entry->size == 0))
		return give_link(reader, member, kind, source);
	member->source = source;
	return 1;
}

/* The member of the next slot; 2: a folder, nothing to give. */
static int
take_slot(struct zip_reader *reader, struct member *member, GError **error)
{
	struct zip_entry entry;
	struct extent extent;
	const char *why;

	if (!zip_directory_entry(
		&reader->directory, reader->next, &entry, error))
		return -1;
	g_string_truncate(reader->text, 0);
	g_string_truncate(reader->name, 0);
	g_string_append_len(
	    reader->name, (const char *)entry.name.p, (gssize)entry.name.n);
	member->name = text_span(reader->name);
	if (!find_extent(reader, &entry, &extent, &why, error))
		return -1;
	reader->next++;
	if (why != NULL)
		return told(reader, member, ITEM_DAMAGED, why);
	reader->covered = extent.end;
	if (is_folder(&entry) && reader->text->len == 0)
		return 2;
	return give(reader, &entry, extent.data, member);
}

/* ---- between members ----------------------------------------------------- */

/* Is there anything but zeros up to "until"?  1, 0, -1. */
static int
look_into_gap(struct zip_reader *reader, uint64_t until, GError **error)
{
	g_autofree uint8_t *step = g_malloc(GAP_STEP);
	uint64_t at = reader->covered;

	while (at < until) {
		gssize got = source_read_full_at(reader->source, step,
		    (size_t)MIN(until - at, GAP_STEP), at, error);
		if (got < 0)
			return -1;
		for (gssize i = 0; i < got; i++) {
			if (step[i] != 0)
				return 1;
		}
		if (got == 0)
			break;
		at += (uint64_t)got;
	}
	return 0;
}

/* Octets before "until" that no member owns: 1 and told as a member, else 0
 * or -1. */
static int
take_gap(struct zip_reader *reader, uint64_t until, struct member *member,
    GError **error)
{
	int got;

	/* With members left out, what lies between is not known. */
	if (until <= reader->covered || reader->directory.more)
		return 0;
	got = look_into_gap(reader, until, error);
	if (got > 0) {
		told(reader, member, ITEM_DAMAGED, "");
		g_string_printf(reader->text,
		    "octets %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
		    " of the zip are no member's",
		    reader->covered, until - 1);
		member->detail = text_span(reader->text);
	}
	reader->covered = until;
	return got;
}

static int
at_end(struct zip_reader *reader, struct member *member, GError **error)
{
	struct zip_directory *directory = &reader->directory;
	GString *trouble = directory->trouble;
	int got = take_gap(reader, directory->start, member, error);

	if (got != 0)
		return got;
	if (!reader->source->class->finish(reader->source, error))
		return -1;
	if (directory->more)
		container_error(error, ARCHIVE_ERROR_LIMIT,
		    "has more than %zu members (--max-members)", directory->n);
	else if (trouble->len > 0)
		container_error(error, ARCHIVE_ERROR_CONTAINER, "zip: %.*s",
		    (int)(trouble->len - 2), trouble->str);
	else
		return 0;
	return -1;
}

/* ---- reader -------------------------------------------------------------- */

static int
zip_reader_next(
    struct container_reader *self, struct member *member_out, GError **error)
{
	struct zip_reader *reader = (struct zip_reader *)self;
	struct zip_directory *directory = &reader->directory;
	int got = 2;

	if (!meter_begin(&reader->meter, error))
		return -1;
	while (got == 2) {
		if (reader->next == directory->n)
			return at_end(reader, member_out, error);
		got = take_gap(reader,
		    MIN(directory->start, directory->slots[reader->next].local),
		    member_out, error);
		if (got == 0)
			got = take_slot(reader, member_out, error);
	}
	return got;
}

static void
zip_reader_close(struct container_reader *self)
{
	struct zip_reader *reader = (struct zip_reader *)self;

	zip_directory_clear(&reader->directory);
	zip_view_clear(&reader->local);
	g_string_free(reader->text, TRUE);
	g_string_free(reader->name, TRUE);
	g_free(reader);
}

static const struct container_reader_class zip_reader_class = {
	zip_reader_next,
	zip_reader_close,
};

struct container_reader *
zip_reader_open(struct source *source, const struct container_limits *limits,
    GError **error)
{
	struct zip_reader *reader = g_new0(struct zip_reader, 1);

	reader->reader.class = &zip_reader_class;
	reader->source = source;
	reader->meter.ratio = limits->ratio;
	reader->memory = limits->memory;
	reader->text = g_string_new(NULL);
	reader->name = g_string_new(NULL);
	zip_view_init(&reader->local, source, LOCAL_STEP);
	if (zip_directory_open(
		&reader->directory, source, limits->members, error))
		return &reader->reader;
	zip_reader_close(&reader->reader);
	return NULL;
}
