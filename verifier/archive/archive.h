/*
 * archive.h - from paths to raw messages with their origin.
 *
 * An archive is walked in one fixed order: the arguments as given; inside a
 * folder the names in ascending order of their octets (Maildir: "cur" and
 * "new" by file name without the ":2," flags, so that a flag set later does
 * not change the order); inside a file by offset.  Messages come in batches: one
 * buffer with whole messages in it, made for handing to a worker at once.
 * Input is read with read(), never mapped; a file that shrinks or changes
 * while it is read is an error of the run (ARCHIVE_ERROR_CHANGED, exit 4),
 * never a signal.
 *
 * A path that cannot be read, an empty file, a message over the limit: each
 * is an item with a status, never a gap.  Files that are no mail (by the
 * rules of each reader) are items ITEM_NOT_MAIL, so nothing is skipped
 * silently.  What is in "tmp" of a Maildir by its name was never delivered: it is
 * noted, and left out.  Symbolic links inside a tree are not followed (ITEM_LINK).
 */
#ifndef VERIFIER_ARCHIVE_ARCHIVE_H
#define VERIFIER_ARCHIVE_ARCHIVE_H

#include "keysnap/base/arena.h"
#include "keysnap/base/digest.h"

#include <locale.h>

#define ARCHIVE_MESSAGE_MAX   (256u << 20) /* octets of one message */
#define ARCHIVE_BATCH_ITEMS   256	   /* of one batch, at most */
#define ARCHIVE_FOLDER_DEPTH  64	   /* deeper folders are an item */
#define ARCHIVE_CHAIN_MAX     3 /* containers inside each other, at most */

/* Bounds against containers that are made to hurt; each an option.  Reaching
 * one is an item ITEM_LIMIT whose detail names the bound. */
struct container_limits {
	unsigned depth;	     /* containers inside each other */
	uint64_t members;    /* of one container */
	uint64_t member_size;/* octets of one member, uncompressed */
	uint64_t ratio;	     /* uncompressed : compressed, of one container */
	uint64_t memory;     /* octets of a nested zip or 7z kept in memory */
	locale_t utf8; /* for the names in a 7z; 0: opened when it is needed,
			  which a sandbox may forbid */
};
#define CONTAINER_MEMBERS_MAX	  1000000u
#define CONTAINER_MEMBER_SIZE_MAX (64ull << 30)
#define CONTAINER_RATIO_MAX	  1000u
#define CONTAINER_RATIO_FREE	  (1u << 20) /* octets before it counts */
#define CONTAINER_MEMORY_MAX	  (256u << 20)
extern const struct container_limits container_limits_default;

enum item_status {
	ITEM_OK,
	ITEM_EMPTY,	/* nothing in it */
	ITEM_TOO_LARGE, /* over ARCHIVE_MESSAGE_MAX; raw is empty */
	ITEM_NO_ACCESS, /* could not be opened or read: "detail" has why */
	ITEM_NOT_MAIL,	/* does not begin like mail */
	ITEM_LINK,	/* a symbolic link, a device, a socket: not read */
	ITEM_TOO_DEEP,	/* folders past ARCHIVE_FOLDER_DEPTH */
	ITEM_ENCRYPTED, /* a member of a container that is encrypted */
	ITEM_DAMAGED,	/* a container or member that is cut or inconsistent,
			   or whose checksum does not hold */
	ITEM_LIMIT,	/* past a bound of struct container_limits */
	ITEM_UNSUPPORTED /* a method of compression that is not known */
};

enum item_container {
	CONTAINER_FILE, /* a file that is one message: .eml, MH, Cyrus */
	CONTAINER_MBOX,
	CONTAINER_MAILDIR,
	CONTAINER_EMLX, /* Apple Mail, whole */
	CONTAINER_EMLX_PARTIAL /* its attachments lie elsewhere */
};

/* How sure the mbox reader is of the separators and quoting. */
enum item_split {
	SPLIT_NONE,	 /* a file that is one message */
	SPLIT_FROM_LINE, /* by a From_ line that fits the rules */
	SPLIT_HEURISTIC, /* by a relaxed rule: noted in the record */
	SPLIT_LENGTH	 /* by a Content-Length that lands on a separator */
};

/* One step into a container: the member "name" of a container. */
struct chain_link {
	const char *format; /* "zip", "tar.gz", ...; static */
	struct span name;   /* of the member; p NULL: none (gzip) */
	uint64_t number;    /* of the member, from 0 */
};

/* One message (or one thing that could not be read as one). */
struct item {
	enum item_status status;
	enum item_container container;
	enum item_split split;
	struct span path;   /* relative to the archive argument (see
			       struct archive_options), raw octets */
	struct chain_link chain[ARCHIVE_CHAIN_MAX]; /* outermost first */
	size_t n_chain;
	uint64_t offset;    /* of the raw slice in the file */
	uint64_t length;
	struct span raw;    /* the slice; lives as long as the batch */
	struct span envelope; /* mbox: the From_ line, without its line end */
	struct span detail;   /* text on what went wrong */
	bool whole_file; /* raw is the whole file: its SHA-256 is the file's */
};

/* A file whose last octet was read in this batch, for run.json.  Files that
 * are one message (item.whole_file) are not listed here: their item stands
 * for them.  archive_hash() fills "sha256" in. */
struct input_file {
	struct span path;
	struct chain_link chain[ARCHIVE_CHAIN_MAX];
	size_t n_chain;
	uint64_t size;
	uint64_t messages; /* members, of a container */
	uint8_t sha256[DIGEST_SHA256_SIZE];
	const char *format; /* "mbox", "zip", ... */
	size_t after_items; /* items of the batch that come before its end */
};

/* Octets of a batch's buffer that belong to a file whose SHA-256 is wanted:
 * its first ones when "begins", its last ones when "ends"; "file" is then its
 * number in the batch. */
struct stretch {
	size_t at, n;
	bool begins, ends;
	size_t file;
	struct span path; /* of the file */
};

/* A line of run.json on something that is not read, or is odd. */
struct input_note {
	struct span path;
	struct chain_link chain[ARCHIVE_CHAIN_MAX];
	size_t n_chain;
	const char *code; /* verifier.5 lists them */
	struct span detail;
};

struct batch {
	uint64_t number; /* from 0 */
	struct item items[ARCHIVE_BATCH_ITEMS];
	size_t n_items;
	struct input_file files[ARCHIVE_BATCH_ITEMS];
	size_t n_files;
	struct input_note notes[ARCHIVE_BATCH_ITEMS];
	size_t n_notes;
	struct stretch stretches[ARCHIVE_BATCH_ITEMS + 1];
	size_t n_stretches;
	uint8_t *buffer; /* what the items' spans point into */
	size_t buffer_size;
	struct arena *memory; /* paths, details */
};

#define ARCHIVE_ERROR archive_error_quark()
GQuark archive_error_quark(void);
enum archive_error {
	ARCHIVE_ERROR_CHANGED, /* a file changed while it was read: exit 4 */
	ARCHIVE_ERROR_USAGE,   /* an argument that does not exist: exit 3 */
	ARCHIVE_ERROR_CONTAINER, /* damaged: an item, not the end of a run */
	ARCHIVE_ERROR_LIMIT,	 /* past a bound: an item ITEM_LIMIT */
	ARCHIVE_ERROR_ENCRYPTED,
	ARCHIVE_ERROR_UNSUPPORTED,
	ARCHIVE_ERROR_SYSTEM
};

/*
 * Paths of records are relative to the argument: for an argument that is a
 * file, its base name; for a folder, the path below it.  With several
 * arguments the path below a folder is preceded by the folder's base name and
 * "/"; equal base names get "~2", "~3", ... in order.  "-" is standard input,
 * path "-".
 */
struct archive_options {
	char *const *paths;
	size_t n_paths;
	bool files_only; /* "check": every path is one message file; a
			    folder is ARCHIVE_ERROR_USAGE */
	bool full_labels; /* records name files by the argument as given */
	struct span only; /* p NULL: all; else only the file that records name
			     so is read, and what is inside of it; borrowed */
	char *const *names; /* what the arguments were given as, when that is
			       not "paths": records name files by these; NULL */
	const struct container_limits *limits; /* NULL: the defaults */
};

struct archive;

struct archive *archive_open(const struct archive_options *options,
    const struct crypto *crypto, GError **error);
void archive_close(struct archive *archive);

struct batch *batch_new(void);
void batch_free(struct batch *batch);

/* Empty it; the buffer is kept. */
void batch_clear(struct batch *batch);

/*
 * Fill "batch" (whose old content is forgotten) with the next messages.
 * 1: filled; 0: the end (an emptied batch); -1: error.  On an error the batch
 * still holds what was read before it.
 */
int archive_next(struct archive *archive, struct batch *batch,
    GError **error);

/*
 * Hash the octets of "batch" that belong to files that are hashed as a whole,
 * and fill input_file.sha256 in where they end.  Batches must come in their
 * order, each once, one at a time; apart from that it may run beside
 * archive_next().  Who needs no sums need not call it.
 */
void archive_hash(struct archive *archive, struct batch *batch);

/* One of the arguments, borrowed. */
struct archive_argument {
	const char *path;  /* links resolved; NULL: standard input */
	const char *label; /* what stands for it in records */
	bool folder;
	bool prefixed; /* paths in records begin with the label and "/" */
};
size_t archive_arguments(const struct archive *archive);
struct archive_argument archive_argument(
    const struct archive *archive, size_t number);

/* Octets read so far and octets there are in all (0 while not known). */
void archive_position(const struct archive *archive, uint64_t *done_out,
    uint64_t *total_out);

/*
 * The beginning of a file that is hashed as a whole: its number among these
 * files, from 1 (0: no file), and the SHA-256 of its first octets.
 */
struct archive_prefix {
	uint64_t file, octets;
	uint8_t sha256[DIGEST_SHA256_SIZE];
};

/* What archive_hash() has hashed of the file that it is in the middle of. */
void archive_prefix_get(const struct archive *archive,
    struct archive_prefix *prefix_out);

/* Compare with "prefix", of an earlier reading of the same archive, when
 * archive_hash() comes there.  To be said before its first batch. */
enum archive_prefix_state {
	ARCHIVE_PREFIX_SEEN,  /* it was the same, or nothing was expected */
	ARCHIVE_PREFIX_AHEAD,
	ARCHIVE_PREFIX_DIFFERS
};
void archive_prefix_expect(struct archive *archive,
    const struct archive_prefix *prefix);
enum archive_prefix_state archive_prefix_state(const struct archive *archive);

/* SHA-256 over how the arguments are named in records, in their order, and
 * which of them are folders; their number. */
uint64_t archive_labels_sha256(const struct archive *archive,
    const struct crypto *crypto, uint8_t out[DIGEST_SHA256_SIZE]);

#endif
