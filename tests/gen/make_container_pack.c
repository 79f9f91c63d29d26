/* make_container_pack.c - see make_container_pack.h. */
#include "tests/gen/make_container_pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define PACK_TIME 1483228800 /* 2017-01-01 */

struct pack_format {
	const char *name;
	const char *format, *filter; /* libarchive's names; NULL: no filter */
	const char *options;
	bool stream; /* sizes are not told before */
};

static const struct pack_format formats[] = {
	{ "tar", "paxr", NULL, NULL, false },
	{ "tar.gz", "paxr", "gzip", "gzip:!timestamp", false },
	{ "tar.bz2", "paxr", "bzip2", NULL, false },
	{ "tar.xz", "paxr", "xz", NULL, false },
	{ "tar.zst", "paxr", "zstd", NULL, false },
	{ "ustar", "ustar", NULL, NULL, false },
	{ "gnutar", "gnutar", NULL, NULL, false },
	{ "v7tar", "v7tar", NULL, NULL, false },
	{ "pax", "pax", NULL, NULL, false },
	{ "zip", "zip", NULL, "zip:compression=deflate", false },
	{ "zip-stored", "zip", NULL, "zip:compression=store", false },
	{ "zip-stream", "zip", NULL, "zip:compression=deflate", true },
	{ "zip64", "zip", NULL, "zip:compression=deflate,zip:zip64", false },
	{ "zip-crypt", "zip", NULL,
	    "zip:compression=deflate,zip:encryption=zipcrypt", false },
	{ "zip-aes", "zip", NULL,
	    "zip:compression=deflate,zip:encryption=aes256", false },
	{ "7z", "7zip", NULL, NULL, false },
	{ "7z-stored", "7zip", NULL, "7zip:compression=store", false },
	{ "7z-deflate", "7zip", NULL, "7zip:compression=deflate", false },
	{ "7z-bzip2", "7zip", NULL, "7zip:compression=bzip2", false },
	{ "7z-ppmd", "7zip", NULL, "7zip:compression=ppmd", false },
	{ "gz", "raw", "gzip", "gzip:!timestamp", false },
	{ "bz2", "raw", "bzip2", NULL, false },
	{ "xz", "raw", "xz", NULL, false },
	{ "zst", "raw", "zstd", NULL, false },
};

char *
pack_formats(void)
{
	GString *names = g_string_new(NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		g_string_append_printf(
		    names, "%s%s", i > 0 ? " " : "", formats[i].name);
	return g_string_free(names, FALSE);
}

static const struct pack_format *
find_format(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	}
	return NULL;
}

static void
must(struct archive *archive, int got)
{
	if (got != ARCHIVE_OK)
		g_error("libarchive: %s", archive_error_string(archive));
}

static la_ssize_t
on_write(struct archive *archive, void *data, const void *block, size_t n)
{
	(void)archive;
	g_string_append_len(data, block, (gssize)n);
	return (la_ssize_t)n;
}

static struct archive *
open_archive(const struct pack_format *format, GString *out)
{
	struct archive *archive = archive_write_new();

	must(
	    archive, archive_write_set_format_by_name(archive, format->format));
	if (format->filter != NULL)
		must(archive,
		    archive_write_add_filter_by_name(archive, format->filter));
	if (format->options != NULL)
		must(archive,
		    archive_write_set_options(archive, format->options));
	must(archive, archive_write_set_passphrase(archive, "secret"));
	/* Compression alone has no blocks to fill; those of tar have 512. */
	must(archive, archive_write_set_bytes_in_last_block(archive, 1));
	must(archive,
	    archive_write_open2(archive, out, NULL, on_write, NULL, NULL));
	return archive;
}

static void
add_file(struct archive *archive, struct archive_entry *entry,
    const struct pack_format *format, const struct packed_file *file)
{
	archive_entry_clear(entry);
	archive_entry_set_pathname(entry, file->name);
	archive_entry_set_mtime(entry, PACK_TIME, 0);
	archive_entry_set_filetype(
	    entry, file->text != NULL ? AE_IFREG : AE_IFDIR);
	archive_entry_set_perm(entry, file->text != NULL ? 0644 : 0755);
	if (file->text == NULL)
		archive_entry_set_size(entry, 0);
	else if (!format->stream)
		archive_entry_set_size(entry, (la_int64_t)file->text->len);
	must(archive, archive_write_header(archive, entry));
	if (file->text == NULL || file->text->len == 0)
		return;
	if (archive_write_data(archive, file->text->str, file->text->len) !=
	    (la_ssize_t)file->text->len)
		g_error("libarchive: %s", archive_error_string(archive));
}

GString *
pack(const char *name, const GPtrArray *files)
{
	const struct pack_format *format = find_format(name);

	if (format == NULL)
		return NULL;
	GString *out = g_string_new(NULL);
	struct archive *archive = open_archive(format, out);
	struct archive_entry *entry = archive_entry_new();
	for (guint i = 0; i < files->len; i++)
		add_file(archive, entry, format, g_ptr_array_index(files, i));
	must(archive, archive_write_close(archive));
	archive_entry_free(entry);
	archive_write_free(archive);
	return out;
}
