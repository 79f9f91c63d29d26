/*
 * archive_octets.h - how libarchive gets its octets, and gives those of
 * members: the part of container_archive.c that knows nothing of names.
 */
#ifndef VERIFIER_ARCHIVE_ARCHIVE_OCTETS_H
#define VERIFIER_ARCHIVE_ARCHIVE_OCTETS_H

#include "verifier/archive/container_reader.h"
#include "verifier/archive/meter.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#define ARCHIVE_BLOCK (64u << 10) /* octets handed over at once */

struct archive_reader {
	struct container_reader reader; /* first */
	struct source *source;
	enum container_format format;
	struct archive *archive;
	struct archive_entry *entry;
	locale_t locale;
	struct meter meter;
	uint64_t at;     /* offset in the source of the next read */
	size_t n_block;  /* octets in "block" */
	GError *problem; /* of the source, met inside libarchive */
	GString *text;   /* for details */
	/* The octets of the member that libarchive has shown. */
	struct span shown;
	uint64_t shown_at; /* their offset in the member */
	bool ended;        /* it has no more of the member */
	uint64_t end;	   /* of a 7z, in the source */
	bool unchecked;	   /* it has members without a checksum: to be told */
	GError *failed;    /* behind them; NULL: nothing yet */
	uint8_t block[ARCHIVE_BLOCK];
};

/* For libarchive: read and seek in reader->source. */
la_ssize_t archive_on_read(
    struct archive *archive, void *data, const void **block_out);
la_int64_t archive_on_seek(
    struct archive *archive, void *data, la_int64_t offset, int whence);

/* What libarchive says is wrong; never NULL. */
const char *archive_text(const struct archive_reader *reader);

/* Set "error" to that, or to what was wrong with the source. */
void archive_take_error(struct archive_reader *reader, GError **error);

/* Have libarchive show the next octets of the member, or its end.  False with
 * reader->failed, which stays. */
bool archive_show_more(struct archive_reader *reader);

/* The octets of the present entry.  They borrow the reader. */
struct source *archive_member_new(struct archive_reader *reader);

#endif
