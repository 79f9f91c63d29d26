/*
 * container_case.h - containers made in memory, and what is found in them as
 * text.
 */
#ifndef TESTS_UNIT_CONTAINER_CASE_H
#define TESTS_UNIT_CONTAINER_CASE_H

#include "verifier/archive/container.h"

/* A file to be packed; "target": a symbolic link. */
struct case_file {
	const char *name, *text, *target;
};

/* Pack with libarchive: "format" as its write functions name them ("gnutar",
 * "pax", "ustar", "zip", "7zip", "raw"), "filter" likewise or NULL. */
GByteArray *case_pack(const char *format, const char *filter,
    const struct case_file *files, size_t n);

/* One local header with its directory entry, as wrong as wanted. */
struct case_part {
	const char *name, *text;
	const char *local_name; /* NULL: as "name" */
	unsigned flags, method, made_by;
	uint32_t attributes;
	unsigned descriptor; /* 1: with its signature, 2: without */
	int size_off, packed_off, crc_off; /* added in the directory */
	int local_off; /* added to the offset */
	bool hidden;   /* not in the directory */
	bool again;    /* only in the directory: the octets of the one before */
	bool zip64;    /* sizes and offset in the extra field */
};

struct case_zip {
	const struct case_part *parts;
	size_t n;
	const char *before, *after, *comment;
	int count_off;
	bool zip64;   /* end records */
	bool reverse; /* the order of the directory */
};

GByteArray *case_zip(const struct case_zip *zip);

/*
 * What container_next() finds in "file", a line each: "name: text",
 * "name -> target", "name (status): detail", "... ! error"; a name that there
 * is not is "-".  Text longer than 40 octets is a count.  The same whether
 * "file" is a stream or can be read at any offset: this is asserted.
 */
char *case_list(struct span file, enum container_format format,
    const struct container_limits *limits);

/* case_list() of "file", freed, in its own format with default limits. */
char *case_list_array(GByteArray *file);

/* A source over "file": a stream, or a sealed memory file. */
struct source *case_source(struct span file, bool stream);

#endif
