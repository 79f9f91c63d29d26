/*
 * fuzz_container.c - a container holds the same members with the same octets
 * whether it is a stream or can be read at any offset, and whatever the reads;
 * at its end the source was read to its end.
 *
 * The first octet chooses the format, or has it told by the others.  Seeds are
 * made by libarchive when the target starts, into the first folder that it is
 * given.
 */
#include "verifier/archive/container.h"
#include "verifier/archive/source_memory.h"
#include "verifier/archive/source_prefix.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>
#include <sys/stat.h>

#define STEP_MAX 100000

static const struct container_limits limits = {
	.depth = 3,
	.members = 50,
	.member_size = 1u << 20,
	.ratio = 20,
	.memory = 4u << 20,
};

/* ---- seeds --------------------------------------------------------------- */

static la_ssize_t
on_write(struct archive *archive, void *data, const void *p, size_t n)
{
	(void)archive;
	g_byte_array_append(data, p, (guint)n);
	return (la_ssize_t)n;
}

static void
add_file(struct archive *archive, const char *name, size_t n)
{
	struct archive_entry *entry = archive_entry_new();
	g_autofree char *text = g_strnfill(n, 'x');

	archive_entry_set_pathname(entry, name);
	archive_entry_set_mode(entry, S_IFREG | 0644);
	archive_entry_set_size(entry, (la_int64_t)n);
	archive_write_header(archive, entry);
	archive_write_data(archive, text, n);
	archive_entry_free(entry);
}

static void
make_seed(const char *folder, const char *format, const char *filter)
{
	GByteArray *out = g_byte_array_new();
	struct archive *archive = archive_write_new();
	g_autofree char *path = g_strdup_printf(
	    "%s/seed-%s-%s", folder, format, filter != NULL ? filter : "");

	g_byte_array_append(out, (const guint8 *)"", 1);
	archive_write_set_format_by_name(archive, format);
	if (filter != NULL)
		archive_write_add_filter_by_name(archive, filter);
	archive_write_set_bytes_per_block(archive, 0);
	archive_write_open2(archive, out, NULL, on_write, NULL, NULL);
	add_file(archive, "cur/1.a", 3);
	if (strcmp(format, "raw") != 0)
		add_file(archive, "d/b", 700);
	archive_write_close(archive);
	archive_write_free(archive);
	g_file_set_contents(
	    path, (const char *)out->data, (gssize)out->len, NULL);
	g_byte_array_unref(out);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *const formats[] = { "v7tar", "ustar", "gnutar", "pax",
		"zip", "7zip" };
	const char *const filters[] = { "gzip", "bzip2", "xz", "zstd" };

	for (int i = 1; i < *argc; i++) {
		const char *folder = (*argv)[i];
		if (folder[0] == '-' ||
		    !g_file_test(folder, G_FILE_TEST_IS_DIR))
			continue;
		for (size_t j = 0; j < G_N_ELEMENTS(formats); j++)
			make_seed(folder, formats[j], NULL);
		for (size_t j = 0; j < G_N_ELEMENTS(filters); j++) {
			make_seed(folder, "raw", filters[j]);
			make_seed(folder, "gnutar", filters[j]);
		}
		break;
	}
	return 0;
}

/* ---- the check ----------------------------------------------------------- */

/* What counts whether the source was read to its end. */
struct watched {
	struct source source; /* first */
	struct source *under;
	bool *ended, *finished;
};

static gssize
watched_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct watched *watched = (struct watched *)self;
	gssize got = watched->under->class->read(watched->under, out, n, error);

	*watched->ended = *watched->ended || got == 0;
	return got;
}

static gssize
watched_read_at(struct source *self, uint8_t *out, size_t n, uint64_t offset,
    GError **error)
{
	struct source *under = ((struct watched *)self)->under;

	*((struct watched *)self)->ended = true; /* is no matter of order */
	return under->class->read_at(under, out, n, offset, error);
}

static bool
watched_finish(struct source *self, GError **error)
{
	(void)error;
	*((struct watched *)self)->finished = true;
	return true;
}

static void
watched_close(struct source *self)
{
	source_close(((struct watched *)self)->under);
	g_free(self);
}

static const struct source_class stream_class = { watched_read, NULL,
	watched_finish, watched_close };
static const struct source_class seekable_class = { watched_read,
	watched_read_at, watched_finish, watched_close };

static struct source *
open_source(struct span file, bool stream, bool *ended, bool *finished)
{
	struct watched *watched = g_new0(struct watched, 1);
	struct source *under = source_prefix_new(file, NULL);

	if (!stream) {
		struct source *memory =
		    source_memory_new(under, UINT64_MAX, NULL);
		source_close(under);
		under = memory;
	}
	watched->source.class = stream ? &stream_class : &seekable_class;
	watched->source.size = under->size;
	watched->source.size_known = under->size_known;
	watched->under = under;
	watched->ended = ended;
	watched->finished = finished;
	return &watched->source;
}

static void
add_text(GString *out, struct span text)
{
	g_string_append_len(out, (const char *)text.p, (gssize)text.n);
	g_string_append_c(out, '|');
}

static void
add_octets(GString *out, struct source *source, size_t step)
{
	static uint8_t octets[STEP_MAX];
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);
	g_autoptr(GError) problem = NULL;
	uint64_t n = 0;
	gssize got;

	while (
	    (got = source->class->read(source, octets, step, &problem)) > 0) {
		g_assert((size_t)got <= step);
		n += (uint64_t)got;
		g_checksum_update(sum, octets, got);
	}
	g_assert(n <= limits.member_size);
	g_assert((got < 0) == (problem != NULL));
	if (got == 0 && source->size_known)
		g_assert(n == source->size);
	g_string_append_printf(out, "%" G_GUINT64_FORMAT " %s %s\n", n,
	    g_checksum_get_string(sum),
	    problem != NULL ? problem->message : "");
	g_checksum_free(sum);
	/* The end, or the error, stays. */
	g_clear_error(&problem);
	g_assert(source->class->read(source, octets, step, &problem) == got);
}

static GString *
list(struct span file, enum container_format format, bool stream, size_t step)
{
	bool ended = false, finished = false;
	struct container *container = container_open(
	    open_source(file, stream, &ended, &finished), format, &limits);
	g_autoptr(GError) problem = NULL;
	GString *out = g_string_new(container_name(container));
	struct member member;
	uint64_t n = 0;
	int got;

	while ((got = container_next(container, &member, &problem)) > 0) {
		g_assert(member.number == n++);
		g_assert(member.status == ITEM_OK || member.source == NULL);
		g_string_append_printf(
		    out, "%d %x ", (int)member.status, member.notes);
		add_text(out, member.name);
		add_text(out, member.detail);
		if (member.source != NULL)
			add_octets(out, member.source, step);
		source_close(member.source);
	}
	g_assert(n <= limits.members);
	g_assert((got < 0) == (problem != NULL));
	if (got == 0)
		g_assert(ended && finished);
	else
		g_string_append(out, problem->message);
	container_close(container);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum container_format format;
	struct span file = { data + 1, size - 1 };

	if (size < 1)
		return 0;
	format = data[0] % CONTAINER_FORMATS;
	if (format == CONTAINER_NONE)
		format = container_format_of(file);
	if (format == CONTAINER_NONE)
		return 0;
	GString *a = list(file, format, false, STEP_MAX);
	GString *b = list(file, format, true, 7 + 100 * (size_t)data[0]);
	g_assert(g_string_equal(a, b));
	g_string_free(a, TRUE);
	g_string_free(b, TRUE);
	return 0;
}
