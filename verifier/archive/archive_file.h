/*
 * archive_file.h - the messages of one file: a single message, or an mbox.
 *
 * A file is an mbox when it begins with a From_ line.  Any other is a single
 * message when it begins like a header section: with a plausible field, after
 * a UTF-8 BOM or a From_ line at most; otherwise it is ITEM_NOT_MAIL.
 */
#ifndef VERIFIER_ARCHIVE_ARCHIVE_FILE_H
#define VERIFIER_ARCHIVE_ARCHIVE_FILE_H

#include "verifier/archive/archive_batch.h"
#include "verifier/archive/mbox.h"

struct file_format; /* how a file is read; see archive_file.c */

struct file_reader {
	struct window window;
	const struct file_format *format; /* NULL: its start was not seen */
	struct mbox mbox;
	GString *path;	     /* for items */
	bool open;	     /* a file is being read */
	bool single;	     /* it is one message, whatever it begins with */
	bool maildir;
	enum item_status status; /* of a file that is passed over */
	bool chained;	     /* the file is hashed as a whole, ... */
	uint64_t chain_at;   /* ... up to here by the batches before */
	uint64_t messages;   /* of this mbox so far */
	uint64_t done;	     /* octets of the files before */
};

void file_reader_init(struct file_reader *reader);
void file_reader_clear(struct file_reader *reader);

/* Begin with "source", which the reader then owns. */
void file_reader_open(struct file_reader *reader, struct source *source,
    const char *path);

/* Go on: add an item to "filler", close the file when there is none, or find
 * that "filler" is full.  False with "error" when the input changed; what was
 * added before stays. */
bool file_reader_next(struct file_reader *reader, struct filler *filler,
    GError **error);

/* The batch ends in the midst of a file, or between two. */
void file_reader_pause(struct file_reader *reader, struct filler *filler);

#endif
