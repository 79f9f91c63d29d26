/*
 * archive_file.h - the messages of one file: a single message, or an mbox.
 *
 * What a file is, its first octets say: a container (which the caller takes
 * over), an .emlx, an mbox when it begins with a From_ line, also among the
 * messages of a Maildir: else all but the first of them would be lost.  Any
 * other is a single message when it begins like a header section: with a
 * plausible field, after a UTF-8 BOM or a From_ line at most; otherwise it is
 * ITEM_NOT_MAIL, or, under the name of a known companion of mail, a note.
 */
#ifndef VERIFIER_ARCHIVE_ARCHIVE_FILE_H
#define VERIFIER_ARCHIVE_ARCHIVE_FILE_H

#include "verifier/archive/archive_batch.h"
#include "verifier/archive/container.h"
#include "verifier/archive/mbox.h"

struct file_format; /* how a file is read; see archive_file.c */

struct file_reader {
	struct window window;
	const struct file_format *format; /* NULL: its start was not seen */
	struct mbox mbox;
	GString *path;	     /* for items */
	struct chain_link chain[ARCHIVE_CHAIN_MAX]; /* for items */
	size_t n_chain;
	bool open;	     /* a file is being read */
	bool maildir;
	bool files_only; /* "check": whatever it begins with, a file is one
			    message */
	enum container_format container; /* what the caller is to take over */
	enum item_status status; /* of a file that is passed over */
	const char *companion; /* what it is then, or NULL */
	bool watched;	     /* its lines are looked at: ... */
	bool in_line;	     /* ... the window begins inside of one, ... */
	bool holds_field;    /* ... one could be a field of mail */
	bool chained;	     /* the file is hashed as a whole, ... */
	uint64_t chain_at;   /* ... up to here by the batches before */
	uint64_t messages;   /* of this mbox so far */
	bool gave_up;	     /* the file could not be read to its end */
	uint64_t done;	     /* octets of the files before */
};

void file_reader_init(struct file_reader *reader);
void file_reader_clear(struct file_reader *reader);

/* Begin with "source", which the reader then owns: the file "path". */
void file_reader_open(struct file_reader *reader, struct source *source,
    const char *path);

/* The same, for a member of the file that "path" and "chain" say. */
void file_reader_begin(
    struct file_reader *reader, struct source *source, bool maildir);

/* The open file is a container (reader->container): give its source back, as
 * it was at its start, and close the file. */
struct source *file_reader_release(struct file_reader *reader);

/* The path of the file, or of the container round it. */
struct span file_reader_path(const struct file_reader *reader);

/* The name of the file itself: of the innermost member that has one. */
struct span file_reader_name(const struct file_reader *reader);

/* An item with the reader's path and chain, and no octets. */
struct item file_reader_item(
    const struct file_reader *reader, enum item_status status);

/* Add an item, a file or a note under the reader's path and chain. */
void file_reader_add_trouble(struct file_reader *reader,
    struct filler *filler, enum item_status status, struct span detail);
void file_reader_add_file(struct file_reader *reader, struct filler *filler,
    const struct input_file *file);
void file_reader_note(struct file_reader *reader, struct filler *filler,
    const char *code, struct span detail);

/* Make an item of "problem", which is freed; false with "error" when it says
 * that the input changed. */
bool file_reader_trouble(struct file_reader *reader, struct filler *filler,
    GError *problem, GError **error);

/* Go on: add an item to "filler", close the file when there is none, or find
 * that "filler" is full.  False with "error" when the input changed; what was
 * added before stays. */
bool file_reader_next(struct file_reader *reader, struct filler *filler,
    GError **error);

/* The batch ends in the midst of a file, or between two. */
void file_reader_pause(struct file_reader *reader, struct filler *filler);

#endif
