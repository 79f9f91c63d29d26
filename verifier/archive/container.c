/*
 * container.c - which reader a container needs, and what all members share.
 *
 * Members are numbered and counted here, their names looked at, and their
 * size bounded, so that no reader has to.
 */
#include "verifier/archive/container.h"

#include "verifier/archive/container_reader.h"
#include "verifier/archive/member_name.h"
#include "verifier/archive/source_decoded.h"
#include "verifier/archive/source_memory.h"
#include "verifier/archive/source_prefix.h"

#include <stdarg.h>
#include <string.h>

#define DRAIN_STEP (64u << 10)

const struct container_limits container_limits_default = {
	.depth = ARCHIVE_CHAIN_MAX,
	.members = CONTAINER_MEMBERS_MAX,
	.member_size = CONTAINER_MEMBER_SIZE_MAX,
	.ratio = CONTAINER_RATIO_MAX,
	.memory = CONTAINER_MEMORY_MAX,
};

struct container {
	struct source *source;           /* of the reader: decoded already */
	struct source *bottom;           /* as given; NULL: copied to its end */
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

/* A member's source, bounded.  Borrows the container. */
struct bounded {
	struct source source; /* first */
	struct source *under;
	bool owned;
	uint64_t left; /* octets it may still give */
	uint64_t max;
	GError *failed;
};

/* ---- help for readers ---------------------------------------------------- */

void
container_error(
    GError **error, enum archive_error code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	g_propagate_error(error,
	    g_error_new_valist(ARCHIVE_ERROR, (gint)code, format, arguments));
	va_end(arguments);
}

gssize
source_read_full(struct source *source, uint8_t *out, size_t n, GError **error)
{
	size_t have = 0;

	while (have < n) {
		gssize got =
		    source->class->read(source, out + have, n - have, error);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (gssize)have;
}

gssize
source_read_full_at(struct source *source, uint8_t *out, size_t n,
    uint64_t offset, GError **error)
{
	size_t have = 0;

	while (have < n) {
		gssize got = source->class->read_at(
		    source, out + have, n - have, offset + have, error);
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return (gssize)have;
}

bool
source_drain(struct source *source, GError **error)
{
	g_autofree uint8_t *step = g_malloc(DRAIN_STEP);
	gssize got;

	do {
		got = source->class->read(source, step, DRAIN_STEP, error);
	} while (got > 0);
	return got == 0 && source->class->finish(source, error);
}

/* ---- what a file is ------------------------------------------------------ */

#define TAR_HEADER  512
#define TAR_SUM     148 /* offset and size of the checksum */
#define TAR_SUM_END 156
#define TAR_TYPE    156
#define TAR_MAGIC   257

/* An octal number with blanks and NUL round it; -1: none. */
static long
tar_octal(struct span field)
{
	long value = -1;

	for (size_t i = 0; i < field.n; i++) {
		uint8_t c = field.p[i];
		if (c >= '0' && c <= '7')
			value = (value < 0 ? 0 : value) * 8 + (c - '0');
		else if (c != ' ' && c != 0)
			return -1;
	}
	return value;
}

/* Unsigned, as POSIX says, or signed, as some have summed. */
static bool
tar_sum_holds(struct span header)
{
	long said = tar_octal(span_sub(header, TAR_SUM, TAR_SUM_END - TAR_SUM));
	long sum = 0, signed_sum = 0;

	for (size_t i = 0; i < TAR_HEADER; i++) {
		bool blank = i >= TAR_SUM && i < TAR_SUM_END;
		uint8_t c = blank ? ' ' : header.p[i];
		sum += c;
		signed_sum += (int8_t)c;
	}
	return said >= 0 && (said == sum || said == signed_sum);
}

/* The magic has a NUL or two blanks behind it, which no mail has there; the
 * tar of Version 7 has none, but a sum. */
static bool
is_tar(struct span start)
{
	struct span magic = span_from(start, TAR_MAGIC);

	if (start.n < TAR_HEADER || start.p[0] == 0)
		return false;
	if (span_starts_with(magic, SPAN("ustar\0")) ||
	    span_starts_with(magic, SPAN("ustar  \0")))
		return true;
	return memchr("\00001234567LKVgx", start.p[TAR_TYPE], 15) != NULL &&
	    tar_sum_holds(start);
}

static bool
is_bzip2(struct span start)
{
	struct span block = span_from(start, 4);

	/* A block, or the end of a stream without one. */
	return span_starts_with(start, SPAN("BZh")) && start.n > 3 &&
	    start.p[3] >= '1' && start.p[3] <= '9' &&
	    (span_starts_with(block, SPAN("\x31\x41\x59\x26\x53\x59")) ||
		span_starts_with(block, SPAN("\x17\x72\x45\x38\x50\x90")));
}

/* A frame, or one that is to be skipped (RFC 8878 section 3.1.2). */
static bool
is_zstd(struct span start)
{
	return span_starts_with(start, SPAN("\x28\xb5\x2f\xfd")) ||
	    (start.n >= 4 && (start.p[0] & 0xf0) == 0x50 &&
		span_equal(span_sub(start, 1, 3), SPAN("\x2a\x4d\x18")));
}

/* A member, an empty directory, or the mark of a file in parts. */
static bool
is_zip(struct span start)
{
	return span_starts_with(start, SPAN("PK\3\4")) ||
	    span_starts_with(start, SPAN("PK\5\6")) ||
	    span_starts_with(start, SPAN("PK\7\x08PK\3\4")) ||
	    span_starts_with(start, SPAN("PK00PK\3\4"));
}

enum container_format
container_format_of(struct span start)
{
	if (is_zip(start))
		return CONTAINER_ZIP;
	if (span_starts_with(start, SPAN("7z\xbc\xaf\x27\x1c")))
		return CONTAINER_7Z;
	if (span_starts_with(start, SPAN("\x1f\x8b\x08")))
		return CONTAINER_GZIP;
	if (is_bzip2(start))
		return CONTAINER_BZIP2;
	if (span_starts_with(start,
		SPAN("\xfd"
		     "7zXZ\0")))
		return CONTAINER_XZ;
	if (is_zstd(start))
		return CONTAINER_ZSTD;
	return is_tar(start) ? CONTAINER_TAR : CONTAINER_NONE;
}

static const struct {
	const char *name, *with_tar;
	enum decoder_method method;
} formats[CONTAINER_FORMATS] = {
	[CONTAINER_NONE] = { "none", "none", DECODER_METHODS },
	[CONTAINER_TAR] = { "tar", "tar", DECODER_METHODS },
	[CONTAINER_ZIP] = { "zip", "zip", DECODER_METHODS },
	[CONTAINER_7Z] = { "7z", "7z", DECODER_METHODS },
	[CONTAINER_GZIP] = { "gzip", "tar.gz", DECODER_GZIP },
	[CONTAINER_BZIP2] = { "bzip2", "tar.bz2", DECODER_BZIP2 },
	[CONTAINER_XZ] = { "xz", "tar.xz", DECODER_XZ },
	[CONTAINER_ZSTD] = { "zstd", "tar.zst", DECODER_ZSTD },
};

const char *
container_format_name(enum container_format format)
{
	return formats[format].name;
}

const char *
container_name(const struct container *container)
{
	return container->name;
}

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
	    formats[container->format].method, container->limits.memory,
	    &container->meter);
	if (!look_inside(container, &tar, error))
		return false;
	if (!tar)
		return true;
	container->name = formats[container->format].with_tar;
	container->reader = archive_reader_open(
	    container->source, CONTAINER_TAR, &container->limits, error);
	return container->reader != NULL;
}

/* A directory at the end needs a source that can be read at any offset. */
static bool
open_directory(struct container *container, GError **error)
{
	if (container->source->class->read_at == NULL) {
		container->bottom = NULL;
		container->source = source_memory_new(
		    container->source, container->limits.memory, error);
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
    const struct container_limits *limits, GError **error)
{
	struct container *container = g_new0(struct container, 1);

	container->source = container->bottom = source;
	container->format = format;
	container->limits = *limits;
	container->name = formats[format].name;
	container->seen = g_hash_table_new(NULL, NULL);
	container->detail = g_string_new(NULL);
	if (open_reader(container, error))
		return container;
	container_close(container);
	return NULL;
}

void
container_close(struct container *container)
{
	if (container == NULL)
		return;
	if (container->reader != NULL)
		container->reader->class->close(container->reader);
	source_close(container->source);
	g_hash_table_unref(container->seen);
	g_string_free(container->detail, TRUE);
	g_free(container);
}

/* ---- the octets of a member ---------------------------------------------- */

static gssize
bounded_octets(struct bounded *bounded, uint8_t *out, size_t n, GError **error)
{
	uint64_t room = bounded->left < SIZE_MAX ? bounded->left + 1 : n;
	gssize got = bounded->under->class->read(
	    bounded->under, out, (size_t)MIN(room, n), error);

	if (got < 0 || (uint64_t)got <= bounded->left) {
		bounded->left -= (uint64_t)MAX(got, 0);
		return got;
	}
	container_error(error, ARCHIVE_ERROR_LIMIT,
	    "has more than %" G_GUINT64_FORMAT " octets (--max-member-size)",
	    bounded->max);
	return -1;
}

static gssize
bounded_read(struct source *self, uint8_t *out, size_t n, GError **error)
{
	struct bounded *bounded = (struct bounded *)self;

	if (bounded->failed == NULL && n > 0) {
		gssize got = bounded_octets(bounded, out, n, &bounded->failed);
		if (got >= 0)
			return got;
	}
	if (bounded->failed == NULL)
		return 0;
	g_propagate_error(error, g_error_copy(bounded->failed));
	return -1;
}

static bool
bounded_finish(struct source *self, GError **error)
{
	(void)self;
	(void)error;
	return true; /* the container answers for its own source */
}

static void
bounded_close(struct source *self)
{
	struct bounded *bounded = (struct bounded *)self;

	if (bounded->owned)
		source_close(bounded->under);
	g_clear_error(&bounded->failed);
	g_free(bounded);
}

static const struct source_class bounded_class = {
	bounded_read,
	NULL,
	bounded_finish,
	bounded_close,
};

static struct source *
bounded_new(const struct container *container, struct source *under, bool owned)
{
	struct bounded *bounded = g_new0(struct bounded, 1);

	bounded->source.class = &bounded_class;
	bounded->source.size = under->size;
	bounded->source.size_known = under->size_known;
	bounded->under = under;
	bounded->owned = owned;
	bounded->left = bounded->max = container->limits.member_size;
	return &bounded->source;
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
		member->source = bounded_new(container, source, true);
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
		member->source =
		    bounded_new(container, container->source, false);
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

int
container_next(
    struct container *container, struct member *member_out, GError **error)
{
	struct container_reader *reader = container->reader;
	int got;

	*member_out = (struct member){ .status = ITEM_OK };
	if (container->ended)
		return 0;
	if (reader == NULL)
		got = next_single(container, member_out, error);
	else
		got = reader->class->next(reader, member_out, error);
	container->ended = got <= 0;
	if (got <= 0)
		return got;
	if (is_full(container, error)) {
		source_close(member_out->source);
		*member_out = (struct member){ .status = ITEM_OK };
		container->ended = true;
		return -1;
	}
	member_out->number = container->number++;
	if (reader != NULL) {
		look_at_name(container, member_out);
		bound_size(container, member_out);
	}
	return 1;
}

bool
container_drain(struct container *container, GError **error)
{
	struct source *bottom = container->bottom;

	if (bottom == NULL)
		return true;
	/* What can be read at any offset is hashed in a pass of its own. */
	if (bottom->class->read_at != NULL)
		return bottom->class->finish(bottom, error);
	return source_drain(bottom, error);
}
