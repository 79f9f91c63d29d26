/*
 * seven_streams.c - numbers and streams of a 7z header.
 */
#include "verifier/archive/seven_streams.h"

#include "verifier/archive/container_reader.h"
#include "verifier/archive/seven_unpack.h"

#define CODERS_MAX  32 /* of a folder; 7-Zip has the same bound */
#define STREAMS_MAX 32
#define SEVEN_PPMD  0x030401u
#define SEVEN_BCJ2  0x0303011bu

/* ---- octets -------------------------------------------------------------- */

bool
seven_bad(struct seven_reader *reader)
{
	reader->bad = true;
	reader->rest = (struct span){ NULL, 0 };
	return false;
}

static uint8_t
take_octet(struct seven_reader *reader)
{
	uint8_t octet;

	if (reader->rest.n == 0) {
		seven_bad(reader);
		return 0;
	}
	octet = reader->rest.p[0];
	reader->rest = span_from(reader->rest, 1);
	return octet;
}

struct span
seven_octets(struct seven_reader *reader, uint64_t n)
{
	struct span octets;

	if (n > reader->rest.n) {
		seven_bad(reader);
		return (struct span){ NULL, 0 };
	}
	octets = span_sub(reader->rest, 0, (size_t)n);
	reader->rest = span_from(reader->rest, (size_t)n);
	return octets;
}

uint64_t
seven_number(struct seven_reader *reader)
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

/* A number of things that take an octet of the header each, at least, and much
 * more in memory. */
static uint64_t
take_count(struct seven_reader *reader)
{
	uint64_t count = seven_number(reader);

	if (count > reader->rest.n)
		seven_bad(reader);
	else if (count > reader->limits->members)
		seven_limit(reader, "it has", reader->limits->members,
		    " streams (--max-members)");
	return reader->bad ? 0 : count;
}

uint32_t
seven_u32(struct span octets, size_t at)
{
	const uint8_t *p = octets.p + at;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

/* Digests of "n" things; how many have one.  With "folders" each is told. */
static uint64_t
take_digests(struct seven_reader *reader, uint64_t n, GArray *folders)
{
	bool all = take_octet(reader) != 0;
	struct span bits = { NULL, 0 };
	uint64_t defined = 0;

	if (!all)
		bits = seven_octets(reader, (n + 7) / 8);
	for (uint64_t i = 0; i < n && !reader->bad; i++) {
		bool has = all || (bits.p[i / 8] & 0x80 >> i % 8) != 0;
		defined += has;
		if (folders != NULL)
			g_array_index(folders, struct seven_folder, i).has_crc =
			    has;
	}
	seven_octets(reader, 4 * defined);
	return defined;
}

/* ---- streams ------------------------------------------------------------- */

static bool
read_pack(struct seven_reader *reader, struct seven_streams *streams)
{
	uint64_t id;

	streams->pack_at = seven_number(reader);
	streams->n_packs = take_count(reader);
	while (!reader->bad && (id = seven_number(reader)) != SEVEN_END) {
		if (id == SEVEN_CRC) {
			take_digests(reader, streams->n_packs, NULL);
			continue;
		}
		if (id != SEVEN_SIZE)
			return seven_bad(reader);
		for (uint64_t i = 0; i < streams->n_packs; i++) {
			uint64_t size = seven_number(reader);
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
	if (coder == SEVEN_LZMA && settings.n == 5)
		return seven_u32(settings, 1);
	if (coder == SEVEN_PPMD && settings.n == 5)
		return seven_u32(settings, 1);
	if (coder == SEVEN_LZMA2 && settings.n == 1) {
		unsigned bits = settings.p[0];
		return bits >= 40 ? UINT32_MAX
				  : (2ull | (bits & 1)) << (bits / 2 + 11);
	}
	return 0;
}

bool
seven_limit(struct seven_reader *reader, const char *what, uint64_t max,
    const char *option)
{
	container_error(reader->error, ARCHIVE_ERROR_LIMIT,
	    "7z: %s more than %" G_GUINT64_FORMAT "%s", what, max, option);
	return seven_bad(reader);
}

static bool
memory_error(struct seven_reader *reader)
{
	return seven_limit(reader, "to be read it needs",
	    reader->limits->memory, " octets of memory (--max-memory)");
}

static bool
read_coder(struct seven_reader *reader, struct seven_folder *folder,
    uint64_t *inputs, uint64_t *memory)
{
	uint8_t kind = take_octet(reader);
	struct span id = seven_octets(reader, kind & 0x0f);
	uint64_t coder = 0, in = 1, out = 1;

	for (size_t i = 0; i < id.n; i++)
		coder = coder << 8 | id.p[i];
	if ((kind & 0x10) != 0) {
		in = seven_number(reader);
		out = seven_number(reader);
	}
	folder->settings = (struct span){ NULL, 0 };
	if ((kind & 0x20) != 0)
		folder->settings = seven_octets(reader, seven_number(reader));
	/* 0x80: alternatives, which were never written. */
	if (reader->bad || (kind & 0x80) != 0 || in > STREAMS_MAX ||
	    out > STREAMS_MAX)
		return seven_bad(reader);
	folder->coder = coder;
	folder->whole = folder->whole || coder == SEVEN_BCJ2;
	folder->outputs += out;
	*inputs += in;
	*memory += coder_memory(coder, folder->settings);
	return true;
}

static bool
read_folder(struct seven_reader *reader, struct seven_folder *folder)
{
	uint64_t n = seven_number(reader), inputs = 0, memory = 0, packs;

	if (n == 0 || n > CODERS_MAX)
		return seven_bad(reader);
	folder->n_coders = (size_t)n;
	for (uint64_t i = 0; i < n; i++) {
		if (!read_coder(reader, folder, &inputs, &memory))
			return false;
	}
	if (memory > reader->limits->memory)
		return seven_limit(reader, "to be read it needs",
		    reader->limits->memory, " octets of memory (--max-memory)");
	if (folder->outputs == 0 || inputs < folder->outputs - 1)
		return seven_bad(reader);
	for (uint64_t i = 0; i + 1 < folder->outputs; i++) {
		seven_number(reader);
		seven_number(reader);
	}
	packs = inputs - (folder->outputs - 1);
	for (uint64_t i = 0; packs > 1 && i < packs; i++)
		seven_number(reader);
	return !reader->bad;
}

static bool
read_unpack(struct seven_reader *reader, struct seven_streams *streams)
{
	GArray *folders = streams->folders;
	uint64_t n, id;

	if (seven_number(reader) != SEVEN_FOLDER)
		return seven_bad(reader);
	n = take_count(reader);
	if (take_octet(reader) != 0) /* elsewhere: was never written */
		return seven_bad(reader);
	for (uint64_t i = 0; i < n && !reader->bad; i++) {
		struct seven_folder folder = { .parts = 1 };
		read_folder(reader, &folder);
		g_array_append_val(folders, folder);
	}
	if (reader->bad || seven_number(reader) != SEVEN_UNPACK_SIZES)
		return seven_bad(reader);
	for (guint i = 0; i < folders->len; i++) {
		struct seven_folder *folder =
		    &g_array_index(folders, struct seven_folder, i);
		for (uint64_t k = 0; k < folder->outputs; k++) {
			folder->size = seven_number(reader);
			if (folder->whole &&
			    folder->size > reader->limits->memory)
				return memory_error(reader);
		}
	}
	while (!reader->bad && (id = seven_number(reader)) != SEVEN_END) {
		if (id != SEVEN_CRC)
			return seven_bad(reader);
		take_digests(reader, n, folders);
	}
	return !reader->bad;
}

/* Members of folders: how many, their sizes, their digests. */
static bool
read_parts(
    struct seven_reader *reader, struct seven_streams *streams, uint64_t id)
{
	uint64_t total = 0;

	for (guint i = 0; i < streams->folders->len; i++) {
		struct seven_folder *folder =
		    &g_array_index(streams->folders, struct seven_folder, i);
		if (id == SEVEN_NUMBER)
			folder->parts = seven_number(reader);
		for (uint64_t k = 1;
		     id == SEVEN_SIZE && !reader->bad && k < folder->parts; k++)
			seven_number(reader);
		if (folder->parts > reader->limits->members - total)
			return seven_limit(reader, "it has",
			    reader->limits->members,
			    " members (--max-members)");
		total += folder->parts;
	}
	return !reader->bad;
}

/* Members without a digest of their own or of their folder. */
static uint64_t
count_bare(const struct seven_streams *streams)
{
	uint64_t bare = 0;

	for (guint i = 0; i < streams->folders->len; i++) {
		const struct seven_folder *folder =
		    &g_array_index(streams->folders, struct seven_folder, i);
		if (folder->parts != 1 || !folder->has_crc)
			bare += folder->parts;
	}
	return bare;
}

static bool
read_substreams(struct seven_reader *reader, struct seven_streams *streams)
{
	uint64_t id, bare = count_bare(streams);

	while (!reader->bad && (id = seven_number(reader)) != SEVEN_END) {
		if (id == SEVEN_NUMBER || id == SEVEN_SIZE) {
			if (!read_parts(reader, streams, id))
				return false;
			bare = count_bare(streams);
		} else if (id == SEVEN_CRC) {
			bare -= take_digests(reader, bare, NULL);
		} else {
			return seven_bad(reader);
		}
	}
	reader->header->unchecked = bare > 0;
	return !reader->bad;
}

bool
seven_streams_read(struct seven_reader *reader, struct seven_streams *streams)
{
	uint64_t id;

	g_array_set_size(streams->folders, 0);
	while (!reader->bad && (id = seven_number(reader)) != SEVEN_END) {
		if (id == SEVEN_PACK)
			read_pack(reader, streams);
		else if (id == SEVEN_UNPACK)
			read_unpack(reader, streams);
		else if (id == SEVEN_SUBSTREAMS)
			read_substreams(reader, streams);
		else
			return seven_bad(reader);
	}
	return !reader->bad;
}
