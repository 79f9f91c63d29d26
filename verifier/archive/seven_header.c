/*
 * seven_header.c - the header of a 7z file, before libarchive sees it.
 */
#include "verifier/archive/seven_header.h"

#include "verifier/archive/container_reader.h"
#include "verifier/archive/seven_streams.h"
#include "verifier/archive/seven_unpack.h"

#include <zlib.h>

#define START_SIZE 32
#define START_SUM  8  /* offset of the CRC-32 of what follows, ... */
#define START_REST 12 /* ... from here on */
#define NESTED_MAX 4  /* headers that are packed, in each other */

static void
skip_properties(struct seven_reader *reader)
{
	while (!reader->bad && seven_number(reader) != SEVEN_END)
		seven_octets(reader, seven_number(reader));
}

/* The plain header, as far as the number of files. */
static bool
read_plain(struct seven_reader *reader, struct seven_streams *streams)
{
	uint64_t id;

	while (!reader->bad && (id = seven_number(reader)) != SEVEN_END) {
		if (id == SEVEN_ARCHIVE_PROPERTIES) {
			skip_properties(reader);
		} else if (id == SEVEN_ADDITIONAL_STREAMS ||
		    id == SEVEN_MAIN_STREAMS) {
			seven_streams_read(reader, streams);
		} else if (id == SEVEN_FILES) {
			if (seven_number(reader) > reader->limits->members)
				return seven_limit(reader, "it has",
				    reader->limits->members,
				    " members (--max-members)");
			return !reader->bad;
		} else {
			return seven_bad(reader);
		}
	}
	return !reader->bad;
}

static bool
damaged(GError **error, const char *what)
{
	if (error != NULL && *error == NULL)
		container_error(error, ARCHIVE_ERROR_CONTAINER, "7z: %s", what);
	return false;
}

static GByteArray *
read_octets(struct source *source, uint64_t at, uint64_t n,
    const struct container_limits *limits, GError **error)
{
	GByteArray *octets;
	gssize got;

	if (n > limits->memory) {
		container_error(error, ARCHIVE_ERROR_LIMIT,
		    "7z: its header has more than %" G_GUINT64_FORMAT
		    " octets (--max-memory)",
		    limits->memory);
		return NULL;
	}
	if (at > source->size || n > source->size - at || n > G_MAXINT) {
		damaged(error, "is cut");
		return NULL;
	}
	octets = g_byte_array_new();
	g_byte_array_set_size(octets, (guint)n);
	got = source_read_full_at(source, octets->data, (size_t)n, at, error);
	if (got == (gssize)n)
		return octets;
	if (got >= 0)
		damaged(error, "is cut");
	g_byte_array_unref(octets);
	return NULL;
}

/* Unpack a header that is packed; NULL with "error", or encrypted. */
static GByteArray *
unpack(struct seven_reader *reader, struct source *source,
    struct seven_streams *streams)
{
	const struct seven_folder *folder;
	GByteArray *packed, *out;

	if (!seven_streams_read(reader, streams) ||
	    streams->folders->len == 0) {
		damaged(reader->error, "its header is damaged");
		return NULL;
	}
	folder = &g_array_index(streams->folders, struct seven_folder, 0);
	if (folder->n_coders > 1 || folder->coder == SEVEN_AES) {
		reader->header->encrypted = true;
		return NULL;
	}
	if (folder->size > MIN(reader->limits->memory, G_MAXINT)) {
		seven_limit(reader, "its header has", reader->limits->memory,
		    " octets (--max-memory)");
		return NULL;
	}
	packed = NULL;
	if (streams->pack_at <= UINT64_MAX - START_SIZE)
		packed = read_octets(source, streams->pack_at + START_SIZE,
		    streams->pack_size, reader->limits, reader->error);
	else
		damaged(reader->error, "is cut");
	if (packed == NULL)
		return NULL;
	out = seven_unpack((struct span){ packed->data, packed->len },
	    folder->coder, folder->settings, (size_t)folder->size);
	if (out == NULL)
		damaged(reader->error, "its header is damaged");
	g_byte_array_unref(packed);
	return out;
}

/* Go through "octets" (freed), and what they unpack to. */
static bool
read_header(struct source *source, GByteArray *octets,
    struct seven_reader *reader, struct seven_streams *streams)
{
	bool good = false;

	for (unsigned i = 0; octets != NULL && i <= NESTED_MAX; i++) {
		GByteArray *next = NULL;
		uint64_t id;
		reader->rest = (struct span){ octets->data, octets->len };
		id = seven_number(reader);
		if (id == SEVEN_ENCODED && i < NESTED_MAX)
			next = unpack(reader, source, streams);
		else if (id == SEVEN_HEADER)
			good = read_plain(reader, streams);
		g_byte_array_unref(octets);
		octets = next;
	}
	if (good || reader->header->encrypted)
		return true;
	return damaged(reader->error, "its header is damaged");
}

bool
seven_header_read(struct source *source, const struct container_limits *limits,
    struct seven_header *header_out, GError **error)
{
	struct seven_reader reader = { .limits = limits, .header = header_out };
	struct seven_streams streams = { 0 };
	uint8_t start[START_SIZE];
	GError *problem = NULL;
	struct span s = { start, START_SIZE };
	uint64_t at, size;
	gssize got;
	bool good;

	*header_out = (struct seven_header){ 0 };
	got = source_read_full_at(source, start, START_SIZE, 0, error);
	if (got != START_SIZE)
		return got >= 0 && damaged(error, "is cut");
	/* libarchive 3.6 does not look at it. */
	if (crc32_z(0, start + START_REST, START_SIZE - START_REST) !=
	    seven_u32(s, START_SUM))
		return damaged(
		    error, "the checksum of its start does not hold");
	at = seven_u32(s, 12) | (uint64_t)seven_u32(s, 16) << 32;
	size = seven_u32(s, 20) | (uint64_t)seven_u32(s, 24) << 32;
	if (at > UINT64_MAX - START_SIZE - size ||
	    size > UINT64_MAX - START_SIZE)
		return damaged(error, "is cut");
	header_out->end = START_SIZE + at + size;
	if (size == 0)
		return true;
	reader.error = &problem;
	streams.folders =
	    g_array_new(FALSE, FALSE, sizeof(struct seven_folder));
	good = read_header(source,
	    read_octets(source, START_SIZE + at, size, limits, &problem),
	    &reader, &streams);
	g_array_unref(streams.folders);
	if (problem != NULL)
		g_propagate_error(error, problem);
	return good;
}
