/*
 * container.c - which reader a container needs, and what all members share.
 *
 * Members are numbered and counted here, their names looked at, and their
 * size bounded, so that no reader has to.
 */
#include "verifier/archive/container.h"

#include "verifier/archive/container_reader.h"
#include "verifier/archive/member_name.h"
#include "verifier/archive/source_bounded.h"
#include "verifier/archive/source_decoded.h"
#include "verifier/archive/source_memory.h"
#include "verifier/archive/source_prefix.h"

#include <string.h>

const struct container_limits container_limits_default = {
	.depth = ARCHIVE_CHAIN_MAX,
	.members = CONTAINER_MEMBERS_MAX,
	.member_size = CONTAINER_MEMBER_SIZE_MAX,
	.ratio = CONTAINER_RATIO_MAX,
	.memory = CONTAINER_MEMORY_MAX,
};

struct container {
	struct source *source; /* of the reader: decoded already */
	struct source *bottom; /* as given; below "source", or copied */
	bool copied;
	GError *failed;                  /* NULL: not yet */
	struct source *decoded;          /* somewhere under "source", or NULL */
	struct container_reader *reader; /* NULL: one member, the source */
	struct container_limits limits;
	enum container_format format;
	const char *name;
	struct meter meter; /* of the compression round it all */
	GHashTable *seen;   /* hashes of names */
	GString *detail;
	uint64_t number; /* of the next member */
	bool ended;
};

/* How what is compressed is decoded, and its name when a tar is inside. */
static const struct {
	const char *with_tar;
	enum decoder_method method;
} compressions[CONTAINER_FORMATS] = {
	[CONTAINER_GZIP] = { "tar.gz", DECODER_GZIP },
	[CONTAINER_BZIP2] = { "tar.bz2", DECODER_BZIP2 },
	[CONTAINER_XZ] = { "tar.xz", DECODER_XZ },
	[CONTAINER_ZSTD] = { "tar.zst", DECODER_ZSTD },
};

/* ---- opening ------------------------------------------------------------- */

/* Look at the start of what is decoded: a tar, or the one member? */
static bool
look_inside(struct container *container, bool *tar_out, GError **error)
{
	g_autofree uint8_t *start = g_malloc(CONTAINER_START);
	struct source *source = container->source;
	GError *problem = NULL;
	size_t n = 0;
	gssize got;

	do {
		got = source->class->read(
		    source, start + n, CONTAINER_START - n, &problem);
		n += (size_t)MAX(got, 0);
	} while (got > 0 && n < CONTAINER_START);
	/* What was decoded before an error is given; then it comes again. */
	if (got < 0 && n == 0) {
		g_propagate_error(error, problem);
		return false;
	}
	g_clear_error(&problem);
	struct span span = { start, n };
	*tar_out = container_format_of(span) == CONTAINER_TAR;
	container->source = source_prefix_new(span, source);
	container->source->size_known = false;
	return true;
}

static bool
open_compressed(struct container *container, GError **error)
{
	bool tar;

	container->meter.ratio = container->limits.ratio;
	container->source = source_decoded_new(container->source,
	    compressions[container->format].method, container->limits.memory,
	    &container->meter);
	source_decoded_spare_tail(container->source);
	container->decoded = container->source;
	if (!look_inside(container, &tar, error))
		return false;
	if (!tar)
		return true;
	container->name = compressions[container->format].with_tar;
	container->reader = archive_reader_open(
	    container->source, CONTAINER_TAR, &container->limits, error);
	return container->reader != NULL;
}

/* A directory at the end needs a source that can be read at any offset. */
static bool
open_directory(struct container *container, GError **error)
{
	if (container->bottom->class->read_at == NULL) {
		container->copied = true;
		container->source = source_memory_new(
		    container->bottom, container->limits.memory, error);
	}
	if (container->source == NULL)
		return false;
	if (container->format == CONTAINER_ZIP)
		container->reader = zip_reader_open(
		    container->source, &container->limits, error);
	else
		container->reader = archive_reader_open(
		    container->source, CONTAINER_7Z, &container->limits, error);
	return container->reader != NULL;
}

static bool
open_reader(struct container *container, GError **error)
{
	switch (container->format) {
	case CONTAINER_TAR:
		container->reader = archive_reader_open(container->source,
		    CONTAINER_TAR, &container->limits, error);
		return container->reader != NULL;
	case CONTAINER_ZIP:
	case CONTAINER_7Z:
		return open_directory(container, error);
	default:
		return open_compressed(container, error);
	}
}

struct container *
container_open(struct source *source, enum container_format format,
    const struct container_limits *limits)
{
	struct container *container = g_new0(struct container, 1);

	container->source = container->bottom = source;
	container->format = format;
	container->limits = *limits;
	container->name = container_format_name(format);
	container->seen = g_hash_table_new(NULL, NULL);
	container->detail = g_string_new(NULL);
	open_reader(container, &container->failed);
	return container;
}

void
container_close(struct container *container)
{
	if (container == NULL)
		return;
	if (container->reader != NULL)
		container->reader->class->close(container->reader);
	source_close(container->source);
	if (container->copied)
		source_close(container->bottom);
	g_clear_error(&container->failed);
	g_hash_table_unref(container->seen);
	g_string_free(container->detail, TRUE);
	g_free(container);
}

/* ---- members ------------------------------------------------------------- */

/* Was "name" there before?  By 64 bits of its SHA-256: names can be long, and
 * a false answer is a note too many. */
static bool
is_duplicate(struct container *container, struct span name)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[DIGEST_SHA256_SIZE];
	gsize n = sizeof(digest);
	gpointer key;

	g_checksum_update(sum, name.p, (gssize)name.n);
	g_checksum_get_digest(sum, digest, &n);
	g_checksum_free(sum);
	memcpy(&key, digest, sizeof(key));
	return !g_hash_table_add(container->seen, key);
}

static void
look_at_name(struct container *container, struct member *member)
{
	enum member_place place;

	if (member->name.n > 0 && is_duplicate(container, member->name))
		member->notes |= MEMBER_DUPLICATE_NAME;
	if (member->name.n > MEMBER_NAME_MAX) {
		member->name.n = MEMBER_NAME_MAX;
		member->notes |= MEMBER_NAME_CUT;
	}
	if (member->name.p == NULL)
		return;
	member->notes |= member_name_notes(member->name);
	place = member_name_place(member->name);
	member->maildir = place == MEMBER_IN_MAILDIR;
	if (place == MEMBER_IN_TMP && member->status == ITEM_OK) {
		member->notes |= MEMBER_NOT_DELIVERED;
		source_close(member->source);
		member->source = NULL;
	}
}

static void
bound_size(struct container *container, struct member *member)
{
	struct source *source = member->source;
	uint64_t max = container->limits.member_size;

	if (source == NULL)
		return;
	if (!source->size_known || source->size <= max) {
		member->source = source_bounded_new(source, true, max);
		return;
	}
	g_string_printf(container->detail,
	    "has %" G_GUINT64_FORMAT " octets, more than %" G_GUINT64_FORMAT
	    " (--max-member-size)",
	    source->size, max);
	member->detail = (struct span){
		(const uint8_t *)container->detail->str,
		container->detail->len,
	};
	member->status = ITEM_LIMIT;
	member->source = NULL;
	source_close(source);
}

/* The one member of a compressed file: it is read to its end before the next
 * is asked for, or here. */
static int
next_single(struct container *container, struct member *member, GError **error)
{
	if (container->number == 0) {
		member->source = source_bounded_new(
		    container->source, false, container->limits.member_size);
		return 1;
	}
	return source_drain(container->source, error) ? 0 : -1;
}

static bool
is_full(const struct container *container, GError **error)
{
	if (container->number < container->limits.members)
		return false;
	container_error(error, ARCHIVE_ERROR_LIMIT,
	    "has more than %" G_GUINT64_FORMAT " members (--max-members)",
	    container->limits.members);
	return true;
}

/* At the end of what was compressed: does something else follow it? */
static bool
has_tail(const struct container *container, GError **error)
{
	const GError *tail = container->decoded != NULL
	    ? source_decoded_tail(container->decoded)
	    : NULL;

	if (tail != NULL)
		g_propagate_error(error, g_error_copy(tail));
	return tail != NULL;
}

/* As container_next(), which remembers the error. */
static int
next_member(
    struct container *container, struct member *member_out, GError **error)
{
	struct container_reader *reader = container->reader;
	int got;

	if (reader == NULL)
		got = next_single(container, member_out, error);
	else
		got = reader->class->next(reader, member_out, error);
	if (got == 0 && has_tail(container, error))
		return -1;
	if (got <= 0)
		return got;
	if (is_full(container, error)) {
		source_close(member_out->source);
		return -1;
	}
	member_out->number = container->number++;
	if (reader != NULL) {
		look_at_name(container, member_out);
		bound_size(container, member_out);
	}
	return 1;
}

int
container_next(
    struct container *container, struct member *member_out, GError **error)
{
	int got = 0;

	*member_out = (struct member){ .status = ITEM_OK };
	if (container->failed == NULL && !container->ended)
		got = next_member(container, member_out, &container->failed);
	container->ended = got == 0;
	if (container->failed == NULL)
		return got;
	*member_out = (struct member){ .status = ITEM_OK };
	g_propagate_error(error, g_error_copy(container->failed));
	return -1;
}

bool
container_drain(struct container *container, GError **error)
{
	struct source *bottom = container->bottom;

	/* What can be read at any offset is hashed in a pass of its own. */
	if (bottom->class->read_at != NULL)
		return bottom->class->finish(bottom, error);
	return source_drain(bottom, error);
}

const char *
container_name(const struct container *container)
{
	return container->name;
}
