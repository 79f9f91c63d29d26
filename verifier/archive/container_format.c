/*
 * container_format.c - what a file is, by its first octets.
 */
#include "verifier/archive/container.h"

#include <string.h>

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

static const char *const names[CONTAINER_FORMATS] = {
	[CONTAINER_NONE] = "none",
	[CONTAINER_TAR] = "tar",
	[CONTAINER_ZIP] = "zip",
	[CONTAINER_7Z] = "7z",
	[CONTAINER_GZIP] = "gzip",
	[CONTAINER_BZIP2] = "bzip2",
	[CONTAINER_XZ] = "xz",
	[CONTAINER_ZSTD] = "zstd",
};

const char *
container_format_name(enum container_format format)
{
	return names[format];
}
