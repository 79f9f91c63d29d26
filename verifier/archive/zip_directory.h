/*
 * zip_directory.h - the central directory of a zip file.
 *
 * PKWARE's APPNOTE.TXT 6.3.10, sections 4.3.12 to 4.3.16.  The directory says
 * what members there are; local headers are only compared with it.  Only the
 * two offsets of each entry are kept, the rest is read again when wanted, so a
 * million members take 16 MB.
 */
#ifndef VERIFIER_ARCHIVE_ZIP_DIRECTORY_H
#define VERIFIER_ARCHIVE_ZIP_DIRECTORY_H

#include "verifier/archive/source.h"

#include <glib.h>

/* Part of a source that is in memory. */
struct zip_view {
	struct source *source;
	uint64_t base;
	size_t n, room, step;
	uint8_t *buffer;
};

/* One entry; "name" is valid until the next is read.  All sizes and offsets
 * with those of zip64 put in. */
struct zip_entry {
	struct span name;
	uint64_t local; /* where its local header should be in the source */
	uint64_t compressed, size;
	uint32_t crc;
	uint32_t attributes;
	uint16_t made_by, flags, method;
};

#define ZIP_ENCRYPTED  0x0001u /* flags */
#define ZIP_DESCRIPTOR 0x0008u
#define ZIP_PATCH      0x0020u
#define ZIP_UTF8       0x0800u
#define ZIP_MASKED     0x2000u /* local headers without their values */

struct zip_slot {
	uint64_t local; /* offsets in the source */
	uint64_t entry;
};

struct zip_directory {
	struct zip_view view;
	uint64_t start, end;	/* of the entries, in the source */
	uint64_t prefix;	/* octets before what the offsets count from */
	struct zip_slot *slots; /* in the order of the local headers */
	size_t n;
	bool more;	  /* than the members allowed: the others are left out */
	GString *trouble; /* what is wrong with it; empty: nothing */
};

/* Find and go through the directory of "source" (borrowed), with at most
 * "max" members.  False with "error" when there is none. */
bool zip_directory_open(struct zip_directory *directory,
    struct source *source, uint64_t max, GError **error);
void zip_directory_clear(struct zip_directory *directory);

/* The entry of slot "i". */
bool zip_directory_entry(struct zip_directory *directory, size_t i,
    struct zip_entry *entry_out, GError **error);

/* A local header (section 4.3.7): what it says, and its size.  *found_out is
 * false when there is none at "at". */
bool zip_local_header(struct zip_view *view, uint64_t at,
    struct zip_entry *entry_out, size_t *size_out, bool *found_out,
    GError **error);

/* "step": octets to read at once, at least. */
void zip_view_init(struct zip_view *view, struct source *source, size_t step);
void zip_view_clear(struct zip_view *view);

/* "n" octets from "at", fewer at the end.  Valid until the next call. */
bool zip_view_get(struct zip_view *view, uint64_t at, size_t n,
    struct span *octets_out, GError **error);

uint16_t zip_u16(struct span octets, size_t at);
uint32_t zip_u32(struct span octets, size_t at);
uint64_t zip_u64(struct span octets, size_t at);

#endif
