/*
 * seven_header.c - the header of a 7z file, before libarchive sees it.
 */
#include "verifier/archive/seven_header.h"

#include "verifier/archive/container_reader.h"

#include <lzma.h>
#include <stdlib.h>
#include <string.h>

#define START_SIZE  32
#define NESTED_MAX  4  /* headers that are packed, in each other */
#define CODERS_MAX  32 /* of a folder; 7-Zip has the same bound */
#define STREAMS_MAX 32

enum property {
	ID_END,
	ID_HEADER,
	ID_ARCHIVE_PROPERTIES,
	ID_ADDITIONAL_STREAMS,
	ID_MAIN_STREAMS,
	ID_FILES,
	ID_PACK,
	ID_UNPACK,
	ID_SUBSTREAMS,
	ID_SIZE,
	ID_CRC,
	ID_FOLDER,
	ID_UNPACK_SIZES,
	ID_NUMBER,
	ID_ENCODED = 0x17
};

#define CODER_COPY  0x00u
#define CODER_LZMA2 0x21u
#define CODER_LZMA  0x030101u
#define CODER_PPMD  0x030401u
#define CODER_AES   0x06f10701u

/* A folder is a chain of coders. */
struct folder {
	uint64_t coder;       /* of the last that was read */
	struct span settings; /* of it */
	size_t n_coders;
	uint64_t outputs;
	uint64_t size;  /* unpacked */
	uint64_t parts; /* members in it */
	bool has_crc;
};

/* What the streams of a header say. */
struct streams {
	uint64_t pack_at, pack_size; /* of the first */
	uint64_t n_packs;
	GArray *folders; /* struct folder */
};

struct reader {
	struct span rest;
	const struct container_limits *limits;
	struct seven_header *header;
	bool bad; /* what does not fit the format was met */
	GError **error;
};

/* ---- octets -------------------------------------------------------------- */

static bool
bad(struct reader *reader)
{
	reader->bad = true;
	return false;
}

static uint8_t
take_octet(struct reader *reader)
{
	uint8_t octet;

	if (reader->rest.n == 0) {
		bad(reader);
		return 0;
	}
	octet = reader->rest.p[0];
	reader->rest = span_from(reader->rest, 1);
	return octet;
}

static struct span
take_octets(struct reader *reader, uint64_t n)
{
	struct span octets;

	if (n > reader->rest.n) {
		bad(reader);
		return (struct span){ NULL, 0 };
	}
	octets = span_sub(reader->rest, 0, (size_t)n);
	reader->rest = span_from(reader->rest, (size_t)n);
	return octets;
}

/* As many ones as the first octet begins with, so many octets follow, lowest
 * first; the bits behind the ones are the highest. */
static uint64_t
take_number(struct reader *reader)
{
	uint8_t first = take_octet(reader);
	uint64_t value = 0;

	for (unsigned i = 0; i < 8; i++) {
		uint8_t mask = (uint8_t)(0x80 >> i);
		if ((first & mask) == 0) {
			uint64_t high = first & (mask - 1u);
			return value | high << (8 * i);
		}
		value |= (uint64_t)take_octet(reader) << (8 * i);
	}
	return value;
}

/* A number of things that take an octet of the header each, at least. */
static uint64_t
take_count(struct reader *reader)
{
	uint64_t count = take_number(reader);

	if (count > reader->rest.n)
		bad(reader);
	return reader->bad ? 0 : count;
}

static uint32_t
u32(struct span octets, size_t at)
{
	const uint8_t *p = octets.p + at;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

/* Digests of "n" things; how many have one.  With "folders" each is told. */
static uint64_t
take_digests(struct reader *reader, uint64_t n, GArray *folders)
{
	bool all = take_octet(reader) != 0;
	struct span bits = { NULL, 0 };
	uint64_t defined = 0;

	if (!all)
		bits = take_octets(reader, (n + 7) / 8);
	for (uint64_t i = 0; i < n && !reader->bad; i++) {
		bool has = all || (bits.p[i / 8] & 0x80 >> i % 8) != 0;
		defined += has;
		if (folders != NULL)
			g_array_index(folders, struct folder, i).has_crc = has;
	}
	take_octets(reader, 4 * defined);
	return defined;
}

/* ---- streams ------------------------------------------------------------- */

static bool
read_pack(struct reader *reader, struct streams *streams)
{
	uint64_t id;

	streams->pack_at = take_number(reader);
	streams->n_packs = take_count(reader);
	while (!reader->bad && (id = take_number(reader)) != ID_END) {
		if (id == ID_CRC) {
			take_digests(reader, streams->n_packs, NULL);
			continue;
		}
		if (id != ID_SIZE)
			return bad(reader);
		for (uint64_t i = 0; i < streams->n_packs; i++) {
			uint64_t size = take_number(reader);
			if (i == 0)
				streams->pack_size = size;
		}
	}
	return !reader->bad;
}

/* Octets of memory that a coder wants, beside a little. */
static uint64_t
coder_memory(uint64_t coder, struct span settings)
{
	if (coder == CODER_LZMA && settings.n == 5)
		return u32(settings, 1);
	if (coder == CODER_PPMD && settings.n == 5)
		return u32(settings, 1);
	if (coder == CODER_LZMA2 && settings.n == 1) {
		unsigned bits = settings.p[0];
		return bits >= 40 ? UINT32_MAX
				  : (2ull | (bits & 1)) << (bits / 2 + 11);
	}
	return 0;
}

static bool
limit_error(
    struct reader *reader, const char *what, uint64_t max, const char *option)
{
	container_error(reader->error, ARCHIVE_ERROR_LIMIT,
	    "7z: %s more than %" G_GUINT64_FORMAT "%s", what, max, option);
	return bad(reader);
}

static bool
read_coder(struct reader *reader, struct folder *folder, uint64_t *inputs,
    uint64_t *memory)
{
	uint8_t kind = take_octet(reader);
	struct span id = take_octets(reader, kind & 0x0f);
	uint64_t coder = 0, in = 1, out = 1;

	for (size_t i = 0; i < id.n; i++)
		coder = coder << 8 | id.p[i];
	if ((kind & 0x10) != 0) {
		in = take_number(reader);
		out = take_number(reader);
	}
	folder->settings = (struct span){ NULL, 0 };
	if ((kind & 0x20) != 0)
		folder->settings = take_octets(reader, take_number(reader));
	/* 0x80: alternatives, which were never written. */
	if (reader->bad || (kind & 0x80) != 0 || in > STREAMS_MAX ||
	    out > STREAMS_MAX)
		return bad(reader);
	folder->coder = coder;
	folder->outputs += out;
	*inputs += in;
	*memory += coder_memory(coder, folder->settings);
	return true;
}

static bool
read_folder(struct reader *reader, struct folder *folder)
{
	uint64_t n = take_number(reader), inputs = 0, memory = 0, packs;

	if (n == 0 || n > CODERS_MAX)
		return bad(reader);
	folder->n_coders = (size_t)n;
	for (uint64_t i = 0; i < n; i++) {
		if (!read_coder(reader, folder, &inputs, &memory))
			return false;
	}
	if (memory > reader->limits->memory)
		return limit_error(reader, "to be read it needs",
		    reader->limits->memory, " octets of memory (--max-memory)");
	if (folder->outputs == 0 || inputs < folder->outputs - 1)
		return bad(reader);
	for (uint64_t i = 0; i + 1 < folder->outputs; i++) {
		take_number(reader);
		take_number(reader);
	}
	packs = inputs - (folder->outputs - 1);
	for (uint64_t i = 0; packs > 1 && i < packs; i++)
		take_number(reader);
	return !reader->bad;
}

static bool
read_unpack(struct reader *reader, struct streams *streams)
{
	GArray *folders = streams->folders;
	uint64_t n, id;

	if (take_number(reader) != ID_FOLDER)
		return bad(reader);
	n = take_count(reader);
	if (take_octet(reader) != 0) /* elsewhere: was never written */
		return bad(reader);
	for (uint64_t i = 0; i < n && !reader->bad; i++) {
		struct folder folder = { .parts = 1 };
		read_folder(reader, &folder);
		g_array_append_val(folders, folder);
	}
	if (reader->bad || take_number(reader) != ID_UNPACK_SIZES)
		return bad(reader);
	for (guint i = 0; i < folders->len; i++) {
		struct folder *folder =
		    &g_array_index(folders, struct folder, i);
		for (uint64_t k = 0; k < folder->outputs; k++)
			folder->size = take_number(reader);
	}
	while (!reader->bad && (id = take_number(reader)) != ID_END) {
		if (id != ID_CRC)
			return bad(reader);
		take_digests(reader, n, folders);
	}
	return !reader->bad;
}

/* Members of folders: how many, their sizes, their digests. */
static bool
read_parts(struct reader *reader, struct streams *streams, uint64_t id)
{
	uint64_t total = 0;

	for (guint i = 0; i < streams->folders->len; i++) {
		struct folder *folder =
		    &g_array_index(streams->folders, struct folder, i);
		if (id == ID_NUMBER)
			folder->parts = take_number(reader);
		for (uint64_t k = 1;
		     id == ID_SIZE && !reader->bad && k < folder->parts; k++)
			take_number(reader);
		if (folder->parts > reader->limits->members - total)
			return limit_error(reader, "it has",
			    reader->limits->members,
			    " members (--max-members)");
		total += folder->parts;
	}
	return !reader->bad;
}

/* Members without a digest of their own or of their folder. */
static uint64_t
count_bare(const struct streams *streams)
{
	uint64_t bare = 0;

	for (guint i = 0; i < streams->folders->len; i++) {
		const struct folder *folder =
		    &g_array_index(streams->folders, struct folder, i);
		if (folder->parts != 1 || !folder->has_crc)
			bare += folder->parts;
	}
	return bare;
}

static bool
read_substreams(struct reader *reader, struct streams *streams)
{
	uint64_t id, bare = count_bare(streams);

	while (!reader->bad && (id = take_number(reader)) != ID_END) {
		if (id == ID_NUMBER || id == ID_SIZE) {
			if (!read_parts(reader, streams, id))
				return false;
			bare = count_bare(streams);
		} else if (id == ID_CRC) {
			bare -= take_digests(reader, bare, NULL);
		} else {
			return bad(reader);
		}
	}
	reader->header->unchecked = bare > 0;
	return !reader->bad;
}

static bool
read_streams(struct reader *reader, struct streams *streams)
{
	uint64_t id;

	g_array_set_size(streams->folders, 0);
	while (!reader->bad && (id = take_number(reader)) != ID_END) {
		if (id == ID_PACK)
			read_pack(reader, streams);
		else if (id == ID_UNPACK)
			read_unpack(reader, streams);
		else if (id == ID_SUBSTREAMS)
			read_substreams(reader, streams);
		else
			return bad(reader);
	}
	return !reader->bad;
}

/* ---- the header ---------------------------------------------------------- */

static void
skip_properties(struct reader *reader)
{
	while (!reader->bad && take_number(reader) != ID_END)
		take_octets(reader, take_number(reader));
}

/* The plain header, as far as the number of files. */
static bool
read_plain(struct reader *reader, struct streams *streams)
{
	uint64_t id;

	while (!reader->bad && (id = take_number(reader)) != ID_END) {
		if (id == ID_ARCHIVE_PROPERTIES) {
			skip_properties(reader);
		} else if (id == ID_ADDITIONAL_STREAMS ||
		    id == ID_MAIN_STREAMS) {
			read_streams(reader, streams);
		} else if (id == ID_FILES) {
			if (take_number(reader) > reader->limits->members)
				return limit_error(reader, "it has",
				    reader->limits->members,
				    " members (--max-members)");
			return !reader->bad;
		} else {
			return bad(reader);
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

/* The settings of LZMA or LZMA2, for liblzma; false when it has neither. */
static bool
set_filter(const struct folder *folder, lzma_filter *filter)
{
	filter->options = NULL;
	filter->id =
	    folder->coder == CODER_LZMA ? LZMA_FILTER_LZMA1 : LZMA_FILTER_LZMA2;
	return (folder->coder == CODER_LZMA || folder->coder == CODER_LZMA2) &&
	    lzma_properties_decode(filter, NULL, folder->settings.p,
		folder->settings.n) == LZMA_OK;
}

/* Fill all of "out"; LZMA1 in a 7z has no end mark, so there may be none. */
static bool
decode_lzma(struct span packed, const lzma_filter *filters, GByteArray *out)
{
	lzma_stream lzma = LZMA_STREAM_INIT;
	lzma_ret got = lzma_raw_decoder(&lzma, filters);

	lzma.next_in = packed.p;
	lzma.avail_in = packed.n;
	lzma.next_out = out->data;
	lzma.avail_out = out->len;
	while (got == LZMA_OK && lzma.avail_out > 0)
		got = lzma_code(&lzma, LZMA_RUN);
	lzma_end(&lzma);
	return lzma.avail_out == 0;
}

static GByteArray *
decode(struct span packed, const struct folder *folder)
{
	lzma_filter filters[2] = { { 0 }, { LZMA_VLI_UNKNOWN, NULL } };
	GByteArray *out = g_byte_array_new();
	bool good = false;

	g_byte_array_set_size(out, (guint)folder->size);
	if (folder->coder == CODER_COPY && packed.n == folder->size) {
		if (packed.n > 0)
			memcpy(out->data, packed.p, packed.n);
		return out;
	}
	if (set_filter(folder, &filters[0])) {
		good = decode_lzma(packed, filters, out);
		free(filters[0].options);
	}
	if (good)
		return out;
	g_byte_array_unref(out);
	return NULL;
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
unpack(struct reader *reader, struct source *source, struct streams *streams)
{
	const struct folder *folder;
	GByteArray *packed, *out;

	if (!read_streams(reader, streams) || streams->folders->len == 0) {
		damaged(reader->error, "its header is damaged");
		return NULL;
	}
	folder = &g_array_index(streams->folders, struct folder, 0);
	if (folder->n_coders > 1 || folder->coder == CODER_AES) {
		reader->header->encrypted = true;
		return NULL;
	}
	if (folder->size > MIN(reader->limits->memory, G_MAXINT)) {
		limit_error(reader, "its header has", reader->limits->memory,
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
	out = decode((struct span){ packed->data, packed->len }, folder);
	if (out == NULL)
		damaged(reader->error, "its header is damaged");
	g_byte_array_unref(packed);
	return out;
}

/* Go through "octets" (freed), and what they unpack to. */
static bool
read_header(struct source *source, GByteArray *octets, struct reader *reader,
    struct streams *streams)
{
	bool good = false;

	for (unsigned i = 0; octets != NULL && i <= NESTED_MAX; i++) {
		GByteArray *next = NULL;
		uint64_t id;
		reader->rest = (struct span){ octets->data, octets->len };
		id = take_number(reader);
		if (id == ID_ENCODED && i < NESTED_MAX)
			next = unpack(reader, source, streams);
		else if (id == ID_HEADER)
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
	struct reader reader = { .limits = limits, .header = header_out };
	struct streams streams = { 0 };
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
	at = u32(s, 12) | (uint64_t)u32(s, 16) << 32;
	size = u32(s, 20) | (uint64_t)u32(s, 24) << 32;
	if (at > UINT64_MAX - START_SIZE - size ||
	    size > UINT64_MAX - START_SIZE)
		return damaged(error, "is cut");
	header_out->end = START_SIZE + at + size;
	if (size == 0)
		return true;
	reader.error = &problem;
	streams.folders = g_array_new(FALSE, FALSE, sizeof(struct folder));
	good = read_header(source,
	    read_octets(source, START_SIZE + at, size, limits, &problem),
	    &reader, &streams);
	g_array_unref(streams.folders);
	if (problem != NULL)
		g_propagate_error(error, problem);
	return good;
}
