/*
 * seven_streams.h - numbers and streams of a 7z header.
 */
#ifndef VERIFIER_ARCHIVE_SEVEN_STREAMS_H
#define VERIFIER_ARCHIVE_SEVEN_STREAMS_H

#include "verifier/archive/seven_header.h"

enum seven_property {
	SEVEN_END,
	SEVEN_HEADER,
	SEVEN_ARCHIVE_PROPERTIES,
	SEVEN_ADDITIONAL_STREAMS,
	SEVEN_MAIN_STREAMS,
	SEVEN_FILES,
	SEVEN_PACK,
	SEVEN_UNPACK,
	SEVEN_SUBSTREAMS,
	SEVEN_SIZE,
	SEVEN_CRC,
	SEVEN_FOLDER,
	SEVEN_UNPACK_SIZES,
	SEVEN_NUMBER,
	SEVEN_ENCODED = 0x17
};

#define SEVEN_AES 0x06f10701u /* a coder */

/* A folder is a chain of coders. */
struct seven_folder {
	uint64_t coder;       /* of the last that was read */
	struct span settings; /* of it */
	size_t n_coders;
	uint64_t outputs;
	uint64_t size;  /* unpacked */
	uint64_t parts; /* members in it */
	bool has_crc;
	bool whole; /* libarchive takes its streams into memory as a whole */
};

/* What the streams of a header say. */
struct seven_streams {
	uint64_t pack_at, pack_size; /* of the first */
	uint64_t n_packs;
	GArray *folders; /* struct seven_folder */
};

struct seven_reader {
	struct span rest;
	const struct container_limits *limits;
	struct seven_header *header;
	bool bad; /* what does not fit the format was met */
	GError **error;
};

/* Note that the header does not fit the format, and give false.  What is taken
 * from then on is 0. */
bool seven_bad(struct seven_reader *reader);

/* As many ones as the first octet begins with, so many octets follow, lowest
 * first; the bits behind the ones are the highest. */
uint64_t seven_number(struct seven_reader *reader);
struct span seven_octets(struct seven_reader *reader, uint64_t n);
uint32_t seven_u32(struct span octets, size_t at);

/* "what" is more than "max": reader->error is set; false. */
bool seven_limit(struct seven_reader *reader, const char *what, uint64_t max,
    const char *option);

/* The streams that follow; false when they are bad or over a limit. */
bool seven_streams_read(
    struct seven_reader *reader, struct seven_streams *streams);

#endif
