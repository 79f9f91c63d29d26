/* container_case.c - containers made in memory. */
#include "tests/unit/container_case.h"

#include "verifier/archive/source_memory.h"
#include "verifier/archive/source_prefix.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>
#include <zlib.h>

#define TEXT_SHOWN 40

/* ---- libarchive ---------------------------------------------------------- */

static la_ssize_t
on_write(struct archive *archive, void *data, const void *p, size_t n)
{
	(void)archive;
	g_byte_array_append(data, p, (guint)n);
	return (la_ssize_t)n;
}

static void
pack_file(struct archive *archive, const struct case_file *file)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, file->name);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, 1000000000, 0);
	if (file->target != NULL) {
		archive_entry_set_filetype(entry, AE_IFLNK);
		archive_entry_set_symlink(entry, file->target);
	} else {
		archive_entry_set_filetype(entry, AE_IFREG);
		archive_entry_set_size(entry, (la_int64_t)strlen(file->text));
	}
	/* A warning: a name that fits no older variant of the format. */
	g_assert_cmpint(archive_write_header(archive, entry), >=, ARCHIVE_WARN);
	if (file->target == NULL)
		archive_write_data(archive, file->text, strlen(file->text));
	archive_entry_free(entry);
}

GByteArray *
case_pack(const char *format, const char *filter, const struct case_file *files,
    size_t n)
{
	GByteArray *out = g_byte_array_new();
	struct archive *archive = archive_write_new();
	locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
	locale_t before = uselocale(utf8);

	g_assert_cmpint(
	    archive_write_set_format_by_name(archive, format), ==, ARCHIVE_OK);
	if (filter != NULL)
		archive_write_add_filter_by_name(archive, filter);
	archive_write_set_bytes_per_block(archive, 0);
	g_assert_cmpint(
	    archive_write_open2(archive, out, NULL, on_write, NULL, NULL), ==,
	    ARCHIVE_OK);
	for (size_t i = 0; i < n; i++)
		pack_file(archive, &files[i]);
	archive_write_close(archive);
	archive_write_free(archive);
	uselocale(before);
	freelocale(utf8);
	return out;
}

/* ---- zip ----------------------------------------------------------------- */

static void
put(GByteArray *out, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		guint8 octet = (guint8)(value >> (8 * i));
		g_byte_array_append(out, &octet, 1);
	}
}

static void
put_text(GByteArray *out, const char *text)
{
	if (text != NULL)
		g_byte_array_append(
		    out, (const guint8 *)text, (guint)strlen(text));
}

/* "text" as it is stored by "method". */
static GByteArray *
squeeze(const char *text, unsigned method)
{
	GByteArray *out = g_byte_array_new();
	uLong n = (uLong)strlen(text), room = compressBound(n) + 64;
	z_stream zlib = { 0 };

	if (method != 8) {
		put_text(out, text);
		return out;
	}
	g_byte_array_set_size(out, (guint)room);
	deflateInit2(&zlib, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY);
	zlib.next_in = (Bytef *)(uintptr_t)text;
	zlib.avail_in = (uInt)n;
	zlib.next_out = out->data;
	zlib.avail_out = (uInt)room;
	g_assert_cmpint(deflate(&zlib, Z_FINISH), ==, Z_STREAM_END);
	g_byte_array_set_size(out, (guint)zlib.total_out);
	deflateEnd(&zlib);
	return out;
}

/* What the headers of a part have in common. */
struct part_values {
	uint32_t crc;
	uint64_t size, packed, local;
};

static void
put_local(GByteArray *out, const struct case_part *part,
    const struct part_values *values)
{
	const char *name =
	    part->local_name != NULL ? part->local_name : part->name;
	bool later = part->descriptor != 0;
	bool big = part->zip64 && !later;

	put_text(out, "PK\3\4");
	put(out, 45, 2);
	put(out, part->flags | (later ? 8 : 0), 2);
	put(out, part->method, 2);
	put(out, 0, 4);
	put(out, later ? 0 : values->crc, 4);
	put(out, later ? 0 : big ? UINT32_MAX : values->packed, 4);
	put(out, later ? 0 : big ? UINT32_MAX : values->size, 4);
	put(out, strlen(name), 2);
	put(out, big ? 20 : 0, 2);
	put_text(out, name);
	if (big) {
		put(out, 1, 2);
		put(out, 16, 2);
		put(out, values->size, 8);
		put(out, values->packed, 8);
	}
}

static void
put_descriptor(GByteArray *out, const struct case_part *part,
    const struct part_values *values)
{
	if (part->descriptor == 1)
		put_text(out, "PK\7\x08");
	if (part->descriptor == 0)
		return;
	put(out, values->crc, 4);
	put(out, values->packed, part->zip64 ? 8 : 4);
	put(out, values->size, part->zip64 ? 8 : 4);
}

static void
put_entry(GByteArray *out, const struct case_part *part,
    const struct part_values *values)
{
	uint64_t size = values->size + (uint64_t)part->size_off;
	uint64_t packed = values->packed + (uint64_t)part->packed_off;
	uint64_t local = values->local + (uint64_t)part->local_off;

	put_text(out, "PK\1\2");
	put(out, 45u | part->made_by << 8, 2);
	put(out, 45, 2);
	put(out, part->flags | (part->descriptor != 0 ? 8 : 0), 2);
	put(out, part->method, 2);
	put(out, 0, 4);
	put(out, values->crc + (uint32_t)part->crc_off, 4);
	put(out, part->zip64 ? UINT32_MAX : packed, 4);
	put(out, part->zip64 ? UINT32_MAX : size, 4);
	put(out, strlen(part->name), 2);
	put(out, part->zip64 ? 28 : 0, 2);
	put(out, 0, 6);
	put(out, part->attributes, 4);
	put(out, part->zip64 ? UINT32_MAX : local, 4);
	put_text(out, part->name);
	if (part->zip64) {
		put(out, 1, 2);
		put(out, 24, 2);
		put(out, size, 8);
		put(out, packed, 8);
		put(out, local, 8);
	}
}

static void
put_end(GByteArray *out, const struct case_zip *zip, uint64_t count,
    uint64_t size, uint64_t base)
{
	uint64_t at = out->len - size - base;
	const char *comment = zip->comment != NULL ? zip->comment : "";

	if (zip->zip64) {
		uint64_t end = out->len - base;
		put_text(out, "PK\6\6");
		put(out, 44, 8);
		put(out, 45 | 45 << 16, 4);
		put(out, 0, 8);
		put(out, count, 8);
		put(out, count, 8);
		put(out, size, 8);
		put(out, at, 8);
		put_text(out, "PK\6\7");
		put(out, 0, 4);
		put(out, end, 8);
		put(out, 1, 4);
	}
	put_text(out, "PK\5\6");
	put(out, 0, 4);
	put(out, zip->zip64 ? UINT16_MAX : count, 2);
	put(out, zip->zip64 ? UINT16_MAX : count, 2);
	put(out, zip->zip64 ? UINT32_MAX : size, 4);
	put(out, zip->zip64 ? UINT32_MAX : at, 4);
	put(out, strlen(comment), 2);
	put_text(out, comment);
}

GByteArray *
case_zip(const struct case_zip *zip)
{
	GByteArray *out = g_byte_array_new();
	GByteArray *directory = g_byte_array_new();
	struct part_values values = { 0 };
	uint64_t count = (uint64_t)zip->count_off, base, size;

	put_text(out, zip->before);
	base = out->len;
	for (size_t i = 0; i < zip->n; i++) {
		const struct case_part *part = &zip->parts[i];
		if (!part->again) {
			GByteArray *packed = squeeze(part->text, part->method);
			values.size = strlen(part->text);
			values.packed = packed->len;
			values.crc = (uint32_t)crc32(
			    0, (const Bytef *)part->text, (uInt)values.size);
			values.local = out->len - base;
			put_local(out, part, &values);
			g_byte_array_append(out, packed->data, packed->len);
			put_descriptor(out, part, &values);
			g_byte_array_unref(packed);
		}
		if (!part->hidden) {
			GByteArray *entry = g_byte_array_new();
			put_entry(entry, part, &values);
			if (zip->reverse)
				g_byte_array_prepend(
				    directory, entry->data, entry->len);
			else
				g_byte_array_append(
				    directory, entry->data, entry->len);
			g_byte_array_unref(entry);
			count++;
		}
	}
	size = directory->len;
	g_byte_array_append(out, directory->data, directory->len);
	g_byte_array_unref(directory);
	put_end(out, zip, count, size, base);
	put_text(out, zip->after);
	return out;
}

/* ---- listing ------------------------------------------------------------- */

static const char *const statuses[] = {
	[ITEM_OK] = "ok",
	[ITEM_EMPTY] = "empty",
	[ITEM_TOO_LARGE] = "too large",
	[ITEM_NO_ACCESS] = "no access",
	[ITEM_NOT_MAIL] = "no mail",
	[ITEM_LINK] = "link",
	[ITEM_TOO_DEEP] = "too deep",
	[ITEM_ENCRYPTED] = "encrypted",
	[ITEM_DAMAGED] = "damaged",
	[ITEM_LIMIT] = "limit",
	[ITEM_UNSUPPORTED] = "unsupported",
};

static const char *const codes[] = {
	[ARCHIVE_ERROR_CHANGED] = "changed",
	[ARCHIVE_ERROR_USAGE] = "usage",
	[ARCHIVE_ERROR_CONTAINER] = "damaged",
	[ARCHIVE_ERROR_LIMIT] = "limit",
	[ARCHIVE_ERROR_ENCRYPTED] = "encrypted",
	[ARCHIVE_ERROR_UNSUPPORTED] = "unsupported",
	[ARCHIVE_ERROR_SYSTEM] = "system",
};

static const char *const notes[] = { "absolute", "parent", "duplicate",
	"not-utf8", "differs", "not-delivered", "cut", "odd" };

static void
add_error(GString *out, GError *problem)
{
	g_string_append_printf(
	    out, " ! %s: %s", codes[problem->code], problem->message);
	g_error_free(problem);
}

/* Read in steps of "step". */
static void
add_octets(GString *out, struct source *source, size_t step)
{
	GString *text = g_string_new(NULL);
	g_autofree uint8_t *octets = g_malloc(step);
	GError *problem = NULL;
	gssize got;

	while ((got = source->class->read(source, octets, step, &problem)) > 0)
		g_string_append_len(text, (const char *)octets, got);
	if (source->size_known && got == 0)
		g_assert_cmpuint(source->size, ==, text->len);
	for (size_t i = 0; i < text->len; i++) {
		if (text->str[i] == 0)
			text->str[i] = '0'; /* to be seen */
	}
	if (text->len > TEXT_SHOWN)
		g_string_append_printf(out, ": %zu octets", text->len);
	else
		g_string_append_printf(out, ": %s", text->str);
	g_string_free(text, TRUE);
	if (got < 0)
		add_error(out, problem);
}

static void
add_member(GString *out, const struct member *member, size_t step)
{
	if (member->name.p == NULL)
		g_string_append(out, "-");
	else if (member->name.n > TEXT_SHOWN)
		g_string_append_printf(out, "<%zu>", member->name.n);
	else
		g_string_append_len(
		    out, (const char *)member->name.p, (gssize)member->name.n);
	for (size_t i = 0; i < G_N_ELEMENTS(notes); i++) {
		if ((member->notes & 1u << i) != 0)
			g_string_append_printf(out, " [%s]", notes[i]);
	}
	if (member->maildir)
		g_string_append(out, " [maildir]");
	if (member->status == ITEM_LINK)
		g_string_append(out, " -> ");
	else if (member->status != ITEM_OK)
		g_string_append_printf(
		    out, " (%s): ", statuses[member->status]);
	else if (member->detail.n > 0)
		g_string_append(out, " - ");
	g_string_append_len(
	    out, (const char *)member->detail.p, (gssize)member->detail.n);
	if (member->source != NULL)
		add_octets(out, member->source, step);
	g_string_append(out, "\n");
}

struct source *
case_source(struct span file, bool stream)
{
	struct source *source = source_prefix_new(file, NULL), *memory;

	if (stream)
		return source;
	memory = source_memory_new(source, UINT64_MAX, NULL);
	g_assert_nonnull(memory);
	source_close(source);
	return memory;
}

static char *
list(struct source *source, enum container_format format,
    const struct container_limits *limits, size_t step)
{
	GError *problem = NULL;
	struct container *container = container_open(source, format, limits);
	GString *out = g_string_new(NULL);
	struct member member;
	uint64_t number = 0;
	int got;

	g_string_append_printf(out, "%s\n", container_name(container));
	while ((got = container_next(container, &member, &problem)) > 0) {
		g_assert_cmpuint(member.number, ==, number++);
		add_member(out, &member, step);
		source_close(member.source);
	}
	if (got < 0)
		add_error(out, problem);
	container_close(container);
	return g_string_free(out, FALSE);
}

char *
case_list(struct span file, enum container_format format,
    const struct container_limits *limits)
{
	char *text = list(case_source(file, false), format, limits, 100000);
	char *other = list(case_source(file, true), format, limits, 7);

	g_assert_cmpstr(text, ==, other);
	g_free(other);
	return text;
}

char *
case_list_array(GByteArray *file)
{
	struct span span = { file->data, file->len };
	char *text = case_list(
	    span, container_format_of(span), &container_limits_default);

	g_byte_array_unref(file);
	return text;
}
