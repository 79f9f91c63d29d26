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
#include "verifier/archive/window.h"

struct file_reader {
	struct window window;
	struct digest digest; /* of an mbox as a whole */
	struct mbox mbox;
	GString *path;	 /* for items */
	bool open;	 /* a file is being read */
	bool single;	 /* it is one message, whatever it begins with */
	bool started;	 /* its start was looked at */
	bool maildir;
	uint64_t messages; /* of this mbox so far */
	uint64_t done;	   /* octets of the files before */
};

void file_reader_init(struct file_reader *reader, const struct crypto *crypto);
void file_reader_clear(struct file_reader *reader);

/* Begin with "source", which the reader then owns. */
void file_reader_open(struct file_reader *reader, struct source *source,
    const char *path);

/* Add the next item to "filler", or close the file when there is none.  False
 * with "error" when the input changed; what was added before stays. */
bool file_reader_next(struct file_reader *reader, struct filler *filler,
    GError **error);

#endif
